"""Rules as boxes of facts, for the static checks: where each fires, and examples of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.language import boxes, evaluate, witness
from bot.language.boxes import TooComplex
from bot.language.compile import Value
from bot.language.spaces import Box
from bot.rules.engine import RuleSet
from bot.rules.facts import Vocabulary, value_text
from bot.rules.parse import Rule

MOST_SHOWN = 6  # facts named in an example


class Study:
    """The boxes of every rule in force, made once; a rule too complex for boxes has none."""

    def __init__(self, ruleset: RuleSet, vocabulary: Vocabulary) -> None:
        self.ruleset, self.vocabulary = ruleset, vocabulary
        self.types = vocabulary.types
        self.boxes: dict[str, list[Box]] = {}
        self.complex: list[Rule] = []
        for rule in ruleset.ordered:
            try:
                self.boxes[rule.name] = boxes.boxes(rule.condition, self.types)
            except TooComplex:
                self.complex.append(rule)

    @property
    def rules(self) -> Iterator[Rule]:
        """Those that were not too complex, in order of priority."""
        return (rule for rule in self.ruleset.ordered if rule.name in self.boxes)

    def both(self, one: Rule, other: Rule) -> list[Box]:
        """Where both fire; where the first does, when more is too much to look at."""
        try:
            return boxes.product([self.boxes[one.name], self.boxes[other.name]], self.types)
        except TooComplex:
            return self.boxes[one.name]

    def left(self, found: Sequence[Box], hiders: Sequence[Rule]) -> list[Box] | None:
        """What the rules leave of some boxes; None when that is too much to look at."""
        taken = [box for rule in hiders for box in self.boxes[rule.name]]
        try:
            return boxes.without(found, taken, self.types)
        except TooComplex:
            return None

    def example(
        self, found: Sequence[Box], firing: Sequence[Rule], resting: Sequence[Rule] = ()
    ) -> dict[str, Value] | None:
        """Facts for which some rules fire and others do not, found in boxes and then judged."""
        start: dict[str, Value] = {
            name: self.vocabulary.default(name) for name in self.vocabulary.types
        }

        def is_right(facts: Mapping[str, Value]) -> bool:
            return all(self.holds(rule, facts) for rule in firing) and not any(
                self.holds(rule, facts) for rule in resting
            )

        return witness.first(found, start, self.types, is_right)

    def holds(self, rule: Rule, facts: Mapping[str, Value]) -> bool:
        return evaluate.holds(rule.condition, facts, self.types)


def shown(facts: Mapping[str, Value], vocabulary: Vocabulary) -> str:
    """What of an example differs from the defaults, for a message."""
    changed = [
        f"{name} is {value_text(value, vocabulary.types[name])}"
        for name, value in facts.items()
        if value != vocabulary.default(name)
    ]
    more = f" and {len(changed) - MOST_SHOWN} more" if len(changed) > MOST_SHOWN else ""
    return ", ".join(changed[:MOST_SHOWN]) + more or "every fact has its default"


def rows_before(rule: Rule, ruleset: RuleSet) -> tuple[Rule, ...]:
    """The rows of its table that are looked at first, and shut it out when they hit."""
    table = next((one for one in ruleset.tables if one.name == rule.table), None)
    if table is None or table.hit == "collect":
        return ()
    return table.rows[: [row.name for row in table.rows].index(rule.name)]


def effects_by_slot(rule: Rule) -> dict[str, Any]:
    """What a rule does, `set` split by fact, so that each key can have one value."""
    found = {name: value for name, value in rule.effects if name != "set"}
    return found | {f"set {name}": value for name, value in rule.sets.items()}
