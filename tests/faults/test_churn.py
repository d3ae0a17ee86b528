"""Sockets that come, go and stay: memory and descriptors go back to where they were."""

import asyncio
import random
from pathlib import Path

import aiohttp
import psutil

from tests import live
from tests.faults.raw import RawSocket, dial
from tests.faults.widgets import session
from tests.live import LiveServer
from tests.sizes import size

PEOPLE = 50
AT_ONCE = 50
WARM, ROUNDS = size(6, 40), size(10, 400)  # of AT_ONCE sockets
LEAK_BYTES = size(4, 1) * 1024  # a socket; one that is not let go of holds 15 KiB
NOISE_BYTES = 4 * 1024 * 1024  # of the allocator and the database's pages
IDLE = size(200, 5_000)
IDLE_BYTES = 64 * 1024  # a socket that stays, both ends of the kernel's not counted
LITTLE_FDS = 8


async def tokens(server: LiveServer, count: int) -> list[str]:
    async with aiohttp.ClientSession() as http:
        return [await session(http, server.url, f"churn-{number}") for number in range(count)]


async def come_and_go(server: LiveServer, given: list[str], dice: random.Random) -> None:
    """Fifty sockets say something; half say goodbye, half break off, some in the middle."""

    async def one(token: str) -> None:
        line = await dial(server.port, token, after=1_000_000)
        line.send({"type": "say", "id": f"{dice.random()}", "text": "hello"})
        if dice.random() < 0.8:
            while (await line.told())["type"] != "said":
                pass
        if dice.random() < 0.5:
            line.abort()
        else:
            line.writer.close()

    await asyncio.gather(*(one(token) for token in dice.sample(given, AT_ONCE)))


def open_connections(server: psutil.Process) -> int:
    """How many clients the server is connected with."""
    found = server.net_connections("tcp")
    return sum(one.status == psutil.CONN_ESTABLISHED for one in found)


async def quiet(server: psutil.Process, fds: int) -> int:
    """Wait until the server has let go of its sockets."""
    async with asyncio.timeout(60):
        while (now := server.num_fds()) > fds + LITTLE_FDS:
            await asyncio.sleep(0.05)
    return now


async def test_sockets_that_came_and_went_leave_nothing_behind(tmp_path: Path) -> None:
    dice = random.Random(6)
    server = await asyncio.to_thread(live.start, tmp_path)
    try:
        given = await tokens(server, PEOPLE)
        process = psutil.Process(server.process.pid)
        fds = process.num_fds()
        for _ in range(WARM):
            await come_and_go(server, given, dice)
        await quiet(process, fds)
        warm = process.memory_info().rss
        for _ in range(ROUNDS):
            await come_and_go(server, given, dice)
        await quiet(process, fds)
        grown, sockets = process.memory_info().rss - warm, ROUNDS * AT_ONCE
        print(f"{sockets} sockets: {grown / 1024:.0f} KiB more, {grown / sockets:.0f} bytes each")
        assert grown < NOISE_BYTES + LEAK_BYTES * sockets
    finally:
        await asyncio.to_thread(live.stop, server)


async def test_idle_sockets_take_little_and_others_are_answered_meanwhile(tmp_path: Path) -> None:
    server = await asyncio.to_thread(live.start, tmp_path)
    lines: list[RawSocket] = []
    try:
        given = await tokens(server, IDLE)
        process = psutil.Process(server.process.pid)
        fds, before = process.num_fds(), process.memory_info().rss
        for token in given:
            lines.append(await dial(server.port, token))
        each = (process.memory_info().rss - before) / IDLE
        print(f"{IDLE} idle sockets: {each / 1024:.1f} KiB each")
        assert open_connections(process) >= IDLE
        assert each < IDLE_BYTES
        for line in (lines[0], lines[-1]):
            line.send({"type": "say", "id": "m", "text": "hello"})
            assert (await line.told())["type"] == "said"
        for line in lines:
            line.abort()
        await quiet(process, fds)
    finally:
        await asyncio.to_thread(live.stop, server)
