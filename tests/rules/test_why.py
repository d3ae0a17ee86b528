"""Explanations: every atom with its value, who beat whom, and the nearest change."""

from typing import Any

import pytest
from hypothesis import given, settings

from bot.rules.engine import judge
from bot.rules.why import why, why_not
from tests.language.random_trees import conditions, scenes
from tests.rules.builders import load, rule, rules, several
from tests.sizes import size

LATE = "ledger.spent + ledger.price > ledger.cap"
OFTEN = "known(ledger.hours) and ledger.hours < 1 or user.streak >= 7"
QUIET = 'user.new and not (msg.tier >= "basic" or has(user.watches, "BTC"))'
TEXT = several(
    rule("shut", LATE, "gate: deny, reply: limit_day", priority=9),
    rule("slow", "derived.one and msg.hour >= 9", "gate: ask, reply: hello"),
    rule("fast", OFTEN, "set: {derived.one: true}"),
    rule("long", QUIET, "price: 10"),
    rule("daily", "user.streak > 3", "award: 5", once_per="day"),
    rule("off", "true", "award: 5", enabled="false"),
)


def test_every_fired_rule_is_told_with_its_atoms_and_its_effects() -> None:
    facts: dict[str, Any] = {"ledger.spent": 18, "ledger.price": 5, "user.streak": 7}
    lines = why(rules(TEXT), facts)
    assert lines[:4] == [
        "shut (rules/r0.yaml:2, priority 9): A reason for shut",
        "  yes ledger.spent + ledger.price > ledger.cap "
        "(23 > 20: ledger.cap is 20, ledger.price is 5, ledger.spent is 18)",
        "  gate: deny",
        "  reply: limit_day",
    ]
    assert "  gate: ask (stricter gate by shut)" in lines
    assert "  reply: hello (beaten by shut, priority 9)" in lines
    assert "  set derived.one: true" in lines
    assert "  no  known(ledger.hours) (ledger.hours is unknown)" in lines
    assert "  --- ledger.hours < 1 (not looked at)" in lines


def test_when_nothing_fired_that_is_said() -> None:
    assert why(rules(TEXT), {}) == ["no rule fired"]


@pytest.mark.parametrize(
    ("name", "facts", "first", "change"),
    [
        (
            "shut",
            {"ledger.spent": 10},
            "shut did not fire: ledger.spent + ledger.price > ledger.cap (10 > 20: "
            "ledger.cap is 20, ledger.price is 0, ledger.spent is 10)",
            "  it would fire with ledger.cap 9 instead of 20",
        ),
        (
            "fast",
            {"ledger.hours": 5, "user.streak": 5},
            "fast did not fire: ledger.hours < 1 (ledger.hours is 5)",
            "  it would fire with user.streak 7 instead of 5",
        ),
        (
            "long",
            {"user.new": True, "msg.tier": "premium"},
            'long did not fire: msg.tier >= "basic" (msg.tier is "premium")',
            '  it would fire with msg.tier "free" instead of "premium"',
        ),
        (
            "slow",
            {"user.streak": 7, "msg.hour": 3},
            "slow did not fire: msg.hour >= 9 (msg.hour is 3)",
            "  it would fire with msg.hour 9 instead of 3",
        ),
    ],
)
def test_why_not_is_the_first_false_atom_and_the_nearest_change(
    name: str, facts: dict[str, Any], first: str, change: str
) -> None:
    lines = why_not(rules(TEXT), name, facts)
    assert lines[0] == first
    assert lines[-1] == change


def test_facts_of_another_vocabulary_are_told_and_not_judged() -> None:
    ruleset = rules(TEXT)
    old: dict[str, Any] = {"msg.tier": "platinum", "user.gone": 3}
    assert "fact msg.tier has a value" in why(ruleset, old)[0]
    assert "fact msg.tier has a value" in why_not(ruleset, "shut", old)[0]
    assert why(ruleset, {"user.gone": 3}) == ["no rule fired"]


def test_other_reasons_not_to_fire_are_told() -> None:
    ruleset = rules(TEXT)
    assert why_not(ruleset, "shut", {"ledger.spent": 50}) == ["shut did fire"]
    assert why_not(ruleset, "off", {}) == ["off is switched off (enabled: false)"]
    today = why_not(ruleset, "daily", {"user.streak": 4}, {"daily": 9}, 0, 9)
    assert today == ["daily would fire, but it fires once per day"]
    assert why_not(ruleset, "shot", {}) == ["'shot' is no rule; did you mean 'shut'?"]


def test_a_table_is_explained_row_by_row() -> None:
    ruleset = rules(
        "tables:\n  - name: voices\n    hit: first\n    columns: [user.new, user.streak]\n"
        "    out: persona\n    rows:\n"
        '      - [true, "-", calm]\n      - ["-", "> 3", analyst]\n      - ["-", "-", mentor]\n'
    )
    facts = {"user.new": True}
    assert why(ruleset, facts)[-1] == "  persona: calm"
    lines = why_not(ruleset, "voices", facts)
    assert lines[0] == "voices/1 did fire"
    change = "user.streak 4 instead of 0, user.new false instead of true"
    assert f"  it would fire with {change}" in lines
    assert lines[-1] == "voices/3 would fire, but an earlier row of its table hits"


FACTS = """facts:
  a.whole: {type: int, min: -5, max: 20}
  a.other: {type: int, min: 0, max: 20}
  a.share: {type: decimal, min: 0, max: 1}
  a.flag: {type: bool}
  a.sign: {type: bool}
  a.level: {type: choice, of: [novice, skilled, master], ordered: true}
  a.wish: {type: choice, of: [novice, skilled, master], ordered: true}
  a.word: {type: text}
  a.topic: {type: text}
  a.tags: {type: list}
  a.wait: {type: duration, min: 0m, max: 1d}
  a.perhaps: {type: int, min: 0, max: 20, maybe: true}
  msg.hour: {type: int, min: 0, max: 23}
"""


@settings(max_examples=size(60, 2_000), deadline=None)
@given(conditions, scenes())
def test_any_rule_can_be_explained_and_a_named_change_is_one_that_works(
    condition: str, facts: dict[str, Any]
) -> None:
    quoted = condition.replace("'", "''")
    ruleset, report = load(several(rule("a", f"'{quoted}'", "gate: ask")), facts=FACTS)
    assert not report.errors
    given_facts = {name: value for name, value in facts.items() if value is not None}
    fired = judge(ruleset, given_facts, {}, 0, None).fired
    assert (why(ruleset, given_facts) == ["no rule fired"]) is not bool(fired)
    lines = why_not(ruleset, "a", given_facts)
    assert (lines == ["a did fire"]) is bool(fired)
