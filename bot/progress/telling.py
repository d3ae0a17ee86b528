"""What became of a streak, as events to keep: each date is told once."""

from datetime import date
from typing import Any

from bot.ledger.postings import derived_id
from bot.model.message import Event
from bot.progress.settling import Change


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


def _event(name: str, day: int, props: dict[str, Any], person_id: str, now: int) -> Event:
    kept = {"date": date.fromordinal(day).isoformat(), **props}
    return Event(derived_id(person_id, name, day), person_id, name, now, now, kept)
