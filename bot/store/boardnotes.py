"""Leaderboards of the notebook: the same promises, straight from the rows."""

from msgspec import convert, to_builtins

from bot.model.decision import Decision
from bot.model.person import Person
from bot.model.progress import Board, Boards, Closed, Member
from bot.progress import leaderboards, pseudonyms
from bot.progress.leaderboards import Place
from bot.store.clash import Clash
from bot.store.protocol import Scored
from bot.store.scores import tie_of
from bot.store.tables import Row, Tables


class NotebookBoards:
    """Boards of a few people, straight from the rows."""

    def __init__(self, tables: Tables) -> None:
        self._rows, self._put, self._together = tables.rows, tables.put, tables.together

    def write(self, decision: Decision) -> None:
        """What a turn does on boards; Clash when its name is somebody else's."""
        person_id = decision.person.id
        before = decision.before.boards if decision.before is not None else Boards()
        after = decision.person.boards
        if before == after and not decision.scores:
            return
        self._name(person_id, after)
        gone = set(leaderboards.closed_of(before, after))
        scores = {_key(row): row for row in self._rows("scores")}
        for board, period in gone:
            scores.pop((person_id, board, period), None)
        for one in decision.scores:
            key = (person_id, one.board, one.period)
            kept = scores.pop(key, None)
            if one.after:
                earlier = kept is not None and (
                    kept["score"] == one.after or kept["reached_at"] > one.at
                )
                scores[key] = {
                    "person_id": person_id, "board": one.board, "period": one.period,
                    "score": one.after, "is_listed": after.is_listed,
                    "reached_at": kept["reached_at"] if kept and earlier else one.at,
                }  # fmt: skip
        self._put("scores", list(scores.values()))
        if before.is_listed and not after.is_listed:
            self.left(person_id)

    def left(self, person_id: str) -> None:
        """L4: closed boards keep the line of whoever left, without a name."""
        lines = self._rows("closed_lines")
        nobody = {"person_id": "", "name": "", "handle": ""}
        kept = [row | nobody if row["person_id"] == person_id else row for row in lines]
        if kept != lines:
            self._put("closed_lines", kept)

    def _name(self, person_id: str, after: Boards) -> None:
        key = pseudonyms.key(after.name) if after.has_own_name else ""
        others = [row for row in self._rows("board_names") if row["person_id"] != person_id]
        if key and any(row["name"] == key for row in others):
            raise Clash("taken")
        mine = [{"person_id": person_id, "name": key}] if key else []
        self._put("board_names", others + mine)

    async def top(self, board: Board, period: str, limit: int) -> list[Scored]:
        return self._listed(board, period)[:limit]

    async def near(self, person_id: str, board: Board, period: str, each: int) -> list[Scored]:
        found = self._listed(board, period)
        for number, (person, _) in enumerate(found):
            if person.id == person_id:
                return found[max(0, number - each) : number + each + 1]
        return []

    async def place(self, board: Board, period: str, score: int) -> Place:
        rows = self._board(board, period)
        above = [row for row in rows if row["score"] > score]
        return Place(
            above=len(above),
            equal=sum(row["score"] == score for row in rows),
            people=len(rows),
            listed_above=sum(row["is_listed"] for row in above),
            listed=sum(row["is_listed"] for row in rows),
        )

    async def running(self) -> list[tuple[Board, str]]:
        closed = {(row["board"], row["period"]) for row in self._rows("closed_boards")}
        found = {(row["board"], row["period"]) for row in self._rows("scores")}
        return sorted(one for one in found - closed if one[0] in leaderboards.PERIODIC)

    async def close(self, closed: Closed, who: list[str]) -> bool:
        heads = self._rows("closed_boards")
        if any(_place(row) == (closed.board, closed.period) for row in heads):
            return False
        head = {
            name: getattr(closed, name) for name in ("board", "period", "at", "people", "listed")
        }
        lines = [
            {"person_id": person_id, "board": closed.board, "period": closed.period}
            | to_builtins(line)
            for line, person_id in zip(closed.lines, who, strict=True)
        ]
        with self._together():
            self._put("closed_boards", [*heads, head])
            self._put("closed_lines", self._rows("closed_lines") + lines)
            if closed.board == "weekly":
                rest = [row for row in self._rows("leagues") if row["week"] >= closed.period]
                self._put("leagues", rest)
        return True

    async def closed(self, board: Board, period: str, limit: int) -> Closed | None:
        for row in self._rows("closed_boards"):
            if _place(row) == (board, period):
                lines = [
                    one for one in self._rows("closed_lines") if _place(one) == (board, period)
                ]
                return convert({**row, "lines": lines[:limit]}, Closed)
        return None

    async def active(self, week: str, after: str, limit: int) -> list[tuple[str, int]]:
        rows = [row for row in self._board("weekly", week) if row["is_listed"]]
        found = sorted((row["person_id"], row["score"]) for row in rows)
        return [one for one in found if one[0] > after][:limit]

    async def members(self, week: str) -> list[Member]:
        return [convert(row, Member) for row in self._rows("leagues") if row["week"] == week]

    async def enrol(self, week: str, members: list[Member]) -> None:
        rows = self._rows("leagues")
        there = {row["person_id"] for row in rows if row["week"] == week}
        new = [
            {**to_builtins(one), "week": week}
            for one in members
            if one.person_id not in there and one.person_id in self._people()
        ]
        self._put("leagues", rows + new)

    async def league(self, week: str, person_id: str) -> int | None:
        mine = [one.league for one in await self.members(week) if one.person_id == person_id]
        return mine[0] if mine else None

    async def in_league(self, week: str, league: int) -> list[Scored]:
        scores = {row["person_id"]: row for row in self._board("weekly", week)}
        people = self._people()
        ids = [one.person_id for one in await self.members(week) if one.league == league]
        ids = [id for id in ids if people[id].boards.is_listed]
        ids.sort(key=lambda id: _order(scores[id]) if id in scores else (0, 0, 0), reverse=True)
        return [(people[id], scores[id]["score"] if id in scores else 0) for id in ids]

    def _listed(self, board: Board, period: str) -> list[Scored]:
        people = self._people()
        rows = [row for row in self._board(board, period) if row["is_listed"]]
        rows.sort(key=_order, reverse=True)
        return [(people[row["person_id"]], row["score"]) for row in rows]

    def _board(self, board: Board, period: str) -> list[Row]:
        return [row for row in self._rows("scores") if _place(row) == (board, period)]

    def _people(self) -> dict[str, Person]:
        return {row["id"]: convert(row, Person) for row in self._rows("persons")}


def _place(row: Row) -> tuple[str, str]:
    return row["board"], row["period"]


def _key(row: Row) -> tuple[str, str, str]:
    return row["person_id"], row["board"], row["period"]


def _order(row: Row) -> tuple[int, int, int]:
    """L2: display order, the first one highest."""
    return row["score"], -row["reached_at"], tie_of(row["person_id"])
