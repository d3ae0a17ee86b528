"""Names, values and kinds are checked with the nearest right word."""

import pytest

from bot.language import guards
from bot.language.check import check
from bot.language.lexer import Problem
from bot.language.parser import parse
from bot.language.syntax import Tree, text
from tests.language.random_trees import TYPES


def checked(condition: str, defined: dict[str, Tree] | None = None) -> tuple[str, list[Problem]]:
    written = parse(condition)
    assert not isinstance(written, Problem), written
    problems: list[Problem] = []
    tree = check(written, TYPES, defined or {}, problems)
    return text(tree) if tree is not None else "", problems


@pytest.mark.parametrize(
    ("condition", "code", "at", "said", "hint"),
    [
        ("a.wholle > 3", "L011", 0, "'a.wholle' is not a fact", "did you mean 'a.whole'?"),
        ("a.flag and b", "L011", 11, "'b' is not a fact", 'text stands in double quotes: "b"'),
        ("a.flag == True", "L011", 10, "'True' is not a fact", "write true"),
        ("a.flag == no", "L011", 10, "'no' is not a fact", "write false"),
        ("a.whole == null", "L011", 11, "'null' is not a fact", "there is no null: known(fact)"),
        ('a.level == "mastr"', "L016", 11, "'mastr' is not one of", "did you mean 'master'?"),
        ('a.level in ["novice", "x"]', "L016", 22, "'x' is not one of novice, skilled", ""),
        ('a.word < "b"', "L012", 7, "a text has no order", "use == or !="),
        ("a.flag > true", "L012", 7, "true or false has no order", "use == or !="),
        ('a.whole == "3"', "L012", 8, "a number is not compared with a text", ""),
        ("a.level == 3", "L012", 11, "a choice is not compared with a number", "one of"),
        ("a.wait > 90", "L012", 7, "a duration is not compared with a number", "give it a unit"),
        ("a.whole > 2h", "L012", 8, "a number is not compared with a duration", ""),
        ("a.whole > 5%", "L012", 10, "this share is 0.05", "write 5"),
        ('a.tags == "buy"', "L012", 7, "a list is not compared", "use has"),
        ("a.whole", "L010", 0, "this is a number, not a condition", "compare it"),
        ("a.flag and a.whole", "L010", 11, "'and' takes conditions", "compare it"),
        ("not a.word", "L010", 4, "'not' takes conditions", "compare it"),
        ("a.word + 1 > 2", "L012", 7, "+ and - takes numbers", ""),
        ("a.wait * a.wait > 2h", "L012", 7, "* takes numbers", ""),
        ("1 < 2", "L013", 2, "two values and no fact", ""),
        ("3 in [1, 2]", "L013", 2, "a fact stands left of 'in'", ""),
        ('has(a.word, "x")', "L012", 4, "has() takes a list", ""),
        ("has(a.tags)", "L012", 0, 'write has(fact, "text")', ""),
        ("has(a.tags, 3)", "L012", 0, 'write has(fact, "text")', ""),
        ("count(a.whole) > 1", "L012", 6, "count() takes a list", ""),
        ("known(3)", "L012", 0, "write known(fact)", ""),
        ("known(a.flat)", "L011", 6, "'a.flat' is not a fact", "did you mean 'a.flag'?"),
        ("between_hours(22)", "L012", 0, "two different hours", ""),
        ("between_hours(7, 7)", "L012", 0, "two different hours", ""),
        ("between_hours(7, 25)", "L012", 0, "two different hours", ""),
        ("between_hours(a.whole, 7)", "L012", 0, "two different hours", ""),
    ],
)
def test_what_is_wrong_is_told_at_its_column(
    condition: str, code: str, at: int, said: str, hint: str
) -> None:
    tree, problems = checked(condition)
    assert tree == ""
    assert [(one.code, one.at) for one in problems] == [(code, at)]
    assert said in problems[0].text
    assert hint in problems[0].hint


def test_every_mistake_of_a_condition_is_told() -> None:
    _, problems = checked('a.wrong > 1 and a.level == "x" or a.flag == 3')
    assert [one.code for one in problems] == ["L011", "L016", "L012"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("a.whole > 21", "21 is outside -5..20"),
        ("a.share == 2", "2 is outside 0..1"),
        ("a.wait < 2w", "2w is outside 0..86400"),
        ("known(a.whole)", "always has a value"),
    ],
)
def test_what_can_be_meant_but_hardly_is_a_warning(condition: str, said: str) -> None:
    tree, problems = checked(condition)
    assert tree
    assert said in problems[0].text
    assert not problems[0].is_error


@pytest.mark.parametrize(
    ("condition", "meaning"),
    [
        ("between_hours(22, 7)", "msg.hour >= 22 or msg.hour < 7"),
        ("between_hours(9, 17)", "msg.hour >= 9 and msg.hour < 17"),
        ("a.flag and between_hours(22, 7)", "a.flag and (msg.hour >= 22 or msg.hour < 7)"),
        ("5 < a.whole", "a.whole > 5"),
        ('"buy" == a.word', 'a.word == "buy"'),
        ("a.share >= 70%", "a.share >= 0.7"),
        ("a.wait * 2 >= 90m", "a.wait * 2 >= 90m"),
        ("a.whole + 0.5 > a.share * 2", "a.whole + 0.5 > a.share * 2"),
        ("(a.flag and a.sign) == a.flag", "(a.flag and a.sign) == a.flag"),
    ],
)
def test_what_is_right_means_this(condition: str, meaning: str) -> None:
    assert checked(condition) == (meaning, [])


def test_a_definition_stands_for_its_condition() -> None:
    defined = {"busy": parse("a.whole > 3 or a.flag")}
    assert not isinstance(defined["busy"], Problem)
    found, problems = checked("not busy and a.sign", {"busy": defined["busy"]})
    assert found == "not (a.whole > 3 or a.flag) and a.sign"
    assert not problems


@pytest.mark.parametrize(
    ("condition", "places"),
    [
        ("a.perhaps < 3", [0]),
        ("known(a.perhaps) and a.perhaps < 3", []),
        ("a.perhaps < 3 and known(a.perhaps)", [0]),
        ("known(a.perhaps) or a.perhaps < 3", [20]),
        ("not known(a.perhaps) or a.perhaps < 3", []),
        ("known(a.perhaps) and (a.flag or a.perhaps + 1 < 3) or a.perhaps == 2", [54]),
        ("not (not known(a.perhaps) or a.flag) and a.perhaps == 1", []),
        ("(known(a.perhaps) or a.flag) and a.perhaps == 1", [33]),
        ("(known(a.perhaps) and a.flag or known(a.perhaps)) and a.perhaps == 1", []),
        ("known(a.perhaps) and a.perhaps in [1, 2] and a.whole == a.perhaps", []),
        ("known(a.perhaps) == a.flag and a.perhaps == 1", [31]),
    ],
)
def test_a_maybe_fact_is_read_only_behind_known(condition: str, places: list[int]) -> None:
    written = parse(condition)
    assert not isinstance(written, Problem)
    assert [one.at for one in guards.unguarded(written, TYPES)] == places
