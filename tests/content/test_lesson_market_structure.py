"""Market structure: books, yardsticks, efficiency and levels, computed again."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from statistics import mean

import pytest

from tests.content.worked import (
    CANDLES,
    Candle,
    candles,
    check_quiz,
    check_sums,
    lesson,
    right,
    spread_of_mean,
    spread_of_share,
)

needs_data = pytest.mark.skipif(not CANDLES.exists(), reason="../shared/data is not here")
STEPS = (2, -1, 3, -2, 1, 2, -1, 2, -1, 1)
WINDOW = 20  # steps


def _efficiency(steps: Sequence[float]) -> float:
    walked = sum(map(abs, steps))
    return abs(sum(steps)) / walked if walked else 0.0


def _of_a_coin(tosses: int) -> float:
    """The mean efficiency of a fair coin's path."""
    ends = (math.comb(tosses, k) * abs(tosses - 2 * k) for k in range(tosses + 1))
    return sum(ends) / 2**tosses / tosses


def _coins_as_straight(tosses: int, efficiency: float) -> float:
    """Share of such paths that are at least so efficient."""
    ends = (k for k in range(tosses + 1) if abs(tosses - 2 * k) >= efficiency * tosses)
    return sum(math.comb(tosses, k) for k in ends) / 2**tosses


def _in_windows(steps: Sequence[float]) -> tuple[float, int]:
    """The mean efficiency of windows beside each other, and how many there are."""
    windows = [steps[k : k + WINDOW] for k in range(0, len(steps) - WINDOW + 1, WINDOW)]
    return mean(map(_efficiency, windows)), len(windows)


def _shuffled(steps: Sequence[float], times: int) -> float:
    order, dice = list(steps), Random(0)
    found = []
    for _ in range(times):
        dice.shuffle(order)
        found.append(_in_windows(order)[0])
    return mean(found)


def _decided(record: Sequence[Candle], start: int, level: float) -> bool | None:
    """Whether the price turned 1 % under a level after its touch, or went on; None: neither."""
    touch = next((k for k in range(start, start + 24) if record[k][2] >= level), None)
    if touch is None:
        return None
    for _, _, high, low, _ in record[touch + 1 : touch + 25]:
        turned, went_on = low <= level * 0.99, high >= level * 1.01
        if turned or went_on:
            return None if turned and went_on else turned
    return None


def _turned(share: float) -> tuple[int, int]:
    """How often levels turned the price, and how often not.

    They lie at this share of the way from the day's opening to yesterday's high.
    """
    record = candles()
    starts: dict[date, int] = {}
    for place, (hour, *_) in enumerate(record):
        starts.setdefault(hour.date(), place)
    outcomes = []
    for day, start in starts.items():
        before = starts.get(day - timedelta(days=1))
        if before is None or start - before < 24 or start + 24 > len(record):
            continue
        opened, top = record[start][1], max(high for _, _, high, *_ in record[before:start])
        if opened < top:
            outcomes.append(_decided(record, start, opened + share * (top - opened)))
    return outcomes.count(True), outcomes.count(False)


def test_the_free_lesson() -> None:
    check_sums(lesson("market-structure.free"), "30")


def test_the_basic_lesson() -> None:
    bids, offers = {99.95: 4, 99.90: 6, 99.80: 10}, {100.05: 3, 100.10: 5, 100.20: 12}
    check_sums(
        lesson("market-structure.basic"),
        "4 99.95 6 99.90 10 99.80 3 100.05 5 100.10 12 100.20 2 8 0.2 100 106 102 109 104 112 1",
        ("= 100.00", (99.95 + 100.05) / 2, 2),
        ("spread 0.10,", 100.05 - 99.95, 2),
        ("or 0.10 %", 100 * (100.05 - 99.95) / 100, 2),
        ("is 20 on each side", sum(size for price, size in bids.items() if price >= 99.8), 0),
        ("together 800.65", 3 * 100.05 + 5 * 100.10, 2),
        ("average 100.08", (3 * 100.05 + 5 * 100.10) / 8, 2),
        ("the middle 100.075", (99.95 + 100.20) / 2, 3),
        ("102: −3.8 %", 100 * (102 / 106 - 1), 1),
        ("104: −4.6 %", 100 * (104 / 109 - 1), 1),
    )
    assert sum(offers.values()) == sum(bids.values()) == 20
    assert 2 * 3 < 8 < 2 * (3 + 5)  # with twice as much waiting, 8 stop within the second level


def test_the_premium_lesson() -> None:
    check_sums(
        lesson("market-structure.premium"),
        "2 1 3 0 0.4 30 2017 2019 20 0.25 0.29 0.27 41 1993 2012 50,000 2003 120 0.14 1999 8,000",
        ("Gained 6", sum(STEPS), 0),
        ("walked 16", sum(map(abs, STEPS)), 0),
        ("walked 16: 0.375", _efficiency(STEPS), 3),
        ("ten equal steps 0.25", _of_a_coin(10), 2),
        ("for twenty 0.18", _of_a_coin(20), 2),
        ("11.5 % show", 100 * _coins_as_straight(20, 0.4), 1),
        ("costs 16.8 %", 120 * 0.14, 1),
    )
    assert ", ".join(f"{step:+}".replace("-", "−") for step in STEPS) in lesson(
        "market-structure.premium"
    )
    assert 3 < 30 * _coins_as_straight(20, 0.4) < 4  # three or four of thirty charts


@needs_data
def test_bitcoin_went_no_straighter_than_its_own_hours_in_random_order() -> None:
    closes = [close for *_, close in candles()]
    hours = [math.log(after / now) for now, after in pairwise(closes)]
    days = [math.log(after / now) for now, after in pairwise(closes[::24])]
    text = lesson("market-structure.premium")
    assert f"windows of 20 hours: efficiency {_in_windows(hours)[0]:.2f}" in text
    assert f"random order: {_shuffled(hours, 10):.2f}" in text
    in_days, count = _in_windows(days)
    assert f"20 days: {in_days:.2f}, shuffled {_shuffled(days, 200):.2f} as well" in text
    assert f"only {count} windows" in text


def test_the_exclusive_lesson() -> None:
    high, nothing = 159 / 360, 190 / 420
    check_sums(
        lesson("market-structure.exclusive"),
        "24 1 2017 2019 159 201 0.8 190 230 0.14 20 0.3 0.30 36 0.02 1.3 60 50 0.4 0.558 0.442",
        ("decided 360 times", 159 + 201, 0),
        ("44.2 % turned", 100 * high, 1),
        ("break: 55.8 %", 100 * (1 - high), 1),
        ("420 times", 190 + 230, 0),
        ("on, 45.2 %", 100 * nothing, 1),
        ("difference is 1.1 points", 100 * (nothing - high), 1),
        ("√(0.442 ×", high, 3),
        ("× 0.558 /", 1 - high, 3),
        ("+ 0.452 ×", nothing, 3),
        ("× 0.548 /", 1 - nothing, 3),
        ("= 3.6 points", 100 * spread_of_share((high, 360), (nothing, 420)), 1),
        ("= 0.117 %", 1 - 2 * high, 3),
        ("Difference 0.32", 0.30 + 0.02, 2),
        ("1/36) = 0.34", spread_of_mean(1.3, 24, 36), 2),
        ("chance of 11.5 %", 100 * _coins_as_straight(20, 0.4), 1),
        ("0.885⁹", 1 - _coins_as_straight(20, 0.4), 3),
        ("= 67 %", 100 * (1 - (1 - _coins_as_straight(20, 0.4)) ** 9), 0),
    )
    assert 1 - 2 * high < 0.14  # a round trip turns it into a loss


@needs_data
def test_yesterdays_high_turned_the_price_no_more_often_than_any_other_level() -> None:
    text = lesson("market-structure.exclusive")
    turned, went_on = _turned(1.0)
    assert f"{turned} turned, {went_on} went on" in text
    turned, went_on = _turned(0.8)
    assert f"{turned} turned, {went_on} went on" in text


def test_the_quiz() -> None:
    spread = 50.10 - 49.90
    check_quiz(
        "market-structure",
        1,
        "49.90 50.10 0.8",
        ("0.20 / 50.00", spread, 2),
        ("/ 50.00 =", (50.10 + 49.90) / 2, 2),
        ("= 0.4 %", 100 * spread / 50, 1),
        ("of it, 0.2 %", 100 * spread / 50 / 2, 1),
    )
    assert right("market-structure", 1) == "0.4 %"
    assert right("market-structure", 2) == "A hurried order met a thin book"
    check_quiz(
        "market-structure",
        3,
        "100 105 101 107 5 3",
        ("only 3.8 %", 100 * (1 - 101 / 105), 1),
    )
    assert right("market-structure", 3) == "None"
    steps = (3, -1, 2, -2)
    check_quiz(
        "market-structure",
        4,
        "3 1 2 0.50 1.00",
        ("Gained 2", sum(steps), 0),
        ("walked 8", sum(map(abs, steps)), 0),
        ("= 0.25", _efficiency(steps), 2),
        ("gives 0.375", _of_a_coin(4), 3),
    )
    assert right("market-structure", 4) == "0.25"
    check_quiz(
        "market-structure", 5, "360 0.8", ("44 % of", 15900 / 360, 0), ("45 %", 19000 / 420, 0)
    )
    assert right("market-structure", 5) == "The same count for a level that means nothing"
