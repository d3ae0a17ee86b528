"""What a turn leaves behind: the person's memory of it, the trace, the Decision."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.content.policy import DISCLOSED_EVERY_US
from bot.model.decision import Decision, Trace
from bot.model.message import Inbound, Reply
from bot.model.money import Spending
from bot.model.person import Person
from bot.progress import leaderboards
from bot.talk import answers, arrivals, expiring, grounds, referring
from bot.talk.acts import Command, Result
from bot.talk.arrivals import Arrival
from bot.talk.case import Case, Done
from bot.talk.script import Moment, Script


class Told(Struct, frozen=True):
    """How an answer came about: facts read, faults of the engine, the dialogue's way, replies."""

    facts: dict[str, Any] = {}
    faults: tuple[str, ...] = ()
    path: str = ""
    acts: tuple[str, ...] = ()


def disclosed(person: Person, arrival: Arrival, moment: Moment) -> Person:
    """P08: the first answer of a conversation, and one every three hours, says what this is."""
    seen, now = person.seen, moment.now
    starts_stretch = arrival.is_rested or arrival.needs_break
    is_due = arrival.is_new_session or now - seen.disclosed_at >= DISCLOSED_EVERY_US
    if not is_due and not starts_stretch:
        return person
    stretch = now if starts_stretch else seen.break_from
    return replace(person, seen=replace(seen, disclosed_at=now, break_from=stretch))


def remembering(person: Person, case: Case, done: Done) -> Person:
    """The person with the grounds of this answer, the mark of the text, rules that fire once."""
    verdict = case.verdict
    once = {**person.seen.once, **verdict.once} if verdict is not None and verdict.once else None
    topic = str(case.slots.get("topic") or person.state.topic)
    seen = replace(
        referring.noted(person.seen, case.intent, case.command, topic),
        grounds=grounds.of(case, done, person),
        last_text=case.mark,
        once=person.seen.once if once is None else once,
    )
    return replace(person, seen=seen)


def decision(
    case: Case,
    found: Person | None,
    person: Person,
    reply: Reply,
    done: Done,
    told: Told,
) -> Decision:
    """The Decision from its parts."""
    posted = case.posted + done.posted
    had = found.spending if found is not None else Spending()
    is_elsewhere = case.inbound.kind == "action" and done.events
    at = done.events[0].at if is_elsewhere else case.now
    zone = case.script.terms.time_zone
    boards, scores = leaderboards.settled(found, person, at, case.now, zone)
    if boards is not person.boards:
        person = replace(person, boards=boards)
    return Decision(
        turn_id=reply.turn_id,
        inbound=case.inbound,
        now=case.now,
        before=found,
        person=person,
        reply=reply,
        trace=_trace(case, done, told),
        entries=posted.entries,
        counters=posted.counters,
        events=(*posted.events, *done.events),
        outbox=(*done.outbox, *expiring.notices(case, had, person.spending)),
        outcome=done.outcome,
        outcome_id=answers.outcome_id(case, done),
        granted=done.granted,
        revoked=done.revoked,
        scores=scores,
        lacks=done.lacks,
        opened=done.opened,
        is_erasing=case.command == Command.ERASE and done.result == Result.TOLD,
    )


def _trace(case: Case, done: Done, told: Told) -> Trace:
    verdict = case.verdict
    return Trace(
        catalog=case.script.version,
        seed=case.moment.seed,
        facts=told.facts,
        fired=verdict.fired if verdict is not None else (),
        effects=verdict.effects if verdict is not None else {},
        intent=case.intent.name,
        slots=case.intent.slots,
        step=told.path,
        said=told.acts,
        checks=done.checks,
        faults=told.faults,
    )


def demo(script: Script, inbound: Inbound, moment: Moment) -> Decision:
    """A demo person, made at the first start in demo mode."""
    person, posted, granted = arrivals.demo(script, inbound, moment.now)
    return Decision(
        turn_id=moment.turn_id,
        inbound=inbound,
        now=moment.now,
        before=None,
        person=person,
        reply=Reply(moment.turn_id, "", body={}),
        trace=Trace(catalog=script.version, seed=moment.seed, step="demo"),
        entries=posted.entries,
        counters=posted.counters,
        granted=granted,
    )


def outcome_word(body: dict[str, Any] | None) -> str | None:
    """What a call without words came to, where its answer says so."""
    return str(body["outcome"]) if body is not None and "outcome" in body else None
