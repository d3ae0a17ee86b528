"""Start, ports and stop."""

import asyncio
import json
import socket

import aiohttp
import pytest
from msgspec.structs import replace

from bot.app import Service
from bot.config import Server, Settings
from bot.errors import BotError
from bot.web.server import bound, started


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_taken_port_is_said_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BotError, match=f"port {port} .* is taken.*--port auto"):
            bound(Settings(server=Server(port=port)))


def test_auto_takes_the_first_free_port_of_the_range() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        found = bound(Settings(server=Server(port="auto", port_range=(port, port + 20))))
        assert port < found.getsockname()[1] <= port + 20
        found.close()
        with pytest.raises(BotError, match="is taken"):
            bound(Settings(server=Server(port="auto", port_range=(port, port))))


@pytest.mark.parametrize(("host", "port"), [("no such host.invalid", 8350), ("127.0.0.1", 99999)])
def test_an_address_that_cannot_be_is_said(host: str, port: int) -> None:
    with pytest.raises(BotError, match="cannot listen"):
        bound(replace(Settings(), server=Server(host=host, port=port)))


async def test_a_stop_answers_what_is_in_flight(service: Service) -> None:
    listening = bound(replace(service.settings, server=Server(port=_free_port())))
    url = "http://{}:{}".format(*listening.getsockname())
    runner = await started(service, listening)
    held = asyncio.Event()
    real, reached = service.store.person, asyncio.Event()

    async def slow(person_id: str, fresh: bool = False) -> object:
        reached.set()
        await held.wait()
        return await real(person_id, fresh)

    service.store.person = slow  # type: ignore[method-assign]  # holds the turn in flight
    async with aiohttp.ClientSession() as session:
        body = {"user_id": "anna", "message": "hello"}
        call = asyncio.create_task(session.post(f"{url}/interact", json=body))
        await reached.wait()
        stop = asyncio.create_task(runner.cleanup())
        await asyncio.sleep(0)
        held.set()
        response = await call
        assert response.status == 200 and (await response.json())["text"]
        await stop
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(f"{url}/health")


async def test_what_is_no_http_is_refused_without_a_500(service: Service) -> None:
    listening = bound(replace(service.settings, server=Server(port=_free_port())))
    runner = await started(service, listening)
    for raw in (b"\x16\x03\x01 hello\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET /" + b"x" * 9000):
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(raw + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = await reader.read()
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.split(b" ")[1] == b"400"
        assert json.loads(body)["error"]["code"] == "bad_input"
        writer.close()
    await runner.cleanup()
