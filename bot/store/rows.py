"""A Decision or Plan as rows: plain tuples by table, private columns sealed."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from bot.errors import RequestError
from bot.model.decision import Chain, Decision, Plan, Trace
from bot.model.message import Event, Message, Reply
from bot.model.money import Counter, Entry, Lot
from bot.model.person import Person
from bot.model.progress import Score
from bot.store.changes import changed
from bot.store.cipher import PersonKey, Row
from bot.store.kept import Kept, answer_of
from bot.store.scores import decision_scores
from bot.store.teams import decision_teams

T = TypeVar("T")
Values = tuple[Any, ...]
Rows = list[tuple[str, Values]]

pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder().decode
_json = msgspec.json.Encoder().encode

# The order in which a commit writes; the columns of each row in the order of its tuple.
INSERTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "key": ("keys", ("person_id", "owner", "version", "wrapped")),
    "person_new": (
        "persons",
        ("version", "last_at", "seen_at", "skill", "engagement", "persona", "nudges", "is_demo",
         "private", "id", "owner", "created_at"),
    ),
    "turn": (
        "turns",
        ("person_id", "id", "number", "at", "kind", "name", "intent", "persona", "outcome",
         "sku", "catalog", "private"),
    ),
    "entry": (
        "entries",
        ("owner", "id", "transfer_id", "account", "unit", "amount", "kind", "lot", "sku", "ref",
         "price_version", "actor", "at"),
    ),
    "entitlement": ("entitlements", ("person_id", "transfer_id", "sku", "at")),
    "outcome": ("outcomes", ("person_id", "id", "fingerprint", "at", "private")),
    "event": ("events", ("person_id", "source", "id", "name", "at", "received_at", "props")),
    "message": (
        "outbox",
        ("state", "reason", "why", "send_at", "expires_at", "number", "private", "person_id",
         "id", "dedupe", "kind", "channel", "template", "rule", "at", "campaign_id", "variant",
         "step"),
    ),
    "team": (
        "teams",
        ("code", "seat", "member", "challenge", "name", "goal", "given", "since", "until",
         "reached_at", "is_won"),
    ),
}  # fmt: skip
COUNTER = ("person_id", "period", "spent", "lim")
LOT = ("person_id", "id", "purse", "unit", "amount_left", "at", "expires_at", "priority")
ORDER = (
    "person", "person_new", "key", "turn", "entry", "lot", "lot_gone", "counter_add",
    "counter_floor", "counter_ease", "revocation", "entitlement", "outcome", "event", "message",
    "message_change", "watch_gone", "watch", "name_gone", "name", "lines_gone", "score_gone",
    "score", "score_count", "team_share", "team_left", "team",
)  # fmt: skip


def decision_rows(decision: Decision, key: PersonKey, made: Row | None) -> Rows:
    """The rows of one turn; `made` is the row of a key made for somebody new."""
    rows = _person_rows(decision.before, decision.person, key, made)
    rows.extend(_turn_rows(decision, key))
    rows.extend(_effect_rows(decision, key))
    return rows


def chain_rows(chain: Chain, key: PersonKey, made: Row | None) -> Rows:
    """The rows of several turns of a person: one of the person, who goes several versions on."""
    first, last = chain.decisions[0], chain.decisions[-1]
    rows = _person_rows(first.before, last.person, key, made, len(chain.decisions))
    for decision in chain.decisions:
        rows.extend(_turn_rows(decision, key))
    rows.extend(_effect_rows(_summed_up(chain), key))
    return rows


def _summed_up(chain: Chain) -> Decision:
    """What all turns of a chain do beside being remembered, as one."""
    decisions = chain.decisions
    return replace(
        decisions[-1],
        before=decisions[0].before,
        entries=_joined(one.entries for one in decisions),
        counters=_joined(one.counters for one in decisions),
        events=_joined(one.events for one in decisions),
        outbox=_joined(one.outbox for one in decisions),
        granted=_joined(one.granted for one in decisions),
        revoked=_joined(one.revoked for one in decisions),
        scores=_net(_joined(one.scores for one in decisions)),
    )


def _joined(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(one for part in parts for one in part)


def _net(scores: tuple[Score, ...]) -> tuple[Score, ...]:
    """One score a place: from what the first found to what the last left, reached by all."""
    places: dict[tuple[str, str], Score] = {}
    for one in scores:
        had = places.get((one.board, one.period))
        if had is not None:
            one = replace(one, before=had.before, at=max(had.at, one.at))
        places[one.board, one.period] = one
    return tuple(places.values())


def _turn_rows(decision: Decision, key: PersonKey) -> Rows:
    """The turn itself, and its answer where that is kept for ever."""
    person, inbound, reply = decision.person, decision.inbound, decision.reply
    before = None if decision.before is None else changed(decision.before, person)
    kept = Kept(decision.trace, inbound, answer_of(reply), before)
    outcome = decision.outcome
    line = (
        person.id, decision.turn_id, person.version, decision.now, inbound.kind,
        inbound.name, decision.trace.intent, reply.persona, reply.outcome or "",
        outcome.sku if outcome else "", decision.trace.catalog,
        key.seal("turns", decision.turn_id, pack(kept)),
    )  # fmt: skip
    rows: Rows = [("turn", line)]
    for outcome_id, fingerprint, answer in kept_for_ever(decision):
        sealed = key.seal("outcomes", outcome_id, pack(answer))
        rows.append(("outcome", (person.id, outcome_id, fingerprint, decision.now, sealed)))
    return rows


def kept_for_ever(decision: Decision) -> tuple[tuple[str, str, Reply], ...]:
    """Ids of the caller's own, the fingerprint of each, and its answer."""
    if not decision.outcome_id:
        return decision.kept
    own = (decision.outcome_id, decision.inbound.fingerprint, decision.reply)
    return (own, *decision.kept)


def _effect_rows(decision: Decision, key: PersonKey) -> Rows:
    """Money, events, messages, scores."""
    rows: Rows = []
    if decision.entries or decision.counters or decision.granted or decision.revoked:
        rows.extend(_money_rows(decision, key))
    rows.extend(("event", _event(event)) for event in decision.events)
    rows.extend(("message", _message(message, key)) for message in decision.outbox)
    if decision.before is None or decision.before.boards is not decision.person.boards:
        rows.extend(decision_scores(decision, key.owner))
    rows.extend(decision_teams(decision))
    return rows


def plan_rows(plan: Plan, key: PersonKey) -> Rows:
    """The rows of one person's part of a tick; it is kept as a turn of kind `tick`."""
    person = plan.person
    trace = plan_trace(plan)
    turn_id = plan_id(person.id, person.version)
    sealed = key.seal("turns", turn_id, pack(Kept(trace, before=changed(plan.before, person))))
    line = (
        person.id, turn_id, person.version, plan.now, "tick", "plan", "", "", "", "",
        trace.catalog, sealed,
    )  # fmt: skip
    rows = _person_rows(plan.before, person, key, None)
    rows.append(("turn", line))
    known = set(plan.known)
    rows.extend(("event", _event(event)) for event in plan.events)
    for message in plan.messages:
        if message.id in known:
            rows.append(("message_change", _message(message, key)[:9]))
        else:
            rows.append(("message", _message(message, key)))
    return rows


def is_begun(decided: Decision | Plan | Chain) -> bool:
    """Whether it says something to the person first, in their feed."""
    return isinstance(decided, Plan) and any(one.number for one in decided.messages)


def plan_trace(plan: Plan) -> Trace:
    """What an explanation of the tick needs."""
    rest = {name: value for name, value in plan.trace.items() if name not in ("catalog", "facts")}
    return Trace(plan.trace.get("catalog", ""), 0, plan.trace.get("facts", {}), effects=rest)


def plan_id(person_id: str, version: int) -> str:
    """The turn id of the Plan that made this version."""
    return hashlib.sha256(f"plan|{person_id}|{version}".encode()).hexdigest()[:32]


def _person_rows(
    before: Person | None, person: Person, key: PersonKey, made: Row | None, turns: int = 1
) -> Rows:
    if "\0" in person.id:
        raise RequestError("bad_input", "text must not contain the character U+0000")
    first = before.version if before else 0
    assert person.version == first + turns, "a version follows the last"
    line = (
        person.version, person.last_at, person.seen_at, person.skill.level,
        person.activity.score, person.persona, person.consent.nudges, person.is_demo,
        key.seal("persons", person.id, pack(person)), person.id, key.owner, person.created_at,
    )  # fmt: skip
    assert before is None or before.created_at == person.created_at, "a person is made once"
    if before is None:
        assert made is not None, "somebody new gets a key"
        rows = [
            ("person_new", line),
            ("key", (person.id, *made)),
        ]
    else:
        rows = [("person", (*line, first))]
    lots = before.spending.lots if before else ()
    if person.spending.lots is not lots:
        rows.extend(_lot_rows(person.id, lots, person.spending.lots))
    watch = before.watch if before else ()
    if person.watch is not watch:
        rows.extend(("watch_gone", (person.id, one)) for one in watch if one not in person.watch)
        rows.extend(
            ("watch", (person.id, one)) for one in dict.fromkeys(person.watch) if one not in watch
        )
    return rows


def _lot_rows(person_id: str, before: Iterable[Lot], after: Iterable[Lot]) -> Iterator[Any]:
    held = {lot.id: lot for lot in before}
    for lot in after:
        if held.pop(lot.id, None) is not lot:
            line = (
                person_id, lot.id, lot.purse, lot.unit, lot.left, lot.at, lot.expires_at,
                lot.priority,
            )  # fmt: skip
            yield "lot", line
    for gone in held:
        yield "lot_gone", (person_id, gone)


def _money_rows(decision: Decision, key: PersonKey) -> Iterator[tuple[str, Values]]:
    balanced(decision.entries)
    person_id = decision.person.id
    for entry in decision.entries:
        yield "entry", (
            key.owner, entry.id, entry.transfer_id, entry.account, entry.unit, entry.amount,
            entry.kind, entry.lot, entry.sku, entry.ref, entry.price_version, entry.actor,
            entry.at,
        )  # fmt: skip
    for counter in summed(decision.counters):
        if counter.add > 0:
            yield "counter_add", (person_id, counter.window, counter.add, counter.lim)
        else:
            yield "counter_floor", (person_id, counter.window, 0, max(counter.lim, 0))
            yield "counter_ease", (counter.add, counter.lim, person_id, counter.window)
    for sku, transfer_id in decision.revoked:
        yield "revocation", (decision.now, person_id, transfer_id, sku)
    for sku, transfer_id in decision.granted:
        yield "entitlement", (person_id, transfer_id, sku, decision.now)


def summed(counters: Iterable[Counter]) -> Iterable[Counter]:
    """One counter a window: a turn may charge several times, and its last limit counts."""
    windows: dict[str, Counter] = {}
    for one in counters:
        added = windows[one.window].add if one.window in windows else 0
        windows[one.window] = Counter(one.window, added + one.add, one.lim)
    return windows.values()


def balanced(entries: Iterable[Entry]) -> None:
    """I1: every transfer's entries sum to 0, unit by unit."""
    sums: dict[tuple[str, str], int] = {}
    for entry in entries:
        place = (entry.transfer_id, entry.unit)
        sums[place] = sums.get(place, 0) + entry.amount
    assert not any(sums.values()), "the entries of a transfer sum to 0"


def _event(event: Event) -> Values:
    props = _json(event.props).decode() if event.props else "{}"
    return (
        event.person_id, event.source, event.id, event.name, event.at, event.received_at, props,
    )  # fmt: skip


def _message(message: Message, key: PersonKey) -> Values:
    """Whatever may change comes first; see INSERTS."""
    said = (message.subject, message.body, message.props)
    sealed = key.seal("outbox", message.id, pack(said))
    return (
        message.state, message.reason, _json(message.why).decode(), message.send_at,
        message.expires_at, message.number, sealed, message.person_id, message.id,
        message.dedupe, message.kind, message.channel, message.template, message.rule,
        message.at, message.campaign_id, message.variant, message.step,
    )  # fmt: skip
