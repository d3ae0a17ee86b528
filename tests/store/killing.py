"""A child that commits turns as fast as it can, and writes down each one it was promised."""

import asyncio
import os
import traceback
from pathlib import Path

from bot.clock import Clock
from bot.model.decision import Decision
from bot.model.person import Person
from bot.store.store import Database, open_store
from tests.builders import a_decision, a_person, a_topup, an_event, an_unlock

PEOPLE = tuple(f"person-{number}" for number in range(12))
KEY = "ab" * 32
FAULT = "fault"  # a file in its data folder: why a child ended by itself


def fork(url: str, data: Path, schema: str, name: str, promised: Path) -> int:
    """The id of a new child at work; it ends only by being killed."""
    child = os.fork()
    if child:
        return child
    try:
        asyncio.run(_work(url, data, schema, name, promised))
    except BaseException:
        (data / FAULT).write_text(traceback.format_exc())
    finally:
        os._exit(1)  # never back into pytest


async def _work(url: str, data: Path, schema: str, name: str, promised: Path) -> None:
    store = await open_store(url, data, Clock(), KEY, schema)
    handle = os.open(promised, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    await asyncio.gather(*(_talk(store, person_id, name, handle) for person_id in PEOPLE))


async def _talk(store: Database, person_id: str, name: str, handle: int) -> None:
    await _again(store, person_id)
    while True:
        decision = decided(await store.person(person_id), person_id, name)
        receipt = await store.commit(decision)
        if receipt.status == "committed":
            os.write(handle, f"{person_id} {decision.turn_id} {decision.reply.text}\n".encode())
        else:
            assert receipt.status == "stale", receipt


async def _again(store: Database, person_id: str) -> None:
    """Whoever was not answered asks again with the same id, and is charged once."""
    before = await store.person(person_id)
    if before is None:
        return
    last = (await store.reads.turns(person_id, before.version - 1))[0]  # others may have followed
    again = decided(last.before, person_id, "again")
    repeated = a_decision(before, id=last.inbound.id, entries=again.entries)
    receipt = await store.commit(repeated)
    assert receipt.status in ("duplicate", "stale"), receipt


def decided(before: Person | None, person_id: str, name: str) -> Decision:
    """Top-ups, purchases and messages by turns; ids say which version they were made for."""
    if before is None:
        return a_decision(person=a_person(person_id), id=f"{name}-first")
    id = f"{name}-{before.version}"
    balance = sum(lot.left for lot in before.spending.lots)
    if balance < 5:
        return a_topup(before, 40, id=id)
    if before.version % 2:
        return an_unlock(before, f"topic.{before.version}", 5, id=id)
    event = an_event(before, id=id)
    return a_decision(before, text=f"message {id}", id=id, events=(event,))
