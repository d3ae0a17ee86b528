"""Everybody comes back at once after a kill -9: each message answered, none twice."""

import asyncio
import random
from pathlib import Path

import aiohttp

from tests import live
from tests.faults.talkers import MESSAGES, audited, feed
from tests.faults.widgets import Widget
from tests.live import LiveServer
from tests.sizes import size

WIDGETS = size(60, 1_000)
MESSAGES_EACH = size(8, 20)
KILLS = size(2, 10)


def widgets() -> list[Widget]:
    made = [Widget(f"widget-{number}") for number in range(WIDGETS)]
    for one in made:
        one.outbox.extend(
            (f"{one.name}-{number}", MESSAGES[number % len(MESSAGES)])
            for number in range(MESSAGES_EACH)
        )
    return made


async def killed(server: LiveServer, folder: Path) -> LiveServer:
    """kill -9, and another server on the same data and port."""
    server.process.kill()
    await asyncio.to_thread(server.process.wait)
    return await asyncio.to_thread(live.start, folder, port=server.port)


async def test_after_kill_9_all_reconnect_and_each_message_is_answered_once(
    tmp_path: Path,
) -> None:
    dice = random.Random(4)
    people = widgets()
    total = WIDGETS * MESSAGES_EACH
    server = await asyncio.to_thread(live.start, tmp_path)
    connector = aiohttp.TCPConnector(limit=0)
    try:
        async with aiohttp.ClientSession(connector=connector) as http:
            running = asyncio.gather(*(one.run(http, server.url) for one in people))
            for kill in range(KILLS):
                wanted = total * (kill + dice.random()) / KILLS * 0.9
                while sum(len(one.answers) for one in people) < wanted:
                    await asyncio.sleep(0.001)
                server = await killed(server, tmp_path)
            async with asyncio.timeout(600):
                await running
            assert sum(one.connected for one in people) > WIDGETS
            for one in people:
                await check(http, server, one)
        await asyncio.to_thread(audited, server)
    finally:
        await asyncio.to_thread(live.stop, server)


async def check(http: aiohttp.ClientSession, server: LiveServer, one: Widget) -> None:
    """What the widget was told is what is kept, each message once and in order."""
    assert not one.wrong, one.wrong
    assert sorted(one.answers) == sorted(f"{one.name}-{n}" for n in range(MESSAGES_EACH))
    lines = await feed(http, server.url, one.name)
    said = [line["id"] for line in lines if line["author"] == "person"]
    assert len(said) == len(set(said)) == MESSAGES_EACH
    replies = {
        said_line["id"]: reply["id"]
        for said_line, reply in zip(lines[::2], lines[1::2], strict=True)
    }
    for message_id, told in one.answers.items():
        assert set(told) == {replies[message_id]}, one.name
