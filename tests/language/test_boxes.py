"""Boxes hold exactly the facts for which a condition is true; witnesses lie in them."""

from typing import Any

import pytest
from hypothesis import given, settings

from bot.language import boxes, domains, witness
from bot.language.boxes import TooComplex
from bot.language.domains import Bag, Domain, Spans, Words
from bot.language.spaces import Box, Count, Form, Key, Known, Same
from tests.language.interpreter import truth
from tests.language.random_trees import LEVELS, TYPES, conditions, scenes
from tests.language.test_compile import checked
from tests.sizes import size

PHANTOM = 7
START: dict[str, Any] = {
    "a.whole": 0,
    "a.other": 0,
    "a.share": 0.0,
    "a.flag": False,
    "a.sign": False,
    "a.level": "novice",
    "a.wish": "novice",
    "a.word": "",
    "a.topic": "",
    "a.tags": (),
    "a.wait": 0,
    "a.perhaps": None,
    "msg.hour": 12,
}


def contains(box: Box, facts: dict[str, Any]) -> bool:
    return all(is_in(key, domain, facts) for key, domain in box.items())


def is_in(key: Key, domain: Domain, facts: dict[str, Any]) -> bool:
    value = value_of(key, facts)
    match domain:
        case Spans():
            # What an unknown fact would be does not matter: Known says that it is not.
            return domains.holds(domain, PHANTOM if value is None else value)
        case Words():
            return (value in domain.values) is not domain.is_all_but
        case Bag():
            return domain.must <= set(value) and not domain.never & set(value)


def value_of(key: Key, facts: dict[str, Any]) -> Any:
    match key:
        case str():
            return facts[key]
        case Known():
            return facts[key.name] is not None
        case Count():
            return len(facts[key.name])
        case Same(operator="=="):
            return facts[key.left] == facts[key.right]
        case Same():
            return LEVELS.index(facts[key.left]) < LEVELS.index(facts[key.right])
        case Form():
            total = 0.0
            for monomial, weight in key.terms:
                part: float = weight
                for name in monomial:
                    is_count = name.startswith("count(")
                    part *= len(facts[name[6:-1]]) if is_count else facts[name]
                total += part
            return total


@settings(max_examples=size(150, 5_000), deadline=None)
@given(conditions, scenes())
def test_boxes_hold_exactly_the_facts_that_make_the_condition_true(
    condition: str, facts: dict[str, Any]
) -> None:
    tree = checked(condition)
    is_true = truth(tree, facts, TYPES)
    try:
        assert any(contains(box, facts) for box in boxes.boxes(tree, TYPES)) is is_true
        inside = [contains(box, facts) for box in boxes.boxes(tree, TYPES, is_wanted=False)]
        assert any(inside) is not is_true
    except TooComplex:
        pass


@settings(max_examples=size(100, 3_000), deadline=None)
@given(conditions, conditions, scenes())
def test_what_is_taken_away_is_gone_and_the_rest_stays(
    one: str, other: str, facts: dict[str, Any]
) -> None:
    trees = checked(one), checked(other)
    try:
        found = [boxes.boxes(tree, TYPES) for tree in trees]
        left = boxes.without(found[0], found[1], TYPES)
    except TooComplex:
        return
    wanted = truth(trees[0], facts, TYPES) and not truth(trees[1], facts, TYPES)
    assert any(contains(box, facts) for box in left) is wanted


@settings(max_examples=size(150, 5_000), deadline=None)
@given(conditions)
def test_a_witness_is_found_wherever_no_sums_and_equalities_stand_in_the_way(
    condition: str,
) -> None:
    tree = checked(condition)
    try:
        found = boxes.boxes(tree, TYPES)
    except TooComplex:
        return
    for box in found:
        facts = witness.near(box, START, TYPES)
        if not any(isinstance(key, Form | Same | Count) for key in box):
            assert contains(box, facts), (condition, box, facts)
            assert truth(tree, facts, TYPES)


@pytest.mark.parametrize(
    "condition",
    [
        "a.whole > 5 and a.whole < 5",
        "a.whole > 5 and a.whole < 6",
        "a.flag and not a.flag",
        'a.level > "master"',
        'a.level == "novice" and a.level == "skilled"',
        'a.word == "x" and a.word == "y"',
        'a.word in ["x"] and a.word not in ["x", "y"]',
        "a.whole + a.other > 41",
        "a.whole + a.other > 5 and a.other + a.whole < 5",
        "a.whole + a.other > 20 and a.whole < 3 and a.other < 3",
        "a.whole * a.other > 401",
        'has(a.tags, "x") and not has(a.tags, "x")',
        'has(a.tags, "x") and count(a.tags) == 0',
        "a.whole > 20",
        "a.share < 0",
        "2 * a.whole == 7",
        "a.wait > 1d",
        "known(a.perhaps) and a.perhaps < 0",
        "known(a.perhaps) and not known(a.perhaps)",
        'a.word == a.topic and a.word == "x" and a.topic == "y"',
        "a.level == a.wish and a.level != a.wish",
        "between_hours(22, 7) and between_hours(9, 17)",
        "(a.flag == a.sign) and a.flag and not a.sign",
        "false",
    ],
)
def test_conditions_that_exclude_themselves_have_no_box(condition: str) -> None:
    assert boxes.boxes(checked(condition), TYPES) == []


@pytest.mark.parametrize(
    "condition",
    [
        "a.whole + a.other > 30",
        "a.whole + a.other > 10 and a.whole < 3",
        "a.whole * 2 + a.other == 9",
        'a.word == a.topic and a.word != ""',
        "a.level > a.wish",
        'has(a.tags, "x") and count(a.tags) == 3 and not has(a.tags, "y")',
        "a.share > 0.99",
        "known(a.perhaps) and a.perhaps == 20",
        'a.word not in ["", "something-else"]',
    ],
)
def test_a_witness_is_found_for_sums_equalities_and_lengths_as_well(condition: str) -> None:
    tree = checked(condition)
    found = witness.first(
        boxes.boxes(tree, TYPES), START, TYPES, lambda facts: bool(truth(tree, facts, TYPES))
    )
    assert found is not None


def test_a_condition_of_too_many_boxes_is_given_up() -> None:
    pairs = [f'(has(a.tags, "x{n}") or has(a.tags, "y{n}"))' for n in range(9)]
    wide = " and ".join(pairs)
    with pytest.raises(TooComplex):
        boxes.boxes(checked(wide), TYPES)


def test_spans_of_decimals_keep_their_open_ends() -> None:
    below = domains.compared("<", 0.5, False)
    assert not domains.holds(below, 0.5)
    above = domains.complement(below)[0]
    assert isinstance(above, Spans)
    assert domains.holds(above, 0.5)
    assert domains.nearest(below, 3.0) is not None
    assert domains.holds(below, domains.nearest(below, 3.0) or 3.0)


def test_spans_of_whole_numbers_have_closed_ends() -> None:
    found = domains.compared("<", 2.5, True)
    assert found.spans[0].high == 2
    assert domains.is_empty(domains.compared("==", 2.5, True))
