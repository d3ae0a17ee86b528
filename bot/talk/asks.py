"""Which item an Inbound is about: named, on offer, or the next depth of a topic."""

from typing import Any

from bot.errors import RequestError
from bot.ledger.postings import derived_id
from bot.model.message import Inbound
from bot.model.money import TIERS, Item, Tier
from bot.model.person import Person
from bot.talk.acts import Command
from bot.talk.dates import day_of
from bot.talk.script import Script

NAMED = frozenset({Command.CHARGE, Command.CONFIRM, Command.DECLINE, Command.ANSWER_AGE})


def item_of(
    script: Script, person: Person, command: Command, topic: str, sku: str, slots: dict[str, Any]
) -> Item | None:
    """The item a command of the dialogue is about; None when there is none (any more)."""
    if command in NAMED:
        return script.content.items.get(sku)
    if command == Command.TEACH:
        return _depth(script, topic, Tier.FREE) or next_depth(script, person, topic)
    if command == Command.OFFER:
        if asked := slots.get("tier"):
            return _depth(script, topic, Tier(asked))
        return _on_offer(script, person, topic, sku) or next_depth(script, person, topic)
    return None


def slots_of(topic: str, said: dict[str, str], now: int, zone: str) -> dict[str, Any]:
    """What a command is given: the slots with the topic that stands open, a date as a day."""
    slots: dict[str, Any] = {"topic": topic, **said}
    if "date" in said:
        slots["date"] = day_of(said["date"], now, zone).isoformat()
    return slots


def _depth(script: Script, topic: str, tier: Tier) -> Item | None:
    return script.content.items.get(f"{topic}.{tier}")


def _on_offer(script: Script, person: Person, topic: str, sku: str) -> Item | None:
    """What stood on offer and is asked about once more, though it is not the next depth."""
    item = script.content.items.get(sku)
    is_open = item is not None and item.topic == topic and sku not in person.progress.lessons
    return item if is_open else None


def next_depth(script: Script, person: Person, topic: str) -> Item | None:
    """The first depth of a topic this person has not been told."""
    told = person.progress.lessons
    for tier in TIERS:
        item = _depth(script, topic, tier)
        if item is not None and item.sku not in told:
            return item
    return None


def bought(script: Script, person: Person, inbound: Inbound) -> Item:
    """The item an unlock that came without words is about.

    The sku, else the item of the tier now on offer; without an unlock_id the one last unlocked
    by such a call; the first of the tier not owned and no promotion; at last the first of it.
    """
    tier = _tier(inbound.props)
    if sku := inbound.props.get("sku"):
        item = script.content.items.get(sku)
        if item is None:
            raise RequestError("unknown", f"there is no item '{sku[:80]}'", "sku")
        if tier is not None and item.tier != tier:
            raise RequestError("bad_input", f"'{sku}' is {item.tier}, not {tier}", "content_tier")
        return item
    if tier is None:
        raise RequestError("bad_input", "name a sku", "sku")
    offered = script.content.items.get(person.state.sku)
    if offered is not None and offered.tier == tier:
        return offered
    return _default(script, person, tier, has_id=bool(inbound.fingerprint))


def _default(script: Script, person: Person, tier: Tier, has_id: bool) -> Item:
    items = [item for item in script.content.items.values() if item.tier == tier]
    if not items:
        raise RequestError("unknown", f"nothing is sold as {tier}", "content_tier")
    last = script.content.items.get(person.spending.last_by_tier.get(tier.value, ""))
    if last is not None and not has_id:
        return last
    owned = person.spending.owned
    fresh = (item for item in items if item.sku not in owned and not item.financial_promotion)
    return next(fresh, items[0])


def _tier(props: dict[str, Any]) -> Tier | None:
    given = props.get("tier")
    if given is None:
        return None
    try:
        return Tier(str(given).lower())
    except ValueError:
        names = ", ".join(TIERS)
        raise RequestError("bad_input", f"one of {names}", "content_tier") from None


def unlock_id(person: Person, inbound: Inbound, item: Item, turn_id: str) -> str:
    """The caller's own id, else one that ended attempts move on (a refusal, void or refund)."""
    if inbound.fingerprint:
        return inbound.id
    if inbound.kind == "message":
        return f"turn:{turn_id}"
    return derived_id(person.id, item.sku, person.spending.attempts.get(item.sku, 0))
