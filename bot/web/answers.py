"""Answers as bytes, and the one place where the five families of errors are told."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware
from multidict import CIMultiDict

from bot.clock import Clock
from bot.errors import BotError, RequestError
from bot.logs import Log
from bot.turn import Answer
from bot.web.auth import Guard
from bot.web.metrics import Meter
from bot.web.wire import Fault, Refused, Said

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

JSON_HEADERS = CIMultiDict(
    {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
)
REPLAYED_HEADERS = CIMultiDict({**JSON_HEADERS, "Idempotency-Replayed": "true"})
HTTP_CODES = {404: "unknown", 405: "not_allowed", 413: "too_large"}
_encode = msgspec.json.Encoder().encode


def json(body: object, status: int = 200, is_replay: bool = False) -> web.Response:
    """Anything msgspec can write, as an answer."""
    headers = REPLAYED_HEADERS if is_replay else JSON_HEADERS
    return web.Response(body=_encode(body), status=status, headers=headers)


def said(answer: Answer) -> web.Response:
    """A reply in the conversation."""
    return json(words(answer), answer.reply.status, answer.is_replay)


def words(answer: Answer) -> Said:
    """A reply as it goes over the wire."""
    reply = answer.reply
    return Said(
        reply.text,
        reply.blocks,
        reply.choices,
        reply.tier,
        reply.price,
        reply.persona,
        reply.state,
        reply.turn_id,
        answer.is_replay,
        msgspec.UNSET if reply.outcome is None else reply.outcome,
    )


def done(answer: Answer) -> web.Response:
    """The answer to a call that is no chat message: the body that was decided and kept."""
    reply = answer.reply
    return json(reply.body if reply.body is not None else {}, reply.status, answer.is_replay)


def told(error: BotError) -> web.Response:
    """An error in the one shape: {error: {code, message, field?}}."""
    field = getattr(error, "field", None)
    fault = Fault(error.code, error.message, msgspec.UNSET if field is None else field)
    response = json(Refused(fault), error.status)
    if wait_s := getattr(error, "retry_after_s", None):
        response.headers["Retry-After"] = str(wait_s)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


class Fence:
    """What stands before every handler: who may call, what went wrong, how long it took."""

    def __init__(
        self, guard: Guard, meter: Meter, clock: Clock, log: Log, routes: Mapping[Handler, str]
    ) -> None:
        self._guard, self._meter, self._clock, self._log = guard, meter, clock, log
        self._routes = routes

    def middleware(self) -> Middleware:
        """The only middleware; everything a request may meet is caught here."""

        @web.middleware
        async def tell(request: web.Request, handler: Handler) -> web.StreamResponse:
            started = self._clock.cpu_s()
            route = self._routes.get(handler, "")
            response: web.StreamResponse | None = self._guard.preflight(request)
            if response is None:
                response = await self._answered(request, handler, route)
            self._guard.share(request, response)
            self._meter.note(route, response.status, self._clock.cpu_s() - started)
            return response

        return tell

    async def _answered(
        self, request: web.Request, handler: Handler, route: str
    ) -> web.StreamResponse:
        try:
            self._guard.admit(request, route)
            return await handler(request)
        except Exception as error:
            return self.refused(error, request, route)

    def refused(self, error: Exception, request: web.Request, route: str) -> web.Response:
        """What went wrong, as an answer; to be called where it is caught."""
        match error:
            case RequestError():
                return told(error)
            case BotError():
                self._log.error("request_failed", route=route, code=error.code)
                return told(error)
            case web.HTTPException():
                return _told_http(error)
            case ConnectionError() | web.RequestPayloadError() | HttpProcessingError():
                return told(RequestError("bad_input", "the body is broken or broke off"))
            case _:
                self._log.exception("request_failed", route=route, method=request.method)
                return told(BotError("a fault of ours; it has been logged"))


def _told_http(error: web.HTTPException) -> web.Response:
    """What aiohttp refuses by itself (no such address, no such method), in our shape."""
    code = HTTP_CODES.get(error.status, "bad_input")
    response = json(Refused(Fault(code, error.reason)), error.status)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response
