"""All rules as one immutable set, and its verdict on the facts of a moment."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.language.compile import Found, Group, Load, Slots, finder, loader
from bot.language.syntax import atoms, names, text
from bot.model.message import Fact
from bot.rules import examples
from bot.rules.definitions import parse_definitions
from bot.rules.effects import Names as Names
from bot.rules.effects import Slot, Words, parse_effects
from bot.rules.examples import Example, parse_examples
from bot.rules.facts import Vocabulary
from bot.rules.layers import layers
from bot.rules.parse import Edge, Parsed, Rule, Table, parse_rules
from bot.rules.verdict import Filled, filled, merged
from bot.rules.verdict import Verdict as Verdict

SHARED_KEYS = ("define", "rules", "tables", "tests")
# Files whose name is one of these may hold a key of that name besides.
OWN_KEYS = frozenset(
    [
        "facts",
        "effects",
        "tiers",
        "limits",
        "progress",
        "habits",
        "challenges",
        "triggers",
        "outreach",
        "risk",
        "segments",
        "market",
        "policy",
    ]
)


class Layer(Struct, frozen=True):
    """Rules judged at once; `sets` is None when none of them sets a fact."""

    found: Found
    is_timed: bool
    sets: bool


class RuleSet(Struct, frozen=True):
    """Every rule of every file, compiled; `ordered` are those in force, by priority.

    `version` hashes their meaning, `reads` are the facts they read, `cost` the most atoms a
    verdict evaluates.
    """

    version: str
    reads: frozenset[str]
    cost: int
    rules: tuple[Rule, ...]
    tables: tuple[Table, ...]
    tests: tuple[Example, ...]
    slots: dict[str, Slot]
    vocabulary: Vocabulary
    ordered: tuple[Rule, ...]
    places: dict[str, int]
    filled: Filled
    load: Load
    layers: tuple[Layer, ...]


def build(
    files: Mapping[str, Node], vocabulary: Vocabulary, names: Names, report: Report
) -> RuleSet:
    """The rules of all rule files, their tests run; every mistake is told in the report."""
    before = len(report.errors)
    slots = parse_effects(_effects(files), report)
    _check_keys(files, report)
    words = Words(slots, names, vocabulary)
    defined = parse_definitions(files, vocabulary.types, report)
    parsed = parse_rules(files, words, defined, report)
    tests = parse_examples(files, words, parsed.names, report)
    ruleset = assembled(parsed, tests, slots, vocabulary, report)
    if len(report.errors) == before:
        examples.run(tests, lambda one: judge(ruleset, one.given, {}, 0, one.day), report)
    return ruleset


def judge(
    ruleset: RuleSet, facts: Mapping[str, Fact], once: Mapping[str, int], now: int, day: int | None
) -> Verdict:
    """What the rules say of these facts; a fact that is missing has its default.

    `once` maps rule names to the local day (an ordinal) they last fired on, `day` is the local
    day, `now` microseconds. Without a day, dates and once_per are not looked at. Raises
    WrongFact when a fact is not of its declared type.
    """
    slots = ruleset.load(facts)
    ordered = ruleset.ordered
    derived: dict[str, Any] = {}
    setters: dict[str, int] = {}
    fired: list[int] = []
    for layer in ruleset.layers:
        numbers = layer.found(slots)
        if layer.is_timed and day is not None:
            numbers = [one for one in numbers if _is_due(ordered[one], once, now, day)]
        if layer.sets:
            _set(ruleset, numbers, slots, derived, setters)
        fired += numbers
    if len(ruleset.layers) > 1:
        fired.sort()
    return merged(fired, ruleset.filled, derived, day)


def facts_read(ruleset: RuleSet, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The given facts that some rule reads: what a trace keeps for a replay."""
    return {name: facts[name] for name in ruleset.reads if name in facts}


def assembled(
    parsed: Parsed,
    tests: tuple[Example, ...],
    slots: dict[str, Slot],
    vocabulary: Vocabulary,
    report: Report,
) -> RuleSet:
    """Parsed rules in order, in layers and compiled."""
    rows = [row for table in parsed.tables for row in table.rows]
    everything = (*parsed.rules, *rows)
    ordered = sorted((one for one in everything if one.is_enabled), key=_order)
    used = sorted({name for rule in ordered for name in names(rule.condition)})
    read = used + sorted({name for rule in ordered for name in rule.sets if name not in used})
    types = vocabulary.types
    numbers = {rule.name: number for number, rule in enumerate(ordered)}
    hits = {table.name: table.hit for table in parsed.tables}
    return RuleSet(
        _version(ordered, slots),
        frozenset(name for name in used if not types[name].is_derived),
        sum(1 for rule in ordered for _ in atoms(rule.condition)),
        parsed.rules,
        parsed.tables,
        tests,
        slots,
        vocabulary,
        tuple(ordered),
        {name: number for number, name in enumerate(read)},
        filled(ordered, slots.values()),
        loader(read, types, vocabulary.defaults),
        tuple(
            Layer(
                finder(_groups(rules, numbers, hits), read, types),
                any(rule.is_timed for rule in rules),
                any(rule.sets for rule in rules),
            )
            for rules in layers(ordered, report)
        ),
    )


def _groups(
    rules: Sequence[Rule], numbers: Mapping[str, int], hits: Mapping[str, str]
) -> list[Group]:
    """Each rule alone; the rows of a table together, unless it collects."""
    groups: list[Group] = []
    rows: dict[str, list[tuple[int, Any]]] = {}
    for rule in rules:
        numbered = (numbers[rule.name], rule.condition)
        if not rule.table or hits[rule.table] == "collect":
            groups.append(Group((numbered,)))
        else:
            rows.setdefault(rule.table, []).append(numbered)
    groups += [Group(tuple(found), is_first=True) for found in rows.values()]
    return sorted(groups, key=lambda group: group.conditions[0][0])


def _set(
    ruleset: RuleSet,
    numbers: Sequence[int],
    slots: Slots,
    derived: dict[str, Any],
    setters: dict[str, int],
) -> None:
    """Derived facts take their values for the next layers; the first rule in order wins."""
    for number in numbers:
        for name, value in ruleset.filled.sets[number].items():
            if number < setters.get(name, number + 1):
                setters[name] = number
                derived[name] = slots[ruleset.places[name]] = value


def _is_due(rule: Rule, once: Mapping[str, int], now: int, day: int) -> bool:
    if rule.starts is not None and not _is_past(rule.starts, now, day):
        return False
    if rule.ends is not None and _is_past(rule.ends, now, day):
        return False
    last = once.get(rule.name)
    if last is None or not rule.once_per:
        return True
    if rule.once_per == "day":
        return last < day
    # An ordinal of 1 is a Monday, so this counts ISO weeks.
    return rule.once_per == "week" and (last - 1) // 7 < (day - 1) // 7


def _is_past(edge: Edge, now: int, day: int) -> bool:
    return (day if edge.is_day else now) >= edge.value


def _effects(files: Mapping[str, Node]) -> Node | None:
    for root in files.values():
        for key, node in root.items():
            if key == "effects":
                return node
    return None


def _check_keys(files: Mapping[str, Node], report: Report) -> None:
    """A file of rules has the shared keys, and the one that is its own by its name."""
    for file, root in files.items():
        stem = file.rsplit("/", 1)[-1].removesuffix(".yaml")
        known = [*SHARED_KEYS, stem] if stem in OWN_KEYS else [*SHARED_KEYS]
        for key, _ in root.items():
            if key not in known:
                hint = did_you_mean(key, known) or f"there are {', '.join(known)}"
                report.error(root.keys[key], "R008", f"'{key}' is not a key of this file", hint)


def _order(rule: Rule) -> tuple[int, str, int, int]:
    return -rule.priority, rule.node.file, rule.node.line, rule.node.column


def _version(ordered: Sequence[Rule], slots: Mapping[str, Slot]) -> str:
    """A hash of what the rules mean: comments, spacing and quotes do not change it."""
    rules = [
        [
            rule.name,
            text(rule.condition),
            rule.effects,
            rule.because,
            rule.priority,
            rule.once_per,
            rule.starts and [rule.starts.value, rule.starts.is_day],
            rule.ends and [rule.ends.value, rule.ends.is_day],
        ]
        for rule in ordered
    ]
    merges = [[slot.name, slot.merge, slot.low, slot.high, slot.key] for slot in slots.values()]
    return hashlib.sha256(json.dumps([rules, merges]).encode()).hexdigest()
