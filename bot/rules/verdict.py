"""What a set of rules came to: one value a slot, and who won it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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


VERDICTS_KEPT = 256  # of a set of rules; few of them ever fire together
Fired = Sequence[int]
Merged = tuple[Any, Fired]  # the value of a slot, and the numbers of the rules that made it


class Fill(Struct, frozen=True):
    """One slot and the value each rule fills it with, by the rule's number.

    `weights` has one number a rule for merges that compare or add; -1: the rule does not fill it.
    """

    slot: Slot
    values: dict[int, Any]
    weights: list[int]
    merge: "Callable[[Fill, Fired], Merged | None]"


class Filled(Struct, frozen=True):
    """All that merging needs of the rules, by their numbers; `repeated` have once_per.

    `sets` are the derived facts each rule sets. `known` remembers verdicts by the rules that
    fired: these alone decide one, where none of them is repeated.
    """

    fills: tuple[Fill, ...]
    names: tuple[str, ...]
    sentences: tuple[str, ...]
    repeated: frozenset[int]
    sets: tuple[dict[str, Any], ...]
    known: dict[tuple[int, ...], Verdict]


def filled(ordered: Sequence[Rule], slots: Iterable[Slot]) -> Filled:
    """Every slot that some rule fills, prepared for merging."""
    fills = []
    for slot in slots:
        values = {}
        for number, rule in enumerate(ordered):
            effects = dict(rule.effects)
            if slot.name in effects:
                values[number] = _prepared(effects[slot.name], slot, rule)
        weights = [_weight(values.get(number), slot) for number in range(len(ordered))]
        if values:
            fills.append(Fill(slot, values, weights, MERGES[slot.merge]))
    return Filled(
        tuple(fills),
        tuple(rule.name for rule in ordered),
        tuple(rule.because for rule in ordered),
        frozenset(number for number, rule in enumerate(ordered) if rule.once_per),
        tuple(rule.sets for rule in ordered),
        {},
    )


def merged(fired: Fired, rules: Filled, derived: dict[str, Any], day: int | None) -> Verdict:
    """One value a slot from the numbers of the rules that fired, in order of priority."""
    key = tuple(fired)
    verdict = rules.known.get(key)
    if verdict is None:
        verdict = _merged(fired, rules, derived, day)
        if rules.repeated.isdisjoint(fired):
            if len(rules.known) >= VERDICTS_KEPT:
                rules.known.clear()
            rules.known[key] = verdict
    return verdict


def _merged(fired: Fired, rules: Filled, derived: dict[str, Any], day: int | None) -> Verdict:
    if not fired:
        return Verdict()
    effects: dict[str, Any] = {}
    winners: dict[str, tuple[str, ...]] = {}
    reasons: dict[str, str] = {}
    names = rules.names
    for fill in rules.fills:
        found = fill.merge(fill, fired)
        if found is not None:
            slot = fill.slot.name
            effects[slot], numbers = found
            winners[slot] = tuple(map(names.__getitem__, numbers))
            reasons[slot] = rules.sentences[numbers[0]]
    once: dict[str, int] = {}
    if rules.repeated and day is not None:
        once = {names[number]: day for number in fired if number in rules.repeated}
    fired_names = tuple(map(names.__getitem__, fired))
    return Verdict(effects.get("gate"), effects, fired_names, derived, once, winners, reasons)


def _prepared(value: Any, slot: Slot, rule: Rule) -> Any:
    """Each of several messages says which rule asked for it, and why."""
    return {**value, "rule": rule.name, "because": rule.because} if slot.key else value


def _weight(value: Any, slot: Slot) -> int:
    if value is None:
        return -1
    if slot.merge == "strictest":
        return GATES.index(value)
    return value if isinstance(value, int) else 0


def _first(fill: Fill, fired: Fired) -> Merged | None:
    values = fill.values
    for number in fired:
        if number in values:
            return values[number], (number,)
    return None


def _most(fill: Fill, fired: Fired) -> Merged | None:
    """The strictest gate, the greatest number; of equals, the first."""
    weights = list(map(fill.weights.__getitem__, fired))
    most = max(weights)
    if most < 0:
        return None
    number = fired[weights.index(most)]
    return fill.values[number], (number,)


def _sum(fill: Fill, fired: Fired) -> Merged | None:
    values = fill.values
    numbers = [number for number in fired if number in values]
    if not numbers:
        return None
    return min(fill.slot.high, sum([values[number] for number in numbers])), numbers


def _each(fill: Fill, fired: Fired) -> Merged | None:
    """All of them, but one of each key."""
    found: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for number in fired:
        if number in fill.values:
            value = fill.values[number]
            found.setdefault(value[fill.slot.key], (number, value))
    if not found:
        return None
    return tuple([value for _, value in found.values()]), [number for number, _ in found.values()]


def _only_one(fill: Fill, fired: Fired) -> Merged | None:
    """Each fact as its first rule set it."""
    found: dict[str, Any] = {}
    numbers = []
    for number in fired:
        if number in fill.values:
            new = {key: one for key, one in fill.values[number].items() if key not in found}
            if new:
                found |= new
                numbers.append(number)
    return (found, numbers) if numbers else None


MERGES: dict[str, Callable[[Fill, Fired], Merged | None]] = {
    "strictest": _most,
    "first": _first,
    "sum": _sum,
    "max": _most,
    "each": _each,
    "only_one": _only_one,
}
