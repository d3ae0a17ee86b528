"""The first lessons and their quizzes: every number recomputed, none left over."""

import math

import pytest

from bot.model.money import Tier
from tests.content.files import shipped
from tests.content.phrases import assert_worked, lesson, right_options, said
from tests.content.sums import GIVEN, NUMBERS, room, touched

CONTENT = shipped()[0]


@pytest.mark.parametrize(("sku", "phrase", "value", "digits"), NUMBERS, ids=lambda v: str(v)[:30])
def test_a_worked_number_is_what_the_sum_gives(
    sku: str, phrase: str, value: float, digits: int
) -> None:
    assert phrase in lesson(sku)
    assert f"{value:,.{digits}f}" in phrase or (phrase, round(value)) == ("five times", 5)


@pytest.mark.parametrize("sku", GIVEN)
def test_no_number_is_left_over(sku: str) -> None:
    assert_worked(sku, GIVEN[sku], [phrase for told, phrase, *_ in NUMBERS if told == sku])


def test_the_right_answers_are_the_recomputed_ones() -> None:
    closer = right_options("liquidation-clusters")[2]
    assert closer == "It more than halves" and room(50) < room(25) / 2
    sized = right_options("position-sizing")
    assert sized[0] == said(30 / 60, 1)
    assert sized[2] == f"{said(100 * (1 / 0.95**10 - 1))} %"
    assert sized[3] == f"About {said(math.sqrt(3.6), 1)} %"
    borrowed = right_options("leverage")
    assert borrowed[0] == f"{said(100 / 20)} %"
    assert borrowed[2] == "More likely than not" and touched(room(10), 30) > 50
    assert borrowed[3] == f"{said(16_000 / 6_000, 1)}x"


def test_three_times_the_borrowed_money_is_where_a_month_gets_dangerous() -> None:
    assert touched(room(3), 30) < 5 < touched(room(3.2), 30)
    assert "about 3x at most" in lesson("leverage.premium")


def test_lessons_are_education_but_for_one_example() -> None:
    promoted = [sku for sku, item in CONTENT.items.items() if item.financial_promotion]
    assert promoted == ["exchange-tour.premium"]
    assert lesson(promoted[0]).startswith(
        "*Crypto prices can fall fast, and you can lose everything"
    )


def test_an_expert_can_own_three_premium_lessons_that_are_education() -> None:
    premium = [
        item
        for item in CONTENT.items.values()
        if item.tier == Tier.PREMIUM and not item.financial_promotion
    ]
    assert len(premium) >= 3
