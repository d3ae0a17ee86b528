"""Quiet hours in the person's zone, and the first moment outside them.

C6: a message that would go out in quiet hours waits for their end and a jitter; it never moves
to an earlier moment. Everything is asked of the calendar, so the clock changes of a zone hold.
"""

from datetime import timedelta

from msgspec import Struct

from bot.model.person import Person
from bot.outreach.policy import QuietHours, quiet_hours
from bot.people import calendar

DAYS_AHEAD = 4  # a date may be missing (Apia, 2011-12-30) and an open hour may fall into a gap


class Zone(Struct, frozen=True):
    """Where a person's clock stands; `is_assumed` when they never told and it is the bot's."""

    name: str
    is_assumed: bool = False


def zone_of(person: Person, bot_zone: str) -> Zone:
    """The person's own zone, else the one of bot.toml, marked as assumed."""
    own = person.profile.time_zone
    return Zone(own) if own and calendar.is_zone(own) else Zone(bot_zone, is_assumed=True)


def night_of(person: Person, quiet: QuietHours) -> QuietHours:
    """The person's own quiet hours where they are longer than those of the files."""
    own = person.profile.quiet
    if own is None or not quiet_hours(quiet) <= quiet_hours(QuietHours(*own)):
        return quiet
    return QuietHours(*own)


def is_quiet(at: int, zone: str, quiet: QuietHours) -> bool:
    """Whether `at` lies in the local hours [start, end)."""
    return calendar.local_hour(at, zone) in quiet_hours(quiet)


def open_from(at: int, zone: str, quiet: QuietHours, jitter: int) -> int:
    """`at` itself outside quiet hours, else their end and up to `jitter` microseconds more."""
    if not is_quiet(at, zone, quiet):
        return at
    today = calendar.local_date(at, zone)
    for days in range(DAYS_AHEAD):
        end = calendar.instant_at(today + timedelta(days=days), quiet.end * 60, zone)
        for moment in (end + jitter, end):
            if end >= at and not is_quiet(moment, zone, quiet):
                return moment
    raise ValueError(f"no open hour within {DAYS_AHEAD} days in {zone}")
