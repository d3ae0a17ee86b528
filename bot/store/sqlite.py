"""SQLite: one process, one writing connection that also checkpoints, FULL durability."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.clock import Clock
from bot.errors import StoreError
from bot.store.clash import BROKEN, Clash
from bot.store.protocol import Status
from bot.store.rows import COUNTER, INSERTS, LOT, ORDER, Rows, Values
from bot.store.scores import ADD_UP, COUNT, KEEP_EARLIER, SCORE, merged

Many = Callable[[int], str]  # the text of a statement for so many rows

FILE = "bot.db"
LOCK = "bot.lock"
BUSY_S = 10  # a reader that recovers a log may make the writer wait

CONNECT = {
    "check_same_thread": False,
    "timeout": BUSY_S,
    "isolation_level": None,
    "cached_statements": 256,
}
WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit is on the disk before it is answered
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA cache_size = -4000",
)
READER = ("PRAGMA query_only = ON", "PRAGMA wal_autocheckpoint = 0", "PRAGMA cache_size = -1000")


# The whole transaction is undone when a row does not fit: no statement need keep a journal of each
# page it changes, in a file of its own when there are many, in order to undo itself alone.
OR_FAIL = "OR FAIL"
MOST_ROWS = 64  # of one statement; each statement lets go of the interpreter lock once or twice


def _insert(table: str, columns: Sequence[str], tail: str = "") -> Many:
    row = f"({', '.join('?' * len(columns))})"
    head = f"INSERT {OR_FAIL} INTO {table} ({', '.join(columns)}) VALUES "
    return lambda rows: head + ", ".join([row] * rows) + tail


def _update_person(rows: int) -> str:
    """Several people at once, each guarded by the version last, after those of `person_new`."""
    columns = INSERTS["person_new"][1]
    value = {name: f"v.column{number}" for number, name in enumerate(columns, 1)}
    guards = ("id", "owner", "created_at")
    change = ", ".join(f"{name} = {value[name]}" for name in columns if name not in guards)
    same = " AND ".join(f"persons.{name} = {value[name]}" for name in guards)
    row = f"({', '.join('?' * (len(columns) + 1))})"
    return (
        f"UPDATE {OR_FAIL} persons SET {change} FROM (VALUES {', '.join([row] * rows)}) v"
        f" WHERE {same} AND persons.version = v.column{len(columns) + 1}"
    )


MANY: dict[str, Many] = {name: _insert(*INSERTS[name]) for name in INSERTS} | {
    "person": _update_person,
    "lot": _insert(
        "lots",
        LOT,
        " ON CONFLICT (person_id, id) DO UPDATE SET amount_left = excluded.amount_left,"
        " expires_at = excluded.expires_at, priority = excluded.priority",
    ),
    "counter_add": _insert(
        "counters",
        COUNTER,
        " ON CONFLICT (person_id, period) DO UPDATE"
        " SET spent = spent + excluded.spent, lim = excluded.lim",
    ),
    "counter_floor": _insert("counters", COUNTER, " ON CONFLICT DO NOTHING"),
    "watch": _insert("watches", ("person_id", "asset"), " ON CONFLICT DO NOTHING"),
    "name": _insert("board_names", ("name", "owner"), " ON CONFLICT DO NOTHING"),
    "score": _insert("scores", SCORE, KEEP_EARLIER),
    "score_count": _insert("score_counts", COUNT, ADD_UP),
}
ONE = {
    "lot_gone": "DELETE FROM lots WHERE person_id = ? AND id = ?",
    "counter_ease": (
        "UPDATE counters SET spent = max(0, spent + ?1), lim = max(?2, max(0, spent + ?1))"
        " WHERE person_id = ?3 AND period = ?4"
    ),
    "revocation": (
        "UPDATE entitlements SET revoked_at = ?"
        " WHERE person_id = ? AND transfer_id = ? AND sku = ? AND revoked_at IS NULL"
    ),
    "message_change": (
        "UPDATE outbox SET state = ?, reason = ?, why = ?, send_at = ?, expires_at = ?,"
        " number = ?, private = ?, lease_owner = '', lease_until = 0"
        " WHERE person_id = ? AND id = ? AND state IN ('wanted', 'held')"
    ),
    "watch_gone": "DELETE FROM watches WHERE person_id = ? AND asset = ?",
    "name_gone": "DELETE FROM board_names WHERE name = ? AND owner = ?",
    "lines_gone": "UPDATE closed_lines SET name = '', handle = '' WHERE owner = ?",
    "team_share": (
        "UPDATE teams SET given = ?, is_won = ? WHERE code = ? AND seat = ? AND member = ?"
    ),
    "team_left": (
        "UPDATE teams SET seat = ?4, member = '' WHERE code = ?1 AND seat = ?2 AND member = ?3"
    ),
    "score_gone": "DELETE FROM scores WHERE person_id = ? AND board = ? AND period = ?",
}
MUST_HIT: dict[str, Status] = {
    "person": "stale",
    "revocation": "stale",
    "message_change": "stale",
    "name": "taken",
}


class Sqlite:
    """The database file of a data folder."""

    name = "sqlite"
    me = ""  # no other replica, no leases

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = create_engine(
            f"sqlite:///{path}",
            poolclass=NullPool,
            connect_args=CONNECT,
        )
        self._reading = create_engine(
            f"sqlite:///file:{path}?mode=ro&uri=true",
            poolclass=NullPool,
            connect_args=CONNECT,
        )
        _prepare(self._engine, WRITER, "BEGIN IMMEDIATE")
        _prepare(self._reading, READER, "BEGIN")

    @property
    def engine(self) -> Engine:
        return self._engine

    def connect(self) -> Connection:
        """The writing connection; there must be only one."""
        return self._engine.connect()

    def listener(self) -> None:
        """There is nobody else to hear."""

    def close(self) -> None:
        """The writer closed the file."""

    def check_exists(self) -> None:
        """StoreError when nobody has begun to write here."""
        if not self.path.exists():
            raise StoreError(f"there is no database at {self.path} yet", code="unavailable")

    def connect_reading(self) -> Connection:
        """A connection that sees what is committed and can change nothing."""
        return self._reading.connect()

    def watched(self, connection: Connection) -> AbstractContextManager[None]:
        """A file answers or fails by itself."""
        return nullcontext()

    def apply(self, connection: Connection, batch: Sequence[Rows]) -> Sequence[Status]:
        """One executemany for each table; Clash as soon as one row does not fit."""
        grouped: dict[str, list[Values]] = {}
        for rows in batch:
            for name, line in rows:
                grouped.setdefault(name, []).append(line)
        if "score_count" in grouped:
            grouped["score_count"] = merged(grouped["score_count"])
        for name in ORDER:
            if lines := grouped.get(name):
                _write(connection, name, lines)
        return ["committed"] * len(batch)

    def should_retry(self, error: DBAPIError) -> bool:
        return False

    def maintain(self, connection: Connection) -> dict[str, int]:
        """Fresh statistics for the planner."""
        connection.exec_driver_sql("PRAGMA analysis_limit = 400")  # rows read of an index
        connection.exec_driver_sql("PRAGMA optimize")
        return {"pages": int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())}

    def offset_us(self, connection: Connection, clock: Clock) -> int:
        """The database has no clock of its own."""
        return 0

    def prepare(self) -> None:
        """There is nothing to make before the tables."""


def _write(connection: Connection, name: str, lines: list[Values]) -> None:
    try:
        if name in ONE:
            done = connection.exec_driver_sql(ONE[name], lines).rowcount
        else:
            done = _write_many(connection, name, lines)
    except IntegrityError as error:
        if (status := BROKEN.get(name)) is None:
            raise
        raise Clash(status) from error
    if name in MUST_HIT and done != len(lines):
        raise Clash(MUST_HIT[name])


def _write_many(connection: Connection, name: str, lines: list[Values]) -> int:
    """In statements of 64, 32, 16 ... rows, so that few of them are ever prepared."""
    done = at = 0
    while at < len(lines):
        rows = min(MOST_ROWS, 1 << (len(lines) - at).bit_length() - 1)
        values = tuple(chain.from_iterable(lines[at : at + rows]))
        done += connection.exec_driver_sql(_sql(name, rows), values).rowcount
        at += rows
    return done


@cache
def _sql(name: str, rows: int) -> str:
    return MANY[name](rows)


def _prepare(engine: Engine, pragmas: Sequence[str], begin: str) -> None:
    """What every new connection needs; the driver itself never opens a transaction."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        connection.create_function("digest", 1, _digest, deterministic=True)
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Lock:
    """The right of one process to write a data folder; the system lets go of it at its death."""

    def __init__(self, data: Path) -> None:
        self._handle = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            message = f"another process serves the data folder {data}; stop it or use another"
            raise StoreError(message, code="locked") from None

    def release(self) -> None:
        os.close(self._handle)
