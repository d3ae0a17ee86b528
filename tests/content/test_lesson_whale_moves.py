"""Whale moves: sizes, impact and what a list of alerts can show, computed again."""

import math
from datetime import datetime, timedelta
from statistics import NormalDist, median

import pytest

from tests.content.worked import CANDLES, candles, check_quiz, check_sums, lesson, right


def _impact(usual: float, order: float, turnover: float) -> float:
    """Move in per cent by the square-root rule."""
    return usual * math.sqrt(order / turnover)


def _error(events: int) -> float:
    """Standard error of the mean change after events, against 200 random times."""
    return math.sqrt(3.1**2 / events + 3.0**2 / 200)


def test_the_free_lesson() -> None:
    check_sums(lesson("whale-moves.free"), "5,000 20,000")


def test_the_basic_lesson() -> None:
    check_sums(
        lesson("whale-moves.basic"),
        "45,000 12 30 1 2.3 21,400 19,900 1,000 10 15 2020 123,447 1.1 1,500",
        ("are 45 million", 1_000 * 45_000 / 1e6, 0),
        ("12 billion: 0.375 %", 100 * 45e6 / 12e9, 3),
        ("together: 0.04 %", 100 * 1_000 / 2.3e6, 2),
        ("one part in 267", 12e9 / 45e6, 0),
        ("netflow of +1,500", 21_400 - 19_900, 0),
        ("is 3.6 % of", 100 * 1_500 / 41_300, 1),
        ("the 41,300 that", 21_400 + 19_900, 0),
        ("gets 990 back", 1_000 - 10, 0),
        ("was 1.2 % of", 100 * 1_500 / 123_447, 1),
    )
    assert 45 / 30 == 1.5  # one and a half times the bids


def test_the_premium_lesson() -> None:
    impact = _impact(3, 45e6, 12e9)
    check_sums(
        lesson("whale-moves.premium"),
        "2013 2021 90 80 100 30 0.80 0.30 2015 3 45 12 19 2024 49,858 2.64 1",
        ("0.80 × 0.30 = 24 of", 100 * 0.80 * 0.30, 0),
        ("√0.00375", 45e6 / 12e9, 5),
        ("= 0.18 %", impact, 2),
        ("24 of 100: 0.04 %", 0.24 * impact, 2),
    )
    assert round(3 / impact) == 16  # a sixteenth of an ordinary day
    assert 0.24 * impact < 2 * 0.05  # less than a round trip at 0.05 % a side


def test_the_exclusive_lesson() -> None:
    needed = (2.80 * 3.0 / 0.18) ** 2
    check_sums(
        lesson("whale-moves.exclusive"),
        "24 1 1,000 0.4 3.1 0.1 3.0 50 200 22 0.18 5 0.95 6 2019 94,504 2017 2020 2.2 2.0",
        ("difference is −0.5", -0.4 - 0.1, 1),
        ("/ 200) = 0.49", _error(50), 2),
        ("/ 200) = 0.69", _error(22), 2),
        ("0.7 of a standard error", 0.5 / _error(22), 1),
        ("(2.80 ×", 1.96 + 0.84, 2),
        ("= 2,178 separate days", needed, 0),
        ("two directions: 40 rules", 5 * 4 * 2, 0),
        ("of 40 = 87 %", 100 * (1 - 0.95**40), 0),
        ("5 / 40 = 0.125 %", 5 / 40, 3),
        ("about 3.2 standard", NormalDist().inv_cdf(1 - 0.00125 / 2), 1),
    )
    assert round(0.5 / _error(50)) == 1  # one standard error
    assert round(needed / 365) == 6  # years


@pytest.mark.skipif(not CANDLES.exists(), reason="../shared/data is not here")
def test_the_day_after_a_billion_moved_was_an_ordinary_day() -> None:
    closes = {hour: close for hour, *_, close in candles()}
    day = datetime(2019, 9, 6)
    fall = 100 * (1 - closes[day + timedelta(days=1)] / closes[day])
    assert f"the price fell {fall:.1f} % within 24 hours" in lesson("whale-moves.exclusive")
    prices = list(closes.values())
    moves = [abs(after / now - 1) for now, after in zip(prices, prices[24:], strict=False)]
    assert f"half of all such stretches moved by {100 * median(moves):.1f} %" in lesson(
        "whale-moves.exclusive"
    )


def test_the_quiz() -> None:
    check_quiz("whale-moves", 1, "8,000")
    assert right("whale-moves", 1) == "Coins went to a labelled address"
    check_quiz(
        "whale-moves",
        2,
        "500 20",
        ("and 480 come back", 500 - 20, 0),
        ("is 4 % of", 100 * 20 / 500, 0),
    )
    assert right("whale-moves", 2) == "500 coins"
    check_quiz(
        "whale-moves",
        3,
        "10 4 100",
        ("√(0.1 / 10)", 100e6 / 1e9, 1),
        ("= 0.4 %", _impact(4, 100e6, 10e9), 1),
        ("Taking 1 %", 100 * 100e6 / 10e9, 0),
        ("give 0.04 %", 4 * 0.01, 2),
    )
    assert right("whale-moves", 3) == "0.4 %"
    check_quiz("whale-moves", 4, "60 25 24 85", ("√(60 / 25) = 1.5", math.sqrt(60 / 25), 1))
    assert right("whale-moves", 4) == "25"
    assert right("whale-moves", 5) == "Labels were mended later"
