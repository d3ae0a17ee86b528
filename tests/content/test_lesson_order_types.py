"""Order types: fills, costs and what a record of fills can show, computed again."""

import math

from tests.content.worked import check_quiz, check_sums, lesson, right

OFFERS = ((2, 100.00), (3, 100.10), (5, 100.30))


def _paid(size: float, offers: tuple[tuple[int, float], ...] = OFFERS) -> float:
    """What a market order of this size pays in all."""
    paid = 0.0
    for offered, price in offers:
        taken = min(size, offered)
        paid += taken * price
        size -= taken
    assert size == 0, "the book is too thin"
    return paid


def test_the_free_lesson() -> None:
    check_sums(lesson("order-types.free"), "100 101 102")


def test_the_basic_lesson() -> None:
    check_sums(
        lesson("order-types.basic"),
        "2 100.00 3 100.10 5 100.30 99.95 6 1 600 0.05 0.02 95 94.80 93",
        ("You pay 600.60", _paid(6), 2),
        ("or 100.10 each", _paid(6) / 6, 2),
        ("0.10 % of slippage", 100 * (_paid(6) / 6 / 100 - 1), 2),
        ("at 100.06 on average", _paid(5) / 5, 2),
        ("costs 0.30 or", 600 * 0.05 / 100, 2),
        ("or 0.12", 600 * 0.02 / 100, 2),
    )


def test_the_premium_lesson() -> None:
    taker = 0.04 / 2 + 0.05
    maker = -0.04 / 2 + 0.02
    chased = 0.15 + taker
    limit = 0.7 * (maker + 0.04) + 0.3 * chased
    check_sums(
        lesson("order-types.premium"),
        "0.04 0.05 100 0.15 0.7 0.3 10 110 95 21 2017 800 0.10 1988 317.81 224.48 70 30",
        ("0.02 + 0.05", 0.04 / 2, 2),
        ("0.02 + 0.05 = 0.07 %", taker, 2),
        ("costs 0.00 %", maker, 2),
        ("0.15 + 0.07 = 0.22 %", chased, 2),
        ("0.7 × 0.04 + 0.3 × 0.22 = 0.094 %", limit, 3),
        ("dollars, 29.4 %", 100 * (1 - 224.48 / 317.81), 1),
    )
    assert limit > taker


def test_the_exclusive_lesson() -> None:
    ten = 3 * math.sqrt(10 / 1440)
    error = math.sqrt((0.05**2 + 0.30**2) / 30)
    needed = 2.80**2 * (0.05**2 + 0.30**2) / 0.03**2
    break_even = 0.2 / (12 + 0.2)
    check_sums(
        lesson("order-types.exclusive"),
        "6 2 100.00 3 10 1440 5 60 30 0.08 0.05 0.30 0.2 12 2,500 1 9",
        ("At once: 100.10", _paid(6) / 6, 2),
        ("0.10 % saved", 100 * (_paid(6) / 6 / 100 - 1), 2),
        ("√(10/1440) = 0.25 %", ten, 2),
        ("√5 / 3 = 0.19 %", ten * math.sqrt(2**2 + 1**2) / 3, 2),
        ("is 0.03 points", 0.08 - 0.05, 2),
        ("/ 30) = 0.056", error, 3),
        ("takes 2.80²", 1.96 + 0.84, 2),
        ("= 806 entries", needed, 0),
        ("0.03 % is 0.75", 2_500 * 0.03 / 100, 2),
        ("is 78 a year", 2 * 52 * 0.75, 0),
        ("filled: 1.8 %", 9 * 0.2, 1),
        ("Sum: −10.2 %", 9 * 0.2 - 12, 1),
        ("of 1/9 = 28 %", 100 * (1 - 0.05 ** (1 / 9)), 0),
        ("0.2 / 12.2", 12 + 0.2, 1),
        ("= 1.6 % of", 100 * break_even, 1),
        ("need 182 fills", math.ceil(math.log(0.05) / math.log(1 - break_even)), 0),
    )
    assert round(0.03 / error, 1) == 0.5  # half of one standard error


def test_the_quiz() -> None:
    assert right("order-types", 1) == "Market order"
    mean = _paid(6, ((2, 100), (4, 101))) / 6
    check_quiz(
        "order-types",
        2,
        "2 100 4 101 6 100.00 101.00",
        ("= 100.67", mean, 2),
        ("100.50 would", (100 + 101) / 2, 2),
    )
    assert right("order-types", 2) == f"{mean:.2f}"
    check_quiz("order-types", 3, "95 94.80 96 93")
    assert right("order-types", 3) == "Nothing is sold for now"
    check_quiz("order-types", 4, "10")
    assert right("order-types", 4) == "Reduce-only"
    check_quiz("order-types", 5, "0.03")
    assert right("order-types", 5) == "Are missed orders counted?"
