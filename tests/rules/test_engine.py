"""Verdicts: merges, layers, once, dates, tables, and what the set knows of itself."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.compile import WrongFact
from bot.rules.engine import RuleSet, facts_read, judge
from bot.rules.verdict import VERDICTS_KEPT, Verdict
from tests.language.interpreter import truth
from tests.rules.builders import codes, load, rule, rules, several, told
from tests.sizes import size

MONDAY = date(2026, 3, 2).toordinal()


def verdict(ruleset: RuleSet, **facts: Any) -> Verdict:
    return judge(ruleset, {name.replace("__", "."): v for name, v in facts.items()}, {}, 0, None)


def test_the_strictest_gate_wins_whatever_its_priority() -> None:
    ruleset = rules(
        several(
            rule("open", "true", "gate: allow", priority=100),
            rule("slow", "user.new", "gate: ask", priority=50),
            rule("shut", "user.streak == 7", "gate: deny", priority=-100),
        )
    )
    assert verdict(ruleset).gate == "allow"
    assert verdict(ruleset, user__new=True).gate == "ask"
    both = verdict(ruleset, user__new=True, user__streak=7)
    assert both.gate == "deny"
    assert both.because("gate") == "A reason for shut"
    assert both.winners["gate"] == ("shut",)


def test_no_rule_sets_no_gate() -> None:
    found = verdict(rules(several(rule("one", "user.new", "gate: allow"))))
    assert found == Verdict()
    assert found.gate is None
    assert found.because("gate") == ""


def test_the_first_reply_by_priority_then_place_wins() -> None:
    ruleset = rules(
        several(
            rule("low", "true", "reply: hello", priority=-1),
            rule("high", "user.new", "reply: limit_day"),
        ),
        several(rule("later", "user.new", "persona: calm, reply: limit_day")),
    )
    found = verdict(ruleset, user__new=True)
    assert found.effects == {"reply": "limit_day", "persona": "calm"}
    assert found.fired == ("high", "later", "low")
    assert found.winners["reply"] == ("high",)
    assert verdict(ruleset).effects == {"reply": "hello"}


def test_awards_add_up_to_their_most_and_prices_take_the_greatest() -> None:
    ruleset = rules(
        several(
            rule("a", "true", "award: 60, price: 10"),
            rule("b", "user.new", "award: 60, price: 25"),
        )
    )
    assert verdict(ruleset).effects == {"award": 60, "price": 10}
    found = verdict(ruleset, user__new=True)
    assert found.effects == {"award": 100, "price": 25}
    assert found.winners == {"award": ("a", "b"), "price": ("b",)}


def test_of_each_template_the_first_nudge_goes_with_its_rule_and_reason() -> None:
    ruleset = rules(
        several(
            rule("a", "true", "nudge: {template: comeback, in: 2h, channel: push}"),
            rule("b", "true", "nudge: {template: comeback}", priority=-1),
            rule("c", "true", "nudge: {template: market_move}"),
        )
    )
    first = {"template": "comeback", "in_s": 7_200, "channel": "push"}
    second = {"template": "market_move", "in_s": 0, "channel": "in_app"}
    assert verdict(ruleset).effects["nudge"] == (
        {**first, "rule": "a", "because": "A reason for a"},
        {**second, "rule": "c", "because": "A reason for c"},
    )


def test_a_derived_fact_is_read_by_later_layers_whatever_the_priority() -> None:
    ruleset = rules(
        several(
            rule("reads-two", "derived.two", "gate: deny", priority=100),
            rule("sets-two", "derived.one", "set: {derived.two: true}", priority=50),
            rule("sets-one", "user.new", "set: {derived.one: true}", priority=-50),
        )
    )
    assert len(ruleset.layers) == 3
    found = verdict(ruleset, user__new=True)
    assert found.gate == "deny"
    assert found.derived == {"derived.one": True, "derived.two": True}
    assert found.fired == ("reads-two", "sets-two", "sets-one")
    assert verdict(ruleset).derived == {}


def test_the_rule_before_sets_a_derived_fact_though_its_layer_is_later() -> None:
    ruleset = rules(
        several(
            rule("late", "derived.one", "set: {derived.level: 2}", priority=10),
            rule("early", "true", "set: {derived.level: 1}"),
            rule("one", "user.new", "set: {derived.one: true}"),
            rule("reads", "derived.level == 2", "reply: hello"),
        )
    )
    assert verdict(ruleset).derived == {"derived.level": 1}
    assert verdict(ruleset, user__new=True).derived == {"derived.level": 2, "derived.one": True}
    assert verdict(ruleset, user__new=True).effects["reply"] == "hello"


def test_derived_facts_in_a_circle_are_a_mistake() -> None:
    _, report = load(
        several(
            rule("a", "derived.one", "set: {derived.two: true}"),
            rule("b", "derived.two", "set: {derived.one: true}"),
        )
    )
    assert codes(report) == ["R030"]
    assert "derived.two -> derived.one -> derived.two" in told(report)[0]
    _, report = load(several(rule("a", "not derived.one", "set: {derived.one: true}")))
    assert "derived.one -> derived.one" in told(report)[0]


def test_a_derived_fact_is_never_taken_from_outside() -> None:
    ruleset = rules(several(rule("a", "derived.one", "gate: allow")))
    assert verdict(ruleset, derived__one=True).gate is None
    assert ruleset.reads == frozenset()


@pytest.mark.parametrize(
    ("often", "last", "day", "fires"),
    [
        ("day", None, MONDAY, True),
        ("day", MONDAY, MONDAY, False),
        ("day", MONDAY, MONDAY + 1, True),
        ("day", MONDAY + 1, MONDAY, False),
        ("week", MONDAY, MONDAY + 6, False),
        ("week", MONDAY, MONDAY + 7, True),
        ("week", MONDAY - 1, MONDAY, True),
        ("ever", MONDAY, MONDAY + 400, False),
        ("ever", None, MONDAY, True),
    ],
)
def test_once_per_day_week_or_ever(often: str, last: int | None, day: int, fires: bool) -> None:
    ruleset = rules(several(rule("a", "user.streak >= 7", "reply: hello", once_per=often)))
    once = {} if last is None else {"a": last}
    found = judge(ruleset, {"user.streak": 7}, once, 0, day)
    assert found.fired == (("a",) if fires else ())
    assert found.once == ({"a": day} if fires else {})


def test_only_rules_with_once_per_are_remembered_and_only_when_they_fire() -> None:
    ruleset = rules(
        several(
            rule("a", "user.new", "award: 1", once_per="ever"),
            rule("b", "true", "award: 1"),
        )
    )
    assert judge(ruleset, {}, {}, 0, MONDAY).once == {}
    assert judge(ruleset, {"user.new": True}, {}, 0, MONDAY).once == {"a": MONDAY}


def test_a_rule_is_in_force_from_its_first_to_its_last_day() -> None:
    dates = {"from_": "2026-03-02", "until": "2026-03-03"}
    ruleset = rules(several(rule("a", "true", "gate: allow", **dates)))
    fired = [bool(judge(ruleset, {}, {}, 0, MONDAY + n).fired) for n in range(-1, 4)]
    assert fired == [False, True, True, False, False]


def test_a_rule_is_in_force_from_one_instant_to_before_another() -> None:
    times = {"from_": "2026-03-02T09:00:00Z", "until": "2026-03-02T11:00:00+01:00"}
    ruleset = rules(several(rule("a", "true", "gate: allow", **times)))
    nine = 1_772_442_000_000_000
    hour = 3_600_000_000
    moments = (nine - 1, nine, nine + hour - 1, nine + hour)
    fired = [bool(judge(ruleset, {}, {}, now, MONDAY).fired) for now in moments]
    assert fired == [False, True, True, False]


def test_a_rule_switched_off_is_checked_and_not_judged() -> None:
    ruleset = rules(several(rule("a", "true", "gate: deny", enabled="false")))
    assert verdict(ruleset).gate is None
    assert [one.name for one in ruleset.rules] == ["a"]
    _, report = load(several(rule("a", "user.neww", "gate: deny", enabled="false")))
    assert codes(report) == ["L011"]


TABLE = """tables:
  - name: voices
    hit: {hit}
    columns: [msg.tier, user.engagement]
    out: {out}
    rows:
      - ["basic, premium", "-", {a}]
      - [premium, ">= 0.5", {b}]
      - ["-", "< 0.9", {c}]
"""


def table(hit: str, out: str, *values: object) -> str:
    return TABLE.format(hit=hit, out=out, a=values[0], b=values[1], c=values[2])


def test_a_first_table_hits_one_row() -> None:
    ruleset = rules(table("first", "persona", "calm", "analyst", "mentor"))
    found = verdict(ruleset, msg__tier="premium", user__engagement=0.7)
    assert found.fired == ("voices/1",)
    assert found.effects == {"persona": "calm"}
    assert found.because("persona") == "By the table voices"
    assert verdict(ruleset).effects == {"persona": "mentor"}
    assert verdict(ruleset, user__engagement=0.95).fired == ()


def test_a_collecting_table_hits_every_row_that_fits() -> None:
    ruleset = rules(table("collect", "award", 1, 2, 4))
    found = verdict(ruleset, msg__tier="premium", user__engagement=0.7)
    assert found.fired == ("voices/1", "voices/2", "voices/3")
    assert found.effects == {"award": 7}


def test_a_table_stands_among_rules_by_its_priority() -> None:
    text = table("first", "persona", "calm", "analyst", "mentor")
    before = rules(several(rule("a", "true", "persona: analyst", priority=1)), text)
    assert verdict(before).effects["persona"] == "analyst"
    after = rules(several(rule("a", "true", "persona: analyst", priority=-1)), text)
    assert verdict(after).effects["persona"] == "mentor"


def test_a_missing_fact_has_its_default_and_an_unknown_one_is_unknown() -> None:
    ruleset = rules(
        several(
            rule("noon", "msg.hour == 12", "gate: allow"),
            rule("never-bought", "not known(ledger.hours)", "reply: hello"),
        )
    )
    assert verdict(ruleset).fired == ("noon", "never-bought")
    assert verdict(ruleset, msg__hour=3, ledger__hours=3).fired == ()


def test_a_wrong_fact_is_a_fault() -> None:
    ruleset = rules(several(rule("a", "user.streak > 3", "gate: allow")))
    with pytest.raises(WrongFact, match=r"user\.streak"):
        verdict(ruleset, user__streak="3")


def test_what_a_set_reads_and_costs_is_known() -> None:
    ruleset = rules(
        several(
            rule("a", "user.new and (user.streak > 3 or msg.hour == 3)", "gate: allow"),
            rule("b", "derived.one", "reply: hello"),
        )
    )
    assert ruleset.reads == {"user.new", "user.streak", "msg.hour"}
    assert ruleset.cost == 4
    facts = {"user.new": True, "ledger.price": 3}
    assert facts_read(ruleset, facts) == {"user.new": True}


def test_the_version_changes_with_the_meaning_and_not_with_the_spelling() -> None:
    plain = rules(several(rule("a", "user.new and msg.hour >= 9", "gate: allow"))).version
    spaced = rules("# note\n" + several(rule("a", "'user.new  and (msg.hour>=9)'", "gate: allow")))
    assert spaced.version == plain
    other = rules(several(rule("a", "user.new and msg.hour >= 8", "gate: allow"))).version
    stricter = rules(several(rule("a", "user.new and msg.hour >= 9", "gate: ask"))).version
    assert len({plain, other, stricter}) == 3
    assert len(plain) == 64


CONDITIONS = st.sampled_from(
    [
        "true",
        "user.new",
        "not user.new",
        "user.streak >= 7",
        "user.streak < 3 or msg.hour == 12",
        'msg.tier >= "basic"',
        "user.new and derived.one",
        "not derived.two",
        "derived.level > 1",
        "known(ledger.hours) and ledger.hours < 2",
    ]
)
EFFECTS = st.sampled_from(
    [
        "gate: allow",
        "gate: ask",
        "gate: deny",
        "reply: hello",
        "reply: limit_day",
        "award: 40",
        "price: 10",
        "price: 20",
        "set: {derived.one: true}",
        "set: {derived.level: 2}",
        "set: {derived.level: 3}",
    ]
)
DRAWN = st.lists(st.tuples(CONDITIONS, EFFECTS, st.integers(-2, 2)), max_size=8)
SCENES = st.fixed_dictionaries(
    {
        "user.new": st.booleans(),
        "user.streak": st.sampled_from([0, 3, 7]),
        "msg.hour": st.sampled_from([3, 12]),
        "msg.tier": st.sampled_from(["none", "basic"]),
        "ledger.hours": st.sampled_from([None, 1, 5]),
    }
)


@settings(max_examples=size(60, 3_000), deadline=None)
@given(DRAWN, SCENES)
def test_a_verdict_equals_that_of_a_slow_engine(
    drawn: list[tuple[str, str, int]], facts: dict[str, Any]
) -> None:
    text = several(
        *(rule(f"r{n}", when, then, priority=p) for n, (when, then, p) in enumerate(drawn))
    )
    ruleset, report = load(text if drawn else "rules: []")
    if report.errors:
        assert codes(report) == ["R030"]
        return
    found = judge(ruleset, facts, {}, 0, None)
    fired, derived, effects = slow_verdict(ruleset, facts)
    assert (list(found.fired), found.derived) == (fired, derived)
    assert {slot: value for slot, value in found.effects.items() if slot != "set"} == effects


@settings(max_examples=size(60, 3_000), deadline=None)
@given(DRAWN, st.lists(SCENES, max_size=6), st.sampled_from(["", "day", "ever"]))
def test_a_remembered_verdict_is_the_one_a_new_set_gives(
    drawn: list[tuple[str, str, int]], scenes: list[dict[str, Any]], often: str
) -> None:
    more = {"once_per": often} if often else {}
    text = several(
        *(rule(f"r{n}", when, then, priority=p) for n, (when, then, p) in enumerate(drawn)),
        rule("again", "user.new", "award: 1", **more),
    )
    warm, report = load(text)
    if report.errors:
        return
    for day, facts in enumerate(scenes * 2, MONDAY):
        assert judge(warm, facts, {}, 0, day) == judge(load(text)[0], facts, {}, 0, day)


def test_remembered_verdicts_are_bounded() -> None:
    each = (rule(f"r{n}", f"user.streak >= {n}", "award: 1") for n in range(VERDICTS_KEPT + 5))
    ruleset = rules(several(*each))
    for streak in range(VERDICTS_KEPT + 5):
        assert len(verdict(ruleset, user__streak=streak).fired) == streak + 1
        assert len(ruleset.filled.known) <= VERDICTS_KEPT


def slow_verdict(
    ruleset: RuleSet, given: dict[str, Any]
) -> tuple[list[str], dict[str, Any], dict[str, Any]]:
    """Settles derived facts by trying again until nothing changes, then merges one by one."""
    types = ruleset.vocabulary.types
    ordered = sorted(ruleset.rules, key=lambda one: (-one.priority, one.node.line))
    base = {name: ruleset.vocabulary.default(name) for name in types} | given
    derived: dict[str, Any] = {}
    for _ in range(len(ordered) + 1):
        facts = base | derived
        fired = [one for one in ordered if truth(one.condition, facts, types)]
        derived = {}
        for one in fired:
            for name, value in one.sets.items():
                derived.setdefault(name, value)
    effects: dict[str, Any] = {}
    for one in fired:
        for slot, value in one.effects:
            if slot == "gate":
                worse = ["allow", "ask", "deny"].index
                effects["gate"] = max(effects.get("gate", "allow"), value, key=worse)
            elif slot == "reply":
                effects.setdefault("reply", value)
            elif slot == "award":
                effects["award"] = min(100, effects.get("award", 0) + value)
            elif slot == "price":
                effects["price"] = max(effects.get("price", 0), value)
    return [one.name for one in fired], derived, effects
