"""Hours in which somebody is on duty, by weekday, in a zone whose clock may jump."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from bot.people import calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_HOURS = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? +(\d\d):(\d\d)-(\d\d):(\d\d)\Z")


class Shift(Struct, frozen=True):
    """Minutes [start, end) of the local days of a weekday; 0 is Monday."""

    weekday: int
    start: int
    end: int


def parse_shifts(text: str) -> tuple[Shift, ...] | None:
    """The shifts of a text like 'mon-fri 09:00-17:00'; None when it is none."""
    found = _HOURS.match(text.strip().lower())
    if found is None:
        return None
    first, last = found[1], found[2] or found[1]
    start, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (3, 5))
    is_clock = int(found[4]) < 60 and int(found[6]) < 60 and start < end <= DAY_MINUTES
    if first not in DAYS or last not in DAYS or not is_clock:
        return None
    one, count = DAYS.index(first), (DAYS.index(last) - DAYS.index(first)) % 7 + 1
    return tuple(Shift((one + number) % 7, start, end) for number in range(count))


def on_duty_until(shifts: Iterable[Shift], now: int, zone: str) -> int | None:
    """When those on duty now go; None when nobody is there. Shifts that meet are one."""
    end = None
    for begins, ends in _near(shifts, now, zone):
        if begins <= (now if end is None else end) < ends:
            end = ends
    return end


def next_on_duty(shifts: Iterable[Shift], now: int, zone: str) -> int | None:
    """When somebody comes next; None when nobody ever does."""
    return next((begins for begins, _ in _near(shifts, now, zone) if begins > now), None)


def _near(shifts: Iterable[Shift], now: int, zone: str) -> list[tuple[int, int]]:
    """Every shift from yesterday on for eight days, as instants in order."""
    today = calendar.local_date(now, zone)
    days = [today + timedelta(days=number) for number in range(-1, 9)]
    found = [
        (calendar.instant_at(day, shift.start, zone), _end(day, shift.end, zone))
        for shift in shifts
        for day in days
        if day.weekday() == shift.weekday
    ]
    return sorted(span for span in found if span[0] < span[1])


def _end(day: date, minute: int, zone: str) -> int:
    if minute == DAY_MINUTES:
        return calendar.midnight(day + timedelta(days=1), zone)
    return calendar.instant_at(day, minute, zone)
