"""Scores as rows: a decision's, those of who is erased, and the counts that rank them."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, text

from bot.model.decision import Decision
from bot.model.person import Person
from bot.model.progress import Boards
from bot.progress import leaderboards, pseudonyms

Values = tuple[Any, ...]
Named = tuple[str, Values]

SCORE = ("person_id", "board", "period", "score", "earliness", "tie", "is_listed")
COUNT = ("board", "period", "width", "bucket", "people", "listed")
WIDTHS = (1, 256, 65_536)  # a rank adds up at most 255 buckets of each, and the widest ones
COARSEST = WIDTHS[-1]
KEEP_EARLIER = (  # a score that stays, or one that something older led to
    " ON CONFLICT (person_id, board, period) DO UPDATE SET earliness = CASE"
    " WHEN excluded.score = scores.score OR excluded.earliness > scores.earliness"
    " THEN scores.earliness ELSE excluded.earliness END,"
    " score = excluded.score, is_listed = excluded.is_listed"
)
ADD_UP = (
    " ON CONFLICT (board, period, width, bucket) DO UPDATE SET"
    " people = score_counts.people + excluded.people,"
    " listed = score_counts.listed + excluded.listed"
)

MISCOUNTED = text(
    "SELECT board, period, bucket, sum(people) AS people, sum(listed) AS listed FROM ("
    "SELECT board, period, score / :width AS bucket, 1 AS people,"
    " CASE WHEN is_listed THEN 1 ELSE 0 END AS listed FROM scores s WHERE NOT EXISTS (SELECT 1"
    " FROM closed_boards c WHERE c.board = s.board AND c.period = s.period)"
    " UNION ALL SELECT board, period, bucket, -people, -listed FROM score_counts"
    " WHERE width = :width) b GROUP BY board, period, bucket"
    " HAVING sum(people) <> 0 OR sum(listed) <> 0 ORDER BY board, period, bucket"
)
OWNER = text("SELECT owner FROM keys WHERE person_id = :person")
OWN = text(  # in the order in which commits lock their counts
    "SELECT board, period, score, is_listed FROM scores WHERE person_id = :person"
    " ORDER BY board, period"
)
COUNT_OUT = text(
    "UPDATE score_counts SET people = people - 1, listed = listed - :listed WHERE board = :board"
    " AND period = :period AND width = :width AND bucket = :bucket"
)
NAME_OUT = text("DELETE FROM board_names WHERE owner = :owner")
LINES_OUT = text("UPDATE closed_lines SET name = '', handle = '' WHERE owner = :owner")


def decision_scores(decision: Decision, owner: str) -> Iterator[Named]:
    """What a turn does on boards: scores, counts, and the name somebody is known by there."""
    person_id = decision.person.id
    before = decision.before.boards if decision.before is not None else Boards()
    after = decision.person.boards
    for board, period in leaderboards.closed_of(before, after):
        yield "score_gone", (person_id, board, period)
    tie = tie_of(person_id) if decision.scores else 0
    for one in decision.scores:
        place = (one.board, one.period)
        if one.after:
            yield "score", (person_id, *place, one.after, -one.at, tie, after.is_listed)
            for width in WIDTHS:
                counted = (1, int(after.is_listed))
                yield "score_count", (*place, width, one.after // width, *counted)
        else:
            yield "score_gone", (person_id, *place)
        if one.before:
            for width in WIDTHS:
                counted = (-1, -int(before.is_listed))
                yield "score_count", (*place, width, one.before // width, *counted)
    yield from _names(before, after, owner)


def _names(before: Boards, after: Boards, owner: str) -> Iterator[Named]:
    old = pseudonyms.key(before.name) if before.has_own_name else ""
    new = pseudonyms.key(after.name) if after.has_own_name else ""
    if old and old != new:
        yield "name_gone", (old, owner)
    if new and new != old:
        yield "name", (new, owner)
    if before.is_listed and not after.is_listed:
        yield "lines_gone", (owner,)


def tie_of(person_id: str) -> int:
    """L2: who comes first of two alike in everything else: nobody's merit, always the same."""
    return int.from_bytes(hashlib.sha256(person_id.encode()).digest()[:8], "big", signed=True)


def merged(lines: Iterable[Values]) -> list[Values]:
    """One row a bucket, in one order, so that two replicas never wait for each other crosswise."""
    sums: dict[Values, tuple[int, int]] = {}
    for board, period, width, bucket, people, listed in lines:
        place = (board, period, width, bucket)
        had = sums.get(place, (0, 0))
        sums[place] = (had[0] + people, had[1] + listed)
    return [(*place, *counts) for place, counts in sorted(sums.items()) if counts != (0, 0)]


def left(connection: Connection, person_id: str) -> None:
    """Take somebody who is erased out of every count; closed boards keep a line without a name.

    L4. The rows of their own scores go with the person's other rows.
    """
    for row in connection.execute(OWN, {"person": person_id}).all():
        place = {"board": row.board, "period": row.period, "listed": int(row.is_listed)}
        counts = [place | {"width": width, "bucket": row.score // width} for width in WIDTHS]
        connection.execute(COUNT_OUT, counts)
    owner = connection.execute(OWNER, {"person": person_id}).scalar()
    if owner is not None:
        connection.execute(NAME_OUT, {"owner": owner})
        connection.execute(LINES_OUT, {"owner": owner})


def audit(connection: Connection) -> list[str]:
    """Every range of scores in which another number of people is counted than there are."""
    return [
        f"L2: {row.board} {row.period}: from {row.bucket * width} on, {int(row.people)} people"
        f" and {int(row.listed)} listed more than counted in {width}"
        for width in WIDTHS
        for row in connection.execute(MISCOUNTED, {"width": width})
    ]


def audit_own(connection: Connection, person: Person) -> list[str]:
    """Where the rows of a person's scores are not what the person carries."""
    rows = connection.execute(OWN, {"person": person.id})
    stored = {f"{row.board} {row.period}": row.score for row in rows}
    carried = {place: score for place, score in person.boards.open.items() if score}
    return [f"L2: scores are {stored}, the person has {carried}"] if stored != carried else []
