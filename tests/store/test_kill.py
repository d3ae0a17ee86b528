"""Kill -9 at random moments under load: what was promised stays, and nothing is half done."""

import asyncio
import os
import random
import signal
import time
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.store.store import Database, open_store
from tests.postgres import a_schema, postgres_url, settled
from tests.sizes import size
from tests.store.killing import FAULT, KEY, PEOPLE, fork

ROUNDS = size(10, 200)
LONGEST_S = 0.25  # of a child's life after its first promise
PATIENCE_S = 60  # for a first promise; a machine may be busy


def test_a_killed_server_on_sqlite_loses_nothing_it_promised(tmp_path: Path) -> None:
    _kill_again_and_again("sqlite", tmp_path, "", replicas=1)


def test_killed_replicas_on_postgresql_lose_nothing_they_promised(tmp_path: Path) -> None:
    with a_schema() as schema:
        _kill_again_and_again(postgres_url(), tmp_path, schema, replicas=2)


def _kill_again_and_again(url: str, data: Path, schema: str, replicas: int) -> None:
    dice = random.Random(8350)
    promised = data / "promised"
    promised.touch()
    book = Book()
    for number in range(ROUNDS):
        offset = promised.stat().st_size
        children = [
            fork(url, data / f"r{n}" if schema else data, schema, f"{number}r{n}", promised)
            for n in range(replicas)
        ]
        if number % 5:  # every fifth round may be killed while it starts
            _wait_for_growth(promised, offset, children)
        for child in children:
            time.sleep(dice.uniform(0, LONGEST_S))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        lines = promised.read_bytes()[offset:].decode().splitlines()
        asyncio.run(book.check(url, data, schema, lines))
    assert book.promises > ROUNDS, "the children did work"


def _wait_for_growth(promised: Path, offset: int, children: list[int]) -> None:
    for _ in range(PATIENCE_S * 100):
        if promised.stat().st_size > offset:
            return
        for child in children:
            assert not os.waitpid(child, os.WNOHANG)[0], _faults(promised.parent)
        time.sleep(0.01)
    pytest.fail("no child promised anything")


def _faults(data: Path) -> str:
    return "a child failed: " + "\n".join(path.read_text() for path in data.rglob(FAULT))


class Book:
    """What was promised up to now, compared with what is there."""

    def __init__(self) -> None:
        self.promises = 0
        self._seen: dict[str, int] = {}

    async def check(self, url: str, data: Path, schema: str, lines: list[str]) -> None:
        store = await open_store(url, data, Clock(), KEY, schema)
        try:
            if schema:
                settled(schema)
            for line in lines:
                person_id, turn_id, text = line.split(" ", 2)
                reply = await store.replied(person_id, turn_id)
                assert reply is not None and reply.text == text, f"lost: {line}"
                self.promises += 1
            for person_id in PEOPLE:
                await self._unbroken(store, person_id)
            assert await store.reads.audit() == []
        finally:
            await store.close()

    async def _unbroken(self, store: Database, person_id: str) -> None:
        """Every version of the person was made by one turn, whole, out of the one before."""
        person = await store.person(person_id, fresh=True)
        seen = self._seen.get(person_id, 0)
        if person is None:
            assert seen == 0
            return
        records = await store.reads.turns(person_id, seen, limit=1_000_000)
        assert [record.number for record in records] == list(range(seen + 1, person.version + 1))
        for record in records:
            version = 0 if record.before is None else record.before.version
            assert version == record.number - 1
            if record.kind == "purchase":
                kept = await store.outcome(person_id, f"unlock:{record.inbound.id}")
                assert kept == (record.inbound.fingerprint, record.reply)
        self._seen[person_id] = person.version
