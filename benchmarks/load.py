"""What the benchmarks share: a lean HTTP client, servers in processes of their own, ratios."""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
POSTGRES = os.environ.get("BOT_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


Server = tuple[int, "subprocess.Popen[bytes]"]  # its port, its process


@dataclass
class Load:
    """What a run of requests cost: counts, CPU seconds of the server, latencies in seconds."""

    requests: int
    cpu_s: float
    wall_s: float
    latencies: list[float]
    errors: int

    @property
    def per_cpu_s(self) -> float:
        return self.requests / self.cpu_s if self.cpu_s else 0.0

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(command: Sequence[str], port: int, path: str = "/health") -> subprocess.Popen[bytes]:
    """A server process that answers on `port`; its output goes to a pipe kept for errors."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{command} ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as conn:
                conn.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                if conn.recv(64).startswith(b"HTTP/1."):
                    return process
        except OSError:
            time.sleep(0.02)
    process.kill()
    raise RuntimeError(f"{command} did not answer in 60 s")


def started(*command: str) -> Server:
    """A server that takes its port as its last word."""
    port = free_port()
    return port, start([*command, str(port)], port)


def bot(data: Path | str, *words: str) -> Server:
    """Our own server over a data folder."""
    return started(PYTHON, "-m", "bot", "serve", "--data", str(data), *words, "--port")


def bare() -> Server:
    """The baseline: the handler of bare.py."""
    return started(PYTHON, str(ROOT / "benchmarks" / "bare.py"))


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def request(port: int, path: str, body: bytes) -> bytes:
    """The bytes of one keep-alive POST."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Client(asyncio.Protocol):
    """One connection: sends a request, waits for its whole answer, sends the next."""

    def __init__(
        self, following: Callable[[], bytes | None], done: "asyncio.Future[None]"
    ) -> None:
        self.following, self.done = following, done
        self.latencies: list[float] = []
        self.errors = 0
        self.buffer = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._next()

    def _next(self) -> None:
        data = self.following()
        if data is None:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.sent_at = time.perf_counter()
        self.transport.write(data)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head_end = self.buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return
        start_at = self.buffer.lower().find(b"content-length:")
        length = int(self.buffer[start_at + 15 : self.buffer.find(b"\r\n", start_at)])
        if len(self.buffer) < head_end + 4 + length:
            return
        self.errors += not self.buffer.startswith(b"HTTP/1.1 200")
        self.latencies.append(time.perf_counter() - self.sent_at)
        self.buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed by the server"))


async def drive(port: int, pid: int, requests: Sequence[bytes], clients: int) -> Load:
    """Send all requests over `clients` connections; the CPU is that of process `pid`."""
    loop = asyncio.get_running_loop()
    queue = iter(requests)
    following = lambda: next(queue, None)  # noqa: E731
    server = psutil.Process(pid)
    before, began = cpu_s(server), time.perf_counter()
    protocols = []
    for _ in range(clients):
        done = loop.create_future()
        client = _Client(following, done)
        await loop.create_connection(lambda c=client: c, "127.0.0.1", port)
        protocols.append(client)
    await asyncio.wait_for(asyncio.gather(*(c.done for c in protocols)), 240)
    wall, cpu = time.perf_counter() - began, cpu_s(server) - before
    latencies = [latency for client in protocols for latency in client.latencies]
    errors = sum(client.errors for client in protocols)
    return Load(len(requests), cpu, wall, latencies, errors)


def by_turns(what: str | None) -> argparse.ArgumentParser:
    """The options of a benchmark that asks one server after another, round by round."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--turns", type=int, default=6_000, help="turns a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, the servers by turns")
    parser.add_argument("--clients", type=int, default=64)
    return parser


async def rounds(
    given: argparse.Namespace,
    servers: Mapping[str, Server],
    asked: Callable[[int, int], Sequence[bytes]],
) -> dict[str, list[Load]]:
    """The loads of each server, which take turns; `asked` makes a round's requests for a port."""
    runs: dict[str, list[Load]] = {name: [] for name in servers}
    for number in range(given.rounds + 1):
        for name, (port, process) in servers.items():
            load = await drive(port, process.pid, asked(port, number), given.clients)
            if number:  # the first round warms up
                runs[name].append(load)
    return runs


def ratio(loads: Sequence[Load], others: Sequence[Load]) -> float:
    """How many times the others' requests a CPU-second: the median of rounds side by side."""
    pairs = zip(loads, others, strict=True)
    return statistics.median(one.per_cpu_s / other.per_cpu_s for one, other in pairs)


def rate(loads: Sequence[Load]) -> int:
    """Requests a CPU-second, the median of the rounds."""
    return round(statistics.median(load.per_cpu_s for load in loads))


def percentiles(loads: Sequence[Load]) -> tuple[str, str]:
    """p50 and p99 in milliseconds, the medians of the rounds."""
    p50, p99 = (statistics.median(one.percentile_ms(at) for one in loads) for at in (0.5, 0.99))
    return f"{p50:.1f}", f"{p99:.1f}"


def errors(loads: Sequence[Load]) -> int:
    """How many requests were answered with something else than 200, in all rounds."""
    return sum(load.errors for load in loads)


def cpu_s(process: psutil.Process) -> float:
    """CPU seconds of all threads: to the nanosecond on Linux, elsewhere to the tick of 10 ms."""
    try:
        threads = list(Path(f"/proc/{process.pid}/task").iterdir())
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
    except (OSError, IndexError):
        times = process.cpu_times()
        return float(times.user + times.system)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under heads, columns aligned."""
    texts = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(heads))]
    for row in texts:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


def last_line(**figures: object) -> None:
    """The closing line: one JSON object."""
    print(json.dumps(figures))
