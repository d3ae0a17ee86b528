"""Files edited under load, well and badly: answers come from whole catalogs, none is an error."""

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace

from bot.app import Service
from bot.model.decision import Decision, Plan
from bot.model.message import Inbound
from bot.store.protocol import Receipt
from tests import live
from tests.projects import ROOT, copied
from tests.sizes import size

READERS = size(6, 50)
EDITS = size(2, 20)
EDITED = "content/en/topics/leverage.yaml"
WORDS = "**Leverage** is a loan"
EDITION = re.compile(r"edition (\d+)")


@dataclass
class Reader:
    """Asks the same question again and again; `editions` are those of the answers, in order."""

    name: str
    editions: list[int] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    async def read(self, http: aiohttp.ClientSession, url: str) -> None:
        while True:
            body = {"user_id": self.name, "message": "what is leverage?"}
            async with http.post(f"{url}/interact", json=body) as response:
                found = await response.json()
            self.statuses.add(response.status)
            if edition := EDITION.search(found.get("text", "")):
                self.editions.append(int(edition[1]))


def project(folder: Path) -> Path:
    copied(folder)
    write(folder, 0)
    return folder


def write(folder: Path, edition: int, is_bad: bool = False) -> None:
    """An edition of the topic; a bad one lost its end."""
    text = (ROOT / EDITED).read_text().replace(WORDS, f"{WORDS} (edition {edition})")
    assert "edition" in text
    (folder / EDITED).write_text(text.replace("depths:", "depths: {") if is_bad else text)


async def health(http: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    async with http.get(f"{url}/health") as response:
        found = await response.json()
        return dict(found["catalog"])


async def edited(http: aiohttp.ClientSession, url: str, is_bad: bool, before: str) -> str:
    """Wait until the edit is in force, or refused with its mistakes; the version in force."""
    async with asyncio.timeout(60):
        while True:
            found = await health(http, url)
            if is_bad and found["mistakes"]:
                assert found["version"] == before
                return before
            if found["version"] != before:
                assert not found["mistakes"]
                return str(found["version"])
            await asyncio.sleep(0.05)


async def test_edits_under_load_are_seen_in_order_and_bad_ones_never(tmp_path: Path) -> None:
    root = project(tmp_path)
    server = await asyncio.to_thread(live.start, tmp_path, config=root / "bot.toml")
    readers = [Reader(f"reader-{number}") for number in range(READERS)]
    try:
        async with aiohttp.ClientSession() as http:
            reading = [asyncio.create_task(one.read(http, server.url)) for one in readers]
            version = (await health(http, server.url))["version"]
            for edition in range(1, EDITS * 2 + 1):
                is_bad = edition % 2 == 1
                write(root, edition, is_bad)
                version = await edited(http, server.url, is_bad, version)
                await seen(readers, edition - is_bad)
            for task in reading:
                task.cancel()
            done = await asyncio.gather(*reading, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in done), done
    finally:
        await asyncio.to_thread(live.stop, server)
    for one in readers:
        assert one.statuses == {200}
        assert one.editions == sorted(one.editions)
        assert set(one.editions) == set(range(0, EDITS * 2 + 1, 2))


async def seen(readers: list[Reader], edition: int) -> None:
    async with asyncio.timeout(60):
        while any(not one.editions or one.editions[-1] != edition for one in readers):
            await asyncio.sleep(0.02)


async def test_a_message_in_flight_keeps_its_catalog(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, reached, go_on = service.store.commit, asyncio.Event(), asyncio.Event()

    async def late(decided: Decision | Plan) -> Receipt:
        reached.set()
        await go_on.wait()
        return await commit(decided)

    monkeypatch.setattr(service.store, "commit", late)
    inbound = Inbound("m1", "anna", "message", service.clock.now(), text="hello")
    turn = asyncio.create_task(service.turn.take(inbound))
    await reached.wait()
    old = service.catalogs.current
    script = replace(old.script, version="another")
    service.catalogs.current = replace(old, version="another", script=script)
    go_on.set()
    record = await service.reads.turn((await turn).reply.turn_id)
    assert record is not None and record.trace.catalog == old.version
    after = await service.turn.take(replace(inbound, id="m2"))
    record = await service.reads.turn(after.reply.turn_id)
    assert record is not None and record.trace.catalog == "another"
