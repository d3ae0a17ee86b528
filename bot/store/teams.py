"""Teams as rows: a decision's, those of who is erased, and a team made of them again.

A team is one row at seat 0 and one a member; each turn writes its own person's row alone, and
what all gave is added up when it is asked for. Who leaves leaves a row without a name behind.
"""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from bot.model.decision import Decision
from bot.model.person import Person
from bot.model.team import Mate, Membership, Team

Values = tuple[Any, ...]

HEAD = 0  # the seat of the team itself
OWN = text("SELECT code, seat, given, is_won FROM teams WHERE member = :person")
LEFT = text(
    "UPDATE teams SET seat = :gone, member = '' WHERE code = :code AND seat = :seat"
    " AND member = :person"
)
# What somebody called a team goes with the last one in it.
EMPTY = (
    "UPDATE teams SET name = '' WHERE seat = 0 AND name <> ''"
    " AND NOT EXISTS (SELECT 1 FROM teams m WHERE m.code = teams.code AND m.seat > 0)"
)
ALL_EMPTY, ONE_EMPTY = text(EMPTY), text(f"{EMPTY} AND code = :code")
ROWS = text("SELECT * FROM teams WHERE member = :person ORDER BY code")


def decision_teams(decision: Decision) -> Iterator[tuple[str, Values]]:
    """What a turn does to teams: one left, one opened, one joined, what is given."""
    person_id = decision.person.id
    before = decision.before.team if decision.before is not None else None
    after = decision.person.team
    if before is after:
        return
    is_same = before is not None and after is not None and before.code == after.code
    if before is not None and not is_same:
        yield "team_left", (before.code, before.seat, person_id, gone())
    if decision.opened is not None:
        yield "team", _head(decision.opened)
    if after is not None and is_same:
        yield "team_share", (after.given, after.is_won, after.code, after.seat, person_id)
    elif after is not None:
        yield "team", _member(after, person_id)


def gone() -> int:
    """The seat of somebody who left: below 0, drawn, so that it says nothing of who it was."""
    return -1 - secrets.randbits(60)


def _head(team: Team) -> Values:
    return (
        team.code, HEAD, "", team.challenge, team.name, team.goal, 0, team.since, team.until, 0,
        False,
    )  # fmt: skip


def _member(one: Membership, person_id: str) -> Values:
    return (
        one.code, one.seat, person_id, one.challenge, "", 0, one.given, one.since, one.until, 0,
        one.is_won,
    )  # fmt: skip


def in_order(teams: Sequence[Team]) -> list[Team]:
    """The best first; of two alike the one that began earlier."""
    return sorted(teams, key=lambda one: (-one.total, one.since, one.code))


def team_of(rows: Sequence[Any]) -> Team:
    """A team from its rows; `rows` hold its head and whoever gave to it."""
    head = next(row for row in rows if row.seat == HEAD)
    mates = sorted((row.seat, row.member, row.given) for row in rows if row.seat > HEAD)
    return Team(
        head.code,
        head.challenge,
        head.name,
        head.goal,
        head.since,
        head.until,
        head.reached_at,
        sum(row.given for row in rows),
        tuple(Mate(member, seat, given) for seat, member, given in mates),
    )


def left(connection: Connection, person_id: str) -> None:
    """Take somebody who is erased out of their team; what they gave stays as a sum."""
    for row in connection.execute(OWN, {"person": person_id}).all():
        given = {"code": row.code, "seat": row.seat, "person": person_id}
        connection.execute(LEFT, given | {"gone": gone()})
        connection.execute(ONE_EMPTY, {"code": row.code})


def exported(connection: Connection, person_id: str) -> list[dict[str, Any]]:
    """The rows of somebody in a team."""
    return [dict(row) for row in connection.execute(ROWS, {"person": person_id}).mappings()]


def audit_own(connection: Connection, person: Person) -> list[str]:
    """Where the row of somebody in a team is not what the person carries."""
    rows = connection.execute(OWN, {"person": person.id})
    stored = [(row.code, row.seat, row.given, bool(row.is_won)) for row in rows]
    team = person.team
    carried = [(team.code, team.seat, team.given, team.is_won)] if team is not None else []
    return [f"teams: rows {stored}, the person has {carried}"] if stored != carried else []
