"""Generated code says what a slow, independent reading says; wrong facts are named."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import guards
from bot.language.check import check
from bot.language.compile import Group, WrongFact, finder, loader
from bot.language.evaluate import holds
from bot.language.lexer import Problem
from bot.language.parser import parse
from bot.language.syntax import Tree
from bot.language.types import FactType
from tests.language.interpreter import truth
from tests.language.random_trees import TYPES, conditions, scenes
from tests.sizes import size

NAMES = list(TYPES)


def checked(text: str) -> Tree:
    written = parse(text)
    assert not isinstance(written, Problem), (text, written)
    problems: list[Problem] = []
    tree = check(written, TYPES, {}, problems)
    assert tree is not None, (text, problems)
    return tree


@settings(max_examples=size(100, 3_000), deadline=None)
@given(st.lists(conditions, min_size=1, max_size=4), st.lists(scenes(), min_size=1, max_size=4))
def test_generated_code_equals_a_slow_interpreter(
    texts: list[str], moments: list[dict[str, Any]]
) -> None:
    trees = [checked(text) for text in texts]
    assert not [problem for tree in trees for problem in guards.unguarded(tree, TYPES)]
    groups = [Group(((number, tree),)) for number, tree in enumerate(trees)]
    found = finder(groups, NAMES, TYPES)
    for facts in moments:
        slow = [number for number, tree in enumerate(trees) if truth(tree, facts, TYPES)]
        assert found([facts[name] for name in NAMES]) == slow
        assert [number for number, tree in enumerate(trees) if holds(tree, facts, TYPES)] == slow


@settings(max_examples=size(50, 1_000), deadline=None)
@given(st.lists(conditions, min_size=1, max_size=5), scenes())
def test_of_a_first_group_only_the_first_true_condition_is_found(
    texts: list[str], facts: dict[str, Any]
) -> None:
    trees = [checked(text) for text in texts]
    group = Group(tuple(enumerate(trees)), is_first=True)
    found = finder([group], NAMES, TYPES)([facts[name] for name in NAMES])
    assert found == [n for n, tree in enumerate(trees) if truth(tree, facts, TYPES)][:1]


def test_one_condition_over_one_fact_and_none_at_all() -> None:
    assert finder([Group(((7, checked("a.flag")),))], NAMES[3:4], TYPES)([True]) == [7]
    assert finder([], [], TYPES)([]) == []
    assert finder([Group(((0, checked("true")),))], [], TYPES)([]) == [0]


def load(name: str, value: object) -> object:
    facts: Any = {name: value}
    return loader([name], TYPES, {name: None})(facts)[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a.whole", "7"),
        ("a.whole", True),
        ("a.whole", 7.0),
        ("a.whole", None),
        ("a.share", "0.5"),
        ("a.share", float("nan")),
        ("a.flag", 1),
        ("a.flag", None),
        ("a.level", "expert"),
        ("a.level", ["novice"]),
        ("a.word", 3),
        ("a.tags", "buy"),
        ("a.wait", 1.5),
        ("a.perhaps", "3"),
    ],
)
def test_a_fact_of_another_type_is_a_fault(name: str, value: object) -> None:
    with pytest.raises(WrongFact, match=r"fact a\."):
        load(name, value)


def test_the_fault_names_the_fact() -> None:
    with pytest.raises(WrongFact, match=r"fact a\.whole has a value of type str"):
        load("a.whole", "7")


@pytest.mark.parametrize(
    ("name", "value", "loaded"),
    [
        ("a.whole", 21, 20),
        ("a.whole", -6, -5),
        ("a.share", 7, 1),
        ("a.share", float("inf"), 1),
        ("a.perhaps", None, None),
        ("a.perhaps", 99, 20),
        ("a.tags", ["buy"], ["buy"]),
    ],
)
def test_a_number_outside_its_range_counts_as_the_nearest_inside(
    name: str, value: object, loaded: object
) -> None:
    assert load(name, value) == loaded


def test_a_missing_fact_has_its_default_and_a_derived_one_is_never_given() -> None:
    types = {"a.one": FactType("int"), "derived.two": FactType("bool", is_derived=True)}
    load_both = loader(["a.one", "derived.two"], types, {"a.one": 3, "derived.two": False})
    assert load_both({"derived.two": True}) == [3, False]
