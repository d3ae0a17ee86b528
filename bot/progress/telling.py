"""What became of a streak, as events: dates that were kept or lost, pauses, other zones."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from bot.ledger.postings import derived_id
from bot.model.message import Event
from bot.model.progress import Streak
from bot.people.calendar import date_text
from bot.progress import pauses, streaks
from bot.progress.settling import Change
from bot.progress.terms import StreakRule

MOVED = "streak_days_moved"
UNKNOWN = "UTC"  # of a pause that came before anything that was counted
ASKED = "asked"
PLANNED, ENDED = "streak_pause_planned", "streak_pause_ended"


def events_of(change: Change, person_id: str, now: int) -> tuple[Event, ...]:
    """One event for each date that was kept, lost, or given back, and for a run restored."""
    told: list[tuple[str, int, dict[str, Any]]]
    told = [("streak_frozen", day, {}) for day in change.frozen]
    told += [("streak_amnesty", day, {}) for day in change.amnesty]
    told += [("streak_freeze_returned", day, {}) for day in change.given_back]
    if change.broken is not None:
        day, days = change.broken
        told.append(("streak_broken", day, {"days": days}))
    if change.repaired and change.streak.done:
        told.append(("streak_repaired", change.streak.done[-1].day, {"days": change.repaired}))
    return tuple(_event(name, day, props, person_id, now) for name, day, props in told)


def moved(
    before: Streak, after: Streak, person_id: str, now: int, is_asked: bool = False
) -> tuple[Event, ...]:
    """Another zone, or another start of the day; `is_asked`: in this turn, after what was found
    on arrival, which may have been another.
    """
    if after.clocks[-1:] == before.clocks[-1:]:  # older ones are let go when dates are closed
        return ()
    clock = after.clocks[-1]
    props = {"zone": clock.zone, "start_min": clock.start}
    if is_asked:
        id = derived_id(person_id, MOVED, now, ASKED)
        return (Event(id, person_id, MOVED, now, now, {**props, ASKED: True}),)
    return (_told(MOVED, person_id, now, props),)


def place(event: Event) -> int:
    """Where an event of a turn stands among those of the same turn that are no awards."""
    if event.name in (PLANNED, ENDED):
        return 2
    return int(event.name == MOVED and ASKED in event.props)


def pause_planned(person_id: str, now: int, first: int, length: int) -> Event:
    """A pause that a person planned."""
    return _told(PLANNED, person_id, now, {"from": date_text(first), "days": length})


def pause_ended(person_id: str, now: int) -> Event:
    """A person wants no pause any more."""
    return _told(ENDED, person_id, now, {})


def replayed(streak: Streak, event: Event, rule: StreakRule) -> Streak:
    """The streak after an event of this file, as it became when that was noted.

    What was counted is not in these events but in the awards; what follows from both (freezes
    used, a break, a repair) is counted anew.
    """
    props, now = event.props, event.received_at
    match event.name:
        case "streak_days_moved":
            return streaks.moved(streak, now, props["zone"], props["start_min"])
        case "streak_amnesty":
            days = {*streak.amnesty, date.fromisoformat(props["date"]).toordinal()}
            return replace(streak, amnesty=tuple(sorted(days)))
        case "streak_pause_planned":
            first = date.fromisoformat(props["from"]).toordinal()
            zone = streak.clocks[-1].zone if streak.clocks else UNKNOWN
            return pauses.planned(streak, first, props["days"], now, zone, rule).streak
        case "streak_pause_ended":
            return pauses.ended(streak, now)
        case _:
            return streak


def _told(name: str, person_id: str, now: int, props: dict[str, Any]) -> Event:
    return Event(derived_id(person_id, name, now), person_id, name, now, now, props)


def _event(name: str, day: int, props: dict[str, Any], person_id: str, now: int) -> Event:
    kept = {"date": date_text(day), **props}
    return Event(derived_id(person_id, name, day), person_id, name, now, now, kept)
