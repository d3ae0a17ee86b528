"""Any text is a tree or a problem at its column; trees keep their shape through their text."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.language.lexer import MAX_TOKENS, Problem, lex
from bot.language.parser import MAX_DEPTH, parse
from bot.language.syntax import Compare, Literal, Logic, Not, Sum, Tree, depth, moved, text
from tests.language.random_trees import conditions
from tests.sizes import size

BLNS = Path(__file__).resolve().parents[3] / "shared/data/adversarial/blns.json"
WORDS = "and or not in true false ( ) [ ] , + - * == != < <= > >= 70% 2h 3 0.5 a.b user.x name"
PIECES = [*WORDS.split(), "known(", "has(", "count(", "between_hours(", '"text"', '"', *"'=&#.%"]


def tree(condition: str) -> Tree:
    found = parse(condition)
    assert not isinstance(found, Problem), found
    return found


def problem(condition: str) -> Problem:
    found = parse(condition)
    assert isinstance(found, Problem), text(found)
    return found


@settings(max_examples=size(200, 20_000), deadline=None)
@given(st.text(max_size=80))
@example("\x00")
@example("(" * 5_000)
@example("not " * 399)
@example("-" * 500)
@example("[" * 500)
@example("a.b" + " == a.b" * 300)
@example("9" * 5_000)
@example('"' * 3)
@example('"\\')
@example("\ud800")
def test_any_text_is_a_tree_or_a_problem(condition: str) -> None:
    found = parse(condition)
    if isinstance(found, Problem):
        assert 0 <= found.at <= len(condition)
        assert found.text
    else:
        assert text(found)


@settings(max_examples=size(200, 20_000), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_any_words_of_the_language_are_a_tree_or_a_problem(condition: str) -> None:
    found = parse(condition)
    if isinstance(found, Problem):
        assert 0 <= found.at <= len(condition)
    else:
        assert depth(found) <= MAX_DEPTH


@pytest.mark.skipif(not BLNS.exists(), reason="the adversarial strings are not here")
def test_naughty_strings_are_trees_or_problems() -> None:
    for naughty in json.loads(BLNS.read_text("utf-8")):
        found = parse(naughty)
        assert found is not None
        quoted = parse(f"msg.text == {naughty}")
        assert quoted is not None


@settings(max_examples=size(100, 5_000), deadline=None)
@given(conditions)
def test_the_text_of_a_tree_parses_to_the_same_tree(condition: str) -> None:
    first = tree(condition)
    again = tree(text(first))
    assert text(again) == text(first)
    assert text(moved(first, 0)) == text(first)


@pytest.mark.parametrize(
    ("condition", "bracketed"),
    [
        ("a.a or a.b and a.c", "(a.a or (a.b and a.c))"),
        ("not a.a and a.b", "((not a.a) and a.b)"),
        ("not a.a == 1", "(not (a.a == 1))"),
        ("a.a + 2 * 3 > 4 - 1 and a.b", "(((a.a + (2 * 3)) > (4 - 1)) and a.b)"),
        ("a.a - 1 - 2 == 0", "((a.a - 1 - 2) == 0)"),
        ("a.a in [1, 2] or a.b not in [3]", "((a.a in [1, 2]) or (a.b not in [3]))"),
        ("a.a > -5", "(a.a > -5)"),
        ("(a.a or a.b) and a.c", "((a.a or a.b) and a.c)"),
    ],
)
def test_stronger_operators_bind_first(condition: str, bracketed: str) -> None:
    assert tree(condition) != tree("a.a")
    assert text(tree(condition)) == text(tree(bracketed))
    assert everything_in_brackets(tree(condition)) == bracketed


def everything_in_brackets(one: Tree) -> str:
    match one:
        case Logic():
            joined = f" {one.operator} ".join(everything_in_brackets(part) for part in one.parts)
            return f"({joined})"
        case Not():
            return f"(not {everything_in_brackets(one.of)})"
        case Compare():
            sides = [everything_in_brackets(side) for side in (one.left, one.right)]
            return f"({sides[0]} {one.operator} {sides[1]})"
        case Sum():
            first, *rest = one.terms
            tail = (f" {'+' if s > 0 else '-'} {everything_in_brackets(t)}" for s, t in rest)
            return f"({everything_in_brackets(first[1])}{''.join(tail)})"
        case _:
            shown = text(one)
            return f"({shown})" if " " in shown else shown


def test_a_chain_of_one_operator_is_one_level() -> None:
    assert depth(tree(" and ".join(["a.a"] * 150))) == 2
    assert depth(tree(" + ".join(["a.a"] * 100) + " > 3")) == 3


def test_a_share_a_duration_and_escapes_are_values() -> None:
    assert tree("70%") == Literal(0.7, 0, "%")
    assert tree("2h") == Literal(7_200, 0, "duration")
    assert tree("1w") == Literal(604_800, 0, "duration")
    assert tree('"say \\"no\\" \\\\"') == Literal('say "no" \\', 0)
    assert tree("-0.5") == Literal(-0.5, 0)


@pytest.mark.parametrize(
    ("condition", "at", "said"),
    [
        ("", 0, "missing"),
        ("a.a and", 7, "found the end"),
        ("a.a and and a.b", 8, "found 'and'"),
        ("a.a b.b", 4, "expected 'and', 'or'"),
        ("a.a < 3 < 5", 8, "do not chain"),
        ("a.a == 1 == 2", 9, "do not chain"),
        ("a.a in user.watches", 7, "'in' takes values in [ ]"),
        ("a.a in []", 8, "expected a fact, a value"),
        ("a.a in [b]", 8, "only values"),
        ("a.a = 3", 4, "'=' means nothing"),
        ("a.a && b.b", 4, "'&' means nothing"),
        ("a.a == 'x'", 7, "''' means nothing"),
        ("a.a / 2 > 1", 4, "'/' means nothing"),
        ("a.a ** 2 > 1", 5, "found '*'"),
        ("a.a AND b.b", 4, "found 'AND'"),
        ("exec(a.a)", 0, "'exec' is not a function"),
        ("a.a[0] == 1", 3, "found '['"),
        ("a.a == not b.b", 7, "'not' needs brackets"),
        ("(a.a", 4, "closing bracket"),
        ('a.a == "x', 7, "does not end"),
        ("a.a > 5x", 7, "'x' is not a unit"),
        ("a.a > 1.5h", 6, "whole number"),
        ("a.a > 1e3", 7, "'e3' is not a unit"),
        ("a.a > 1234567890123456", 6, "at most 15 digits"),
        ("- a.a > 1", 0, "expected a fact"),
    ],
)
def test_a_problem_stands_at_its_column(condition: str, at: int, said: str) -> None:
    found = problem(condition)
    assert said in found.text
    assert found.at == at


def test_bounds_of_length_tokens_and_depth() -> None:
    assert "tokens" in problem("a.a or " * 200 + "a.a").text
    assert len(lex("a.a or " * (MAX_TOKENS // 2 - 1) + "a.a or")) == MAX_TOKENS + 1
    assert "characters" in problem(" " * 20_001).text
    assert "deeper" in problem("not " * 30 + "a.a").text
    assert "deeper" in problem("(" * 120 + "a.a" + ")" * 120).text
    assert "200 characters" in problem(f'a.a == "{"x" * 250}"').text


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        ("a.a = 1", "write '=='"),
        ("a.a AND b.b", "write 'and' in small letters"),
        ("a.a in watches.list", 'write has(watches.list, "...") for a list of texts'),
        ("a.a in [premium]", 'text stands in double quotes: "premium"'),
        ("max(a.a)", "there are known, has, count, between_hours"),
    ],
)
def test_a_problem_says_what_to_write_instead(condition: str, hint: str) -> None:
    assert problem(condition).hint == hint
