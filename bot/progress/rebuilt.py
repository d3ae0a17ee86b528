"""What somebody has earned, added up again from their events, and compared."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from bot.model.message import Event
from bot.model.progress import Award, Progress
from bot.progress import fold, streaks, telling
from bot.progress.terms import PLAIN, StreakRule

OPENING = "opening"  # the event that stands for all those before it
OWN = (
    "xp", "level", "points", "counts", "by_category", "habits", "last_habit", "days",
    "achievements", "free_rewards", "awards",
)  # fmt: skip
TALKED = ("lessons", "quizzes", "courses", "answers")  # what a conversation keeps
STANDING = ("days", "best", "freezes", "run")


def awards_of(events: Iterable[Event]) -> list[Award]:
    """The awards that events keep."""
    return [msgspec.convert(one.props["award"], Award) for one in events if "award" in one.props]


def rebuilt(progress: Progress, events: Iterable[Event], rule: StreakRule = PLAIN) -> Progress:
    """The same progress out of its events; what a conversation keeps (lessons, quizzes, courses,
    answers) is taken as it is.
    """
    own = {name: getattr(progress, name) for name in TALKED}
    return replace(_folded(events, rule), **own)


def opening(person_id: str, events: Iterable[Event], rule: StreakRule = PLAIN) -> Event | None:
    """One event for many that are the first of a person: what they add up to; None for none."""
    events = list(events)
    if not events:
        return None
    made = _folded(events, rule)
    at = max(one.received_at for one in events)
    return Event(OPENING, person_id, OPENING, at, at, {OPENING: msgspec.to_builtins(made)})


def _folded(events: Iterable[Event], rule: StreakRule) -> Progress:
    made = Progress()
    for event in sorted(events, key=_in_order):
        if "award" in event.props:
            made = fold.applied(made, awards_of([event])[0], rule)
        elif OPENING in event.props:
            made = msgspec.convert(event.props[OPENING], Progress)
        else:
            streak = telling.replayed(made.streaks, event, rule)
            made = replace(made, streaks=streak) if streak is not made.streaks else made
    return made


def differences(
    progress: Progress, events: Iterable[Event], now: int, rule: StreakRule = PLAIN
) -> list[str]:
    """Every field that is not what the events add up to; empty when all are."""
    events = list(events)
    first = 1 + sum(one.props.get(OPENING, {}).get("awards", 0) for one in events)
    numbers = sorted(one.number for one in awards_of(events))
    if numbers != list(range(first, first + len(numbers))):
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


def _in_order(event: Event) -> tuple[int, int, int]:
    """As it was learnt; what a turn finds on arrival comes before what it is asked and earns."""
    award = event.props.get("award")
    return event.received_at, int(award["number"]) if award else 0, telling.place(event)
