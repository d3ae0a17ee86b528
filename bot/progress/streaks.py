"""Consecutive local days on which a person came by."""

from msgspec.structs import replace

from bot.model.progress import Streak


def counted(streak: Streak, day: int) -> Streak:
    """The streak after something happened on local date `day` (an ordinal).

    The same day counts once; a day before the last counted one (a zone change) changes nothing.
    """
    if day <= streak.day:
        return streak
    is_next = day == streak.day + 1
    return replace(streak, days=streak.days + 1 if is_next else 1, day=day)


def current(streak: Streak, day: int) -> int:
    """The streak as it stands on `day`: unbroken if its last day is today or yesterday."""
    return streak.days if day - streak.day <= 1 else 0
