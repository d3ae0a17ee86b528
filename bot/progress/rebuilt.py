"""What somebody has earned, added up again from their events, and compared."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from bot.model.message import Event
from bot.model.progress import Award, Progress
from bot.progress import fold, streaks, telling
from bot.progress.terms import PLAIN, StreakRule

OWN = (
    "xp", "level", "points", "counts", "by_category", "habits", "last_habit", "days",
    "achievements", "free_rewards", "awards",
)  # fmt: skip
STANDING = ("days", "best", "freezes", "run")


def awards_of(events: Iterable[Event]) -> list[Award]:
    """The awards that events keep."""
    return [msgspec.convert(one.props["award"], Award) for one in events if "award" in one.props]


def rebuilt(progress: Progress, events: Iterable[Event], rule: StreakRule = PLAIN) -> Progress:
    """The same progress out of its events; what a conversation keeps (lessons, quizzes, courses,
    answers) is taken as it is.
    """
    made = Progress(
        lessons=progress.lessons,
        quizzes=progress.quizzes,
        answers=progress.answers,
        courses=progress.courses,
    )
    for event in sorted(events, key=_in_order):
        if "award" in event.props:
            made = fold.applied(made, awards_of([event])[0], rule)
        else:
            streak = telling.replayed(made.streaks, event, rule)
            made = replace(made, streaks=streak) if streak is not made.streaks else made
    return made


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


def _in_order(event: Event) -> tuple[int, int]:
    """As it was learnt; what a turn finds on arrival comes before what it earns."""
    award = event.props.get("award")
    return event.received_at, int(award["number"]) if award else 0
