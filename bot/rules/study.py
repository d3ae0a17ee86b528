"""Rules as boxes of facts, for the static checks: where each fires, and examples of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.language import boxes, evaluate, witness
from bot.language.boxes import TooComplex
from bot.language.compile import Group, Value, finder
from bot.language.spaces import Box
from bot.rules.engine import RuleSet
from bot.rules.facts import Vocabulary, value_text
from bot.rules.parse import Rule

MOST_WORK = 1_000_000  # boxes put together for one set of rules: some seconds
POINT_WORK = 20  # looking at one point takes as long as so many boxes
MOST_POINTS = 2_000  # looked at before it is left open whether rules cover another
MOST_SHOWN = 6  # facts named in an example


class Study:
    """The boxes of every rule in force, made once; a rule too complex for boxes has none."""

    def __init__(self, ruleset: RuleSet, vocabulary: Vocabulary) -> None:
        self.ruleset, self.vocabulary = ruleset, vocabulary
        self.types = vocabulary.types
        self.boxes: dict[str, list[Box]] = {}
        self.complex: list[Rule] = []
        self.work, self.is_tired = 0, False
        for rule in ruleset.ordered:
            try:
                self.boxes[rule.name] = boxes.boxes(rule.condition, self.types)
            except TooComplex:
                self.complex.append(rule)
        self.start = {name: vocabulary.default(name) for name in vocabulary.types}
        numbered = list(enumerate(self.rules))
        self.names = [rule.name for _, rule in numbered]
        groups = [Group(((number, rule.condition),)) for number, rule in numbered]
        self.seen: dict[str, list[frozenset[str]]] = {}
        self.found = finder(groups, list(self.types), self.types)

    @property
    def rules(self) -> Iterator[Rule]:
        """Those that were not too complex, in order of priority."""
        return (rule for rule in self.ruleset.ordered if rule.name in self.boxes)

    def both(self, one: Rule, other: Rule) -> list[Box]:
        """Where both fire; where the first does, when more is too much to look at.

        Nothing once the work for all pairs is used up; `is_tired` then says so.
        """
        if self.works(len(self.boxes[one.name]) * len(self.boxes[other.name])):
            return []
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

        def is_right(facts: Mapping[str, Value]) -> bool:
            return all(self.holds(rule, facts) for rule in firing) and not any(
                self.holds(rule, facts) for rule in resting
            )

        return witness.first(found, self.start, self.types, is_right)

    def is_covered(self, rule: Rule, hiders: Sequence[Rule]) -> bool:
        """Whether wherever the rule fires one of the others does; False also when undecided.

        Looks at one point of a box; what fires there is taken away from the box, and so on.
        """
        points = self.points(rule)
        names = {one.name for one in hiders}
        if not points or any(rule.name in one and not names & one for one in points):
            return False
        stack = [(box, tuple(hiders)) for box in self.boxes[rule.name]]
        for _ in range(MOST_POINTS):
            if not stack:
                return True
            if self.works(POINT_WORK):
                return False
            box, left = stack.pop()
            hider = self.hider_of(rule, box, left)
            if hider is None:
                return False
            try:
                rest = boxes.without([box], self.boxes[hider.name], self.types)
            except TooComplex:
                return False
            others = tuple(one for one in left if one is not hider)
            stack += [(part, others) for part in rest]
        return False

    def works(self, amount: int) -> bool:
        """Count some work; True when all that may be done is done."""
        self.work += amount
        self.is_tired = self.work > MOST_WORK
        return self.is_tired

    def hider_of(self, rule: Rule, box: Box, hiders: Sequence[Rule]) -> Rule | None:
        """One of the others that fires at a point of the box, if any does."""
        fired = self.fired_at(box)
        if rule.name in fired:
            return next((one for one in hiders if one.name in fired), None)
        # A sum keeps the point out of the box: whatever meets the box is taken away.
        meeting = (one for one in hiders if self.meets(box, one))
        return next(meeting, None)

    def points(self, rule: Rule) -> list[frozenset[str]]:
        """What fires at one point of each box of a rule, looked up once."""
        if rule.name not in self.seen:
            self.seen[rule.name] = [self.fired_at(box) for box in self.boxes[rule.name]]
        return self.seen[rule.name]

    def fired_at(self, box: Box) -> frozenset[str]:
        """The rules that fire at one point of a box."""
        facts = witness.near(box, self.start, self.types)
        numbers = self.found([facts[name] for name in self.types])
        return frozenset(self.names[number] for number in numbers)

    def meets(self, box: Box, rule: Rule) -> bool:
        return any(boxes.meet(box, one, self.types) for one in self.boxes[rule.name])

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
