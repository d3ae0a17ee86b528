"""Conversations that ended because nobody spoke for a while."""

from msgspec.structs import replace

from bot.model.decision import Plan
from bot.model.message import Event
from bot.model.person import Person
from bot.outreach.keys import derived_id
from bot.people.calendar import MINUTE_US, SECOND_US


def closed(person: Person, now: int, session_minutes: int) -> Plan | None:
    """The end of a session as an event with its length; None while it runs or once it is noted.

    A session ends with the last message of the person, not with the silence after it.
    """
    started = person.spending.session_started
    is_noted = person.seen.closed_session == started
    if not started or is_noted or now - person.seen_at <= session_minutes * MINUTE_US:
        return None
    ended = max(started, person.seen_at)
    event = Event(
        id=derived_id(person.id, "session", str(started)),
        person_id=person.id,
        name="session_ended",
        at=ended,
        received_at=now,
        props={"started_at": started, "seconds": (ended - started) // SECOND_US},
    )
    seen = replace(person.seen, closed_session=started)
    after = replace(person, version=person.version + 1, seen=seen)
    return Plan(now, before=person, person=after, events=(event,))
