"""Values that tests decide and commit: people, turns, unlocks, plans."""

import hashlib
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from bot.ledger import entries
from bot.ledger.postings import Posting, Transfer
from bot.ledger.settings import LimitSettings
from bot.model.decision import Decision, Plan, Trace
from bot.model.message import Event, Inbound, Message, Reply
from bot.model.money import NO_LIMIT, Item, Outcome, Remaining, Tier
from bot.model.person import Consent, Person, Profile

NOW = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z
SECOND = 1_000_000
NO_CAPS = {"day": NO_LIMIT, "week": NO_LIMIT, "month": NO_LIMIT}
FREELY = LimitSettings(caps=NO_CAPS, topup_caps=NO_CAPS, rest_credits=NO_LIMIT)  # type: ignore[arg-type]  # a literal


def us(text: str) -> int:
    """The instant that an ISO text names, in microseconds."""
    return int(datetime.fromisoformat(text).timestamp()) * SECOND


def digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:32]


def a_person(id: str = "ada", **given: Any) -> Person:
    """Somebody never stored, unless `version` says otherwise."""
    given = {"created_at": NOW, "last_at": NOW, "seen_at": NOW, "profile": Profile("Ada")} | given
    return Person(id, **given)


def a_decision(
    before: Person | None = None,
    text: str = "hello",
    *,
    person: Person | None = None,
    id: str = "",
    answer: str = "",
    **given: Any,
) -> Decision:
    """One turn of `before` (None: a first turn, of `person` or of ada) that says `text`."""
    whole = person or before or a_person()
    now = given.pop("now", (before.last_at if before else NOW) + SECOND)
    version = (before.version if before else 0) + 1
    after = replace(whole, version=version, last_at=now, seen_at=now)
    name = id or f"m{version}"
    turn_id = digest("turn", after.id, name)
    inbound = given.pop("inbound", Inbound(name, after.id, "message", now, text=text))
    reply = given.pop("reply", Reply(turn_id, answer or f"you said {text}", persona="mentor"))
    trace = Trace("catalog-1", seed=7, facts={"user.turns": version}, intent="greet")
    return Decision(turn_id, inbound, now, before, after, reply, trace, **given)


def a_posting(before: Person, posting: Posting, id: str, **given: Any) -> Decision:
    """One turn that books what the ledger made of the person's spending."""
    return a_decision(
        before,
        person=replace(before, spending=posting.spending),
        id=id,
        entries=posting.entries,
        counters=posting.counters,
        granted=posting.granted,
        revoked=posting.revoked,
        **given,
    )


def a_topup(before: Person, credits: int = 100, id: str = "topup-1") -> Decision:
    transfer = Transfer(digest(before.id, id), before.id, before.last_at + SECOND, "till")
    return a_posting(before, entries.topup(transfer, before.spending, credits, FREELY), id)


def an_unlock(
    before: Person,
    sku: str = "stops.basics",
    price: int = 5,
    id: str = "",
    settings: LimitSettings = FREELY,
) -> Decision:
    """A purchase whose answer is kept for ever under its id."""
    name = id or f"unlock-{sku}"
    item = Item(sku, sku.partition(".")[0], Tier.PREMIUM, price)
    now = before.last_at + SECOND
    transfer = Transfer(digest(before.id, name), before.id, now)
    posting = entries.unlock(transfer, before.spending, item, price, settings, "prices-1")
    balance = sum(lot.left for lot in posting.spending.lots)
    outcome = Outcome(
        "unlocked", sku, Tier.PREMIUM, price, balance, Remaining(None, None, None),
        transfer_id=transfer.id, unlock_id=name,
    )  # fmt: skip
    inbound = Inbound(name, before.id, "purchase", now, name="unlock", fingerprint=digest(sku))
    return a_posting(
        before, posting, name, now=now, inbound=inbound, outcome=outcome,
        outcome_id=f"unlock:{name}",
    )  # fmt: skip


def a_message(person: Person, dedupe: str = "comeback-1", **given: Any) -> Message:
    """A wanted row for somebody."""
    wanted: dict[str, Any] = {
        "kind": "comeback", "channel": "in_app", "send_at": NOW, "at": NOW,
        "expires_at": NOW + 86_400 * SECOND, "body": "we kept your place",
        "template": "comeback", "rule": "idle", "why": ("consent: pass",),
        "props": {"persona": "mentor"},
    } | given  # fmt: skip
    return Message(digest("message", person.id, dedupe), person.id, dedupe, **wanted)


def a_plan(before: Person, *messages: Message, known: tuple[str, ...] = (), **given: Any) -> Plan:
    """A tick's part for one person."""
    after = given.pop("person", before)
    after = replace(after, version=before.version + 1)
    now = given.pop("now", NOW + SECOND)
    trace = {"catalog": "catalog-1", "facts": {"user.days_idle": 3}}
    return Plan(now, before, after, messages, known, trace=trace, **given)


def an_event(
    person: Person, id: str = "e1", name: str = "lesson_completed", **props: Any
) -> Event:
    return Event(id, person.id, name, NOW, NOW, props)


NUDGED = Consent(nudges=True)
