"""Leaderboards in the database: lines in order, places from counts, boards that close, leagues."""

from functools import partial

from msgspec import structs
from sqlalchemy import Connection, TextClause, text

from bot.model.progress import Board, Closed, Line, Member
from bot.progress.leaderboards import Place
from bot.store import lookups
from bot.store.cipher import Vault
from bot.store.desk import Desk
from bot.store.protocol import Scored
from bot.store.scores import COARSEST, WIDTHS
from bot.store.writer import Writer

ENROLLED = 1_000  # members written together, so that no turn waits long

OPENED = (
    f"SELECT s.score, s.earliness, s.tie, p.id, p.private, {lookups.KEY} FROM ({{rows}}) s"
    " JOIN persons p ON p.id = s.person_id JOIN keys k ON k.person_id = s.person_id"
)
LISTED = (
    "SELECT person_id, score, earliness, tie FROM scores"
    " WHERE is_listed AND board = :board AND period = :period"
)
BEST_FIRST = " ORDER BY score DESC, earliness DESC, tie DESC LIMIT :most"
WORST_FIRST = " ORDER BY score, earliness, tie LIMIT :most"
OWN = text(
    "SELECT score, earliness, tie FROM scores"
    " WHERE person_id = :person AND board = :board AND period = :period AND is_listed"
)
TOP = text(OPENED.format(rows=LISTED + BEST_FIRST))
ABOVE = text(
    OPENED.format(
        rows=LISTED + " AND (score, earliness, tie) > (:score, :earliness, :tie)" + WORST_FIRST
    )
)
FROM_HERE = text(
    OPENED.format(
        rows=LISTED + " AND (score, earliness, tie) <= (:score, :earliness, :tie)" + BEST_FIRST
    )
)
BETWEEN = (
    "SELECT {what} AS what, coalesce(sum(people), 0) AS people, coalesce(sum(listed), 0) AS listed"
    " FROM score_counts WHERE board = :board AND period = :period AND width = {width}"
    " AND bucket BETWEEN :first{range} AND :last{range}"
)
LAST = 2**40  # of the widest buckets; nobody's score comes near
PLACE = text(
    " UNION ALL ".join(
        [BETWEEN.format(what=f"'{width}'", width=width, range=f"_{width}") for width in WIDTHS]
        + [
            BETWEEN.format(what="'same'", width=1, range="_same"),
            BETWEEN.format(what="'all'", width=COARSEST, range="").replace(
                " AND bucket BETWEEN :first AND :last", ""
            ),
        ]
    )
)
RUNNING = text(
    "SELECT DISTINCT board, period FROM score_counts"
    " WHERE width = :width AND board IN ('daily', 'weekly')"
)
KEEP = text(
    "INSERT INTO closed_boards (board, period, at, people, listed)"
    " VALUES (:board, :period, :at, :people, :listed) ON CONFLICT DO NOTHING"
)
KEEP_LINE = text(
    "INSERT INTO closed_lines (board, period, place, rank, score, level, streak, name, handle,"
    " owner) SELECT :board, :period, :place, :rank, :score, :level, :streak, :name, :handle, owner"
    " FROM keys WHERE person_id = :person"
)
COUNTS_OUT = text("DELETE FROM score_counts WHERE board = :board AND period = :period")
CLOSED = text(
    "SELECT board, period, at, people, listed FROM closed_boards"
    " WHERE board = :board AND period = :period"
)
CLOSED_LINES = text(
    "SELECT rank, score, level, streak, name, handle FROM closed_lines"
    " WHERE board = :board AND period = :period ORDER BY place LIMIT :most"
)
ACTIVE = text(
    "SELECT person_id, score FROM scores WHERE person_id > :after AND board = 'weekly'"
    " AND period = :week AND is_listed ORDER BY person_id LIMIT :most"
)
MEMBERS = text("SELECT person_id, league, activity FROM leagues WHERE week = :week")
ENROL = text(
    "INSERT INTO leagues (person_id, week, league, activity)"
    " SELECT person_id, :week, :league, :activity FROM keys WHERE person_id = :person"
    " ON CONFLICT DO NOTHING"
)
OLD_WEEKS = text("DELETE FROM leagues WHERE week < :week")
LEAGUE = text("SELECT league FROM leagues WHERE week = :week AND person_id = :person")
IN_LEAGUE = text(
    OPENED.format(
        rows="SELECT l.person_id, coalesce(s.score, 0) AS score,"
        " coalesce(s.earliness, 0) AS earliness, coalesce(s.tie, 0) AS tie FROM leagues l"
        " LEFT JOIN scores s ON s.person_id = l.person_id AND s.board = 'weekly'"
        " AND s.period = l.week WHERE l.week = :week AND l.league = :league"
    )
)


class DatabaseBoards:
    """The leaderboards of a database: read on the pages' connection, written by the writer."""

    def __init__(self, desk: Desk, writer: Writer, vault: Vault) -> None:
        self._desk, self._writer, self._vault = desk, writer, vault

    async def top(self, board: Board, period: str, limit: int) -> list[Scored]:
        given = {"board": board, "period": period, "most": limit}
        return await self._desk.run(_people, self._vault, TOP, given)

    async def near(self, person_id: str, board: Board, period: str, each: int) -> list[Scored]:
        lookups.checked(person_id)
        given = {"person": person_id, "board": board, "period": period}
        return await self._desk.run(_near, self._vault, given, each)

    async def place(self, board: Board, period: str, score: int) -> Place:
        return await self._desk.run(place, board, period, score)

    async def running(self) -> list[tuple[Board, str]]:
        found = await self._desk.run(
            lambda connection: connection.execute(RUNNING, {"width": COARSEST}).all()
        )
        return sorted((row.board, row.period) for row in found)

    async def close(self, closed: Closed, who: list[str]) -> bool:
        return await self._writer.run(partial(_close, closed, who))

    async def closed(self, board: Board, period: str, limit: int) -> Closed | None:
        return await self._desk.run(_closed, board, period, limit)

    async def active(self, week: str, after: str, limit: int) -> list[tuple[str, int]]:
        given = {"week": week, "after": after, "most": limit}
        found = await self._desk.run(lambda connection: connection.execute(ACTIVE, given).all())
        return [(row.person_id, row.score) for row in found]

    async def members(self, week: str) -> list[Member]:
        found = await self._desk.run(
            lambda connection: connection.execute(MEMBERS, {"week": week}).all()
        )
        return [Member(*row) for row in found]

    async def enrol(self, week: str, members: list[Member]) -> None:
        for start in range(0, len(members), ENROLLED):
            await self._writer.run(partial(_enrol, week, members[start : start + ENROLLED]))

    async def league(self, week: str, person_id: str) -> int | None:
        lookups.checked(person_id)
        given = {"week": week, "person": person_id}
        return await self._desk.run(lambda connection: connection.execute(LEAGUE, given).scalar())

    async def in_league(self, week: str, league: int) -> list[Scored]:
        given = {"week": week, "league": league}
        found = await self._desk.run(_people, self._vault, IN_LEAGUE, given)
        return [(person, score) for person, score in found if person.boards.is_listed]


def place(connection: Connection, board: Board, period: str, score: int) -> Place:
    """Where a score stands: those above are added up by buckets, each step in wider ones."""
    given = {"board": board, "period": period, "first_same": score, "last_same": score}
    first = score + 1
    for width, wider in zip(WIDTHS, (*WIDTHS[1:], 0), strict=True):
        end = -(-first // wider) * wider if wider else LAST * width
        given |= {f"first_{width}": first // width, f"last_{width}": end // width - 1}
        first = end
    above = listed_above = equal = people = listed = 0
    for row in connection.execute(PLACE, given):
        if row.what == "same":
            equal = int(row.people)
        elif row.what == "all":
            people, listed = int(row.people), int(row.listed)
        else:
            above += int(row.people)
            listed_above += int(row.listed)
    return Place(above, equal, people, listed_above, listed)


def _people(
    connection: Connection, vault: Vault, sql: TextClause, given: dict[str, object]
) -> list[Scored]:
    """People with their scores, in display order (L2)."""
    rows = connection.execute(sql, given).all()
    found = sorted(rows, key=lambda row: (row.score, row.earliness, row.tie), reverse=True)
    return [(lookups.opened(vault, row), row.score) for row in found]


def _near(
    connection: Connection, vault: Vault, given: dict[str, object], each: int
) -> list[Scored]:
    own = connection.execute(OWN, given).first()
    if own is None:
        return []
    given = given | dict(own._mapping)
    above = _people(connection, vault, ABOVE, given | {"most": each})
    return above + _people(connection, vault, FROM_HERE, given | {"most": each + 1})


def _close(closed: Closed, who: list[str], connection: Connection) -> bool:
    """The first to close a board keeps it; what was counted of it is not needed any more."""
    head = {
        "board": closed.board, "period": closed.period, "at": closed.at,
        "people": closed.people, "listed": closed.listed,
    }  # fmt: skip
    is_first = connection.execute(KEEP, head).rowcount == 1
    rows = [
        {"board": closed.board, "period": closed.period, "place": number, "person": person_id}
        | structs.asdict(line)
        for number, (line, person_id) in enumerate(zip(closed.lines, who, strict=True), 1)
    ]
    if is_first and rows:
        connection.execute(KEEP_LINE, rows)
    connection.execute(COUNTS_OUT, {"board": closed.board, "period": closed.period})
    if closed.board == "weekly":
        connection.execute(OLD_WEEKS, {"week": closed.period})
    return is_first


def _closed(connection: Connection, board: Board, period: str, limit: int) -> Closed | None:
    given = {"board": board, "period": period, "most": limit}
    head = connection.execute(CLOSED, given).first()
    if head is None:
        return None
    lines = tuple(Line(*row) for row in connection.execute(CLOSED_LINES, given))
    return Closed(head.board, head.period, head.at, head.people, head.listed, lines)


def _enrol(week: str, members: list[Member], connection: Connection) -> None:
    rows = [
        {"week": week, "person": one.person_id, "league": one.league, "activity": one.activity}
        for one in members
    ]
    connection.execute(ENROL, rows)
