"""Leagues: at most thirty people who were about as active, for a week."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from bot.model.progress import Member, Streak
from bot.progress import streaks
from bot.progress.terms import StreakRule

MOST = 30  # L5: of one league
AT_START = 24  # so that whoever joins in the course of the week finds room near their like
KEPT = frozenset(("frozen", "paused", "amnesty"))  # days that a streak got over without doing


def activity(xp: int, before: int, streak: Streak, now: int, zone: str, rule: StreakRule) -> int:
    """What places somebody: the XP of the week that ended, or those of the league before.

    L5: who froze or paused a day of it is not placed lower than before.
    """
    if xp >= before:
        return xp
    week = streaks.week(streak, now, zone, rule)
    return before if any(one.state in KEPT for one in week) else xp


def placed(there: Sequence[Member], coming: Mapping[str, int]) -> list[Member]:
    """Those who come, each with a league; `coming` is their activity by person.

    The first of a week are dealt out by activity into leagues of one size; later ones go where
    there is room and the others were about as active, else into a new league.
    """
    order = sorted(coming.items(), key=lambda one: (-one[1], one[0]))
    return _beside(there, order) if there else _dealt(order)


def _dealt(order: Sequence[tuple[str, int]]) -> list[Member]:
    leagues = -(-len(order) // AT_START)
    return [
        Member(person_id, number * leagues // len(order), xp)
        for number, (person_id, xp) in enumerate(order)
    ]


def _beside(there: Sequence[Member], order: Sequence[tuple[str, int]]) -> list[Member]:
    sizes: dict[int, int] = {}
    sums: dict[int, int] = {}
    for one in there:
        sizes[one.league] = sizes.get(one.league, 0) + 1
        sums[one.league] = sums.get(one.league, 0) + one.activity
    room = sorted((sums[number] / size, number) for number, size in sizes.items() if size < MOST)
    following = max(sizes) + 1
    found = []
    for person_id, xp in order:
        if not room:
            room.append((float(xp), following))
            sizes[following] = 0
            following += 1
        at = _nearest(room, xp)
        number = room[at][1]
        found.append(Member(person_id, number, xp))
        sizes[number] += 1
        if sizes[number] == MOST:
            del room[at]
    return found


def _nearest(room: Sequence[tuple[float, int]], xp: int) -> int:
    at = bisect_left(room, (float(xp), -1))
    near = [number for number in (at - 1, at) if 0 <= number < len(room)]
    return min(near, key=lambda number: abs(room[number][0] - xp))
