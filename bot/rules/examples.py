"""The tests in rule files, run when they are loaded."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.model.message import Fact
from bot.rules.effects import Slot, Words, parse_effect
from bot.rules.facts import parse_value
from bot.rules.parse import parse_day
from bot.rules.verdict import Verdict

FIELDS = ("name", "given", "expect", "on")
NOTHING = "none"  # expect {gate: none}: no rule set it


class Example(Struct, frozen=True):
    """Facts and what the rules must say of them; `day` None: dates are not looked at."""

    name: str
    node: Node
    given: dict[str, Fact]
    expect: dict[str, Any]
    fired: tuple[str, ...]
    not_fired: tuple[str, ...]
    day: int | None = None


def parse_examples(
    files: Mapping[str, Node], words: Words, rules: frozenset[str], report: Report
) -> tuple[Example, ...]:
    """The `tests` of every file; names and values are checked like those of rules."""
    taken: dict[str, Node] = {}
    found = []
    for file in sorted(files):
        for node in report.items(dict(files[file].items()).get("tests")):
            fields = report.fields(node, FIELDS, ("name", "given", "expect"), "R040")
            if {"name", "given", "expect"} <= fields.keys():
                found.append(_example(fields, words, rules, taken, report))
    return tuple(found)


def run(
    examples: Sequence[Example], verdict_of: Callable[[Example], Verdict], report: Report
) -> None:
    """Every test whose expectation fails is a mistake at its own place."""
    for example in examples:
        verdict = verdict_of(example)
        for problem in failures(example, verdict):
            fired = ", ".join(verdict.fired) or "nothing"
            report.error(
                example.node, "R041", f"test '{example.name}': {problem}", f"fired: {fired}"
            )


def failures(example: Example, verdict: Verdict) -> list[str]:
    """What the verdict has otherwise than expected."""
    found = []
    for slot, wanted in example.expect.items():
        value = _comparable(slot, verdict)
        if isinstance(wanted, dict):
            value = {key: value.get(key) for key in wanted} if isinstance(value, dict) else value
        if value != wanted:
            found.append(f"expected {slot} {_shown(wanted)}, found {_shown(value)}")
    fired = {name.split("/")[0] for name in verdict.fired} | set(verdict.fired)
    found += [f"{name} did not fire" for name in example.fired if name not in fired]
    return found + [f"{name} fired" for name in example.not_fired if name in fired]


def _comparable(slot: str, verdict: Verdict) -> Any:
    value = verdict.effects.get(slot)
    if slot == "nudge":
        return [one["template"] for one in value or ()]
    return dict(verdict.derived) if slot == "set" else value


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_shown(one)}' for name, one in value.items())}}}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return NOTHING if value is None else f"{value}"


def _example(
    fields: Mapping[str, Node],
    words: Words,
    rules: frozenset[str],
    taken: dict[str, Node],
    report: Report,
) -> Example:
    expect = report.mapping(fields["expect"], "R040")
    return Example(
        _title(fields["name"], taken, report),
        fields["name"],
        _given(fields["given"], words, report),
        _expected(fields["expect"], words, report),
        _fired(expect.get("fired"), rules, report),
        _fired(expect.get("not_fired"), rules, report),
        parse_day(fields["on"], report) if "on" in fields else None,
    )


def _title(node: Node, taken: dict[str, Node], report: Report) -> str:
    """The name of a test is a sentence; two tests may not share it."""
    title = report.text(node, code="R040")
    if title in taken:
        report.error(node, "R040", f"two tests are named '{title}'")
    taken[title] = node
    return title


def _given(node: Node, words: Words, report: Report) -> dict[str, Fact]:
    types = words.vocabulary.types
    found: dict[str, Fact] = {}
    for name, body in report.mapping(node, "R040").items():
        fact = types.get(name)
        if fact is None:
            hint = did_you_mean(name, types)
            report.error(node.keys[name], "R040", f"'{name}' is not a fact", hint)
        elif fact.is_derived:
            hint = "give the facts it is derived from"
            report.error(node.keys[name], "R040", f"'{name}' is set by rules", hint)
        else:
            value = parse_value(body, fact, report)
            if value is not None:
                found[name] = value
    return found


def _expected(node: Node, words: Words, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {}
    known = [*words.slots, "fired", "not_fired"]
    for name, body in report.mapping(node, "R040").items():
        slot = words.slots.get(name)
        if slot is not None:
            found[name] = _wanted(body, slot, words, report)
        elif name not in known:
            hint = did_you_mean(name, known)
            report.error(node.keys[name], "R040", f"'{name}' cannot be expected", hint)
    return found


def _wanted(node: Node, slot: Slot, words: Words, report: Report) -> Any:
    if slot.name == "nudge":
        names = report.texts(node) if isinstance(node.value, list) else (report.text(node),)
        return [name for name in names if name != NOTHING]
    if node.value == NOTHING and slot.name != "set":
        return None
    return parse_effect(node, slot, words, report)


def _fired(node: Node | None, rules: frozenset[str], report: Report) -> tuple[str, ...]:
    names = report.texts(node, "R040")
    for name in names:
        if node is not None and name.split("/")[0] not in rules:
            report.error(node, "R040", f"'{name}' is no rule", did_you_mean(name, rules))
    return names
