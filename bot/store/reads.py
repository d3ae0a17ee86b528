"""Reading for pages and analyses, on a connection of its own so that no turn waits for it."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from bot.model.message import Event, Inbound, Reply
from bot.model.person import Person
from bot.store import analyses, everybody, lookups
from bot.store.changes import decoded, restored
from bot.store.cipher import Vault, master_key
from bot.store.desk import Desk
from bot.store.everybody import is_earned
from bot.store.kept import KeptRaw, kept_of, reply_of
from bot.store.places import place_of
from bot.store.protocol import EventsFrom
from bot.store.protocol import Reads as Reads
from bot.store.protocol import TurnRecord as TurnRecord

WHOSE = text("SELECT person_id, number FROM turns WHERE id = :id LIMIT 1")
BACKWARDS = text(
    f"SELECT t.id, t.number, t.at, t.kind, t.private, {lookups.KEY} FROM turns t"
    " JOIN keys k ON k.person_id = t.person_id"
    " WHERE t.person_id = :person AND t.number > :after ORDER BY t.number DESC"
)


async def open_reads_only(url: str, data: Path, master: str = "", schema: str = "") -> Reads:
    """Only the reading side, beside a server that may be running; it changes nothing."""
    return await asyncio.to_thread(_open, url, data, master, schema)


def _open(url: str, data: Path, master: str, schema: str) -> "DatabaseReads":
    place = place_of(url, data, schema)
    place.check_exists()
    return DatabaseReads(place.connect_reading, Vault(master_key(master, data)))


class DatabaseReads:
    """The reading side of a database."""

    def __init__(self, connect: Callable[[], Connection], vault: Vault) -> None:
        self._vault = vault
        self._desk = Desk("store-pages", connect)

    @property
    def desk(self) -> Desk:
        """Where questions of pages are asked, so that no turn waits for them."""
        return self._desk

    async def turn(self, turn_id: str) -> TurnRecord | None:
        lookups.checked(turn_id)
        return await self._desk.run(partial(_turn, self._vault, turn_id))

    async def turns(self, person_id: str, after: int = 0, limit: int = 50) -> list[TurnRecord]:
        lookups.checked(person_id)
        found = await self._desk.run(partial(_back_to, self._vault, person_id, after))
        return found[::-1][:limit]

    async def totals(self, now: int) -> dict[str, Any]:
        return await self._desk.run(partial(analyses.totals, now))

    async def handoffs(self) -> list[Event]:
        return await self._desk.run(analyses.handoffs)

    async def handoff(self, id: str) -> Event | None:
        lookups.checked(id)
        return await self._desk.run(partial(analyses.handoff, id))

    async def habits(self, person_id: str, limit: int) -> list[Event]:
        lookups.checked(person_id)
        return await self._desk.run(partial(_habits, person_id, limit))

    async def redeemers(self, since: int) -> list[str]:
        return await self._desk.run(partial(everybody.redeemers, since))

    async def earned(self, person_id: str) -> list[Event]:
        lookups.checked(person_id)
        return await self._desk.run(partial(_earned, person_id))

    async def all_events(self, asked: EventsFrom) -> list[tuple[str, Event]]:
        return await self._desk.run(partial(everybody.events, asked))

    async def all_people(self, after: str, limit: int) -> list[tuple[str, Person]]:
        return await self._desk.run(partial(everybody.people, self._vault, after, limit))

    async def habit_totals(self, now: int) -> dict[str, Any]:
        return await self._desk.run(partial(everybody.habits, now))

    async def counts(self) -> dict[str, int]:
        return await self._desk.run(analyses.counts)

    async def standing(self, since: int) -> dict[str, int]:
        return await self._desk.run(partial(analyses.standing, self._vault, since))

    async def audit(self) -> list[str]:
        return await self._desk.run(partial(analyses.audit, self._vault))

    async def close(self) -> None:
        await self._desk.close()


def _turn(vault: Vault, turn_id: str, connection: Connection) -> TurnRecord | None:
    row = connection.execute(WHOSE, {"id": turn_id}).first()
    if row is None:
        return None
    found = _back_to(vault, row.person_id, row.number - 1, connection)
    return found[-1] if found else None


def _back_to(vault: Vault, person_id: str, after: int, connection: Connection) -> list[TurnRecord]:
    """Turns numbered above `after`, newest first, each with the person before it.

    The person of today is walked back turn by turn: each keeps what it changed.
    """
    person = lookups.person(connection, vault, person_id)
    records = []
    for row in connection.execute(BACKWARDS, {"person": person_id, "after": after}):
        assert person is not None, "a turn's person is there"
        key = vault.open(person_id, (row.owner, row.version, row.wrapped))
        kept = kept_of(key.open("turns", row.id, row.private))
        person = before_of(kept, person)
        records.append(record(row.id, person_id, row.number, row.at, row.kind, kept, person))
    return records


def _habits(person_id: str, limit: int, connection: Connection) -> list[Event]:
    """The newest first; looked at one by one, until there are enough."""
    found = lookups.newest(connection, person_id)
    habits = (event for event in found if event.props.get("award", {}).get("value"))
    return list(islice(habits, limit))


def _earned(person_id: str, connection: Connection) -> list[Event]:
    found = lookups.newest(connection, person_id)
    return [one for one in found if is_earned(one)]


def before_of(kept: KeptRaw, after: Person) -> Person | None:
    """The person a turn was decided for, seen from the person it made."""
    return None if kept.before is None else restored(after, decoded(kept.before))


def record(
    turn_id: str, person_id: str, number: int, at: int, kind: str, kept: KeptRaw,
    before: Person | None,
) -> TurnRecord:  # fmt: skip
    """A turn as pages and replays see it."""
    inbound = kept.inbound or Inbound(turn_id, person_id, "tick", at)
    reply = reply_of(kept, turn_id) or Reply(turn_id, "")
    return TurnRecord(turn_id, person_id, number, at, kind, before, inbound, reply, kept.trace)
