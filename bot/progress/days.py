"""Which local date an instant belongs to, where zones, clocks and starts of days change.

Dates are ordinals, instants microseconds. A person's days follow each other without a gap or an
overlap: a date is told once, and a date that no instant belongs to has no length.
"""

from datetime import date
from functools import lru_cache
from itertools import pairwise

from bot.model.progress import DayClock
from bot.people import calendar

LATEST_START_MIN = 6 * 60  # S2: a day starts between 00:00 and 06:00
STARTS_KEPT = 4_096  # instants that never change, as the calendar's midnights

Clocks = tuple[DayClock, ...]


def date_of(clocks: Clocks, at: int) -> int:
    """The date that the instant belongs to."""
    place = _place(clocks, at)
    clock = clocks[place]
    day = _own_date(clock, at)
    if at < clock.at:
        return min(day, clock.after)
    if place + 1 < len(clocks):
        day = min(day, clocks[place + 1].after)
    return max(day, clock.after + 1)


def begins(clocks: Clocks, day: int) -> int:
    """The first instant of the date; that of the next one where the date has no length."""
    clock = clocks[0]
    if len(clocks) > 1:
        clock = clocks[max((n for n, one in enumerate(clocks) if one.after < day), default=0)]
    if day == clock.after + 1:
        return clock.at
    return max(clock.at, _own_start(day, clock.zone, clock.start))


def ends(clocks: Clocks, day: int) -> int:
    """The first instant after the date."""
    return begins(clocks, day + 1)


def moved(clocks: Clocks, now: int, zone: str, start: int) -> Clocks:
    """The clocks once a person lives in `zone`, their days starting at minute `start`.

    The date in progress goes on: to the later of its ends in both zones (S5), and to the end it
    had where only the start of the day changes (S2).
    """
    if not clocks:
        return (DayClock(zone, start),)
    wanted = clocks[-1]
    if (zone, start) == (wanted.zone, wanted.start):
        return clocks
    day = date_of(clocks, now)
    at = ends(clocks, day)
    lived = tuple(clock for clock in clocks if clock.at <= now)
    if zone != wanted.zone:
        at = max(at, _own_start(day + 1, zone, lived[-1].start))
    return (*lived, DayClock(zone, start, at, day))


def clock(start_min: int) -> str:
    """The start of a day as a clock shows it: 04:30."""
    return f"{start_min // 60:02}:{start_min % 60:02}"


def kept(clocks: Clocks, closed: int) -> Clocks:
    """The clocks without those that told only dates before `closed`."""
    gone = sum(1 for _, following in pairwise(clocks) if following.after < closed)
    return clocks[gone:]


def _place(clocks: Clocks, at: int) -> int:
    if len(clocks) == 1:
        return 0
    last = len(clocks) - 1
    while last > 0 and clocks[last].at > at:
        last -= 1
    return max(0, last)


def _own_date(clock: DayClock, at: int) -> int:
    """The date by this clock alone."""
    day = calendar.local_date(at, clock.zone).toordinal()
    while clock.start and at < _own_start(day, clock.zone, clock.start):
        day -= 1
    return day


@lru_cache(maxsize=STARTS_KEPT)
def _own_start(day: int, zone: str, start: int) -> int:
    """When the date starts by one clock (S4); a date that a calendar skips starts as the next."""
    first = calendar.midnight(date.fromordinal(day), zone)
    if not start:
        return first
    if first == calendar.midnight(date.fromordinal(day + 1), zone):
        return _own_start(day + 1, zone, start)
    return calendar.instant_at(date.fromordinal(day), start, zone)
