"""What a verdict came from, atom by atom, and what would have changed it."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.authored import did_you_mean
from bot.language import boxes, evaluate, witness
from bot.language.boxes import TooComplex
from bot.language.compile import Value, WrongFact
from bot.language.syntax import (
    Call,
    Compare,
    Literal,
    Logic,
    Name,
    Not,
    Tree,
    Within,
    names,
    number_text,
    text,
)
from bot.model.message import Fact
from bot.rules.engine import RuleSet, judge
from bot.rules.facts import value_text
from bot.rules.parse import Rule
from bot.rules.study import rows_before
from bot.rules.verdict import Verdict

Facts = Mapping[str, Value]
MARKS = {True: "yes", False: "no "}


def why(
    ruleset: RuleSet,
    facts: Mapping[str, Fact],
    once: Mapping[str, int] | None = None,
    now: int = 0,
    day: int | None = None,
) -> list[str]:
    """Lines about every rule that fired: its place, its atoms, and what became of its effects."""
    try:
        verdict = judge(ruleset, facts, once or {}, now, day)
    except WrongFact as wrong:
        return [f"these facts cannot be judged by these rules: {wrong}"]
    whole = _whole(ruleset, facts, verdict)
    lines: list[str] = []
    for rule in ruleset.ordered:
        if rule.name in verdict.fired:
            lines.append(f"{rule.name} ({rule.place}, priority {rule.priority}): {rule.because}")
            lines += [f"  {line}" for line in _atoms(rule.condition, whole, ruleset)]
            lines += [f"  {line}" for line in _effects(rule, verdict, ruleset)]
    return lines or ["no rule fired"]


def why_not(
    ruleset: RuleSet,
    name: str,
    facts: Mapping[str, Fact],
    once: Mapping[str, int] | None = None,
    now: int = 0,
    day: int | None = None,
) -> list[str]:
    """Lines about one rule that did not fire: its first false atom, every atom, and the nearest
    change of facts that would let it fire."""
    rules = _named(ruleset, name)
    if not rules:
        known = [rule.name for rule in ruleset.rules] + [one.name for one in ruleset.tables]
        return ["; ".join(filter(None, (f"'{name}' is no rule", did_you_mean(name, known))))]
    try:
        verdict = judge(ruleset, facts, once or {}, now, day)
    except WrongFact as wrong:
        return [f"these facts cannot be judged by these rules: {wrong}"]
    whole = _whole(ruleset, facts, verdict)
    return [line for rule in rules for line in _not_fired(rule, verdict, whole, ruleset)]


def _named(ruleset: RuleSet, name: str) -> list[Rule]:
    """The rule, or the rows of the table."""
    rows = [row for table in ruleset.tables for row in table.rows]
    return [rule for rule in (*ruleset.rules, *rows) if name in (rule.name, rule.table)]


def _whole(ruleset: RuleSet, facts: Mapping[str, Fact], verdict: Verdict) -> dict[str, Value]:
    """Every fact as the rules saw it in the end: given, default or derived."""
    vocabulary = ruleset.vocabulary
    defaults: dict[str, Value] = {name: vocabulary.default(name) for name in vocabulary.types}
    loaded = dict(zip(ruleset.places, ruleset.load(facts), strict=True))
    given = {name: value for name, value in facts.items() if name in defaults}
    return {**defaults, **given, **loaded, **verdict.derived}


def _not_fired(
    rule: Rule, verdict: Verdict, facts: dict[str, Value], ruleset: RuleSet
) -> Iterator[str]:
    if rule.name in verdict.fired:
        yield f"{rule.name} did fire"
        return
    if not rule.is_enabled:
        yield f"{rule.name} is switched off (enabled: false)"
        return
    types = ruleset.vocabulary.types
    if evaluate.holds(rule.condition, facts, types):
        yield f"{rule.name} would fire, but {_held_back(rule)}"
        return
    false = _first_false(rule.condition, facts, ruleset, is_wanted=True)
    yield f"{rule.name} did not fire: {_shown(false, facts, ruleset)}"
    yield from (f"  {line}" for line in _atoms(rule.condition, facts, ruleset))
    change = _nearest(rule, facts, ruleset)
    if change:
        yield f"  it would fire with {change}"


def _held_back(rule: Rule) -> str:
    if rule.table:
        return "an earlier row of its table hits"
    limits = [f"once per {rule.once_per}" if rule.once_per != "ever" else "only once ever"]
    limits = limits if rule.once_per else []
    if rule.starts or rule.ends:
        limits.append("in force only in its time (from, until)")
    return f"it fires {' and '.join(limits)}"


def _first_false(tree: Tree, facts: Facts, ruleset: RuleSet, is_wanted: bool) -> Tree:
    """The leftmost atom that keeps the tree from being what is wanted."""
    types = ruleset.vocabulary.types
    if isinstance(tree, Not):
        return _first_false(tree.of, facts, ruleset, not is_wanted)
    if not isinstance(tree, Logic):
        return tree
    for part in tree.parts:
        if evaluate.holds(part, facts, types) is not is_wanted:
            return _first_false(part, facts, ruleset, is_wanted)
    return tree


def _atoms(tree: Tree, facts: Facts, ruleset: RuleSet) -> Iterator[str]:
    """Each atom with its value; one that was never reached says so."""
    types = ruleset.vocabulary.types
    match tree:
        case Logic():
            is_open = True
            for part in tree.parts:
                if is_open:
                    yield from _atoms(part, facts, ruleset)
                    is_open = evaluate.holds(part, facts, types) is (tree.operator == "and")
                else:
                    yield f"--- {text(part)} (not looked at)"
        case Not():
            yield from _atoms(tree.of, facts, ruleset)
        case _:
            yield f"{MARKS[evaluate.holds(tree, facts, types)]} {_shown(tree, facts, ruleset)}"


def _shown(atom: Tree, facts: Facts, ruleset: RuleSet) -> str:
    """An atom and what its facts were: `user.streak >= 7 (user.streak is 3)`."""
    types = ruleset.vocabulary.types
    found = [
        f"{name} is {value_text(facts.get(name), types[name])}" for name in sorted(names(atom))
    ]
    match atom:
        case Literal():
            return text(atom)
        case Name() | Call() | Within():
            return f"{text(atom)} ({', '.join(found)})"
        case Compare() if isinstance(atom.left, Name) and isinstance(atom.right, Literal):
            return f"{text(atom)} ({', '.join(found)})"
        case Compare() if not boxes.is_condition(atom.left, types):
            sides = [evaluate.value(side, facts, types) for side in (atom.left, atom.right)]
            if all(isinstance(side, int | float) for side in sides):
                values = f" {atom.operator} ".join(number_text(side) for side in sides)
                return f"{text(atom)} ({values}: {', '.join(found)})"
    return f"{text(atom)} ({', '.join(found)})"


def _effects(rule: Rule, verdict: Verdict, ruleset: RuleSet) -> Iterator[str]:
    """Each effect, and who beat it where it lost."""
    for slot, value in rule.effects:
        if slot == "set":
            for name, one in value.items():
                yield f"set {name}: {_plain(one)}{_late(name, rule, verdict, ruleset)}"
        else:
            yield f"{slot}: {_plain(value)}{_beaten(rule, slot, verdict, ruleset)}"


def _late(name: str, rule: Rule, verdict: Verdict, ruleset: RuleSet) -> str:
    """Who set the fact before."""
    setters = [one for one in ruleset.ordered if one.name in verdict.fired and name in one.sets]
    return f" (beaten by {setters[0].name})" if setters[0].name != rule.name else ""


def _beaten(rule: Rule, slot: str, verdict: Verdict, ruleset: RuleSet) -> str:
    winners = verdict.winners.get(slot, ())
    if rule.name in winners or not winners:
        return ""
    winner = next(one for one in ruleset.ordered if one.name == winners[0])
    match ruleset.slots[slot].merge:
        case "strictest":
            is_same = dict(winner.effects)[slot] == dict(rule.effects)[slot]
            return f" (as {winner.name} says)" if is_same else f" (stricter gate by {winner.name})"
        case "max":
            return f" (beaten by {winner.name}: {dict(winner.effects)[slot]})"
        case _:
            return f" (beaten by {winner.name}, priority {winner.priority})"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _nearest(rule: Rule, facts: dict[str, Value], ruleset: RuleSet) -> str:
    """The fewest facts to change, and the least, so that the rule fires."""
    types = ruleset.vocabulary.types
    try:
        before = [boxes.boxes(row.condition, types) for row in rows_before(rule, ruleset)]
        found = boxes.boxes(rule.condition, types)
        found = boxes.without(found, boxes.union(before), types)
    except TooComplex:
        return ""
    tried = [witness.near(box, facts, types) for box in found]
    right = [one for one in tried if evaluate.holds(rule.condition, one, types)]
    if not right:
        return ""
    best = min(right, key=lambda one: _distance(facts, one))
    changed = [name for name in best if best[name] != facts[name]]
    shown = {
        name: [value_text(one[name], types[name]) for one in (best, facts)] for name in changed
    }
    return ", ".join(f"{name} {new} instead of {old}" for name, (new, old) in shown.items())


def _distance(before: Facts, after: Facts) -> tuple[int, float]:
    """How many facts differ, then by how much of their size the numbers do."""
    changed = [name for name in after if after[name] != before[name]]
    moved = 0.0
    for name in changed:
        one, other = before[name], after[name]
        if isinstance(one, int | float) and isinstance(other, int | float):
            moved += abs(other - one) / max(1.0, abs(one), abs(other))
    return len(changed), moved
