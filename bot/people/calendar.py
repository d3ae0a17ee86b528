"""Local days, weeks and months as instants, in zones whose clocks jump.

Every instant is an integer: microseconds since 1970, UTC. A local date never goes back: where a
clock is set back over midnight, the new date has begun and stays.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.model.money import Period

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US  # for rolling windows and waits only; a local day has 0 to 25 hours
ZONES_KEPT = 640  # more than there are; zoneinfo itself keeps 8 and reads a file for the ninth
SECONDS_KEPT = 64  # wall clocks of moments; a turn looks at the same one several times
MIDNIGHTS_KEPT = 4_096  # instants that never change; each turn asks for a few of the same

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_DAY = timedelta(days=1)
_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\Z")
_NO_ZONES = ("posix", "right", "localtime", "posixrules", "Factory")  # files beside the zones


def is_zone(name: str) -> bool:
    """True for the name of an IANA time zone, spelt exactly."""
    if len(name) > 60 or not _ZONE_NAME.match(name) or name.split("/")[0] in _NO_ZONES:
        return False
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local_date(now: int, zone: str) -> date:
    """The date on a wall calendar in `zone`; it never goes back when the clock does."""
    local = _local(now, zone)
    day = local.date()
    if local.fold and now >= midnight(day + _DAY, zone):
        return day + _DAY
    return day


def local_hour(now: int, zone: str) -> int:
    """0-23, as a clock on the wall shows it."""
    return _local(now, zone).hour


def local_minute_of_day(now: int, zone: str) -> int:
    """0-1439, as a clock on the wall shows it."""
    local = _local(now, zone)
    return local.hour * 60 + local.minute


@lru_cache(maxsize=MIDNIGHTS_KEPT)
def midnight(day: date, zone: str) -> int:
    """The first instant whose local date is `day`, or a later one where that date was skipped."""
    return instant_at(day, 0, zone)


def next_midnight(now: int, zone: str) -> int:
    """The instant at which the next local date begins."""
    return midnight(local_date(now, zone) + _DAY, zone)


def instant_at(day: date, minute_of_day: int, zone: str) -> int:
    """The instant a wall clock first shows that minute; inside a gap, the first one after it."""
    hour, minute = divmod(minute_of_day, 60)
    first = datetime(day.year, day.month, day.day, hour, minute, tzinfo=_zone(zone))
    second = first.replace(fold=1)
    at = _us(first)
    if first.utcoffset() == second.utcoffset():
        return at
    wall = first.replace(tzinfo=None)
    if _local(at, zone).replace(tzinfo=None) == wall:
        return at
    return _first_showing(wall, _us(second), at, zone)


def window_start(period: Period, now: int, zone: str) -> int:
    """When the local day, ISO week (Monday) or calendar month around `now` began."""
    return midnight(first_day(period, local_date(now, zone)), zone)


def window_end(period: Period, now: int, zone: str) -> int:
    """When the next local day, week or month begins: the first instant outside the window."""
    day = first_day(period, local_date(now, zone))
    if period == "day":
        return _later_midnight(day + _DAY, now, zone)
    if period == "week":
        return _later_midnight(day + timedelta(days=7), now, zone)
    year, month = divmod(day.year * 12 + day.month, 12)
    return _later_midnight(date(year, month + 1, 1), now, zone)


def first_day(period: Period, day: date) -> date:
    """The date a period with `day` in it begins on."""
    if period == "day":
        return day
    if period == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1)


def date_text(day: int) -> str:
    """A date by its ordinal, as it goes over the wire: 2026-03-01."""
    return date.fromordinal(day).isoformat()


def rfc3339(us: int) -> str:
    """An instant as it goes over the wire: UTC with a Z, fractions only where there are any."""
    text = (_EPOCH + timedelta(microseconds=us)).isoformat()
    return text.removesuffix("+00:00") + "Z"


def from_rfc3339(text: str) -> int | None:
    """The instant a text like 2026-03-01T21:50:00Z names; None when it names none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _later_midnight(day: date, now: int, zone: str) -> int:
    at = midnight(day, zone)
    assert at > now, "a window ends after every instant in it"
    return at


def _first_showing(wall: datetime, low: int, high: int, zone: str) -> int:
    """The first instant in (low, high] whose wall clock is at `wall` or past it; gaps end on a
    whole second.
    """
    low_s, high_s = low // SECOND_US, high // SECOND_US
    while high_s - low_s > 1:
        middle = (low_s + high_s) // 2
        if _local(middle * SECOND_US, zone).replace(tzinfo=None) >= wall:
            high_s = middle
        else:
            low_s = middle
    return high_s * SECOND_US


def _local(now: int, zone: str) -> datetime:
    return _wall(now // SECOND_US, zone)


@lru_cache(maxsize=SECONDS_KEPT)
def _wall(now_s: int, zone: str) -> datetime:
    return datetime.fromtimestamp(now_s, _zone(zone))


def _us(moment: datetime) -> int:
    """A moment of whole minutes; the wall time less its offset, which is quicker than asking."""
    offset = moment.utcoffset()
    assert offset is not None
    wall_s = (moment.toordinal() - _EPOCH_DAY) * 86_400 + moment.hour * 3600 + moment.minute * 60
    return (wall_s - offset.days * 86_400 - offset.seconds) * SECOND_US


@lru_cache(maxsize=ZONES_KEPT)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
