"""The same durable turn over the socket and over HTTP, in turns per CPU-second; idle sockets."""

import argparse
import asyncio
import json
import struct
import tempfile
from collections.abc import Callable, Iterator, Sequence

import psutil
from load import (
    Load,
    bot,
    by_turns,
    cpu_s,
    drive,
    errors,
    last_line,
    percentiles,
    rate,
    ratio,
    request,
    stop,
    table,
)
from turn import requests, words

GATE = 1.3
UPGRADE = (
    "GET /widget/socket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)
AT_ONCE = 100  # sockets opened side by side


def main() -> None:
    parser = by_turns(__doc__)  # a client is one person, over one connection
    parser.add_argument("--idle", type=int, default=5_000, help="sockets that only stay open")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(given, folder))


async def compare(given: argparse.Namespace, folder: str) -> None:
    port, server = bot(folder)
    runs: dict[str, list[Load]] = {"http": [], "socket": []}
    try:
        people = [f"person-{number}" for number in range(given.clients)]
        tokens = await sessions(port, people)
        for number in range(given.rounds + 1):
            posts = requests(port, number, given.turns, given.clients)
            http = await drive(port, server.pid, posts, given.clients)
            says = [_says(given, number, at) for at in range(given.clients)]
            socket = await chat(port, server.pid, tokens, says)
            if number:  # the first round warms up
                runs["http"].append(http)
                runs["socket"].append(socket)
        each = await idle(port, server.pid, given.idle)
    finally:
        stop(server)
    _report(runs, given.idle, each)


def _says(given: argparse.Namespace, number: int, person: int) -> list[bytes]:
    """The frames of one person: the same messages as over HTTP."""
    return [
        packed({"type": "say", "id": f"s{number}-{turn}", "text": words(turn, given.clients)})
        for turn in range(person, given.turns, given.clients)
    ]


def packed(frame: dict[str, object]) -> bytes:
    """A text frame, masked with zeros: the bytes stay as they are."""
    payload = json.dumps(frame).encode()
    if len(payload) < 126:
        return struct.pack(">BB4x", 0x81, 0x80 | len(payload)) + payload
    return struct.pack(">BBH4x", 0x81, 0x80 | 126, len(payload)) + payload


class _Chat(asyncio.Protocol):
    """One socket: says hello, then one message after another, each when the last was answered."""

    def __init__(self, port: int, token: str, said: Iterator[bytes]) -> None:
        loop = asyncio.get_running_loop()
        self.port, self.token, self.said = port, token, said
        self.ready: asyncio.Future[None] = loop.create_future()
        self.done: asyncio.Future[None] = loop.create_future()
        self.latencies: list[float] = []
        self.errors = 0
        self.buffer = b""
        self.sent_at = 0.0
        self.clock = loop.time

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(UPGRADE.format(port=self.port).encode())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.buffer.startswith(b"HTTP/1.1 101"):
            head_end = self.buffer.find(b"\r\n\r\n")
            if head_end < 0:
                return
            self.buffer = self.buffer[head_end + 4 :]
            hello = {"type": "hello", "token": self.token, "after": 1 << 30}
            self.transport.write(packed(hello))
        while (frame := self._frame()) is not None:
            self._told(frame)

    def _frame(self) -> bytes | None:
        if len(self.buffer) < 4:
            return None
        length, at = self.buffer[1], 2
        if length == 126:
            length, at = struct.unpack_from(">H", self.buffer, 2)[0], 4
        if len(self.buffer) < at + length:
            return None
        frame, self.buffer = self.buffer[at : at + length], self.buffer[at + length :]
        return frame

    def _told(self, frame: bytes) -> None:
        if not self.ready.done():
            self.ready.set_result(None)
        elif frame.startswith((b'{"type":"said"', b'{"type":"refused"')):
            self.errors += frame.startswith(b'{"type":"refused"')
            self.latencies.append(self.clock() - self.sent_at)
            self.say()

    def say(self) -> None:
        """The next message, or goodbye."""
        following = next(self.said, None)
        if following is not None:
            self.sent_at = self.clock()
            self.transport.write(following)
        elif not self.done.done():
            self.done.set_result(None)

    def leave(self) -> None:
        """Break off: nobody waits for an answer any more."""
        self.ready.cancel()
        self.done.cancel()
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        for future in (self.ready, self.done):
            if not future.done():
                future.set_exception(exc or ConnectionError("closed by the server"))


async def dial(port: int, token: str, said: Sequence[bytes] = ()) -> _Chat:
    """An open socket that was welcomed."""
    made = _Chat(port, token, iter(said))
    await asyncio.get_running_loop().create_connection(lambda: made, "127.0.0.1", port)
    await made.ready
    return made


async def chat(port: int, pid: int, tokens: Sequence[str], says: Sequence[list[bytes]]) -> Load:
    """Everybody's messages over sockets that are open already; the CPU is that of `pid`."""
    chats = [await dial(port, token, said) for token, said in zip(tokens, says, strict=True)]
    server, clock = psutil.Process(pid), asyncio.get_running_loop().time
    before, began = cpu_s(server), clock()
    for one in chats:
        one.say()
    await asyncio.wait_for(asyncio.gather(*(one.done for one in chats)), 240)
    wall, cpu = clock() - began, cpu_s(server) - before
    for one in chats:
        one.leave()
    latencies = [latency for one in chats for latency in one.latencies]
    return Load(len(latencies), cpu, wall, latencies, sum(one.errors for one in chats))


async def sessions(port: int, people: Sequence[str]) -> list[str]:
    """A token for each (demo mode)."""
    made = []
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for person in people:
        writer.write(request(port, "/widget/session", json.dumps({"user_id": person}).encode()))
        head = await reader.readuntil(b"\r\n\r\n")
        at = head.lower().index(b"content-length:") + 15
        body = await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
        made.append(str(json.loads(body)["token"]))
    writer.close()
    return made


async def idle(port: int, pid: int, count: int) -> float:
    """KiB of the server for each of so many sockets that only stay open."""
    if not count:
        return 0.0
    tokens = await sessions(port, [f"idle-{number}" for number in range(count)])
    resident: Callable[[], int] = lambda: psutil.Process(pid).memory_info().rss  # noqa: E731
    before, chats = resident(), []
    for at in range(0, count, AT_ONCE):
        chats += await asyncio.gather(*(dial(port, one) for one in tokens[at : at + AT_ONCE]))
    each = (resident() - before) / count / 1024
    for one in chats:
        one.leave()
    return each


def _report(runs: dict[str, list[Load]], count: int, each: float) -> None:
    against = ratio(runs["socket"], runs["http"])
    rows = [
        (name, rate(loads), *percentiles(loads), errors(loads)) for name, loads in runs.items()
    ]
    table(("way", "turns/CPU-s", "p50 ms", "p99 ms", "errors"), rows)
    print(f"socket against HTTP: {against:.2f} (gate {GATE})")
    print(f"{count} idle sockets: {each:.1f} KiB each")
    last_line(socket_ratio=round(against, 3), idle_sockets=count, idle_kib=round(each, 1))


if __name__ == "__main__":
    main()
