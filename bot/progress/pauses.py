"""Dates on which a person plans to do nothing."""

from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.model.progress import Streak
from bot.progress import days
from bot.progress.terms import PLAIN, StreakRule

Refused = Literal["in_the_past", "too_far", "too_long", "no_days"]
LONGEST_AHEAD_D = 366  # a pause begins within a year


class Planned(Struct, frozen=True):
    """The streak with the pause; with `refused` the streak as it was, and `left` days that may be.

    `left` counts the days that are left in the year in which the pause begins.
    """

    streak: Streak
    left: int
    refused: Refused | None = None


def planned(
    streak: Streak, first: int, length: int, now: int, zone: str, rule: StreakRule = PLAIN
) -> Planned:
    """A pause of `length` days from the date `first`, today or later (S10).

    No more days of a calendar year than the rule allows are paused; a date that is paused twice
    counts once.
    """
    clocks = streak.clocks or days.moved((), now, zone, 0)
    today, last = days.date_of(clocks, now), first + length - 1
    taken = _taken(streak.pauses)
    year = _year(max(first, today))
    left = rule.pause_days_a_year - sum(_year(day) == year for day in taken)
    if length < 1:
        return Planned(streak, left, "no_days")
    if not today <= first <= today + LONGEST_AHEAD_D:
        return Planned(streak, left, "in_the_past" if first < today else "too_far")
    if length > LONGEST_AHEAD_D:
        return Planned(streak, left, "too_long")
    whole = taken | set(range(first, last + 1))
    years = {_year(day) for day in whole}
    counts = [sum(_year(day) == year for day in whole) for year in years]
    if max(counts) > rule.pause_days_a_year:
        return Planned(streak, left, "too_long")
    added = sum(_year(day) == year for day in whole - taken)
    return Planned(replace(streak, pauses=_spans(whole), clocks=clocks), left - added)


def ended(streak: Streak, now: int) -> Streak:
    """The streak without paused days from today on."""
    if not streak.clocks:
        return streak
    today = days.date_of(streak.clocks, now)
    return replace(streak, pauses=_spans({day for day in _taken(streak.pauses) if day < today}))


def _taken(pauses: tuple[tuple[int, int], ...]) -> set[int]:
    return {day for first, last in pauses for day in range(first, last + 1)}


def _year(day: int) -> int:
    return date.fromordinal(day).year


def _spans(found: set[int]) -> tuple[tuple[int, int], ...]:
    """The dates as first and last ones of spans, in order."""
    firsts = sorted(day for day in found if day - 1 not in found)
    lasts = sorted(day for day in found if day + 1 not in found)
    return tuple(zip(firsts, lasts, strict=True))
