"""What a set of rules came to: one value a slot, and who won it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from bot.rules.effects import GATES, Slot
from bot.rules.parse import Rule


class Verdict(Struct, frozen=True):
    """The merged effects; `gate` is None when no rule set it.

    `fired` are rule names in order of priority, `derived` what rules set, `winners` the rules
    that made each slot's value, `reasons` the sentence of the first of them. `once` are the new
    entries of Person.seen.once: rule name -> local day (an ordinal).
    """

    gate: str | None = None
    effects: dict[str, Any] = {}
    fired: tuple[str, ...] = ()
    derived: dict[str, Any] = {}
    once: dict[str, int] = {}
    winners: dict[str, tuple[str, ...]] = {}
    reasons: dict[str, str] = {}

    def because(self, slot: str) -> str:
        """The sentence, for the person to read, of the rule that won this slot."""
        return self.reasons.get(slot, "")


def merged(
    fired: Sequence[Rule], slots: Mapping[str, Slot], derived: dict[str, Any], day: int | None
) -> Verdict:
    """One value a slot from the rules that fired, in order of priority."""
    effects: dict[str, Any] = {}
    winners: dict[str, tuple[Rule, ...]] = {}
    for rule in fired:
        for name, value in rule.effects:
            slot = slots[name]
            if slot.merge == "each":
                _each(effects, winners, slot, value, rule)
            elif name not in effects:
                effects[name], winners[name] = _first(value, slot), (rule,)
            else:
                _again(effects, winners, slot, value, rule)
    return Verdict(
        effects.get("gate"),
        effects,
        tuple([rule.name for rule in fired]),
        derived,
        _once(fired, day),
        {name: tuple([rule.name for rule in rules]) for name, rules in winners.items()},
        {name: rules[0].because for name, rules in winners.items()},
    )


def _first(value: Any, slot: Slot) -> Any:
    return dict(value) if slot.merge == "only_one" else value


def _each(
    effects: dict[str, Any],
    winners: dict[str, tuple[Rule, ...]],
    slot: Slot,
    value: Mapping[str, Any],
    rule: Rule,
) -> None:
    """All of them, but one of each key; each says which rule asked for it, and why."""
    before = effects.get(slot.name, ())
    if any(one[slot.key] == value[slot.key] for one in before):
        return
    item = {**value, "rule": rule.name, "because": rule.because}
    effects[slot.name] = (*before, item)
    winners[slot.name] = (*winners.get(slot.name, ()), rule)


def _again(
    effects: dict[str, Any],
    winners: dict[str, tuple[Rule, ...]],
    slot: Slot,
    value: Any,
    rule: Rule,
) -> None:
    """A further rule fills a slot that has a value."""
    name, before = slot.name, effects[slot.name]
    match slot.merge:
        case "strictest":
            if GATES.index(value) > GATES.index(before):
                effects[name], winners[name] = value, (rule,)
        case "max":
            if value > before:
                effects[name], winners[name] = value, (rule,)
        case "sum":
            effects[name] = min(slot.high, before + value)
            winners[name] = (*winners[name], rule)
        case "only_one":
            new = {key: one for key, one in value.items() if key not in before}
            if new:
                effects[name] = {**before, **new}
                winners[name] = (*winners[name], rule)
        case _:
            pass


def _once(fired: Iterable[Rule], day: int | None) -> dict[str, int]:
    if day is None:
        return {}
    return {rule.name: day for rule in fired if rule.once_per}
