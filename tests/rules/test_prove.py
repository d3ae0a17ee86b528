"""Each static check, with a rule it must tell of and one it must leave in peace."""

import pytest

from bot.authored import Report
from bot.progress.rulebook import parse_rulebook
from bot.rules import prove
from bot.rules.engine import judge
from tests.rules.builders import codes, load, node, proven, rule, rules, several, told


def both(*texts: str) -> list[str]:
    return told(proven(*texts))


@pytest.mark.parametrize(
    "when",
    [
        "user.streak > 7 and user.streak < 7",
        "user.new and not user.new",
        'msg.tier == "free" and msg.tier in ["basic", "premium"]',
        "ledger.spent + ledger.price > 200",
        "ledger.spent + ledger.price > 9 and ledger.spent + ledger.price < 4",
        'has(user.watches, "BTC") and count(user.watches) == 0',
        "between_hours(22, 7) and between_hours(9, 17)",
    ],
)
def test_a_rule_that_never_fires_is_a_warning(when: str) -> None:
    report = proven(several(rule("a", when, "gate: ask")))
    assert codes(report) == ["R050"]
    assert report.mistakes[0].level == "warning"
    assert "'a' never fires" in told(report)[0]


@pytest.mark.parametrize(
    "when",
    [
        "user.streak > 7 or user.streak <= 7",
        'msg.tier >= "none"',
        "not (user.new and not user.new)",
        "not known(ledger.hours) or ledger.hours >= 0",
    ],
)
def test_a_rule_that_always_fires_is_a_warning(when: str) -> None:
    assert codes(proven(several(rule("a", when, "gate: ask")))) == ["R051"]


@pytest.mark.parametrize("when", ["true", "user.new", "user.streak > 7 and user.streak < 9"])
def test_a_rule_that_sometimes_fires_or_says_true_is_left_in_peace(when: str) -> None:
    assert both(several(rule("a", when, "gate: ask"))) == []


def test_two_replies_of_one_priority_that_meet_are_an_error_with_an_example() -> None:
    report = proven(
        several(
            rule("a", 'user.streak >= 7 and msg.tier == "basic"', "reply: hello"),
            rule("b", "ledger.spent + ledger.price > ledger.cap", "reply: limit_day"),
        )
    )
    assert codes(report) == ["R052"]
    mistake = report.mistakes[0]
    assert (mistake.level, mistake.line, mistake.column) == ("error", 6, 11)
    assert "'b' and 'a' (rules/r0.yaml:2) have one priority" in mistake.problem
    assert "both fire when" in mistake.problem
    assert mistake.hint == "give one a higher priority"


def test_the_example_of_a_conflict_makes_both_rules_fire() -> None:
    text = several(
        rule("a", "user.streak * 2 > 9 and not user.new", "reply: hello"),
        rule("b", 'has(user.watches, "BTC") and count(user.watches) == 2', "reply: limit_day"),
    )
    report = proven(text)
    assert codes(report) == ["R052"]
    assert "user.streak is 5" in told(report)[0]
    assert "user.watches is [BTC, something-else-0]" in told(report)[0]
    facts = {"user.streak": 5, "user.watches": ("BTC", "something-else-0")}
    assert judge(rules(text), facts, {}, 0, None).fired == ("a", "b")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rule("a", "user.new", "reply: hello"), rule("b", "not user.new", "reply: limit_day")),
        (rule("a", "user.new", "reply: hello"), rule("b", "user.streak > 3", "reply: hello")),
        (
            rule("a", "user.new", "reply: hello"),
            rule("b", "user.streak > 3", "reply: limit_day", priority=1),
        ),
        (rule("a", "user.new", "gate: ask"), rule("b", "user.streak > 3", "gate: deny")),
        (rule("a", "user.new", "award: 1"), rule("b", "user.streak > 3", "award: 2")),
        (
            rule("a", "user.new", "reply: hello", until="2026-03-01"),
            rule("b", "user.streak > 3", "reply: limit_day", from_="2026-03-02"),
        ),
        (
            rule("a", "user.new", "reply: hello"),
            rule("b", "user.streak > 3", "reply: limit_day", enabled="false"),
        ),
        (
            rule("a", "ledger.spent + ledger.price > ledger.cap", "reply: hello"),
            rule("b", "ledger.spent + ledger.price <= ledger.cap", "reply: limit_day"),
        ),
    ],
)
def test_rules_that_do_not_get_in_each_others_way_are_left_in_peace(one: str, other: str) -> None:
    assert both(several(one, other)) == []


def test_two_values_of_one_derived_fact_that_meet_are_an_error() -> None:
    report = proven(
        several(
            rule("a", "user.new", "set: {derived.level: 1}"),
            rule("b", "user.streak > 3", "set: {derived.level: 2}"),
        )
    )
    assert codes(report) == ["R052"]
    assert "want set derived.level '2' and '1'" in told(report)[0]
    apart = rule("b", "user.streak > 3", "set: {derived.one: true}")
    assert both(several(rule("a", "user.new", "set: {derived.level: 1}"), apart)) == []


def test_overlaps_ok_silences_a_conflict_and_is_told_when_it_silences_nothing() -> None:
    text = several(
        rule("a", "user.new", "reply: hello"),
        rule("b", "user.streak > 3", "reply: limit_day", overlaps_ok="[a]"),
    )
    assert both(text) == []
    needless = several(
        rule("a", "user.new", "reply: hello"),
        rule("b", "not user.new", "reply: limit_day", overlaps_ok="[a]"),
    )
    report = proven(needless)
    assert codes(report) == ["R056"]
    assert report.mistakes[0].level == "warning"


def test_a_reply_that_another_always_comes_before_is_a_warning() -> None:
    report = proven(
        several(
            rule("wide", "user.streak > 3", "reply: hello", priority=1),
            rule("narrow", "user.streak > 7 and user.new", "reply: limit_day"),
        )
    )
    assert codes(report) == ["R053"]
    assert "the reply of 'narrow' is never chosen: 'wide' always comes first" in told(report)[0]


def test_a_reply_hidden_by_several_together_is_a_warning() -> None:
    text = several(
        rule("low", "user.streak <= 5", "reply: hello", priority=2),
        rule("high", "user.streak > 5 and user.new", "reply: pause_gentle", priority=1),
        rule("rest", "user.new", "reply: limit_day"),
    )
    assert codes(proven(text)) == ["R053"]
    assert both(text.replace("user.streak <= 5", "user.streak < 5")) == []


def test_a_rule_that_fires_once_hides_nothing() -> None:
    text = several(
        rule("wide", "user.streak > 3", "reply: hello", priority=1, once_per="day"),
        rule("narrow", "user.streak > 7", "reply: limit_day"),
    )
    assert both(text) == []


def test_a_rule_that_says_nothing_new_is_a_warning() -> None:
    report = proven(
        several(
            rule("wide", "user.streak > 3", "gate: deny"),
            rule("narrow", "user.streak > 7 and user.new", "gate: deny"),
        )
    )
    assert codes(report) == ["R055"]
    assert "'narrow' says nothing new: 'wide' (rules/r0.yaml:2)" in told(report)[0]
    twice = proven(
        several(
            rule("a", "user.streak > 3", "gate: deny"),
            rule("b", "not (user.streak <= 3)", "gate: deny"),
        )
    )
    assert codes(twice) == ["R055"]


def test_rules_that_add_up_are_never_needless() -> None:
    text = several(rule("a", "user.new", "award: 5"), rule("b", "user.new", "award: 5"))
    assert both(text) == []


def test_a_rule_too_complex_to_look_at_still_runs() -> None:
    parts = [f'(has(user.watches, "a{n}") or has(user.watches, "b{n}"))' for n in range(9)]
    text = several(rule("wide", " and ".join(parts), "gate: ask"))
    report = proven(text)
    assert codes(report) == ["R054"]
    held = tuple(f"a{n}" for n in range(9))
    assert judge(rules(text), {"user.watches": held}, {}, 0, None).gate == "ask"


def test_so_many_alternatives_that_not_all_are_compared_are_told() -> None:
    def wide(number: int) -> str:
        held = [f'has(user.watches, "{number}-{n}")' for n in range(14)]
        pairs = [f"({one} or {other})" for one, other in zip(held[::2], held[1::2], strict=True)]
        return " and ".join(pairs)

    texts = [
        rule(f"r{n}", wide(n), "reply: hello" if n % 2 else "reply: limit_day") for n in range(24)
    ]
    report = proven(several(*texts))
    said = [str(one) for one in report.mistakes if "too many alternatives" in one.problem]
    assert len(said) == 1


def test_rules_no_test_names_are_noted() -> None:
    ruleset = rules(several(rule("a", "user.new", "gate: ask")))
    report = Report()
    prove.prove(ruleset, ruleset.vocabulary, report)
    assert [(one.level, one.code) for one in report.mistakes] == [("info", "R059")]


TABLE = """tables:
  - name: t
    hit: {hit}
    columns: [msg.tier, user.engagement]
    out: persona
    rows:
"""


def table(hit: str, *rows: str) -> str:
    return TABLE.format(hit=hit) + "".join(f"      - [{row}]\n" for row in rows)


def test_a_gap_of_a_table_is_told_with_an_example() -> None:
    rows = ('"none, free", "-", calm', '"basic, premium", ">= 0.5", mentor')
    report = proven(table("first", *rows))
    assert codes(report) == ["R057"]
    assert report.mistakes[0].level == "warning"
    assert "no row of 't' hits when msg.tier is \"basic\"" in told(report)[0]
    assert proven(table("unique", *rows)).mistakes[0].level == "error"
    assert both(table("collect", *rows)) == []
    assert both(table("first", *rows, '"-", "-", analyst')) == []


def test_rows_of_a_unique_table_that_meet_are_an_error_with_an_example() -> None:
    meeting = ('"-", "< 0.5", calm', '"-", ">= 0.5", mentor', '"premium", "-", analyst')
    report = proven(table("unique", *meeting))
    assert [one.code for one in report.errors] == ["R058", "R058"]
    said = "row 3 of 't' and t/1 both hit when msg.tier is \"premium\""
    assert report.errors[0].problem == said
    assert both(table("unique", '"-", "< 0.5", calm', '"-", ">= 0.5", mentor')) == []


def test_a_row_that_cannot_be_reached_is_a_warning_by_meaning() -> None:
    rows = ('"-", "< 0.5", calm', '"-", "> 0.4", mentor', '"free", "0.45", analyst')
    report = proven(table("first", *rows))
    assert codes(report) == ["R053"]
    assert "the persona of 't/3' is never chosen" in told(report)[0]
    never = proven(table("first", '"-", "> 0.5 and < 0.4", calm', '"-", "-", mentor'))
    assert codes(never) == ["R050"]


def test_a_rule_and_a_row_of_one_priority_that_meet_are_an_error() -> None:
    text = several(rule("a", "user.new", "persona: analyst"))
    rows = table("first", '"premium", "-", analyst', '"-", "-", mentor')
    report = proven(text, rows)
    assert codes(report) == ["R052"]
    assert "'t/2' and 'a'" in told(report)[0]
    assert both(text.replace("because", "priority: 1\n    because"), rows) == []


RISKY = rule("by-risk", "user.risk > 60", "reply: hello")


@pytest.mark.parametrize(
    "text",
    [
        several(rule("a", "user.risk > 60", "gate: allow")),
        several(rule("a", "user.new and not (user.risk <= 60)", "price: 10")),
        "define:\n  leaving: user.risk > 60\n" + several(rule("a", "leaving", "gate: ask")),
        several(
            rule("sets", "user.risk > 60", "set: {derived.one: true}"),
            rule("a", "user.new and derived.one", "gate: ask"),
        ),
        several(
            rule("sets", "user.risk > 60", "set: {derived.one: true}"),
            rule("passes", "derived.one and user.new", "set: {derived.two: true}"),
            rule("a", "not derived.two", "price: 10"),
        ),
        "tables:\n  - name: t\n    hit: collect\n    columns: [user.risk]\n    out: price\n"
        '    rows: [["> 60", 20]]\n',
    ],
)
def test_the_risk_of_leaving_never_opens_closes_or_prices(text: str) -> None:
    report = proven(text)
    assert codes(report) == ["R070"]
    assert report.mistakes[0].level == "error"
    assert "user.risk" in told(report)[0]


def test_the_way_from_the_risk_to_the_money_is_told() -> None:
    report = proven(
        several(
            rule("sets", "user.risk > 60", "set: {derived.one: true}"),
            rule("a", "derived.one", "gate: ask"),
        )
    )
    assert "'a' sets gate by user.risk (user.risk -> derived.one by 'sets')" in told(report)[0]


@pytest.mark.parametrize(
    "text",
    [
        several(RISKY),
        several(
            rule("sets", "user.risk > 60", "set: {derived.one: true}"),
            rule("kind", "derived.one", "persona: calm"),
            rule("gate", "user.new", "gate: ask"),
        ),
    ],
)
def test_the_risk_of_leaving_may_choose_words_and_voices(text: str) -> None:
    assert both(text) == []


PROGRESS = """progress:
  actions:
    lesson_complete: {xp: 50, tags: [learning]}
    trade_placed: {xp: 0, tags: [trading]}
    trade_review: {xp: 0, tags: [trading, learning]}
  skill: {}
"""


def paid(text: str, progress: str = PROGRESS) -> Report:
    ruleset, report = load(text)
    assert not report.mistakes, told(report)
    root = node(progress, "rules/progress.yaml", report)
    book = parse_rulebook(dict(root.items())["progress"], None, report)
    prove.prove_pay(ruleset, book.actions, report)
    return report


@pytest.mark.parametrize(
    "when",
    [
        "user.streak == 7",
        "true",
        'has(progress.tags, "trading")',
        'has(progress.tags, "learning")',
        'progress.action == "trade_placed"',
        'progress.action != "lesson_complete"',
        'progress.action not in ["trade_placed", "lesson_complete"]',
        "count(progress.tags) == 1",
    ],
)
def test_a_rule_that_can_pay_for_trading_is_an_error_with_an_example(when: str) -> None:
    report = paid(several(rule("a", when, "award: 5")))
    assert codes(report) == ["R071"]
    assert "'a' awards for trading: it fires when" in told(report)[0]
    assert "trade_" in told(report)[0] or "trading" in told(report)[0]


@pytest.mark.parametrize(
    ("when", "then"),
    [
        ('progress.action == "lesson_complete"', "award: 5"),
        ('user.streak == 7 and not has(progress.tags, "trading")', "award: 5"),
        ('has(progress.tags, "learning") and not has(progress.tags, "trading")', "award: 5"),
        ('progress.action not in ["trade_placed", "trade_review"]', "award: 5"),
        ("count(progress.tags) == 0", "award: 5"),
        ('has(progress.tags, "trading")', "reply: hello"),
        ('has(progress.tags, "trading")', "award: 0"),
    ],
)
def test_a_rule_that_pays_for_learning_only_is_left_in_peace(when: str, then: str) -> None:
    assert told(paid(several(rule("a", when, then)))) == []


def test_a_table_that_can_pay_for_trading_is_an_error() -> None:
    text = (
        "tables:\n  - name: t\n    hit: collect\n    columns: [progress.action]\n    out: award\n"
        "    rows: [[lesson_complete, 20], [trade_placed, 5]]\n"
    )
    report = paid(text)
    assert codes(report) == ["R071"]
    assert "'t/2'" in told(report)[0]


def test_a_trading_action_that_earns_is_an_error() -> None:
    report = paid(
        "rules: []\n", PROGRESS.replace("xp: 0, tags: [trading]", "xp: 1, tags: [trading]")
    )
    assert codes(report) == ["R072"]
    assert "'trade_placed' is tagged trading and earns XP" in told(report)[0]


def test_a_misspelt_key_of_an_action_is_told() -> None:
    report = paid("rules: []\n", PROGRESS.replace("xp: 50", "px: 50"))
    assert codes(report) == ["R072"]


def test_without_actions_a_rule_that_asks_for_trading_still_may_not_pay() -> None:
    ruleset, report = load(several(rule("a", 'has(progress.tags, "trading")', "award: 5")))
    prove.prove_pay(ruleset, {}, report)
    assert codes(report) == ["R071"]
