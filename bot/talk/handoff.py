"""Somebody wants to talk to a person: noted once, told honestly, ended by staff."""

from msgspec.structs import replace

from bot.ledger.postings import derived_id
from bot.model.message import Event, Message
from bot.model.person import Person
from bot.people import duty
from bot.people.calendar import rfc3339
from bot.talk import charges, hooked
from bot.talk.acts import Result
from bot.talk.case import Case, Done

WANTED, CLOSED = "handoff_wanted", "handoff_closed"
KIND = "handoff"  # of the outbox row that tells the operator's hook


def hand_off(case: Case) -> Done:
    """The person waits from now on, unless they do already; says who is there when."""
    terms, now = case.script.terms, case.now
    until = duty.on_duty_until(terms.on_duty, now, terms.time_zone)
    comes = duty.next_on_duty(terms.on_duty, now, terms.time_zone) if until is None else until
    is_again = case.person.seen.handoff_at > 0
    words = {"is_on_duty": until is not None, "is_again": is_again, "_until": comes}
    if is_again:
        return Done(Result.TOLD, case.person, "handoff", words=words)
    event = charges.event(case, WANTED, {})
    return Done(
        Result.TOLD,
        _waiting(case.person, now),
        "handoff",
        words=words,
        events=(event,),
        outbox=(_told(case, event),) if terms.has_handoff_hook else (),
    )


def close(case: Case) -> Done:
    """Staff spoke with the person, or will not."""
    is_waiting = case.person.seen.handoff_at > 0
    body = {
        "outcome": "closed" if is_waiting else "not_waiting",
        "id": str(case.slots["id"]),
        "user_id": case.person.id,
    }
    if not is_waiting:
        return Done(Result.TOLD, case.person, body=body)
    events = (charges.event(case, CLOSED, {"of": body["id"]}),)
    return Done(Result.TOLD, _waiting(case.person, 0), events=events, body=body)


def _waiting(person: Person, since: int) -> Person:
    return replace(person, seen=replace(person.seen, handoff_at=since))


def _told(case: Case, event: Event) -> Message:
    """What the hook is sent: who, when, in which language; nothing that was said."""
    person = case.person
    data = {
        "id": event.id,
        "user_id": person.id,
        "since": rfc3339(case.now),
        "language": person.profile.language,
    }
    return hooked.row(case, derived_id(event.id, "hook"), KIND, "handoff.wanted", data)
