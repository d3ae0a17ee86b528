"""The shipped lessons: depths that go deeper, and numbers that are right."""

import math

import pytest

from bot.model.money import Tier
from tests.content.files import shipped

CONTENT = shipped()[0]
MARGIN = 0.005


def _text(sku: str) -> str:
    return CONTENT.lesson(sku, "en").source


def _long(entry: float, leverage: float) -> float:
    return entry * (1 - 1 / leverage) / (1 - MARGIN)


def _short(entry: float, leverage: float) -> float:
    return entry * (1 + 1 / leverage) / (1 + MARGIN)


def _room(leverage: float) -> float:
    return 100 * (1 - _long(1, leverage))


def _touched(distance: float, days: int, daily: float = 3.0) -> float:
    """Chance in per cent that a random walk touches a level within some days."""
    z = distance / (daily * math.sqrt(days))
    return 100 * math.erfc(z / math.sqrt(2))


def _filled(sold: float, top: float, bids: list[float]) -> float:
    """Where a market sale ends in bids that lie 100 apart from `top` down."""
    for bid in bids:
        if sold <= bid:
            return top - 100 * sold / bid
        sold, top = sold - bid, top - 100
    raise AssertionError("the book is too thin")


def _growth(chance: float, size: float, win: float = 1.5) -> float:
    return chance * math.log(1 + win * size) + (1 - chance) * math.log(1 - size)


BIDS = [8.0, 7.0, 9.0, 10.0, 11.0]
NUMBERS: list[tuple[str, str, float, int]] = [
    ("liquidation-clusters.basic", "40,704", _long(45_000, 10), 0),
    ("liquidation-clusters.basic", "43,417", _long(45_000, 25), 0),
    ("liquidation-clusters.basic", "44,322", _long(45_000, 50), 0),
    ("liquidation-clusters.basic", "49,254", _short(45_000, 10), 0),
    ("liquidation-clusters.basic", "9.5 % below", _room(10), 1),
    ("liquidation-clusters.basic", "3.5 % below", _room(25), 1),
    ("liquidation-clusters.basic", "1.5 % below", _room(50), 1),
    ("liquidation-clusters.basic", "9.5 % above", 100 * (_short(1, 10) - 1), 1),
    ("liquidation-clusters.premium", "near 43,040", _filled(30, 43_400, BIDS), 0),
    ("liquidation-clusters.premium", "42,900", _filled(45, 43_400, BIDS), 0),
    ("liquidation-clusters.premium", "0.8 % below", 100 * 360 / 43_400, 1),
    ("liquidation-clusters.premium", "or 1.2 %", 100 * 500 / 43_400, 1),
    ("liquidation-clusters.premium", "at 43,200", _filled(30, 43_400, [2 * b for b in BIDS]), 0),
    ("liquidation-clusters.premium", "0.5 % instead", 100 * 200 / 43_400, 1),
    ("liquidation-clusters.exclusive", "loses 1,160", 44_200 - 43_040, 0),
    ("liquidation-clusters.exclusive", "loss of 810", 44_200 - 43_390, 0),
    ("liquidation-clusters.exclusive", "43 % more", 100 * (1_160 / 810 - 1), 0),
    ("liquidation-clusters.exclusive", "loss of 600", 44_200 - 43_600, 0),
    ("liquidation-clusters.exclusive", "0.6 of the size", 810 / 1_350, 1),
    ("liquidation-clusters.exclusive", "27 times, 45 %", 100 * 27 / 60, 0),
    ("liquidation-clusters.exclusive", "52 times, 40 %", 100 * 52 / 130, 0),
    ("liquidation-clusters.exclusive", "= 7.7 points", 100 * (0.2475 / 60 + 0.24 / 130) ** 0.5, 1),
    ("position-sizing.basic", "0.0568 coins", 50 / 880, 4),
    ("position-sizing.basic", "50 / 0.02 = 2,500", 50 / 0.02, 0),
    ("position-sizing.basic", "2.50 here", 2_500 * 0.001, 2),
    ("position-sizing.basic", "= 2,381", 50 / 0.021, 0),
    ("position-sizing.basic", "= 1,250", 50 / 0.04, 0),
    ("position-sizing.premium", "= 7.5", math.log(200 * 0.45) / math.log(1 / 0.55), 1),
    ("position-sizing.premium", "90.4 % left", 100 * 0.99**10, 1),
    ("position-sizing.premium", "10.6 % brings", 100 * (1 / 0.99**10 - 1), 1),
    ("position-sizing.premium", "59.9 % left", 100 * 0.95**10, 1),
    ("position-sizing.premium", "67.0 % brings", 100 * (1 / 0.95**10 - 1), 1),
    ("position-sizing.premium", "34.9 % left", 100 * 0.9**10, 1),
    ("position-sizing.premium", "186.8 % brings", 100 * (1 / 0.9**10 - 1), 1),
    ("position-sizing.premium", "0.125 R a trade", 0.45 * 1.5 - 0.55, 3),
    ("position-sizing.premium", "0.025 R is left", 0.125 - 0.1, 3),
    ("position-sizing.premium", "= 1.90 %", math.sqrt(3.6), 2),
    ("position-sizing.premium", "not the 1.41 %", math.sqrt(2), 2),
    ("position-sizing.exclusive", "= 8.3 % of", 100 * (0.45 - 0.55 / 1.5), 1),
    ("position-sizing.exclusive", "= 5.0 points", 100 * math.sqrt(0.45 * 0.55 / 100), 1),
    ("position-sizing.exclusive", "= 1.7 %", 100 * (0.41 - 0.59 / 1.5), 1),
    ("position-sizing.exclusive", "five times", (0.45 - 0.55 / 1.5) / (0.41 - 0.59 / 1.5), 0),
    ("position-sizing.exclusive", "= −0.0030", -_growth(0.41, 0.45 - 0.55 / 1.5), 4),
    ("position-sizing.exclusive", "= +0.0002", _growth(0.41, 0.01), 4),
    (
        "position-sizing.exclusive",
        "−26 % in",
        100 * (1 - math.exp(100 * _growth(0.41, 1 / 12))),
        0,
    ),
    (
        "position-sizing.exclusive",
        "about +2 %",
        100 * (math.exp(100 * _growth(0.41, 0.01)) - 1),
        0,
    ),
    ("position-sizing.exclusive", "2,500 × 0.06 = 150", 2_500 * 0.06, 0),
    ("position-sizing.exclusive", "50 / 0.06 = 833", 50 / 0.06, 0),
    ("leverage.basic", "+20 %", 100 * 0.04 * 5, 0),
    ("leverage.basic", "0.50 each", 5_000 * 0.0001, 2),
    ("leverage.basic", "45 in 30 days", 5_000 * 0.0001 * 3 * 30, 0),
    ("leverage.basic", "4.5 % of your deposit", 100 * 45 / 1_000, 1),
    ("leverage.basic", "80.4 %", 100 * _long(1, 5), 1),
    ("leverage.basic", "19.6 % of room", _room(5), 1),
    ("leverage.basic", "it is 9.5 %", _room(10), 1),
    ("leverage.basic", "20x 4.5 %", _room(20), 1),
    ("leverage.premium", "deposit 400", 8_000 / 20, 0),
    ("leverage.premium", "13 % within one day", _touched(_room(20), 1), 0),
    ("leverage.premium", "78 % within 30", _touched(_room(20), 30), 0),
    ("leverage.premium", "0.1 % within one day", _touched(_room(10), 1), 1),
    ("leverage.premium", "56 % within 30", _touched(_room(10), 30), 0),
    ("leverage.premium", "23 % within 30", _touched(_room(5), 30), 0),
    ("leverage.exclusive", "g = +4.1 %", 100 * (0.2 * 0.4 - 0.49 * 0.16 / 2), 1),
    ("leverage.exclusive", "= 0.41)", 0.2 / 0.49, 2),
    ("leverage.exclusive", "g = −4.5 %", -100 * (0.2 - 0.49 / 2), 1),
    ("leverage.exclusive", "g = −58 %", -100 * (0.4 - 0.49 * 2), 0),
    ("leverage.exclusive", "falls by 44 %", 100 * (1 - math.exp(-0.58)), 0),
    ("leverage.exclusive", "g = −160.5 %", -100 * (0.6 - 0.49 * 4.5), 1),
    ("leverage.exclusive", "falls by 80 %", 100 * (1 - math.exp(-1.605)), 0),
    ("leverage.exclusive", "100 / 0.025 = 4,000", 100 / 0.025, 0),
    ("leverage.exclusive", "5.475 %", 100 * (1 - 0.95 * 0.995), 3),
    ("leverage.exclusive", "L at most 18", math.floor(1 / (1 - 0.95 * 0.995)), 0),
    ("leverage.exclusive", "4,000 / 18 = 222", 4_000 / 18, 0),
    ("leverage.exclusive", "−24.6 %", _room(4), 1),
    ("exchange-tour.premium", "together 5.40", 2 + 0.4 + 3, 2),
    ("exchange-tour.premium", "or 0.54 %", 100 * 5.4 / 1_000, 2),
]


@pytest.mark.parametrize(("sku", "phrase", "value", "digits"), NUMBERS, ids=lambda v: str(v)[:30])
def test_a_worked_number_is_what_the_sum_gives(
    sku: str, phrase: str, value: float, digits: int
) -> None:
    assert phrase in _text(sku)
    assert f"{value:,.{digits}f}" in phrase or (phrase, round(value)) == ("five times", 5)


def test_three_times_the_borrowed_money_is_where_a_month_gets_dangerous() -> None:
    assert _touched(_room(3), 30) < 5 < _touched(_room(3.2), 30)
    assert "about 3x at most" in _text("leverage.premium")


def test_lessons_are_education_but_for_one_example() -> None:
    promoted = [sku for sku, item in CONTENT.items.items() if item.financial_promotion]
    assert promoted == ["exchange-tour.premium"]
    assert _text(promoted[0]).startswith(
        "*Crypto prices can fall fast, and you can lose everything"
    )


def test_an_expert_can_own_three_premium_lessons_that_are_education() -> None:
    premium = [
        item
        for item in CONTENT.items.values()
        if item.tier == Tier.PREMIUM and not item.financial_promotion
    ]
    assert len(premium) >= 3
