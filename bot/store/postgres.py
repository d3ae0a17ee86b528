"""PostgreSQL: any number of replicas, hot statements as arrays, guarded by version."""

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from bot.clock import Clock
from bot.errors import StoreError
from bot.store.arrays import Column, ColumnDumper
from bot.store.clash import BROKEN, Clash
from bot.store.listener import Listener
from bot.store.notices import payloads
from bot.store.protocol import Status
from bot.store.rows import ORDER, Rows, Values
from bot.store.schema import metadata
from bot.store.scores import merged
from bot.store.unnest import PERSON, Statement, statements
from bot.store.watch import Watch

SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")
MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
RETRY = frozenset({"40001", "40P01"})  # serialization failure, deadlock
CONNECT_S = 5
ANSWER_STEP_S = 2.0  # a batch that is not answered in two or three of these is of unknown outcome
# a replica that hangs must not hold people's rows for ever
WAITS = "-c statement_timeout=60s -c lock_timeout=20s -c idle_in_transaction_session_timeout=60s"

# a peer that is gone without a word is noticed in this time, also where nothing is being sent
ALIVE: dict[str, Any] = {
    "connect_timeout": CONNECT_S,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}

SQL: dict[str, Statement] = statements()
GUARDED = frozenset({"person", "person_new"})
MUST_HIT: dict[str, Status] = {
    "revocation": "stale",
    "message_change": "stale",
    "name": "taken",
}
ID = PERSON.index("id")


class Postgres:
    """One schema of a PostgreSQL server."""

    name = "postgresql"

    def __init__(self, url: str, schema: str = "") -> None:
        if schema and not SCHEMA.match(schema):
            raise StoreError("a schema is lower-case letters, digits and _", code="bad_setting")
        self.schema = schema
        self._url, self.me = url, secrets.token_hex(8)
        self._channel = f"bot_{schema or 'public'}"
        self._engine = _engine(url, schema, f"bot writer {schema}")
        self._reading = _engine(url, schema, f"bot reader {schema}")

        self._watch = Watch(ANSWER_STEP_S)
        _prepare(self._engine, self._reading)

    def prepare(self) -> None:
        """The schema, and a refusal to serve money on a server that may forget commits."""
        with self._engine.connect() as connection, connection.begin():
            check_durable(
                {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in MUST_BE_ON}
            )
            if self.schema:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(8350)")
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {self.schema}")

    def connect(self) -> Connection:
        """The writing connection; one a replica is the fastest."""
        return self._engine.connect()

    def connect_reading(self) -> Connection:
        """A connection that can change nothing."""
        return self._reading.connect()

    def watched(self, connection: Connection) -> AbstractContextManager[None]:
        """What is asked inside fails when the server does not answer."""
        return self._watch.over(connection)

    def listener(self) -> Listener:
        """What other replicas tell this one."""

        def connect() -> "psycopg.Connection[Any]":
            return psycopg.connect(self._url, autocommit=True, **ALIVE)

        return Listener(connect, self._channel)

    def tell(self, connection: Connection, people: Sequence[str]) -> None:
        """At the commit, tell every replica whose feeds have grown."""
        sql = "SELECT pg_notify(%s, one) FROM unnest(%s::text[]) one"
        calls = payloads(self.me, people)
        connection.exec_driver_sql(sql, (self._channel, Column("text", calls)))

    def close(self) -> None:
        """Nobody asks any more."""
        self._watch.close()

    def check_exists(self) -> None:
        """The server itself says so when it is not there."""

    def apply(self, connection: Connection, batch: Sequence[Rows]) -> Sequence[Status]:
        """Persons first, guarded by version; then the rows of those who passed, by table."""
        guards: dict[str, list[Values]] = {}
        for rows in batch:
            for name, line in rows:
                if name in GUARDED:
                    guards.setdefault(name, []).append(line)
        passed: set[str] = set()
        for name, lines in sorted(guards.items()):
            lines.sort(key=_id)  # replicas lock people in the same order
            passed.update(connection.exec_driver_sql(*_call(name, lines)).scalars())
        grouped: dict[str, list[Values]] = {}
        for rows in batch:
            if rows[0][1][ID] in passed:
                for name, line in rows:
                    if name not in GUARDED:
                        grouped.setdefault(name, []).append(line)
        if "score_count" in grouped:
            grouped["score_count"] = merged(grouped["score_count"])
        for name in ORDER:
            if grouped.get(name):
                _write(connection, name, grouped[name])
        if passed:
            self.tell(connection, sorted(passed))
        return ["committed" if rows[0][1][ID] in passed else "stale" for rows in batch]

    def should_retry(self, error: DBAPIError) -> bool:
        return getattr(error.orig, "sqlstate", None) in RETRY

    def offset_us(self, connection: Connection, clock: Clock) -> int:
        """How far the database's clock is ahead of ours."""
        before = clock.now()
        sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8"
        there = int(connection.exec_driver_sql(sql).scalar_one())
        return there - (before + clock.now()) // 2

    def maintain(self, connection: Connection) -> dict[str, int]:
        """Fresh statistics for the planner."""
        connection.exec_driver_sql(f"ANALYZE {', '.join(sorted(metadata.tables))}")
        size = "SELECT pg_database_size(current_database())"
        return {"bytes": int(connection.exec_driver_sql(size).scalar_one())}


def check_durable(shown: Mapping[str, Any]) -> None:
    """StoreError naming what is off: such a server may forget what it committed."""
    if off := [name for name, value in shown.items() if value == "off"]:
        message = f"PostgreSQL has {' and '.join(off)} = off: commits could be lost; turn it on"
        raise StoreError(message, code="not_durable")


def _id(line: Values) -> str:
    person_id: str = line[ID]
    return person_id


def _call(name: str, lines: Sequence[Values]) -> tuple[str, tuple[Column, ...]]:
    sql, kinds = SQL[name]
    columns = zip(*lines, strict=True)
    return sql, tuple(Column(kind, column) for kind, column in zip(kinds, columns, strict=True))


def _write(connection: Connection, name: str, lines: Sequence[Values]) -> None:
    try:
        done = connection.exec_driver_sql(*_call(name, lines))
    except IntegrityError as error:
        if (status := BROKEN.get(name)) is None:
            raise
        raise Clash(status) from error
    if name in MUST_HIT and done.rowcount != len(lines):
        raise Clash(MUST_HIT[name])


def _engine(url: str, schema: str, name: str) -> Engine:
    options = WAITS + (f" -c search_path={schema}" if schema else "")
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        return create_engine(
            address,
            poolclass=NullPool,
            connect_args={
                "options": options,
                "application_name": name,
                "prepare_threshold": 2,
                **ALIVE,
            },
        )
    except (ArgumentError, ImportError) as error:
        message = f"PostgreSQL cannot be used: {error}; is the extra 'postgres' installed?"
        raise StoreError(message, code="bad_setting") from None


def _prepare(engine: Engine, reading: Engine) -> None:
    @event.listens_for(engine, "connect")
    def writes(connection: Any, _: object) -> None:
        connection.adapters.register_dumper(Column, ColumnDumper)

    @event.listens_for(reading, "connect")
    def reads(connection: Any, _: object) -> None:
        connection.read_only = True
