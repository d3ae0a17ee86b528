"""The short way answers what the application answers, to the byte."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace as copied
from typing import Any

import pytest
from msgspec.structs import replace

from bot.app import Service
from bot.errors import RequestError, StoreError
from bot.model.message import Block, Choice, Inbound, Reply, Span
from bot.turn import Answer
from bot.web.server import bound, started
from tests.web.test_server import _free_port

REPLY = Reply(
    turn_id="0" * 32,
    text="Hyvää päivää",
    blocks=(Block("paragraph", ((Span("Hyvää "), Span("päivää", "strong")),)),),
    choices=(Choice("Learn", "learn"),),
    price=2,
    persona="mentor",
    state="learning",
)
ANSWERS: dict[str, Answer | Exception] = {
    "plain": Answer(REPLY),
    "outcome": Answer(replace(REPLY, outcome="refused")),
    "replay": Answer(REPLY, is_replay=True),
    "status": Answer(replace(REPLY, status=202)),
    "long": Answer(replace(REPLY, text="x" * 200_000)),
    "request": RequestError("too_many", "one moment", retry_after_s=3),
    "field": RequestError("conflict", "no", "message_id"),
    "store": StoreError("not now"),
    "fault": ValueError("a slip"),
}
SAID = [f'{{"user_id": "anna", "message": "{name}"}}' for name in ANSWERS]
WRONG = [
    "",
    "{",
    "[]",
    '{"message": ""}',
    '{"message": "\\u0000"}',
    '{"message": 1}',
    "x" * 70_000,
]
Opened = tuple[str, int]


class Scripted:
    """A turn that answers what its message names."""

    is_clock_trusted = True

    async def take(self, inbound: Inbound) -> Answer:
        answer = ANSWERS[inbound.text]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def listen(self, told: object) -> None:
        """Nobody is told: no socket is open here."""


@pytest.fixture
async def address(service: Service) -> AsyncIterator[Opened]:
    """Of a running server whose turns are scripted."""
    async for address in _served(service):
        yield address


async def _served(service: Service, **auth: Any) -> AsyncIterator[Opened]:
    settings = replace(
        service.settings,
        auth=replace(service.settings.auth, **auth),
        server=replace(service.settings.server, port=_free_port()),
    )
    listening = bound(settings)
    turn: Any = Scripted()
    runner = await started(copied(service, settings=settings, turn=turn), listening)
    yield listening.getsockname()
    await runner.cleanup()


async def _answers(address: Opened, raw: bytes, count: int = 1) -> list[tuple[list[bytes], bytes]]:
    """The head, line by line without its date, and the body of each answer."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(raw)
    found = []
    for _ in range(count):
        head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        (length,) = (int(line.split(b" ")[1]) for line in head if b"Content-Length" in line)
        body = await reader.readexactly(length)
        assert sum(line.startswith(b"Date: ") for line in head) == 1
        found.append(([line for line in head if not line.startswith(b"Date: ")], body))
    writer.close()
    return found


def _post(body: str, path: str = "/interact", *more: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", *more]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@pytest.mark.parametrize("body", [*SAID, *WRONG], ids=lambda body: body[:40])
async def test_the_short_way_and_the_long_way_answer_the_same(address: Opened, body: str) -> None:
    short = await _answers(address, _post(body))
    long = await _answers(address, _post(body, "/interact?"))
    assert short == long


@pytest.mark.parametrize("more", ["Host: elsewhere", "Origin: http://elsewhere"])
async def test_the_short_way_lets_in_whom_the_long_way_lets_in(address: Opened, more: str) -> None:
    raw = _post(SAID[0], "/interact", more)
    raw = raw.replace(b"Host: localhost\r\n", b"") if more.startswith("Host") else raw
    ((head, _),) = await _answers(address, raw)
    assert b" 403 " in head[0]
    assert await _answers(address, raw.replace(b"/interact", b"/interact?")) == [(head, _)]


async def test_requests_sent_together_are_answered_in_order(address: Opened) -> None:
    answers = await _answers(address, b"".join(_post(body) for body in SAID), len(SAID))
    alone = [(await _answers(address, _post(body)))[0] for body in SAID]
    assert answers == alone


async def test_a_connection_that_is_to_close_is_closed(address: Opened) -> None:
    ((head, _),) = await _answers(address, _post(SAID[0], "/interact", "Connection: close"))
    assert b"Connection: close" in head
    raw = _post(SAID[0]).replace(b"HTTP/1.1", b"HTTP/1.0")
    ((head, _),) = await _answers(address, raw)
    assert head[0] == b"HTTP/1.0 200 OK"


async def test_who_asks_to_go_on_first_is_told_to(address: Opened) -> None:
    reader, writer = await asyncio.open_connection(*address)
    head, _, body = _post(SAID[0], "/interact", "Expect: 100-continue").partition(b"\r\n\r\n")
    writer.write(head + b"\r\n\r\n")
    assert (await reader.readline()).split(b" ")[1] == b"100"
    await reader.readline()
    writer.write(body)
    assert (await reader.readline()) == b"HTTP/1.1 200 OK\r\n"
    writer.close()


async def test_a_body_that_comes_late_and_in_chunks_is_read(address: Opened) -> None:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(
        b"POST /interact HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    await writer.drain()
    for part in (SAID[0][:10], SAID[0][10:]):
        await asyncio.sleep(0)
        writer.write(f"{len(part):x}\r\n{part}\r\n".encode())
        await writer.drain()
    writer.write(b"0\r\n\r\n")
    assert (await reader.readline()) == b"HTTP/1.1 200 OK\r\n"
    writer.close()


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "DELETE"])
async def test_other_methods_are_refused_as_before(address: Opened, method: str) -> None:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"{method} /interact HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert b" 405 " in await reader.readline()
    writer.close()


async def test_listed_origins_may_read_the_answer(service: Service) -> None:
    async for address in _served(service, origins=("https://shop.example",)):
        raw = _post(SAID[0], "/interact", "Origin: https://shop.example")
        ((head, _),) = await _answers(address, raw)
        assert b"Access-Control-Allow-Origin: https://shop.example" in head


async def test_a_key_is_asked_for_in_key_mode(service: Service, operator: dict[str, str]) -> None:
    async for address in _served(service, mode="key"):
        ((head, _),) = await _answers(address, _post(SAID[0]))
        assert b" 401 " in head[0] and b"WWW-Authenticate: Bearer" in head
        more = f"Authorization: {operator['Authorization']}"
        ((head, _),) = await _answers(address, _post(SAID[0], "/interact", more))
        assert b" 200 " in head[0]
