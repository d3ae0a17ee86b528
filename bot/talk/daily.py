"""When a person's days start, and pauses of their streak, as a call or a message asks for them."""

import re
from datetime import date
from typing import Any, assert_never

from msgspec.structs import replace

from bot.errors import RequestError
from bot.model.message import Event
from bot.model.person import Person
from bot.model.progress import Streak
from bot.progress import days, pauses, streaks, telling
from bot.progress.days import LATEST_START_MIN
from bot.progress.pauses import Refused
from bot.talk.acts import Result
from bot.talk.case import Case, Done

DAY_H = 24
_CLOCK = re.compile(r"([0-9]{2}):([0-5][0-9])\Z")


def put(case: Case, person: Person) -> tuple[Person, tuple[Event, ...]]:
    """The person with their zone, `day_start` and `streak_pause`, and the events that keep it."""
    props, now = case.inbound.props, case.now
    zone = person.profile.time_zone or case.script.terms.time_zone
    start = _start(str(props["day_start"])) if "day_start" in props else None
    before = person.progress.streaks
    streak = before
    if before.clocks or start is not None or props.get("streak_pause"):
        streak = streaks.moved(before, now, zone, start)
    events = telling.moved(before, streak, person.id, now, is_asked=True)
    if "streak_pause" in props:
        streak, event = _paused(case, streak, zone, props["streak_pause"])
        events = (*events, event)
    if streak is before:
        return person, ()
    return _with(person, streak), events


def pause(case: Case) -> Done:
    """A planned pause of so many days, from today or from slot `date` on (S10)."""
    hours = str(case.slots.get("duration", ""))
    length = -(-int(hours) // DAY_H) if hours.isdigit() else 0
    now, zone = case.now, case.zone
    before = case.person.progress.streaks
    streak = streaks.moved(before, now, zone)
    on = str(case.slots.get("date", ""))
    first = date.fromisoformat(on).toordinal() if on else days.date_of(streak.clocks, now)
    planned = pauses.planned(streak, first, length, now, zone, case.script.book.streaks)
    if planned.refused is not None:
        words = {"reason": planned.refused, "pause_days": planned.left}
        return Done(Result.REFUSED, case.person, "streak_pause_refused", words=words)
    events = telling.moved(before, streak, case.person.id, now, is_asked=True)
    return Done(
        Result.TOLD,
        _with(case.person, planned.streak),
        "streak_paused",
        words={"pause_days": planned.left},
        events=(*events, telling.pause_planned(case.person.id, now, first, length)),
    )


def resume(case: Case) -> Done:
    """No pause from today on."""
    event = telling.pause_ended(case.person.id, case.now)
    streak = pauses.ended(case.person.progress.streaks, case.now)
    return Done(Result.TOLD, _with(case.person, streak), "streak_resumed", events=(event,))


def _with(person: Person, streak: Streak) -> Person:
    return replace(person, progress=replace(person.progress, streaks=streak))


def _start(clock: str) -> int:
    """Minutes after midnight."""
    found = _CLOCK.match(clock)
    start = int(found[1]) * 60 + int(found[2]) if found else LATEST_START_MIN + 1
    if start > LATEST_START_MIN:
        message = "a time like 04:00: a day starts between 00:00 and 06:00"
        raise RequestError("bad_input", message, "day_start")
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
