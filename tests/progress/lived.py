"""Days of a person in a row, and what their streak becomes of them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model.progress import Streak
from bot.progress import streaks
from bot.progress.settling import Change
from bot.progress.terms import PLAIN, StreakRule

HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
DAY1 = date(2026, 1, 5)
HOME = "Europe/Helsinki"


def us(text: str, zone: str = HOME) -> int:
    """The instant of a wall clock; with an offset or a Z, that one."""
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return int(moment.timestamp()) * 1_000_000


def at(day: int, clock: str = "12:00", zone: str = HOME) -> int:
    """An instant on the n-th day of a story, by the clock on the wall."""
    return us(f"{DAY1 + timedelta(days=day - 1)}T{clock}", zone)


def number(day: int) -> int:
    """The ordinal of the n-th day of a story."""
    return DAY1.toordinal() + day - 1


def act(
    streak: Streak,
    day: int,
    clock: str = "12:00",
    *,
    zone: str = HOME,
    rule: StreakRule = PLAIN,
    outages: tuple[tuple[int, int], ...] = (),
) -> Change:
    """Something that qualifies was done then, and learnt at once."""
    now = at(day, clock, zone)
    return streaks.counted(streak, now, now, zone, rule, outages)


def acted(*days: int, streak: Streak | None = None, rule: StreakRule = PLAIN) -> Streak:
    """The streak of somebody who came by at noon on these days."""
    streak = streak or Streak()
    for day in days:
        streak = act(streak, day, rule=rule).streak
    return streak
