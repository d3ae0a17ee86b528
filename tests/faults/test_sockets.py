"""Sockets whose other end misbehaves: cut off in time, and nobody else waits for them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import psutil
import pytest
from msgspec.structs import replace

from bot.app import Service
from bot.model.message import Inbound
from bot.web import server as web_server
from bot.web import socket as wire
from bot.web.hub import Hub
from bot.web.server import bound, started
from bot.web.tokens import Tokens
from tests.faults.proxy import proxy
from tests.faults.raw import RawSocket, dial
from tests.sizes import size

NARROW = 4_096  # bytes the kernel keeps for a connection, about
SOON_S = 0.3  # instead of ten and twenty seconds
SLOW = size(3, 50)
LOUD = 400  # messages: their answers are more than a connection holds


@dataclass
class House:
    """A service that listens on a port, and who is connected to it."""

    service: Service
    port: int
    hub: Hub


@pytest.fixture
async def house(service: Service, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(wire, "SEND_S", SOON_S)
    hub = Hub()
    monkeypatch.setattr(web_server, "Hub", lambda: hub)
    listening = narrow(service)
    runner = await started(service, listening)
    yield House(service, listening.getsockname()[1], hub)
    await runner.cleanup()
    listening.close()


def narrow(service: Service) -> socket.socket:
    """Where to listen, with so little room that a slow reader is soon noticed."""
    served = replace(service.settings.server, port="auto", port_range=(20_000, 29_999))
    listening = bound(replace(service.settings, server=served))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, NARROW)
    return listening


def token_of(house: House, person_id: str) -> str:
    service = house.service
    return (
        Tokens(service.settings.widget, service.settings.data, service.clock)
        .issue(person_id)
        .token
    )


async def version_of(service: Service, person_id: str) -> int:
    person = await service.store.person(person_id)
    return person.version if person is not None else 0


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)


async def answered(line: RawSocket, message_id: str) -> None:
    line.send({"type": "say", "id": message_id, "text": "hello"})
    async with asyncio.timeout(30):
        while (await line.told()).get("id") != message_id:
            pass


async def test_who_stops_reading_is_cut_off_and_the_others_are_answered_meanwhile(
    house: House,
) -> None:
    good = await dial(house.port, token_of(house, "good"))
    slow = []
    for number in range(SLOW):
        line = await dial(house.port, token_of(house, f"slow{number}"), receive_bytes=NARROW)
        for message in range(LOUD):
            line.send({"type": "say", "id": f"m{message}", "text": "topics"})
        slow.append(line)
    assert len(house.hub) == SLOW + 1
    asked = 0
    while len(house.hub) > 1:
        await answered(good, f"g{asked}")
        asked += 1
    assert asked > 0
    for line in slow:
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            while True:
                await line.frame()
    for number in range(SLOW):  # what was committed is in the feed, each once
        items = await house.service.store.feed(f"slow{number}", 0, 10_000)
        said = [item.id for item in items if item.author == "person"]
        assert said == [f"m{message}" for message in range(len(said))] and said


async def test_a_slow_reader_of_what_others_say_is_cut_off_too(house: House) -> None:
    await dial(house.port, token_of(house, "anna"), receive_bytes=NARROW)
    turn, now = house.service.turn, house.service.clock.now()
    for number in range(LOUD):
        await turn.take(Inbound(f"m{number}", "anna", "message", now, text="topics"))
        if not len(house.hub):
            break
    await until(lambda: not len(house.hub))
    answer = await turn.take(Inbound("last", "anna", "message", now, text="hello"))
    assert answer.reply.text


async def test_a_socket_whose_cable_was_pulled_is_closed_by_the_heartbeat(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "HEARTBEAT_S", SOON_S)
    me = psutil.Process()
    here = await dial(house.port, token_of(house, "here"))
    async with proxy(house.port) as between:
        await answered(here, "m0")
        before = me.num_fds()
        gone = [await dial(between.port, token_of(house, f"gone{n}")) for n in range(5)]
        for line in gone:
            await answered(line, "m1")
        assert len(house.hub) == 6
        between.hold()
        await until(lambda: len(house.hub) == 0)  # nobody answers pings here, `here` neither
        for line in (here, *gone):
            line.abort()
    await until(lambda: me.num_fds() < before)


async def test_a_half_closed_socket_is_closed_whole(house: House) -> None:
    line = await dial(house.port, token_of(house, "anna"))
    await answered(line, "m1")
    line.writer.write_eof()
    await until(lambda: not len(house.hub))
    async with asyncio.timeout(10):
        while await line.reader.read(4096):
            pass


async def test_a_stop_waits_for_nobody_who_does_not_read(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = narrow(service)
    runner = await started(service, listening)
    house = House(service, listening.getsockname()[1], Hub())
    slow = await dial(house.port, token_of(house, "slow"), receive_bytes=NARROW)
    for number in range(LOUD):
        slow.send({"type": "say", "id": f"m{number}", "text": "topics"})
    lines = [await dial(house.port, token_of(house, f"p{number}")) for number in range(20)]
    await answered(lines[0], "m0")
    taken = -1
    while taken != (taken := await version_of(service, "slow")):
        await asyncio.sleep(SOON_S)
    assert 0 < taken < LOUD
    monkeypatch.setattr(wire, "SEND_S", SOON_S)
    async with asyncio.timeout(30):
        await runner.cleanup()
    listening.close()
    for line in lines:
        opcode, payload = await line.frame()
        assert (opcode, payload[:2]) == (8, (1001).to_bytes(2, "big"))
