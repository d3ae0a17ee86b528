"""The short way of the call that comes most: no router, no middleware, one write."""

from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import cast

import msgspec
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import SERVER_SOFTWARE, HttpVersion11

from bot.turn import Answer
from bot.web.answers import JSON_HEADERS, Fence, said, words
from bot.web.chat import heard
from bot.web.door import Door

PATH = "/interact"
ROUTE = f"POST {PATH}"

Handle = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
_encode = msgspec.json.Encoder().encode


def short_way(door: Door, fence: Fence, whole: Handle) -> Handle:
    """Answers a plain POST /interact as `whole` would, and hands it everything else."""
    clock, guard, meter = door.service.clock, door.guard, door.meter
    heads = _Heads(clock.now)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        if request.raw_path != PATH or not _is_plain(request):
            return await whole(request)
        started = clock.cpu_s()
        asked = cast(web.Request, request)  # made by the application
        try:
            guard.admit(asked, ROUTE)
            response = heads.before(await heard(door, asked))
        except Exception as error:
            response = fence.refused(error, asked, ROUTE)
        meter.note(ROUTE, response.status, clock.cpu_s() - started)
        return response

    return whole if guard.is_shared else handle


def _is_plain(request: web.BaseRequest) -> bool:
    """A POST of HTTP/1.1 on a connection that stays open, and that does not wait for a 100."""
    return (
        request.method == "POST"
        and request.version == HttpVersion11
        and request.keep_alive
        and "Expect" not in request.headers
    )


class _Heads:
    """Heads of answers, as bytes; the date in them is written once a second."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now, self._second, self._end = now, -1, b""
        self._start = _lines({**JSON_HEADERS, "Content-Length": ""})

    def before(self, answer: Answer) -> web.Response:
        """The whole answer in one piece."""
        if answer.is_replay or answer.reply.status != 200:
            return said(answer)
        body = _encode(words(answer))
        second = self._now() // 1_000_000
        if second != self._second:
            last = {"Date": formatdate(second, usegmt=True), "Server": SERVER_SOFTWARE}
            self._second, self._end = second, b"\r\n%b\r\n\r\n" % _lines(last)
        whole = b"HTTP/1.1 200 OK\r\n%b%d%b%b" % (self._start, len(body), self._end, body)
        return cast(web.Response, _Ready(whole))


def _lines(headers: dict[str, str]) -> bytes:
    return "\r\n".join(f"{name}: {value}" for name, value in headers.items()).encode("ascii")


class _Ready:
    """What the server needs of a response, and nothing to prepare: the bytes are there."""

    status = 200
    keep_alive = True

    def __init__(self, whole: bytes) -> None:
        self._whole = whole
        self._writer: AbstractStreamWriter | None = None

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter:
        self._writer = request.writer
        return self._writer

    async def write_eof(self) -> None:
        assert self._writer is not None, "prepare comes first"
        await self._writer.write_eof(self._whole)
