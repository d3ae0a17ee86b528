"""Local dates on which we were down: nobody loses a streak by them."""

from bot.people.calendar import HOUR_US, MINUTE_US
from bot.progress import days
from bot.progress.days import Clocks

LAST_US = 3 * HOUR_US  # when most people who come late come
LEAST_US = 30 * MINUTE_US  # down for so long in the last hours, or for half of the date

Outages = tuple[tuple[int, int], ...]  # [from, to) in microseconds


def amnesty(clocks: Clocks, outages: Outages, after: int, until: int) -> tuple[int, ...]:
    """The dates in (after, until] on which we were down for too long to ask anything of them."""
    if not outages:
        return ()
    first = days.begins(clocks, after + 1)
    near = tuple(one for one in outages if one[1] > first)
    hit = {
        day
        for began, ended in near
        for day in range(days.date_of(clocks, began), days.date_of(clocks, ended) + 1)
        if after < day <= until
    }
    return tuple(sorted(day for day in hit if _is_forgiven(clocks, near, day)))


def _is_forgiven(clocks: Clocks, outages: Outages, day: int) -> bool:
    begins, ends = days.begins(clocks, day), days.ends(clocks, day)
    is_half = 2 * _down(outages, begins, ends) >= ends - begins > 0
    return is_half or _down(outages, max(begins, ends - LAST_US), ends) >= LEAST_US


def _down(outages: Outages, begins: int, ends: int) -> int:
    """How long we were down in [begins, ends)."""
    return sum(max(0, min(to, ends) - max(since, begins)) for since, to in outages)
