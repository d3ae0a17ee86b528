"""One store for turn, tick and pages: an async face over threads that talk to the database."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.errors import StoreError
from bot.model.decision import Chain, Decision, Plan
from bot.model.message import Alert, Delivery, Event, FeedItem, Message, Reply
from bot.model.person import Person
from bot.store import erasure, everybody, kept, lookups, messages, uptime
from bot.store.boards import DatabaseBoards
from bot.store.cipher import Vault, master_key
from bot.store.contests import DatabaseTeams
from bot.store.desk import Desk
from bot.store.migrate import migrate
from bot.store.notices import heard
from bot.store.places import place_of
from bot.store.prepared import Prepared
from bot.store.protocol import Crowd as Crowd
from bot.store.protocol import Receipt as Receipt
from bot.store.protocol import Status
from bot.store.protocol import Store as Store
from bot.store.reads import DatabaseReads
from bot.store.recent import Recent
from bot.store.risks import DatabaseRisks
from bot.store.rows import is_begun
from bot.store.sqlite import Lock, Sqlite
from bot.store.writer import Writer

if TYPE_CHECKING:
    from bot.store.postgres import Postgres

PEOPLE_HELD = 1024  # people in memory, so that 10,000 who talk cost less than 15 MiB
ANSWERS_HELD = 256  # answers in memory, so that a repeated message costs no transaction

COMMITTED, DUPLICATE = Receipt("committed"), Receipt("duplicate")


async def open_store(
    url: str, data: Path, clock: Clock, master: str = "", schema: str = ""
) -> "Database":
    """The store at `url` (sqlite, or postgresql://...), migrated and ready to write.

    StoreError when another process holds the folder, the master key is another one, or the
    database would not keep what it promises.
    """
    return await asyncio.to_thread(_open, url, data, clock, master, schema)


def _open(url: str, data: Path, clock: Clock, master: str, schema: str) -> "Database":
    data.mkdir(parents=True, exist_ok=True)
    vault = Vault(master_key(master, data))
    place = place_of(url, data, schema)
    with ExitStack() as undo:
        lock = Lock(data) if isinstance(place, Sqlite) else None
        if lock is not None:
            undo.callback(lock.release)
        _begin(place, vault, data)
        undo.pop_all()
    return Database(place, vault, clock, data, lock)


def _begin(place: "Sqlite | Postgres", vault: Vault, data: Path) -> None:
    """Everything that must hold before the first commit."""
    try:
        place.prepare()
        with place.connect() as connection:
            migrate(connection)
            with connection.begin():
                _prove(connection, vault)
                erasure.replay(connection, vault, data / erasure.FILE)
    except DBAPIError as error:
        raise StoreError(f"the database cannot be opened: {error.orig}") from None


def _prove(connection: Connection, vault: Vault) -> None:
    """The master key must be the one this database was made with."""
    keep = "INSERT INTO notes (name, value) VALUES ('master_key', :proof) ON CONFLICT DO NOTHING"
    connection.execute(text(keep), {"proof": vault.proof()})
    find = text("SELECT value FROM notes WHERE name = 'master_key'")
    vault.check(bytes(connection.execute(find).scalar_one()))


class Database:
    """SQLite or PostgreSQL behind the promises of `Store`."""

    def __init__(
        self, place: "Sqlite | Postgres", vault: Vault, clock: Clock, data: Path, lock: Lock | None
    ) -> None:
        self._place, self._vault, self._clock = place, vault, clock
        self._data, self._lock = data, lock
        self._writer = Writer(place, vault)
        self._desk = Desk("store-reader", place.connect_reading, place.watched)
        self._people: Recent[Person] = Recent(PEOPLE_HELD)
        self._answers: Recent[Reply] = Recent(ANSWERS_HELD)
        self._me = place.me
        self._told: list[Callable[[str], None]] = []
        self._listener = place.listener()
        self.reads = DatabaseReads(place.connect_reading, vault)
        self.boards = DatabaseBoards(self._desk, self._writer, vault)
        self.teams = DatabaseTeams(self._desk, self._writer)
        self.risks = DatabaseRisks(self.reads.desk, self._writer)

    async def person(self, person_id: str, fresh: bool = False) -> Person | None:
        held = None if fresh else self._people.get(person_id)
        if held is not None:
            return held
        lookups.checked(person_id)
        found = await self._desk.run(lookups.person, self._vault, person_id)
        held = self._people.get(person_id)
        if found is None or (held is not None and held.version >= found.version):
            return held if not fresh else found
        self._people.put(person_id, found)
        return found

    async def replied(self, person_id: str, turn_id: str) -> Reply | None:
        if (reply := self._answers.get(_place(person_id, turn_id))) is not None:
            return reply
        lookups.checked(person_id, turn_id)
        return await self._desk.run(lookups.replied, self._vault, person_id, turn_id)

    async def outcome(self, person_id: str, outcome_id: str) -> tuple[str, Reply] | None:
        lookups.checked(person_id, outcome_id)
        return await self._desk.run(lookups.outcome, self._vault, person_id, outcome_id)

    async def outcomes(
        self, asked: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[str, Reply]]:
        lookups.checked(*(text for pair in asked for text in pair))
        return await self._desk.run(lookups.outcomes, self._vault, asked)

    async def commit(self, decided: Decision | Plan | Chain) -> Receipt:
        person = decided.person
        answer = _place(person.id, decided.turn_id) if isinstance(decided, Decision) else ""
        if answer and self._answers.get(answer) is not None:
            return DUPLICATE
        one = Prepared(decided)
        one.fill(self._vault)  # here, while it is warm, and not between two writes
        status: Status | None = None
        try:
            status = await self._writer.commit(one)
        finally:
            if status != "committed":  # or nobody knows
                self._people.drop(person.id)
        if status != "committed":
            return Receipt(status)
        self._people.put(person.id, person)
        if isinstance(decided, Decision):
            self._answers.put(answer, decided.reply)
        if self._told and is_begun(decided):
            for told in self._told:
                told(person.id)
        return COMMITTED

    async def commit_all(self, decided: Sequence[Decision]) -> list[Receipt]:
        ones = [Prepared(one) for one in decided]
        for one in ones:
            one.fill(self._vault)
        found: list[Status] = []
        try:
            found = await self._writer.commit_all(ones)
        finally:
            for one, status in zip_longest(ones, found):
                self._remember(one, status)
        return [Receipt(status) for status in found]

    def _remember(self, one: Prepared, status: object) -> None:
        """After a commit of many: who was changed, and the keys of those who are new."""
        if status != "committed":  # or nobody knows
            self._people.drop(one.person_id)
            self._vault.forget(one.person_id)
            return
        self._people.put(one.person_id, one.decided.person)
        if one.made is not None:
            self._vault.keep(one.made)

    async def people(
        self,
        kind: Crowd,
        now: int,
        after: str = "",
        limit: int = 500,
        since: int = 0,
        until: int | None = None,
    ) -> list[Person]:
        end = lookups.end_of(kind, now, until)
        return await self._desk.run(lookups.people, self._vault, kind, after, limit, (since, end))

    async def outbox(self, now: int, limit: int = 200) -> list[Message]:
        if self._me:
            await self._writer.run(
                lambda connection: messages.claim(connection, now, limit, self._me)
            )
        return await self._desk.run(messages.due, self._vault, now, limit, self._me)

    async def settle(self, delivery: Delivery) -> bool:
        return await self._writer.run(lambda connection: messages.settle(connection, delivery))

    async def alert(self, alert: Alert) -> int:
        lookups.checked(alert.id, alert.asset, alert.alert_type, alert.message)
        return await self._writer.run(lambda connection: messages.keep_alert(connection, alert))

    async def alert_status(self, alert_id: str) -> dict[str, Any] | None:
        lookups.checked(alert_id)
        return await self._desk.run(messages.alert_status, alert_id)

    async def events(
        self, person_id: str, since: int = 0, names: tuple[str, ...] = (), limit: int = 1000
    ) -> list[Event]:
        lookups.checked(person_id)
        return await self._desk.run(lookups.events, person_id, since, names, limit)

    async def overdue(self, until: int, after: str, limit: int) -> list[str]:
        return await self._desk.run(everybody.overdue, until, after, limit)

    async def fold(self, person_id: str, until: int, opening: Event | None) -> int:
        return await self._writer.run(
            lambda connection: everybody.fold(connection, person_id, until, opening)
        )

    async def feed(self, person_id: str, after: int, limit: int) -> list[FeedItem]:
        lookups.checked(person_id)
        return await self._desk.run(lookups.feed, self._vault, person_id, after, limit)

    async def export(self, person_id: str) -> dict[str, Any]:
        lookups.checked(person_id)
        return await self._desk.run(erasure.export, self._vault, person_id)

    async def erase(self, person_id: str) -> dict[str, Any]:
        lookups.checked(person_id)
        now = self._clock.now()
        counts = await self._writer.run(
            lambda connection: erasure.erase(connection, self._vault, person_id, now)
        )
        if counts["persons"]:
            path, digest = self._data / erasure.FILE, self._vault.digest(person_id)
            await asyncio.to_thread(erasure.remember, path, digest, now)
        self._people.drop(person_id)
        self._answers.clear()
        kept.forget()
        return counts

    async def beat(self, now: int) -> uptime.Outages:
        return await self._writer.run(lambda connection: uptime.beat(connection, now))

    async def maintain(self) -> Mapping[str, int]:
        if self._lock is not None:
            return await self._writer.run(self._place.maintain)
        return await asyncio.to_thread(_maintained, self._place)  # no turn waits for it

    def listen(self, told: Callable[[str], None]) -> None:
        self._told.append(told)
        if self._listener is not None:
            self._listener.add(partial(_heard, self._me, told))

    async def clock_offset(self) -> int:
        return await self._desk.run(
            lambda connection: self._place.offset_us(connection, self._clock)
        )

    async def close(self) -> None:
        await self._writer.close()
        await self._desk.close()
        await self.reads.close()
        if self._listener is not None:
            await self._listener.close()
        self._place.close()
        if self._lock is not None:
            self._lock.release()


def _maintained(place: "Sqlite | Postgres") -> Mapping[str, int]:
    with place.connect() as connection, connection.begin():
        return place.maintain(connection)


def _heard(me: str, told: Callable[[str], None], payload: str) -> None:
    """What another replica said; this one's own words come back too, and are told already."""
    who, people = heard(payload)
    if who != me:
        for person_id in people:
            told(person_id)


def _place(person_id: str, turn_id: str) -> str:
    return f"{turn_id}|{person_id}"
