"""A registry that is told where we are."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.app import Service
from bot.config import Registry, Settings
from bot.web.registry import Registration


async def test_a_registry_hears_of_us_at_every_beat_and_when_we_leave(
    aiohttp_server: Any, service: Service
) -> None:
    heard: list[dict[str, Any]] = []
    twice = asyncio.Event()

    async def hear(request: web.Request) -> web.Response:
        heard.append(await request.json())
        if len(heard) == 2:
            twice.set()
        return web.Response()

    server = await aiohttp_server(_registry(hear))
    registration = _registered(service, server.make_url("/services"))
    await asyncio.wait_for(twice.wait(), 10)
    await registration.stop()
    assert heard[0]["address"] == "http://127.0.0.1:8350" and heard[0]["status"] == "up"
    assert [one["status"] for one in heard][-1] == "down"


async def test_a_registry_that_does_not_answer_holds_nobody_up(
    aiohttp_server: Any, service: Service
) -> None:
    heard: list[str] = []
    asked = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        heard.append((await request.json())["status"])
        asked.set()
        await asyncio.Event().wait()
        return web.Response()

    server = await aiohttp_server(_registry(hang))
    registration = _registered(service, server.make_url("/services"))
    await asyncio.wait_for(asked.wait(), 10)
    await registration.stop()
    assert heard == ["up"], "it never knew us, so there is nobody to say goodbye to"


async def test_a_registry_that_comes_later_hears_of_us_and_the_log_tells_of_both(
    aiohttp_server: Any, unused_tcp_port: int, service: Service
) -> None:
    heard = asyncio.Event()

    def logged() -> list[str]:
        service.journal.flush()
        lines = map(json.loads, Path(service.settings.logs.file).read_text().splitlines())
        return [one["event"] for one in lines if one["event"].startswith("registry")]

    async def hear(_: web.Request) -> web.Response:
        heard.set()
        return web.Response()

    registration = _registered(service, f"http://127.0.0.1:{unused_tcp_port}/services")
    async with asyncio.timeout(10):
        while logged() != ["registry_lost"]:
            await asyncio.sleep(0.01)
        await aiohttp_server(_registry(hear), port=unused_tcp_port)
        await heard.wait()
        while logged() != ["registry_lost", "registry_told"]:
            await asyncio.sleep(0.01)
    await registration.stop()


async def test_without_a_registry_nobody_is_told(service: Service) -> None:
    registration = Registration(Settings(), "http://127.0.0.1:8350", service.log)
    before = asyncio.all_tasks()
    registration.start()
    assert asyncio.all_tasks() == before
    await registration.stop()


def _registry(answer: Callable[[web.Request], Awaitable[web.Response]]) -> web.Application:
    app = web.Application()
    app.router.add_post("/services", answer)
    return app


def _registered(service: Service, url: object) -> Registration:
    """Beating a hundred times a second."""
    settings = Settings(registry=Registry(str(url), 0.01))
    registration = Registration(settings, "http://127.0.0.1:8350", service.log)
    registration.start()
    return registration
