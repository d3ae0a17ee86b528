"""The running server: the application, its socket, its start and its stop."""

import asyncio
import ctypes
import gc
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache, partial

import msgspec
import uvloop
from aiohttp import WSCloseCode, web
from aiohttp.web_protocol import RequestHandler

from bot import app as house
from bot.app import Service
from bot.config import Settings
from bot.errors import BotError
from bot.web.answers import Fence, json
from bot.web.auth import Guard, check_demo
from bot.web.body import BODY_BYTES
from bot.web.door import Door
from bot.web.hub import Hub
from bot.web.imports import COMMANDS as IMPORTS
from bot.web.metrics import Meter
from bot.web.openapi import described
from bot.web.registry import Registration
from bot.web.routes import ROUTES
from bot.web.short import short_way
from bot.web.socket import close
from bot.web.tokens import Tokens
from bot.web.wire import Fault, Refused
from bot.workbench import control

MOST_PORT = 65535
GOODBYE = "the server stops"
BACKLOG = 1024  # connections that wait to be accepted
# New objects before the collector looks at them: at Python's 700 it looks, in vain, at the calls
# in flight; here a turn costs a twentieth less, and 10,000 people no more memory.
GARBAGE = (20_000, 20, 50)
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def run(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM; calls in flight are answered before it returns."""
    check_demo(settings)
    gc.set_threshold(*GARBAGE)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    listening = bound(settings)
    service = await house.build(settings)
    try:
        await service.start()
        stopping = _stop_signal()
        commands = await control.listen(service, IMPORTS)
        runner = await started(service, listening)
        registration = Registration(settings, _address(listening), service.log)
        registration.start()
        _give_back()
        gc.freeze()  # what was built at start lives till the stop: no need to look through it
        _say_hello(service, listening)
        await stopping.wait()
        await registration.stop()
        await runner.cleanup()
        commands.close()
    finally:
        listening.close()
        await service.stop()


def _give_back() -> None:
    """What start-up freed goes back to the system, where the C library can (glibc: 2 MB)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def make_app(service: Service) -> web.Application:
    """The application: every route of the table behind one middleware."""
    return _made(service)[0]


def _made(service: Service) -> tuple[web.Application, Door, Fence]:
    meter = Meter()
    scopes = {route.name: route.scope for route in ROUTES}
    tokens = Tokens(service.settings.widget, service.settings.data, service.clock)
    guard = Guard(service.settings, service.studio, tokens, service.clock, scopes)
    title = service.settings.bot.name
    describe = cache(lambda: msgspec.json.encode(described(ROUTES, title)))
    hub = Hub()
    service.turn.listen(hub.tell)
    service.store.listen(hub.tell)
    door = Door(service, guard, tokens, hub, meter, describe, set(), set())
    names: dict[Handler, str] = {}
    fence = Fence(guard, meter, service.clock, service.log, names)
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[fence.middleware()])
    app.on_shutdown.append(partial(_leave, door))
    for route in ROUTES:
        handler: Handler = partial(route.call, door)
        names[handler] = route.name
        app.router.add_route(route.method, route.path, handler)
        if route.method == "GET":
            app.router.add_route("HEAD", route.path, handler)
    return app, door, fence


async def _leave(door: Door, _app: web.Application) -> None:
    """Sockets are closed at a stop, so that widgets look for us again."""
    wires = tuple(door.sockets)
    await asyncio.gather(*(close(wire, WSCloseCode.GOING_AWAY, GOODBYE) for wire in wires))


async def started(service: Service, listening: socket.socket) -> web.AppRunner:
    """The application on a bound socket; `cleanup()` of the runner stops it."""
    RequestHandler.handle_error = _not_http  # type: ignore[method-assign,assignment]  # no hook
    app, door, fence = _made(service)
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_silent(),
        handle_signals=False,
        shutdown_timeout=service.settings.server.graceful_s,
    )
    await runner.setup()
    server = runner.server
    assert server is not None, "made by setup"
    server.request_handler = short_way(door, fence, server.request_handler)
    await web.SockSite(runner, listening, backlog=BACKLOG).start()
    return runner


def _not_http(
    _protocol: RequestHandler,
    request: web.BaseRequest,
    status: int = 500,
    exc: BaseException | None = None,
    message: str | None = None,
) -> web.StreamResponse:
    """What aiohttp answers to what it cannot read as HTTP: our shape instead of plain text."""
    if request.writer.output_size > 0:
        raise ConnectionError("a part of the answer is on its way already")
    words = "this cannot be read as HTTP, or its head is longer than 8 KiB"
    fault = Fault("internal", "a fault of ours") if status >= 500 else Fault("bad_input", words)
    response = json(Refused(fault), status)
    response.force_close()
    return response


def bound(settings: Settings) -> socket.socket:
    """A socket on the host and port of the settings; BotError says what to do when taken."""
    server = settings.server
    if server.port != "auto":
        ports = range(server.port, server.port + 1)
    else:
        ports = range(server.port_range[0], server.port_range[1] + 1)
    for port in ports:
        if (found := _bound(server.host, port)) is not None:
            return found
    where = f"port {ports[0]}" if len(ports) == 1 else f"every port from {ports[0]} to {ports[-1]}"
    raise BotError(
        f"{where} on {server.host} is taken; stop what listens there, "
        f"or choose another: bot serve --port N (or --port auto)"
    )


def _bound(host: str, port: int) -> socket.socket | None:
    if port > MOST_PORT:
        raise BotError(f"cannot listen on port {port}: the highest is {MOST_PORT}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind, protocol)
    except (OSError, OverflowError, UnicodeError) as error:
        raise BotError(f"cannot listen on {host} port {port}: {error}") from None
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(address)
        found.listen(BACKLOG)  # two servers that start at once must not both think it is free
    except OSError as error:
        found.close()
        if error.errno in (98, 48):  # EADDRINUSE on Linux and macOS
            return None
        raise BotError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return found


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stopping.set)
    return stopping


def _silent() -> logging.Logger:
    """For aiohttp's own lines, which may quote a request; the middleware logs ours."""
    logger = logging.Logger("aiohttp")
    logger.addHandler(logging.NullHandler())
    return logger


def _say_hello(service: Service, listening: socket.socket) -> None:
    """Where it listens; in demo mode, loudly, what that means."""
    settings = service.settings
    lines = [f"{settings.bot.name} listens on {_address(listening)}/  (Ctrl-C stops)"]
    if service.key_file.exists():
        lines.append(f"The operator key made at first start is in {service.key_file}")
    if settings.auth.mode == "demo":
        lines += [
            "!! DEMO MODE: open to everybody on this machine, for any user_id, without a key.",
            "!! New people count as adults. Do not put real people into it.",
            '!! For real use set [auth] mode = "key" in bot.toml and make keys: bot key add.',
        ]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
