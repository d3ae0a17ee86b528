"""The risk of leaving as rows: kept page by page, listed by level, counted."""

from collections.abc import Sequence
from functools import partial

import msgspec
from msgspec import structs
from sqlalchemy import Connection, text

from bot.model.risk import LEVELS, Distribution, Level, Risk, Run
from bot.people.calendar import MINUTE_US
from bot.store import lookups
from bot.store.desk import Desk
from bot.store.writer import Writer

STALE_RUN_US = 10 * MINUTE_US  # a run nobody heard of for ten minutes stopped with its server

_detail = msgspec.json.Encoder().encode
_risk_of = msgspec.json.Decoder(Risk).decode

KEEP = text(  # only of people who are here: an erasure may have come first
    "INSERT INTO risks (person_id, level, score, at, detail)"
    " SELECT person_id, :level, :score, :at, :detail FROM keys WHERE person_id = :person"
    " ON CONFLICT (person_id) DO UPDATE SET level = excluded.level, score = excluded.score,"
    " at = excluded.at, detail = excluded.detail WHERE excluded.at >= risks.at"
)
OF = text("SELECT person_id, detail FROM risks WHERE person_id >= :first AND person_id <= :last")
LISTED = text(
    "SELECT detail FROM risks WHERE level = :level AND (score < :score OR (score = :score"
    " AND person_id > :person)) ORDER BY score DESC, person_id LIMIT :most"
)
COUNTS = text("SELECT level, count(*) AS people FROM risks GROUP BY level")
PEOPLE = text("SELECT count(*) FROM persons")
BEGIN = text(
    "INSERT INTO risk_runs (id, at, touched_at, people, scored, at_risk)"
    " VALUES (:id, :at, :at, 0, 0, 0) ON CONFLICT (id) DO UPDATE"
    " SET at = excluded.at, touched_at = excluded.at"
    " WHERE risk_runs.ended_at IS NULL AND risk_runs.touched_at < :stale"
)
NOTE = text(
    "UPDATE risk_runs SET touched_at = :touched_at, ended_at = :ended_at, people = :people,"
    " scored = :scored, at_risk = :at_risk WHERE id = :id"
)
RUN = text(
    "SELECT id, at, touched_at, ended_at, people, scored, at_risk FROM risk_runs WHERE id = :id"
)


class DatabaseRisks:
    """The risks in a database: read on the pages' connection, written by the writer."""

    def __init__(self, desk: Desk, writer: Writer) -> None:
        self._desk, self._writer = desk, writer

    async def keep(self, risks: Sequence[Risk]) -> None:
        rows = [
            {
                "person": one.person_id, "level": level_of(one), "score": one.score or 0,
                "at": one.at, "detail": _detail(one).decode(),
            }
            for one in risks
        ]  # fmt: skip
        if rows:
            await self._writer.run(lambda connection: _many(connection, rows))

    async def of(self, first: str, last: str) -> dict[str, Risk]:
        lookups.checked(first, last)
        given = {"first": first, "last": last}
        found = await self._desk.run(lambda connection: connection.execute(OF, given).all())
        return {row.person_id: _risk_of(row.detail) for row in found}

    async def listed(
        self, levels: Sequence[Level], below: tuple[int, str] | None, limit: int
    ) -> list[Risk]:
        score, person = below or (101, "")
        lookups.checked(person)
        given = {"score": score, "person": person, "most": limit}
        return in_order(await self._desk.run(partial(_listed, levels, given)))[:limit]

    async def distribution(self) -> Distribution:
        return await self._desk.run(_distribution)

    async def begin(self, run_id: str, now: int) -> bool:
        given = {"id": run_id, "at": now, "stale": now - STALE_RUN_US}
        return await self._writer.run(
            lambda connection: connection.execute(BEGIN, given).rowcount == 1
        )

    async def note(self, run: Run) -> None:
        given = structs.asdict(run)
        await self._writer.run(lambda connection: connection.execute(NOTE, given))

    async def run(self, run_id: str) -> Run | None:
        lookups.checked(run_id)
        row = await self._desk.run(
            lambda connection: connection.execute(RUN, {"id": run_id}).first()
        )
        return None if row is None else Run(*row)


def level_of(one: Risk) -> str:
    """The level as it is listed by; empty where there is no score."""
    return "" if one.score is None else one.level


def in_order(risks: Sequence[Risk]) -> list[Risk]:
    """The highest score first; of equals by id."""
    return sorted(risks, key=lambda one: (-(one.score or 0), one.person_id))


def counted(found: dict[str, int], people: int) -> Distribution:
    levels: dict[Level, int] = {level: found.get(level, 0) for level in LEVELS}
    return Distribution(people, levels, found.get("", 0))


def _many(connection: Connection, rows: list[dict[str, object]]) -> None:
    connection.execute(KEEP, rows)


def _listed(
    levels: Sequence[Level], given: dict[str, object], connection: Connection
) -> list[Risk]:
    return [
        _risk_of(row.detail)
        for level in levels
        for row in connection.execute(LISTED, given | {"level": level})
    ]


def _distribution(connection: Connection) -> Distribution:
    found = {row.level: int(row.people) for row in connection.execute(COUNTS)}
    return counted(found, int(connection.execute(PEOPLE).scalar_one()))
