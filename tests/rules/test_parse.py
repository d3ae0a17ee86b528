"""Mistakes in rule files are told with code, place and the nearest right word."""

import pytest

from tests.rules.builders import codes, load, rule, rules, several, told

GOOD = rule("a", "user.new", "gate: allow")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (
            "rules:\n  - {name: a, wen: 1, when: user.new, then: {gate: ask}, because: x}\n",
            "R004",
            "r0.yaml:2:15  error R004  'wen' is not a key here; did you mean 'when'?",
        ),
        (
            "rules:\n  - {name: a, when: user.new, then: {gate: ask}}\n",
            "R004",
            "'because' is missing",
        ),
        (several(rule("a", "user.nev", "gate: ask")), "L011", "did you mean 'user.new'?"),
        (several(rule("a", "user.new", "gat: ask")), "R005", "did you mean 'gate'?"),
        (several(rule("a", "user.new", "gate: alow")), "R006", "did you mean 'allow'?"),
        (several(rule("a", "user.new", "reply: helo")), "R006", "did you mean 'hello'?"),
        (several(rule("a", "user.new", "persona: clam")), "R006", "did you mean 'calm'?"),
        (
            several(rule("a", "user.new", "nudge: {template: come_back}")),
            "R006",
            "did you mean 'comeback'?",
        ),
        (several(rule("a", "user.new", "nudge: {template: comeback, in: 2}")), "R003", "duration"),
        (several(rule("a", "user.new", "nudge: {template: comeback, in: 5w}")), "R006", "30d"),
        (
            several(rule("a", "user.new", "nudge: {template: comeback, channel: psh}")),
            "R006",
            "did you mean 'push'?",
        ),
        (several(rule("a", "user.new", "award: 200")), "R006", "200 is outside 0..100"),
        (several(rule("a", "user.new", "price: 31")), "R006", "31 is outside 0..30"),
        (several(rule("a", "user.new", "price: -1")), "R006", "-1 is outside 0..30"),
        (several(rule("a", "user.new", "set: {derived.on: true}")), "R006", "'derived.one'"),
        (several(rule("a", "user.new", "set: {user.new: true}")), "R006", "derived: true"),
        (several(rule("a", "user.new", "set: {derived.one: 3}")), "A004", "true or false"),
        (several(rule("a", "user.new", "set: {derived.level: 10}")), "A003", "outside 0..9"),
        (several(rule("a", "user.new", "")), "R005", "'then' is empty"),
        (several(rule("A b", "user.new", "gate: ask")), "R004", "cannot be a name"),
        (several(GOOD, GOOD), "R004", "here twice (first in rules/r0.yaml:2)"),
        (
            several(rule("a", "user.new", "gate: ask", priority=1001)),
            "R004",
            "-1000..1000",
        ),
        (several(rule("a", "user.new", "gate: ask", once_per="month")), "R004", "day, week, ever"),
        (several(rule("a", "user.new", "gate: ask", from_="tomorrow")), "R004", "not a date"),
        (
            several(rule("a", "user.new", "gate: ask", until="2026-03-02T09:00:00")),
            "R004",
            "not an instant",
        ),
        (several(rule("a", "user.new", "gate: ask", enabled="yes")), "A004", "true or false"),
        (several(rule("a", "user.new", "gate: ask", overlaps_ok="[b]")), "R007", "no rule"),
        (several(rule("a", "ledger.hours < 3", "gate: ask")), "L017", "may be unknown"),
        ("ruels: []\n", "R008", "did you mean 'rules'?"),
        ("limits: {}\n", "R008", "'limits' is not a key of this file"),
        ("rules: {a: 1}\n", "A001", "expected a list"),
        ("define: {Paid: user.new}\n", "R011", "'Paid' cannot name a definition"),
        ("define: {not: user.new}\n", "R011", "'not' cannot name a definition"),
        ("define: {a: b, b: not a}\n", "R012", "defined by itself: a -> b -> a"),
        ("define: {a: user.streak}\n", "L010", "not a condition"),
        ("define: {a: user.nex}\n", "L011", "did you mean 'user.new'?"),
    ],
)
def test_a_mistake_is_told(text: str, code: str, said: str) -> None:
    _, report = load(text)
    assert codes(report) == [code]
    assert said in told(report)[0]


def test_all_mistakes_are_told_at_once() -> None:
    _, report = load(
        several(rule("a", "user.nex", "gate: alow"), rule("b", "user.new and", "reply: helo")),
        "define: {a: nothing}\n",
    )
    assert sorted(codes(report)) == ["L004", "L011", "L011", "R006", "R006"]


def test_the_column_is_that_of_the_word() -> None:
    _, report = load('rules:\n  - name: a\n    when: user.new and msg.tier == "gold"\n')
    assert told(report)[-1].startswith("rules/r0.yaml:3:36  error L016  'gold' is not one of")


def test_definitions_of_all_files_stand_for_their_conditions() -> None:
    ruleset = rules(
        "define:\n  busy: user.streak > 3 or user.new\n",
        "define:\n  calm: not busy\n" + several(rule("a", "calm and msg.hour > 9", "gate: allow")),
    )
    assert ruleset.reads == {"user.streak", "user.new", "msg.hour"}
    assert ruleset.cost == 3


def test_a_mistake_behind_a_definition_is_told_where_it_is_used() -> None:
    _, report = load(
        "define:\n  soon: ledger.hours < 3\n" + several(rule("a", "soon", "gate: ask"))
    )
    assert codes(report) == ["L017"]
    assert told(report)[0].startswith("rules/r0.yaml:5:11")


def test_definitions_that_grow_without_end_are_stopped() -> None:
    lines = ["define:", "  d0: user.new and user.streak > 1"]
    lines += [
        f"  d{n}: (d{n - 1} or user.new) and (d{n - 1} or msg.hour > {n})" for n in range(1, 20)
    ]
    _, report = load("\n".join(lines) + "\n")
    assert "L005" in codes(report)
    chain = ["define:", "  d0: user.new"] + [f"  d{n}: d{n + 1}" for n in range(1, 2_000)]
    _, report = load("\n".join(chain) + "\n")
    assert "R012" in codes(report)


TABLE = """tables:
  - name: t
    hit: {hit}
    columns: {columns}
    out: {out}
    rows: {rows}
"""


@pytest.mark.parametrize(
    ("hit", "columns", "out", "rows", "code", "said"),
    [
        ("fist", "[user.new]", "persona", '[["-", calm]]', "R020", "did you mean 'first'?"),
        ("first", "[user.nwe]", "persona", '[["-", calm]]', "R020", "did you mean 'user.new'?"),
        ("first", "[user.new]", "person", '[["-", calm]]', "R020", "did you mean 'persona'?"),
        ("first", "[user.new]", "set", '[["-", calm]]', "R020", "a table fills gate, reply"),
        ("first", "[user.new]", "persona", '[["-", clam]]', "R006", "did you mean 'calm'?"),
        ("first", "[user.new]", "persona", '[["-", "-", calm]]', "R020", "this one 3"),
        ("first", "[user.new]", "persona", "[]", "R020", "1 to 200 rows"),
        ("first", "[msg.tier]", "persona", "[[premum, calm]]", "L016", "did you mean 'premium'?"),
        ("first", "[user.streak]", "persona", '[["> x", calm]]', "R020", "expected a value"),
    ],
)
def test_a_mistake_in_a_table_is_told(
    hit: str, columns: str, out: str, rows: str, code: str, said: str
) -> None:
    _, report = load(TABLE.format(hit=hit, columns=columns, out=out, rows=rows))
    assert codes(report) == [code]
    assert said in told(report)[0]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("user.new: {type: boool}", "did you mean 'bool'?"),
        ("User.New: {type: bool}", "not the name of a fact"),
        ("new: {type: bool}", "not the name of a fact"),
        ("user.new: {type: choice}", "one of"),
        ("user.new: {type: choice, of: [a, a]}", "twice"),
        ("user.new: {type: int, of: [a]}", "does not belong"),
        ("user.new: {type: text, min: 3}", "does not belong"),
        ("user.new: {type: int, ordered: true}", "does not belong"),
        ("user.new: {type: int, min: 0, max: 3, default: 4}", "outside 0..3"),
        ("user.new: {type: int, maybe: true, default: 4}", "no default"),
        ("user.new: {type: bool, maybe: true, derived: true}", "always has a value"),
        ("user.new: {type: bool, kind: 3}", "'kind' is not a key"),
        ("user.new: {type: duration, max: 3}", "expected a duration"),
    ],
)
def test_a_mistake_in_the_vocabulary_is_told(facts: str, said: str) -> None:
    _, report = load("rules: []\n", facts=f"facts:\n  {facts}\n")
    assert said in "\n".join(told(report))


def test_a_vocabulary_describes_itself() -> None:
    ruleset = rules(
        "rules: []\n",
        facts="facts:\n"
        "  a.level: {type: choice, of: [low, high], ordered: true, about: how high}\n"
        "  a.wait: {type: duration, max: 2h, default: 30m}\n"
        "  a.age: {type: int, min: 0, maybe: true}\n"
        "  a.share: {type: decimal, min: 0, max: 1, default: 70%}\n"
        "  a.words: {type: list, default: [x]}\n"
        "  a.set: {type: bool, derived: true}\n",
    )
    assert [tuple(one.values()) for one in ruleset.vocabulary.described()] == [
        ("a.level", "choice of low, high (ordered)", '"low"', "how high"),
        ("a.wait", "duration ..7200", "30m", ""),
        ("a.age", "maybe int 0..", "unknown", ""),
        ("a.share", "decimal 0.0..1.0", "0.7", ""),
        ("a.words", "list", "[x]", ""),
        ("a.set", "bool, derived", "false", ""),
    ]


@pytest.mark.parametrize(
    ("effects", "said"),
    [
        ("gate: {merge: first, of: [allow, ask, deny]}", "put together by strictest only"),
        ("gate: {merge: strictest, of: [deny, ask, allow]}", "in this order"),
        ("gates: {merge: strictest}", "did you mean 'gate'?"),
        ("award: {merge: sum}", "needs a max"),
        ("reply: {merge: frist}", "did you mean 'first'?"),
        ("reply: {}", "'merge' is missing"),
    ],
)
def test_a_mistake_in_the_effects_is_told(effects: str, said: str) -> None:
    _, report = load("rules: []\n", effects=f"effects:\n  {effects}\n")
    assert said in "\n".join(told(report))


EXAMPLE = """tests:
  - name: t
    given: {given}
    expect: {expect}
"""


@pytest.mark.parametrize(
    ("given", "expect", "code", "said"),
    [
        ("{user.nwe: true}", "{gate: ask}", "R040", "did you mean 'user.new'?"),
        ("{derived.one: true}", "{gate: ask}", "R040", "give the facts it is derived from"),
        ("{user.streak: many}", "{gate: ask}", "A003", "expected an integer"),
        ("{user.new: true}", "{gat: ask}", "R040", "did you mean 'gate'?"),
        ("{user.new: true}", "{gate: asked}", "R006", "did you mean 'ask'?"),
        ("{user.new: true}", "{fired: [b]}", "R040", "'b' is no rule"),
        ("{user.new: true}", "{gate: deny}", "R041", "expected gate deny, found ask"),
        ("{user.new: false}", "{gate: ask}", "R041", "expected gate ask, found none"),
        ("{user.new: true}", "{gate: none}", "R041", "expected gate none, found ask"),
        ("{user.new: true}", "{not_fired: [a]}", "R041", "a fired"),
        ("{user.new: false}", "{fired: [a]}", "R041", "a did not fire"),
        ("{user.new: true}", "{nudge: market_move}", "R041", "nudge [market_move], found []"),
        (
            "{user.new: true}",
            "{set: {derived.one: false}}",
            "R041",
            "{derived.one: false}, found {derived",
        ),
    ],
)
def test_a_test_that_fails_is_a_mistake_at_its_place(
    given: str, expect: str, code: str, said: str
) -> None:
    text = several(rule("a", "user.new", "gate: ask, set: {derived.one: true}"))
    _, report = load(text + EXAMPLE.format(given=given, expect=expect))
    assert codes(report) == [code]
    assert said in told(report)[0]
    line = 7 if code == "R041" else 8 if "given" in told(report)[0] else None
    assert line is None or f"r0.yaml:{line}:" in told(report)[0]


def test_who_names_a_broken_rule_is_not_blamed_for_it() -> None:
    text = several(
        rule("a", "user.nwe", "gate: ask"),
        rule("b", "user.new and user.streak > 3", "gate: deny", overlaps_ok="[a]"),
    )
    _, report = load(text + EXAMPLE.format(given="{user.new: true}", expect="{fired: [a]}"))
    assert codes(report) == ["L011"]


def test_a_test_that_holds_says_nothing() -> None:
    given = "{user.new: true, ledger.hours: 3}\n    on: 2026-03-02"
    expect = "{gate: ask, reply: none, set: {derived.one: true}, fired: [a]}"
    dates = {"from_": "2026-03-02", "until": "2026-03-02"}
    text = several(rule("a", "user.new", "gate: ask, set: {derived.one: true}", **dates))
    rules(text + EXAMPLE.format(given=given, expect=expect))
