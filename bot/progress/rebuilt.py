"""What somebody has earned, added up again from their events, and compared."""

from collections.abc import Iterable
from datetime import date

import msgspec

from bot.model.message import Event
from bot.model.progress import Award, Progress, Streak
from bot.progress import fold, streaks
from bot.progress.terms import PLAIN, StreakRule

AMNESTY = "streak_amnesty"  # the event of a date that our downtime took
OWN = (
    "xp", "level", "points", "counts", "by_category", "habits", "last_habit", "days",
    "achievements", "free_rewards", "awards",
)  # fmt: skip
STANDING = ("days", "best", "freezes", "run")


def awards_of(events: Iterable[Event]) -> list[Award]:
    """The awards that events keep."""
    return [msgspec.convert(one.props["award"], Award) for one in events if "award" in one.props]


def rebuilt(progress: Progress, events: Iterable[Event], rule: StreakRule = PLAIN) -> Progress:
    """The same progress out of its events; pauses are taken as they are, and so is what a
    conversation keeps (lessons, quizzes, courses, answers).
    """
    events = list(events)
    away = sorted({_day(one) for one in events if one.name == AMNESTY})
    streak = Streak(pauses=progress.streaks.pauses, amnesty=tuple(away))
    begun = Progress(
        streaks=streak,
        lessons=progress.lessons,
        quizzes=progress.quizzes,
        answers=progress.answers,
        courses=progress.courses,
    )
    return fold.folded(begun, awards_of(events), rule)


def differences(
    progress: Progress, events: Iterable[Event], now: int, rule: StreakRule = PLAIN
) -> list[str]:
    """Every field that is not what the events add up to; empty when all are."""
    events = list(events)
    numbers = sorted(one.number for one in awards_of(events))
    if numbers != list(range(1, len(numbers) + 1)):
        return [f"awards are numbered {numbers[:20]}: some are missing or twice there"]
    again = rebuilt(progress, events, rule)
    found = [
        f"{name} is {getattr(progress, name)}, events: {getattr(again, name)}"
        for name in OWN
        if getattr(progress, name) != getattr(again, name)
    ]
    was, now_is = (streaks.standing(one.streaks, now, rule) for one in (progress, again))
    return found + [
        f"streak {name} is {getattr(was, name)}, events: {getattr(now_is, name)}"
        for name in STANDING
        if getattr(was, name) != getattr(now_is, name)
    ]


def _day(event: Event) -> int:
    return date.fromisoformat(str(event.props["date"])).toordinal()
