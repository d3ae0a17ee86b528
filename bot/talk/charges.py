"""What comes of an offer, a charge and a no: credits, ownership, the lesson and its words."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from bot.ledger import entries, outcomes, windows
from bot.ledger.outcomes import Reason, Refusal
from bot.ledger.postings import Transfer, derived_id
from bot.model.message import Event
from bot.model.money import Item, Outcome, Spending
from bot.model.person import Person
from bot.people import calendar, engagement
from bot.people.skill import grown
from bot.talk.acts import Command, Result
from bot.talk.asks import unlock_id
from bot.talk.case import Case, Done, Posted

PAID = "paid"  # what an event says of a lesson that costs credits: it earns nothing (X6, L6)
DENIED: Reason = "denied"  # a rule's gate says no where no limit does
NOT_OPEN: Reason = "not_open"  # a later date opens it
OFFERS = frozenset({Command.OFFER, Command.TEACH})
GATED = OFFERS | {Command.CHARGE, Command.CONFIRM}
QUESTIONS = {"age": Result.ASK_AGE, "confirm": Result.ASK, "reality": Result.ASK}
# What keeps an offer from being made; the other refusals come when it is answered with yes.
CLOSED = frozenset(
    {
        "care",
        "paused",
        "rest",
        "age_minor",
        "cooling_off",
        "cap_day",
        "cap_week",
        "cap_month",
        "insufficient_credits",
    }
)


def offered(case: Case, refusal: Refusal | None) -> Done:
    """The next depth: told at once when it is free or owned, else its price as a question."""
    item = case.item
    if item is None:
        has_topic = case.script.content.has_topic(str(case.slots["topic"]))
        act = "nothing_more" if has_topic else "unknown_topic"
        result = Result.NOTHING_MORE if has_topic else Result.REFUSED
        return Done(result, case.person, act)
    if refusal is not None and refusal.reason == NOT_OPEN:
        return refused(case, refusal, is_attempt=False)
    if item.price == 0 or item.sku in case.person.spending.owned:
        return _told(case, item, Result.TOLD, case.person)
    if refusal is not None and (refusal.reason in CLOSED or refusal.reason == DENIED):
        return refused(case, refusal, is_attempt=False)
    return Done(Result.OFFERED, case.person, "offer", sku=item.sku, words=_priced(case, item))


def charged(case: Case, refusal: Refusal | None) -> Done:
    """A charge that was allowed, or the reason why not; the wire answer goes with both."""
    item = case.item
    if item is None:
        return Done(Result.REFUSED, case.person, "unknown_topic")
    if refusal is not None:
        if refusal.reason == "already_owned":
            return _already_owned(case, item, refusal)
        return refused(case, refusal, is_attempt=True)
    return _unlocked(case, item)


def declined(case: Case) -> Done:
    """A no to an offer, remembered (P16: not offered unasked for 30 days)."""
    person = case.person
    if case.item is not None:
        offers = {**person.seen.offers, case.item.sku: case.now}
        person = replace(person, seen=replace(person.seen, offers=offers))
    return Done(Result.TOLD, person, "declined")


def refused(case: Case, refusal: Refusal, is_attempt: bool) -> Done:
    """Why not, until when, and the question whose answer would change it."""
    item = case.item
    assert item is not None
    result = QUESTIONS.get(refusal.question, Result.REFUSED)
    if refusal.question == "price":
        result = Result.OFFERED
    outcome = _refusal_outcome(case, item, refusal) if is_attempt else None
    words = {
        **_priced(case, item),
        "reason": refusal.reason,
        "_until": refusal.until,
    }
    return Done(
        result,
        case.person,
        _refusal_act(case, refusal),
        words=words,
        outcome=outcome,
        sku=item.sku,
        checks=(f"{refusal.reason}: {item.sku} at {item.price}",),
    )


def _refusal_act(case: Case, refusal: Refusal) -> str:
    """The reply that says it: a rule's own where the rule decided, else the reason's."""
    wished = case.verdict.effects.get("reply") if case.verdict is not None else None
    gate = case.verdict.gate if case.verdict is not None else None
    is_rules = refusal.reason == DENIED or refusal.reason == "confirm"
    if wished and (is_rules or gate == "deny"):
        return str(wished)
    if refusal.reason == "age_unknown":
        return "age_question"
    return refusal.reason


def _refusal_outcome(case: Case, item: Item, refusal: Refusal) -> Outcome:
    own_id = unlock_id(case.person, case.inbound, item, case.moment.turn_id)
    person, limits = case.person, case.script.limits
    return outcomes.refused(item, item.price, refusal, person.spending, limits, case.now, own_id)


def _already_owned(case: Case, item: Item, refusal: Refusal) -> Done:
    outcome = _refusal_outcome(case, item, refusal)
    told = _told(case, item, Result.ALREADY_OWNED, case.person)
    return replace(told, outcome=outcome)


def _unlocked(case: Case, item: Item) -> Done:
    own_id = unlock_id(case.person, case.inbound, item, case.moment.turn_id)
    transfer = Transfer(
        derived_id(case.person.id, "unlock", own_id),
        case.person.id,
        case.now,
        case.inbound.actor,
    )
    posting = entries.unlock(
        transfer,
        case.person.spending,
        item,
        item.price,
        case.script.limits,
        case.script.prices.version,
        discount(case),
    )
    spending = _remembered(case, item, posting.spending)
    outcome = outcomes.unlocked(
        item, item.price, spending, case.script.limits, case.now, transfer.id, own_id
    )
    person = replace(case.person, spending=spending)
    told = _told(case, item, Result.UNLOCKED, person)
    unlocked_event = event(case, "item_unlocked", {"sku": item.sku, "price": item.price})
    return replace(
        told,
        outcome=outcome,
        posted=Posted(posting.entries, posting.counters),
        granted=posting.granted,
        events=(unlocked_event, *told.events),
        checks=(f"allowed: {item.sku} at {item.price}",),
    )


def _remembered(case: Case, item: Item, spending: Spending) -> Spending:
    """A call without sku comes back to the same item next time."""
    if case.inbound.kind != "purchase" or case.inbound.props.get("sku"):
        return spending
    return replace(spending, last_by_tier={**spending.last_by_tier, item.tier.value: item.sku})


def _told(case: Case, item: Item, result: Result, person: Person) -> Done:
    """The lesson itself; the first time it counts as finished, and earns where it is free."""
    is_first = item.sku not in person.progress.lessons
    events: tuple[Event, ...] = ()
    if is_first:
        person = _learned(case, item, person)
        props = {"sku": item.sku, **({PAID: True} if item.price else {})}
        events = (
            event(case, "lesson_start", props, 1),
            event(case, "lesson_complete", {**props, "tier": item.tier.value}, 2),
        )
    return Done(result, person, events=events, lesson=item)


def _learned(case: Case, item: Item, person: Person) -> Person:
    progress = replace(person.progress, lessons=(*person.progress.lessons, item.sku))
    activity = engagement.deepened(person.activity, case.now, case.script.engagement)
    skill = grown(person.skill, 1, 0, case.script.skill)
    return replace(person, progress=progress, activity=activity, skill=skill)


def _priced(case: Case, item: Item) -> dict[str, Any]:
    balance = windows.balance(case.person.spending, case.now)
    return {"price": item.price, "balance_after": balance - item.price}


def discount(case: Case) -> int:
    """Per cent off: the best of what the rules say and what the person's level gives for good."""
    by_rules = int(case.verdict.effects.get("price", 0)) if case.verdict is not None else 0
    return max(by_rules, case.script.book.ladder.discount(case.person.progress.level))


def event(case: Case, name: str, props: dict[str, Any], index: int = 0) -> Event:
    """Something this turn caused; its id follows from the turn's."""
    event_id = derived_id(case.moment.turn_id, "event", index, name)
    return Event(event_id, case.person.id, name, case.now, case.now, props)


def not_open(case: Case, item: Item) -> Refusal | None:
    """New content opens on its date in our zone, for who reached the last level days before; what
    somebody owns stays open.
    """
    if not item.opens_on or item.sku in case.person.spending.owned:
        return None
    early = case.script.book.ladder.early_days(case.person.progress.level)
    first = date.fromordinal(item.opens_on - early)
    at = calendar.midnight(first, case.script.terms.time_zone)
    return Refusal(NOT_OPEN, at) if case.now < at else None


def denied() -> Refusal:
    """A rule says no where no limit does."""
    return Refusal(DENIED)


def is_paid(done: Done) -> bool:
    """True for a turn that took credits."""
    return done.result == Result.UNLOCKED and done.lesson is not None and done.lesson.price > 0


def is_money(command: Command) -> bool:
    return command in (Command.CHARGE, Command.CONFIRM)
