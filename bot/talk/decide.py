"""One Inbound becomes one Decision: the hops, in order."""

from typing import Any

from msgspec.structs import replace

from bot.content import render
from bot.errors import StoreError
from bot.ledger import limits
from bot.ledger.clockcheck import is_behind
from bot.ledger.outcomes import Refusal
from bot.model.decision import Decision
from bot.model.message import Inbound, Intent, Reply
from bot.model.person import Conversation, Person
from bot.people import calendar
from bot.personas import select
from bot.personas.parse import Persona
from bot.rules import engine, gather
from bot.talk import (
    acting,
    answers,
    arrivals,
    charges,
    commands,
    conclude,
    dialogue,
    earning,
    handoff,
    opening,
    pairs,
    questions,
    redeeming,
    staff,
    teaming,
    words,
)
from bot.talk.abreast import Hops, alone
from bot.talk.acts import Command
from bot.talk.arrivals import TALKING, Arrival
from bot.talk.case import Case, Done
from bot.talk.dialogue import Proposal
from bot.talk.script import Moment, Script
from bot.talk.texts import text_of

WORDLESS = {
    ("limits", "limits_put"): commands.limits_put,
    ("limits", "limits_confirm"): commands.limits_confirm,
    ("pause", "pause_start"): commands.pause,
    ("profile", "put"): commands.profile_put,
    ("team", "begin"): teaming.begin,
    ("team", "join"): teaming.join,
    ("team", "leave"): teaming.leave,
    ("team", "won"): teaming.won,
    ("staff", "refund"): staff.gave_back,
    ("staff", "void"): staff.gave_back,
    ("staff", "handoff_close"): handoff.close,
    ("staff", "reward_return"): redeeming.give_back,
    ("staff", "reward_confirm"): redeeming.hand_over,
}


def decide(script: Script, found: Person | None, inbound: Inbound, moment: Moment) -> Decision:
    """The whole of one turn: what is said, what it costs, and the person afterwards.

    Raises RequestError for what the caller got wrong and StoreError when the clock cannot be
    trusted with limits; a fault in the rules denies and is named in the trace.
    """
    return alone(deciding(script, found, inbound, moment))


def deciding(
    script: Script, found: Person | None, inbound: Inbound, moment: Moment
) -> Hops[Decision]:
    """The same in hops, to be made abreast with those of others."""
    if found is not None:
        moment = _in_order(moment, found)
    if inbound.name == "demo":
        return conclude.demo(script, inbound, moment)
    arrival = arrivals.arrived(script, found, inbound, moment)
    yield
    if inbound.kind in TALKING:
        return (yield from _talk(script, found, arrival, inbound, moment))
    if inbound.kind == "action":
        return _act(script, found, arrival, inbound, moment)
    return _work(script, found, arrival, inbound, moment)


def _talk(
    script: Script, found: Person | None, arrival: Arrival, inbound: Inbound, moment: Moment
) -> Hops[Decision]:
    """A message, or a purchase without words: every hop of the house."""
    person = arrival.person
    intent = questions.heard(script, person, inbound)
    yield
    if intent.language in script.content.locales:
        person = replace(person, profile=replace(person.profile, language=intent.language))
        arrival = replace(arrival, person=person)
    intent, proposal, other = questions.paired(script, person, intent, moment)
    case = opening.opened(script, arrival, inbound, moment, intent, proposal)
    yield
    case, facts, faults = _judged(case)
    yield
    refusal = _limited(case)
    done = _carried_out(case, refusal)
    state = _settled(script, proposal, done, moment)
    yield
    done, person = earning.awarded(case, done, replace(done.person, state=state))
    persona = _persona(case, person)
    person = conclude.disclosed(person, arrival, moment)
    acts = answers.acts_of(case, done, proposal, person)
    acts, beside = questions.beside(case, other, person, acts)
    chunks = pairs.chunks(case, done, acts, beside)
    yield
    reply = _spoken(case, done, chunks, person, persona)
    yield
    person = conclude.remembering(person, case, done)
    told = conclude.Told(facts, faults, proposal.path, pairs.said(chunks))
    return conclude.decision(case, found, person, reply, done, told)


def _work(
    script: Script, found: Person | None, arrival: Arrival, inbound: Inbound, moment: Moment
) -> Decision:
    """A call that asks for one thing and needs no words: limits, a pause, a team, staff."""
    case = Case(
        script=script,
        moment=moment,
        inbound=inbound,
        person=arrival.person,
        intent=Intent(inbound.name or inbound.kind),
        command=Command.SAY,
        slots=inbound.props,
        zone=arrival.zone,
        posted=arrival.posted,
    )
    done = _worked(case)
    done, person = earning.awarded(case, done, done.person)
    body = {"turn_id": moment.turn_id, **done.body} if done.body is not None else None
    reply = Reply(
        moment.turn_id, "", body=body, status=done.status, outcome=conclude.outcome_word(body)
    )
    told = conclude.Told(path=inbound.name)
    return conclude.decision(case, found, person, reply, done, told)


def _act(
    script: Script, found: Person | None, arrival: Arrival, inbound: Inbound, moment: Moment
) -> Decision:
    """Something a person did elsewhere: counted, and what it earns."""
    case, facts, faults = _judged(acting.opened(script, arrival, inbound, moment))
    done = acting.counted(case)
    reply = Reply(moment.turn_id, "", body=done.body)
    return conclude.decision(
        case, found, done.person, reply, done, conclude.Told(facts, faults, inbound.name)
    )


def _worked(case: Case) -> Done:
    inbound = case.inbound
    if (inbound.kind, inbound.name) != ("staff", "topup"):
        return WORDLESS[inbound.kind, inbound.name](case)
    _trust_clock(case)
    credits = int(case.slots["credits"])
    spending, settings = case.person.spending, case.script.limits
    return staff.topped_up(case, limits.check_topup(spending, credits, settings, case.now))


def _judged(case: Case) -> tuple[Case, dict[str, Any], tuple[str, ...]]:
    """The rules' verdict on the facts of this moment; a fault of ours denies."""
    rules = case.script.rules
    try:
        facts = gather.gather(opening.scene(case), rules.reads)
        day = calendar.local_date(case.now, case.zone).toordinal()
        verdict = engine.judge(rules, facts, case.person.seen.once, case.now, day)
    except Exception as fault:  # an engine fault denies; the trace names it
        return replace(case, verdict=None), {}, (f"{type(fault).__name__}: {fault}",)
    return replace(case, verdict=verdict), facts, ()


def _limited(case: Case) -> Refusal | None:
    """Why this must not be charged, by the ledger's limits and by the rules' gate."""
    item, person = case.item, case.person
    if item is None or case.command not in charges.GATED:
        return None
    if (closed := charges.not_open(case, item)) is not None:
        return closed
    if charges.is_money(case.command):
        _trust_clock(case)
    gate = case.verdict.gate if case.verdict is not None else "deny"
    refusal = limits.check(
        person.spending,
        limits.Asking(
            item=item,
            price=item.price,
            age=person.profile.age,
            expected_price=case.inbound.props.get("expected_price"),
            discount_percent=charges.discount(case),
            is_reality_checked=case.is_confirmed,
            must_confirm=gate == "ask",
            is_confirmed=case.is_confirmed,
        ),
        case.script.limits,
        case.now,
    )
    is_open = gate in ("allow", "ask") or item.price == 0
    if is_open or (refusal is not None and refusal.reason in ("already_owned", "price_changed")):
        return refusal
    return refusal if refusal is not None and refusal.is_final else charges.denied()


def _trust_clock(case: Case) -> None:
    """Limits by the day mean nothing on a clock that is wrong."""
    if is_behind(case.moment.wall, case.person.spending.last_at):
        raise StoreError("the clock is behind what was already recorded", code="clock_behind")
    if not case.moment.is_clock_trusted:
        raise StoreError("the clock jumped; an operator must confirm it", code="clock_jumped")


def _carried_out(case: Case, refusal: Refusal | None) -> Done:
    """The command done, or refused; a refusal by a cap is counted and may start a rest."""
    if case.command in charges.OFFERS:
        return _asking_begins(case, charges.offered(case, refusal), refusal)
    if not charges.is_money(case.command):
        return commands.COMMANDS[case.command](case)
    if refusal is None:
        if case.is_confirmed:
            spending = limits.reality_answered(case.person.spending, case.now)
            case = replace(case, person=replace(case.person, spending=spending))
        return charges.charged(case, None)
    return _noted(case, charges.charged(case, refusal), refusal)


def _asking_begins(case: Case, done: Done, refusal: Refusal | None) -> Done:
    """The wait before a first promotion runs from the asking, not from the yes."""
    is_waiting = refusal is not None and refusal.reason == "cooling_off"
    return _noted(case, done, refusal) if refusal is not None and is_waiting else done


def _noted(case: Case, done: Done, refusal: Refusal) -> Done:
    if case.item is None:
        return done
    settings, spending = case.script.limits, done.person.spending
    spending = limits.noted(spending, case.item, refusal, settings, case.now)
    return replace(done, person=replace(done.person, spending=spending))


def _settled(script: Script, proposal: Proposal, done: Done, moment: Moment) -> Conversation:
    return dialogue.settle(
        script.dialogue, proposal, done.result, moment.now, sku=done.sku or None, data=done.data
    )


def _persona(case: Case, person: Person) -> Persona:
    wished = case.verdict.effects.get("persona") if case.verdict is not None else None
    return select.select(case.script.personas, person.persona, wished)


def _spoken(
    case: Case, done: Done, chunks: list[pairs.Chunk], person: Person, persona: Persona
) -> Reply:
    """The words: chosen by act and persona, rendered, joined."""
    said = [_said(*chunk, person, persona) for chunk in chunks]
    return answers.reply_of(case, done, person, persona.name, render.together(said))


def _said(
    case: Case, done: Done, acts: tuple[str, ...], person: Person, persona: Persona
) -> render.Said:
    texts = tuple([text_of(case, done, act, person, persona) for act in acts])
    names = render.names_of(texts)
    given: dict[str, Any] = {}
    if names:
        title = persona.titled(person.profile.language)
        given = words.variables(answers.view_of(case, done, person, title), names)
    return render.say(texts, given, answers.asks_from(case.script, person, acts))


def _in_order(moment: Moment, person: Person) -> Moment:
    """The time of this turn: never at or before that of the one before."""
    if moment.now > person.last_at:
        return moment
    return replace(moment, now=person.last_at + 1)
