"""When a person's days start, and pauses of their streak, as a call asks for them."""

from datetime import date
from typing import Any, assert_never

from msgspec.structs import replace

from bot.errors import RequestError
from bot.model.message import Event
from bot.model.person import Person
from bot.model.progress import Streak
from bot.progress import pauses, streaks, telling
from bot.progress.days import LATEST_START_MIN
from bot.progress.pauses import Refused
from bot.talk.case import Case


def put(case: Case, person: Person) -> tuple[Person, tuple[Event, ...]]:
    """The person with their zone, `day_start` and `streak_pause`, and the events that keep it."""
    props, now = case.inbound.props, case.now
    zone = person.profile.time_zone or case.script.terms.time_zone
    start = _start(str(props["day_start"])) if "day_start" in props else None
    before = person.progress.streaks
    streak = before
    if before.clocks or start is not None or props.get("streak_pause"):
        streak = streaks.moved(before, now, zone, start)
    events = telling.moved(before, streak, person.id, now)
    if "streak_pause" in props:
        streak, event = _paused(case, streak, zone, props["streak_pause"])
        events = (*events, event)
    if streak is before:
        return person, ()
    return replace(person, progress=replace(person.progress, streaks=streak)), events


def _start(clock: str) -> int:
    """Minutes after midnight; the shape of the text was checked at the door."""
    hour, _, minute = clock.partition(":")
    start = int(hour) * 60 + int(minute)
    if start > LATEST_START_MIN:
        raise RequestError("bad_input", "a day starts between 00:00 and 06:00", "day_start")
    return start


def _paused(
    case: Case, streak: Streak, zone: str, asked: dict[str, Any] | None
) -> tuple[Streak, Event]:
    person_id, now = case.person.id, case.now
    if asked is None:
        return pauses.ended(streak, now), telling.pause_ended(person_id, now)
    first, length = _date(str(asked["from"])), int(asked["days"])
    planned = pauses.planned(streak, first, length, now, zone, case.script.book.streaks)
    if planned.refused is not None:
        problem = _problem(planned.refused, planned.left)
        raise RequestError("bad_input", problem, "streak_pause")
    return planned.streak, telling.pause_planned(person_id, now, first, length)


def _date(text: str) -> int:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        message = f"'{text[:20]}' is not a date like 2026-03-01"
        raise RequestError("bad_input", message, "streak_pause.from") from None


def _problem(refused: Refused, left: int) -> str:
    match refused:
        case "in_the_past":
            return "a pause begins today or later"
        case "too_far":
            return "a pause begins within a year"
        case "no_days":
            return "a pause lasts a day or longer"
        case "too_long":
            return f"{left} days may be paused in the year in which it begins"
        case other:
            assert_never(other)
