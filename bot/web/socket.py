"""The widget's socket: messages answered after the commit, and what is said elsewhere."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from aiohttp import WSCloseCode, WSMsgType, web
from aiohttp.client_exceptions import ClientConnectionResetError
from msgspec import UNSET, Struct

from bot.errors import BotError, RequestError
from bot.model.message import Inbound
from bot.people.calendar import rfc3339
from bot.web.answers import words
from bot.web.chat import FEED_LINES, line
from bot.web.door import Door
from bot.web.frames import (
    Answered,
    Changed,
    Hello,
    Items,
    NotTaken,
    Ready,
    Renew,
    Renewed,
    Say,
    Spoken,
    read,
    written,
)
from bot.web.rates import Buckets

FRAME_BYTES = 16 * 1024
HELLO_S = 5.0  # for the first frame
ROOM_BYTES = 32 * 1024  # what is on its way and below this never waits for the reader
HEARTBEAT_S = 20.0
SEND_S = 10.0  # a reader that takes longer for a frame is gone
SOCKETS_A_PERSON = 5
MESSAGES, PER_S = 20, 10  # messages of one socket in so many seconds; off in demo mode
US = 1_000_000

OVER = "the token has ended"
BAD_FRAME, NOT_AUTHENTIC, NO_HELLO, TOO_MANY = 4400, 4401, 4408, 4429


class _Over(Exception):
    """The socket is to be closed, with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


async def socket(door: Door, request: web.Request) -> web.WebSocketResponse:
    """A socket of one person: first frame hello, then messages one after another."""
    wire = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=FRAME_BYTES, compress=False)
    if not wire.can_prepare(request):
        raise RequestError("bad_input", "this address is a WebSocket", "Upgrade")
    await wire.prepare(request)
    cut = partial(_cut, request)
    line_ = _Line(door, wire, cut, partial(_unsent, request))
    door.sockets.add(wire)
    try:
        await line_.serve()
    except _Over as over:
        await close(wire, over.code, over.reason)
    except (ClientConnectionResetError, ConnectionError, TimeoutError):
        cut()
    finally:
        if wire.close_code == WSCloseCode.ABNORMAL_CLOSURE:
            cut()  # nobody answers there: what is unsent would be kept for them
        door.sockets.discard(wire)
        line_.end()
    return wire


async def close(wire: web.WebSocketResponse, code: int, reason: str) -> None:
    """Say goodbye, and wait for theirs no longer than for a frame."""
    try:
        async with asyncio.timeout(SEND_S):
            await wire.close(code=code, message=reason.encode()[:120])
    except (ClientConnectionResetError, ConnectionError, RuntimeError, TimeoutError):
        return  # it is closed, then


def _cut(request: web.Request) -> None:
    """End the connection without a word: whoever does not read hears none."""
    if request.transport is not None:
        request.transport.abort()


def _unsent(request: web.Request) -> int:
    """Bytes that wait for the reader."""
    transport = request.transport
    return 0 if transport is None else transport.get_write_buffer_size()


class _Line:
    """One open socket: whose it is, until when, and which line it has been told last."""

    def __init__(
        self,
        door: Door,
        wire: web.WebSocketResponse,
        cut: Callable[[], None],
        unsent: Callable[[], int],
    ) -> None:
        self._door, self._wire, self._cut, self._unsent = door, wire, cut, unsent
        self._person_id, self._expires_at, self._told = "", 0, 0
        self._pushing: asyncio.Task[None] | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None
        self._newest, self._is_answering, self._is_watching = 0, False, False
        self._turn = asyncio.Lock()
        self._pace = Buckets(door.service.clock, MESSAGES * 60 / PER_S, MESSAGES)

    async def serve(self) -> None:
        """Until the other side closes, or something ends it."""
        if not await self._begin():
            return
        while True:
            if self._expires_at <= self._door.service.clock.now():
                raise _Over(NOT_AUTHENTIC, OVER)
            frame = await self._frame()
            match frame:
                case None:
                    return
                case Say():
                    self._is_answering = True
                    await self._say(frame)
                    self._is_answering = False
                    if self._newest > self._told:
                        self._grew(self._newest)
                case Renew():
                    await self._renew(frame)
                case Hello():
                    raise _Over(BAD_FRAME, "hello comes once")

    def end(self) -> None:
        """Nobody listens here any more."""
        if self._person_id:
            self._door.hub.remove(self._person_id, self._grew)
        if self._pushing is not None:
            self._pushing.cancel()
        if self._ending is not None:
            self._ending.cancel()

    def _live_until(self, expires_at: int) -> None:
        """Also who says nothing is told when their token has ended."""
        if self._ending is not None:
            self._ending.cancel()
        self._expires_at = expires_at
        left_s = (expires_at - self._door.service.clock.now()) / US
        self._ending = asyncio.get_running_loop().call_later(left_s, self._expire)

    def _expire(self) -> None:
        if not self._is_answering:  # else it is seen after the answer
            goodbye = close(self._wire, NOT_AUTHENTIC, OVER)
            self._closing = asyncio.get_running_loop().create_task(goodbye)

    async def _begin(self) -> bool:
        """Whether somebody said hello."""
        try:
            hello = await self._frame(HELLO_S)
        except TimeoutError:
            raise _Over(NO_HELLO, "say hello first") from None
        if hello is None:
            return False
        if not isinstance(hello, Hello):
            raise _Over(BAD_FRAME, "say hello first")
        found = self._read(hello.token)
        hub = self._door.hub
        if hub.count(found.token) >= SOCKETS_A_PERSON:
            raise _Over(TOO_MANY, "too many sockets of one person")
        self._person_id = found.token
        self._live_until(found.expires_at)
        person = await self._door.service.store.person(self._person_id)
        number = person.version if person is not None else 0
        self._told, self._is_watching = hello.after, hello.watch
        hub.add(self._person_id, self._grew)
        await self._send(Ready(self._person_id, number, rfc3339(self._expires_at)))
        if number > hello.after:
            await self._push()
        return True

    def _read(self, token: str) -> Any:
        try:
            return self._door.tokens.read(token)
        except RequestError as error:
            raise _Over(NOT_AUTHENTIC, error.message) from None

    async def _renew(self, frame: Renew) -> None:
        found = self._read(frame.token)
        if found.token != self._person_id:
            raise _Over(NOT_AUTHENTIC, "that is somebody else's token")
        self._live_until(found.expires_at)
        await self._send(Renewed(rfc3339(self._expires_at)))

    async def _say(self, frame: Say) -> None:
        """One message through the same door as every other; the answer after the commit."""
        try:
            if not self._door.guard.is_demo:
                self._pace.take(self._person_id)
            if not frame.text.strip():
                raise RequestError("bad_input", "the message is empty", "text")
            self._door.guard.count(self._person_id)
            clock = self._door.service.clock
            inbound = Inbound(frame.id, self._person_id, "message", clock.now(), text=frame.text)
            answer = await self._door.service.turn.take(inbound)
        except BotError as error:
            wait_s = getattr(error, "retry_after_s", None)
            await self._send(NotTaken(frame.id, error.code, error.message, wait_s or UNSET))
            return
        if answer.number == self._told + 1:
            self._told = answer.number  # told by the answer itself
        said = Answered(frame.id, answer.number, words(answer), answer.language)
        await self._send(said)

    def _grew(self, number: int) -> None:
        """The feed has more: tell it, unless the answer on its way does."""
        self._newest = max(self._newest, number)
        if self._is_answering:
            return  # it is looked at after the answer
        if self._pushing is None or self._pushing.done():
            self._pushing = asyncio.get_running_loop().create_task(self._push_later())

    async def _push_later(self) -> None:
        """After the answer that is on its way: then most often nothing is left to tell."""
        try:
            await asyncio.sleep(0)
            while self._newest > self._told:
                self._newest = self._told
                await self._push()
        except (ClientConnectionResetError, ConnectionError, TimeoutError):
            self._cut()
        except BotError:
            await close(self._wire, WSCloseCode.TRY_AGAIN_LATER, "")

    async def _push(self) -> None:
        """Every line after the last one told."""
        if self._is_watching:
            await self._send(Changed())
            return
        store = self._door.service.store
        async with self._turn:
            while True:
                items = await store.feed(self._person_id, self._told, FEED_LINES)
                items = [item for item in items if item.number > self._told]
                if not items:
                    return
                self._told = max(item.number for item in items)
                await self._send(Items(tuple(map(line, items)), self._told))

    async def _frame(self, wait_s: float | None = None) -> Spoken | None:
        """The next frame, or None when the other side has closed."""
        message = await self._wire.receive(timeout=wait_s)
        while message.type is WSMsgType.TEXT:
            frame = read(message.data)
            if frame is None or (isinstance(frame, NotTaken) and not self._person_id):
                raise _Over(BAD_FRAME, "this frame is none of hello, say, renew")
            if not isinstance(frame, NotTaken):
                return frame
            await self._send(frame)
            message = await self._wire.receive(timeout=wait_s)
        if message.type is WSMsgType.BINARY:
            raise _Over(BAD_FRAME, "frames are text")
        return None

    async def _send(self, frame: Struct) -> None:
        data = written(frame)
        if self._unsent() + len(data) < ROOM_BYTES:
            await self._wire.send_frame(data, _TEXT)
            return
        async with asyncio.timeout(SEND_S):
            await self._wire.send_frame(data, _TEXT)


_TEXT: Literal[WSMsgType.TEXT] = WSMsgType.TEXT
