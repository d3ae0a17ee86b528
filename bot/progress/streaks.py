"""Consecutive local days on which a person came by."""

from msgspec.structs import replace

from bot.model.person import Progress


def counted(progress: Progress, day: int) -> Progress:
    """The progress after something happened on local date `day` (an ordinal).

    The same day counts once; a day before the last counted one (a zone change) changes nothing.
    """
    if day <= progress.streak_day:
        return progress
    is_next = day == progress.streak_day + 1
    return replace(progress, streak=progress.streak + 1 if is_next else 1, streak_day=day)


def current(progress: Progress, day: int) -> int:
    """The streak as it stands on `day`: unbroken if its last day is today or yesterday."""
    return progress.streak if day - progress.streak_day <= 1 else 0
