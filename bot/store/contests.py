"""Teams in the database: how they stand, which are the best, whose goal is met."""

from collections import defaultdict
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, text

from bot.model.team import Team
from bot.store.desk import Desk
from bot.store.teams import ALL_EMPTY, in_order, team_of
from bot.store.writer import Writer

MOST_TOLD = 1_000  # of one run; the next one goes on

WHOLE = (
    "SELECT code, seat, member, challenge, name, goal, given, since, until, reached_at FROM teams"
)
ONE = text(f"{WHOLE} WHERE code = :code ORDER BY seat")
SUMS = (
    "SELECT h.code, h.since, sum(m.given) AS total FROM teams h JOIN teams m ON m.code = h.code"
    " WHERE h.seat = 0 AND h.challenge = :challenge AND h.until > :since AND h.name <> ''"
    " GROUP BY h.code, h.since HAVING max(m.seat) > 0"  # one that all have left is on no board
)
BEST = text(
    f"{WHOLE} WHERE code IN (SELECT code FROM ({SUMS}) s ORDER BY total DESC, s.since, code"
    " LIMIT :most)"
)
PLACE = text(
    "SELECT count(*) AS listed, coalesce(sum(CASE WHEN total > :total THEN 1 ELSE 0 END), 0)"
    f" AS above FROM ({SUMS}) s"
)
REACHED = text(
    "UPDATE teams SET reached_at = :now WHERE seat = 0 AND reached_at = 0 AND until > :since"
    " AND goal <= (SELECT sum(m.given) FROM teams m WHERE m.code = teams.code)"
)
UNTOLD = text(
    "SELECT m.code, m.member FROM teams h JOIN teams m ON m.code = h.code WHERE h.seat = 0"
    " AND h.reached_at > 0 AND h.until > :since AND m.seat > 0 AND NOT m.is_won"
    " ORDER BY m.code, m.seat LIMIT :most"
)


class DatabaseTeams:
    """The teams of a database: read on the pages' connection, written by the writer."""

    def __init__(self, desk: Desk, writer: Writer) -> None:
        self._desk, self._writer = desk, writer

    async def team(self, code: str) -> Team | None:
        found = await self._desk.run(_teams, ONE, {"code": code})
        return found[0] if found else None

    async def best(self, challenge: str, since: int, limit: int) -> list[Team]:
        given = {"challenge": challenge, "since": since, "most": limit}
        return in_order(await self._desk.run(_teams, BEST, given))

    async def place(self, challenge: str, since: int, total: int) -> tuple[int, int]:
        given = {"challenge": challenge, "since": since, "total": total}
        row = await self._desk.run(lambda connection: connection.execute(PLACE, given).one())
        return int(row.above), int(row.listed)

    async def reached(self, now: int, since: int) -> list[tuple[str, str]]:
        return await self._writer.run(partial(_reached, now, since))


def _teams(connection: Connection, sql: Any, given: dict[str, object]) -> list[Team]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(sql, given):
        found[row.code].append(row)
    return [team_of(rows) for rows in found.values()]


def _reached(now: int, since: int, connection: Connection) -> list[tuple[str, str]]:
    connection.execute(ALL_EMPTY)
    connection.execute(REACHED, {"now": now, "since": since})
    rows = connection.execute(UNTOLD, {"since": since, "most": MOST_TOLD})
    return [(row.code, row.member) for row in rows]
