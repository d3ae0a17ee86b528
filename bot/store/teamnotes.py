"""Teams of the notebook: the same promises, straight from the rows."""

from msgspec import Struct, convert

from bot.model.decision import Decision
from bot.model.team import Team
from bot.store.clash import Clash
from bot.store.rows import INSERTS
from bot.store.tables import Row, Tables
from bot.store.teams import HEAD, decision_teams, gone, in_order, team_of

COLUMNS = INSERTS["team"][1]


class _Row(Struct, frozen=True):
    code: str
    seat: int
    member: str
    challenge: str
    name: str
    goal: int
    given: int
    since: int
    until: int
    reached_at: int
    is_won: bool


class NotebookTeams:
    """The teams of a few people; every change is written with the whole file."""

    def __init__(self, tables: Tables) -> None:
        self._rows, self._put = tables.rows, tables.put

    def write(self, decision: Decision) -> None:
        """What a turn does to teams; Clash where a seat is taken."""
        lines, is_changed = self._lines(), False
        for name, values in decision_teams(decision):
            is_changed = True
            match name:
                case "team":
                    if values[:2] in lines:
                        raise Clash("guarded")
                    lines[values[:2]] = dict(zip(COLUMNS, values, strict=True))
                case "team_share":
                    given, is_won, code, seat, _ = values
                    lines[code, seat] |= {"given": given, "is_won": is_won}
                case _:
                    code, seat, _, empty = values
                    lines[code, empty] = lines.pop((code, seat)) | {"seat": empty, "member": ""}
        if is_changed:
            self._put("teams", list(lines.values()))

    def left(self, person_id: str) -> None:
        """Somebody is erased: what they gave stays as a sum."""
        rows = self._rows("teams")
        for row in rows:
            if row["member"] == person_id:
                row |= {"seat": gone(), "member": ""}
        self._put("teams", _forgotten(rows))

    async def team(self, code: str) -> Team | None:
        return next((one for one in self._teams() if one.code == code), None)

    async def best(self, challenge: str, since: int, limit: int) -> list[Team]:
        return in_order(self._listed(challenge, since))[:limit]

    async def place(self, challenge: str, since: int, total: int) -> tuple[int, int]:
        listed = self._listed(challenge, since)
        return sum(one.total > total for one in listed), len(listed)

    async def reached(self, now: int, since: int) -> list[tuple[str, str]]:
        lines = self._lines()
        waiting = []
        for team in self._teams():
            if not team.is_reached or team.until <= since:
                continue
            if not team.reached_at:
                lines[team.code, HEAD]["reached_at"] = now
            waiting += [
                (team.code, mate.person_id)
                for mate in team.mates
                if not lines[team.code, mate.seat]["is_won"]
            ]
        self._put("teams", _forgotten(list(lines.values())))
        return sorted(waiting)

    def _listed(self, challenge: str, since: int) -> list[Team]:
        return [
            one
            for one in self._teams()
            if one.challenge == challenge and one.until > since and one.name and one.mates
        ]

    def _teams(self) -> list[Team]:
        found: dict[str, list[_Row]] = {}
        for row in self._rows("teams"):
            found.setdefault(row["code"], []).append(convert(row, _Row))
        return [team_of(rows) for rows in found.values()]

    def _lines(self) -> dict[tuple[str, int], Row]:
        return {(row["code"], row["seat"]): row for row in self._rows("teams")}


def _forgotten(rows: list[Row]) -> list[Row]:
    """What somebody called a team goes with the last one in it."""
    lived_in = {row["code"] for row in rows if row["seat"] > HEAD}
    return [row if row["code"] in lived_in else row | {"name": ""} for row in rows]
