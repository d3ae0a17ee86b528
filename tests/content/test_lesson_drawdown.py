"""Drawdown: falls, rows of losses and what they say, computed again."""

import math

import pytest

from tests.content.worked import (
    CANDLES,
    candles,
    check_quiz,
    check_sums,
    lesson,
    right,
    spread_of_mean,
)


def _fall(peak: float, now: float) -> float:
    return 100 * (peak - now) / peak


def _repair(fall: float) -> float:
    return 100 * fall / (100 - fall)


def _row_among(trades: int, row: int, losers: float) -> float:
    """Chance in per cent of at least one row of so many losses."""
    standing = [1.0] + [0.0] * (row - 1)  # chance to stand in a row of 0, 1, 2, ... losses
    reached = 0.0
    for _ in range(trades):
        reached += standing[-1] * losers
        standing = [sum(standing) * (1 - losers), *(one * losers for one in standing[:-1])]
    return 100 * reached


def _row_when_shuffled(losses: int, wins: int, row: int) -> float:
    """Chance in per cent that a random order has a row of at least so many losses."""
    gaps = wins + 1  # a loss stands before, between or after the wins
    shorter = sum(
        (-1) ** long * math.comb(gaps, long) * math.comb(losses - long * row + wins, wins)
        for long in range(losses // row + 1)
    )
    return 100 * (1 - shorter / math.comb(losses + wins, wins))


def _stays_within(halves: int, trades: int, winners: float) -> float:
    """Chance that no fall exceeds so many halves of R; a win is 1.5 R, a loss 1 R."""
    below = [1.0] + [0.0] * halves  # chance to stand so many halves below the peak
    for _ in range(trades):
        after = [0.0] * (halves + 1)
        for fall, chance in enumerate(below):
            after[max(0, fall - 3)] += chance * winners
            if fall + 2 <= halves:
                after[fall + 2] += chance * (1 - winners)
        below = after
    return sum(below)


def _deepest(share: float, winners: float, trades: int = 200) -> float:
    """The fall in R that this share of the futures does not exceed."""
    halves = 1
    while _stays_within(halves, trades, winners) < share:
        halves += 1
    return halves / 2


def test_the_free_lesson() -> None:
    check_sums(
        lesson("drawdown.free"),
        "1,000 1,200 900 2017 2019 45 839 2,000 1,500 80",
        ("a loss of 10 %", _fall(1_000, 900), 0),
        ("it is 300 of 1,200", 1_200 - 900, 0),
        ("a drawdown of 25 %", _fall(1_200, 900), 0),
        ("down 10 %: a gain of 11.1 %", _repair(10), 1),
        ("down 25 %: 33.3 %", _repair(25), 1),
        ("down 50 %: 100 %", _repair(50), 0),
        ("down 50 %", _fall(100, 50), 0),
        ("down 80 %: 400 %", _repair(80), 0),
    )


@pytest.mark.skipif(not CANDLES.exists(), reason="../shared/data is not here")
def test_how_rarely_bitcoin_closed_at_a_new_high_and_how_deep_it_fell() -> None:
    closes = {hour.date(): close for hour, *_, close in candles()}
    highest = 0.0
    news = 0
    for close in closes.values():
        news += close > highest
        highest = max(highest, close)
    assert f"on only {news} of {len(closes)} days" in lesson("drawdown.free")
    peak = deepest = 0.0
    for *_, close in candles():
        peak = max(peak, close)
        deepest = max(deepest, _fall(peak, close))
    assert f"fell {deepest:.0f} %" in lesson("drawdown.premium")
    assert f"{_repair(deepest):.0f} % was needed" in lesson("drawdown.premium")


def test_the_basic_lesson() -> None:
    check_sums(
        lesson("drawdown.basic"),
        "10,000 10,800 9,720 11,000 8,800 9,900 10 20 1 2 5 0.99",
        ("from 10,800 to 9,720: 10 %", _fall(10_800, 9_720), 0),
        ("from 11,000 to 8,800: 20 %", _fall(11_000, 8_800), 0),
        ("stands 10 % under", _fall(11_000, 9_900), 0),
        ("last month brought +12.5 %", 100 * (9_900 / 8_800 - 1), 1),
        ("0.20 / 0.80 = 25 %", _repair(20), 0),
        ("0.20 /", 0.2, 2),
        ("/ 0.80 =", 1 - 0.2, 2),
        ("ln 1.25 / ln 1.01 = 22.4 months", math.log(1.25) / math.log(1.01), 1),
        ("ln 1.25", 1 + _repair(20) / 100, 2),
        ("ln 1.01", 1 + 0.01, 2),
        ("leaves 90.4 %", 100 * 0.99**10, 1),
        ("drawdown of 9.6 %", 100 * (1 - 0.99**10), 1),
        ("at 2 % each: 18.3 %", 100 * (1 - 0.98**10), 1),
        ("22.4 % brings", 100 * (1 / 0.98**10 - 1), 1),
        ("at 5 % each: 40.1 %", 100 * (1 - 0.95**10), 1),
        ("67.0 % brings", 100 * (1 / 0.95**10 - 1), 1),
    )


def test_the_premium_lesson() -> None:
    check_sums(
        lesson("drawdown.premium"),
        "100 50 60 1 2 400 2004 2017 2018 10,000 9,500 900 8,000 2,000 0.1 84 532",
        ("50 % losers: five in a row 81 %", _row_among(100, 5, 0.5), 0),
        ("seven 32 %", _row_among(100, 7, 0.5), 0),
        ("ten 4 %", _row_among(100, 10, 0.5), 0),
        ("60 % losers: five in a row 98 %", _row_among(100, 5, 0.6), 0),
        ("seven 69 %", _row_among(100, 7, 0.6), 0),
        ("ten 20 %", _row_among(100, 10, 0.6), 0),
        ("1.25 × spread × √n", math.sqrt(math.pi / 2), 2),
        ("12.5 R in 100 trades", math.sqrt(math.pi / 2 * 100), 1),
        ("25 R in 400", math.sqrt(math.pi / 2 * 400), 0),
        ("to 9,500: 5 %", _fall(10_000, 9_500), 0),
        ("waiting: 8,600", 9_500 - 900, 0),
        ("drawdown is 14 %", _fall(10_000, 8_600), 0),
        ("100, then 80", 100 * 8_000 / 10_000, 0),
        ("25 % is still missing", _repair(20), 0),
        ("takes 10 R out of 100", 0.1 * 100, 0),
    )
    assert round(100 / _row_among(100, 10, 0.6)) == 5  # one record in five


def test_the_exclusive_lesson() -> None:
    mean = (27 * 1.5 - 33) / 60
    spread = math.sqrt((27 * 1.5**2 + 33) / 60 - mean**2)
    gap = 10.5 / 38 + 3 / 22
    check_sums(
        lesson("drawdown.exclusive"),
        "200 1,000 27 1.5 33 1 60 100 95 40 15 22 5 3 38 10.5 57 0.3 20 0.05",
        ("(40.5 − 33) / 60", 27 * 1.5, 1),
        ("= 0.125 R", mean, 3),
        ("the spread 1.24 R", spread, 2),
        ("at most 12 R in half", _deepest(0.5, 0.45), 0),
        ("at most 23.5 R in 95", _deepest(0.95, 0.45), 1),
        ("/ √60 = 0.16 R", spread_of_mean(spread, 60), 2),
        ("are 19 R and", _deepest(0.5, 0.4), 0),
        ("and 37.5 R", _deepest(0.95, 0.4), 1),
        ("15 / 37.5 = 0.4 %", 15 / 37.5, 1),
        ("15 / 23.5 = 0.64 %", 15 / 23.5, 2),
        ("seven in 29 % of", _row_when_shuffled(33, 27, 7), 0),
        ("ten in 3 %", _row_when_shuffled(33, 27, 10), 0),
        ("is −0.14 against", -3 / 22, 2),
        ("against +0.28 a trade", 10.5 / 38, 2),
        ("difference of 0.41", gap, 2),
        ("(1/22 + 1/38) = 0.33", spread_of_mean(spread, 22, 38), 2),
        ("At 1.2 standard", gap / spread_of_mean(spread, 22, 38), 1),
        ("Mean 0.235 R", (57 * 0.3 - 3) / 60, 3),
        ("up to 5 % of the time", 100 * (1 - 0.05 ** (1 / 60)), 0),
        ("is −1 R a trade", 0.05 * -20, 0),
    )
    assert math.isclose(0.4 * 1.5, 0.6)  # 40 % winners: no edge at all
    assert round(1 / 0.235) == 4  # four times that mean


def test_the_quiz() -> None:
    check_quiz(
        "drawdown",
        1,
        "1,000 1,500 1,200 30",
        ("20 %", _fall(1_500, 1_200), 0),
        ("300 of", 1_500 - 1_200, 0),
        ("25 % is the gain", _repair(20), 0),
    )
    assert right("drawdown", 1) == "20 %"
    check_quiz("drawdown", 2, "50", ("100 %", _repair(50), 0), ("ends at 75 %", 50 * 1.5, 0))
    assert right("drawdown", 2) == "100 %"
    check_quiz("drawdown", 3, "60 100", ("69 % of all", _row_among(100, 7, 0.6), 0))
    assert right("drawdown", 3) == "Little"
    check_quiz("drawdown", 4, "10,000 8,000 2,000 0 10 100 80", ("20 %", _fall(10_000, 8_000), 0))
    assert right("drawdown", 4) == "20 %"
    check_quiz("drawdown", 5, "60 8")
    assert right("drawdown", 5) == "Deeper"
