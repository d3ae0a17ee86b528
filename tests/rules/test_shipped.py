"""The rules that ship: clean, tested each, quick to load, and they do what they say."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.authored import Node, Report, parse
from bot.progress.rulebook import parse_rulebook
from bot.rules import prove
from bot.rules.engine import Names, RuleSet, build, judge
from bot.rules.facts import parse_facts
from bot.rules.gather import PROVIDERS

ROOT = Path(__file__).resolve().parents[2]


def part(path: Path, key: str) -> dict[str, Node]:
    root = parse(path.read_text("utf-8"), str(path), Report())
    assert root is not None
    return dict(dict(root.items())[key].items())


def shipped(changed: dict[str, str] | None = None) -> tuple[RuleSet, Report]:
    """The shipped rules, with some files changed, checked as the catalog does."""
    report = Report()
    texts = {f"rules/{p.name}": p.read_text("utf-8") for p in (ROOT / "rules").glob("*.yaml")}
    nodes = {file: parse(text, file, report) for file, text in (texts | (changed or {})).items()}
    files = {file: root for file, root in nodes.items() if root is not None}
    assert len(files) == len(nodes)
    words = parse_facts(dict(files["rules/facts.yaml"].items()).get("facts"), report)
    names = Names(
        frozenset(part(ROOT / "content/en/replies.yaml", "replies")),
        frozenset(part(ROOT / "content/en/notifications.yaml", "notifications")),
        frozenset(path.stem for path in (ROOT / "personas").glob("*.yaml")),
    )
    ruleset = build(files, words, names, report)
    prove.prove(ruleset, words, report)
    progress = dict(files["rules/progress.yaml"].items())["progress"]
    prove.prove_pay(ruleset, parse_rulebook(progress, None, report).actions, report)
    return ruleset, report


RULES, REPORT = shipped()


def gate(**facts: Any) -> str | None:
    given = {name.replace("__", "."): value for name, value in facts.items()}
    return judge(RULES, given, {}, 0, None).gate


def test_they_load_clean_and_a_test_names_each() -> None:
    assert [str(mistake) for mistake in REPORT.mistakes] == []


def test_every_fact_is_provided_or_derived() -> None:
    types = RULES.vocabulary.types
    computed = {name for name, fact in types.items() if not fact.is_derived}
    assert set(PROVIDERS) - set(types) == set(), "a provider nobody can read"
    assert computed - set(PROVIDERS) - {"user.risk"} == set(), "a fact nobody computes"


@pytest.mark.parametrize("tier", ["basic", "premium", "exclusive"])
def test_paid_tiers_are_open_and_a_pause_a_rest_and_a_minor_close_them(tier: str) -> None:
    assert gate(msg__tier_asked=tier) == "allow"
    assert gate(msg__tier_asked=tier, ledger__paused=True) == "deny"
    assert gate(msg__tier_asked=tier, ledger__resting=True) == "deny"
    assert gate(msg__tier_asked=tier, user__age="minor") == "deny"
    assert gate(msg__tier_asked=tier, ledger__price=21) == "deny"


@pytest.mark.parametrize("tier", ["none", "free"])
def test_what_is_free_needs_no_gate(tier: str) -> None:
    assert gate(msg__tier_asked=tier, ledger__paused=True, user__age="minor") is None


EXAMPLES = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/rules.md").read_text("utf-8"), re.S)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_page_on_rules_loads(example: str) -> None:
    name = example.split("\n", 1)[0].removeprefix("# ")
    ruleset, report = shipped({name: example})
    assert [str(mistake) for mistake in report.mistakes if mistake.level != "info"] == []
    assert len(ruleset.ordered) > len(RULES.ordered)


def test_a_rule_that_pays_for_trading_does_not_load() -> None:
    rule = (
        "rules:\n  - name: streak-week\n    when: user.streak == 7\n"
        "    then: {award: 25}\n    because: Seven days in a row\n"
    )
    _, report = shipped({"rules/habits.yaml": rule})
    assert [one.code for one in report.errors] == ["R071"]
    fixed = rule.replace("== 7", '== 7 and not has(progress.tags, "trading")')
    _, report = shipped({"rules/habits.yaml": fixed})
    assert report.errors == []


def test_a_rule_that_prices_by_the_risk_of_leaving_does_not_load() -> None:
    rule = (
        "rules:\n  - name: win-back\n    when: user.risk >= 80\n"
        "    then: {price: 20}\n    because: Please stay\n"
    )
    _, report = shipped({"rules/risk.yaml": rule})
    assert [one.code for one in report.errors] == ["R070"]
