"""Volatility: every number of its lessons and its quiz, recomputed."""

import math
import statistics
from itertools import pairwise

from tests.content.history import days, moves, needs_record
from tests.content.phrases import assert_worked, lesson, right_options, said

MOVES = (2, -3, 1, -1, 3)
DAILY = math.sqrt(sum(move**2 for move in MOVES) / len(MOVES))
ODD = 0.046  # of days beyond twice a right forecast, when moves are nearly normal


def _beyond(deviations: float) -> float:
    """Chance of a normal move farther than so many deviations to either side."""
    return math.erfc(deviations / math.sqrt(2))


def _at_least(count: int, of: int, chance: float) -> float:
    below = (math.comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(count))
    return 1 - sum(below)


def _remembered(before: float, move: float) -> float:
    return math.sqrt(0.94 * before**2 + 0.06 * move**2)


def test_the_free_numbers_are_counted_ones_and_examples() -> None:
    assert_worked("volatility.free", "2017 2019 2.0 45 836 10 3", [])


@needs_record
def test_the_free_lesson_counts_the_record() -> None:
    text = lesson("volatility.free")
    changes = [abs(after.close / before.close - 1) for before, after in pairwise(days())]
    assert f"less than {said(100 * statistics.median(changes), 1)} %" in text
    far = sum(change > 0.1 for change in changes)
    assert f"On {far} of the {len(changes)} days it moved by more than 10 %" in text


def test_the_basic_numbers() -> None:
    squares = [move**2 for move in MOVES]
    told = [
        "squares: " + " + ".join(map(str, squares)) + f" = {sum(squares)}",
        f"average: {sum(squares)} / 5 = {said(sum(squares) / 5, 1)}",
        f"root: √{said(sum(squares) / 5, 1)} = {said(DAILY, 2)} % a day",
        f"({said(statistics.mean(map(abs, MOVES)), 1)} % here)",
        f"a week: {said(DAILY, 2)} × √7 = {said(DAILY * math.sqrt(7), 1)} %",
        f"a year: {said(DAILY, 2)} × √365 = {said(2.19 * math.sqrt(365), 1)} %",
        f"0.5 %, which is {said(5_000 * 0.005)}",
        f"25 / 0.0219 = {said(25 / 0.0219)}",
        f"doubles to {said(2 * 2.19, 2)} %, it is 25 / 0.0438 = {said(25 / 0.0438)}",
        f"about {said(100 * (1 - _beyond(1)))} % of days",
        f"and {said(100 * (1 - _beyond(2)))} % within two",
    ]
    assert_worked("volatility.basic", "+2 −3 +1 −1 365 252 5,000", told)
    assert "moved +2 %, −3 %, +1 %, −1 %, +3 %" in lesson("volatility.basic")


COUNTED = "836 2017 2019 4.5 2.7 1.2 0.17 −0.02 13 3 30 1.0 8.1"


def test_the_premium_numbers() -> None:
    told = [
        f"would put {said(836 * _beyond(3), 1)} of 836 days",
        f"one day in {said(1 / _beyond(4) / 365)} years",
        f"√(0.94 × 9 + 0.06 × 36) = {said(_remembered(3, 6), 2)} %",
        f"it would be {said(_remembered(3, 1), 2)} %",
        f"+10 % and −10 % in turn leave {said(1.1 * 0.9, 2)}",
        f"+30 % and −30 % leave {said(1.3 * 0.7, 2)}",
    ]
    assert_worked("volatility.premium", f"{COUNTED} 1996 0.94 0.06 6 1", told)


@needs_record
def test_the_premium_lesson_counts_the_record() -> None:
    text = lesson("volatility.premium")
    sizes = [abs(move) for move in moves()]
    daily = statistics.stdev(moves())
    low, _, high = statistics.quantiles(sizes, n=4)
    after_wild = statistics.median(b for a, b in pairwise(sizes) if a >= high)
    after_calm = statistics.median(b for a, b in pairwise(sizes) if a <= low)
    spans = [statistics.stdev(moves()[at : at + 30]) for at in range(len(sizes) - 29)]
    for phrase in [
        f"{len(sizes)} moves",
        f"volatility is {said(100 * daily, 1)} % a day",
        f"next day was {said(100 * after_wild, 1)} %, after the",
        f"the calmest quarter {said(100 * after_calm, 1)} %",
        f"by {said(statistics.correlation(sizes[:-1], sizes[1:]), 2)};",
        f"by {said(statistics.correlation(moves()[:-1], moves()[1:]), 2)}.",
        f"There were {sum(size > 3 * daily for size in sizes)}.",
        f"there were {sum(size > 4 * daily for size in sizes)}.",
        f"as low as {said(100 * min(spans), 1)} % and as high as {said(100 * max(spans), 1)} %",
    ]:
        assert phrase in text
    assert round(max(spans) / min(spans)) == 8 and "eight times as wild" in text


def test_the_exclusive_numbers() -> None:
    size, cap = 50 / 0.031, 300 / 0.16
    held = 1_600
    told = [
        f"0.5 % = {said(10_000 * 0.005)}",
        f"3 % = {said(10_000 * 0.03)}",
        f"50 / 0.031 = {said(size)}",
        f"300 / 0.16 = {said(cap)}",
        f"the size: {said(min(size, cap))}, rounded down to {said(held)}",
        f"the target is {said(50 / 0.033)}, {said(100 * (1 - 50 / 0.033 / held), 1)} % less",
        f"At 5 % it is {said(50 / 0.05)}: reduce",
        f"50 / 0.01 = {said(50 / 0.01)}",
        f"a loss of {said(5_000 * 0.156)} for a day that was planned at {said(5_000 * 0.01)}",
        f"the position was {said(cap)} and the loss at the low {said(cap * 0.156 + 1e-9)}",
        f"about {said(100 * ODD, 1)} % of days",
        f"60 × {ODD} = {said(60 * ODD, 1)}",
        f"The chance of 8 or more, if the forecast were right, is "
        f"{said(100 * _at_least(8, 60, ODD), 1)} %",
        f"The chance of 4 or more is {said(100 * _at_least(4, 60, ODD))} %",
        f"by 68 in sum and the lazy one by 75, it erred {said(100 * (1 - 68 / 75))} % less",
    ]
    given = "10,000 0.5 3 30 2.4 3.1 16 3.3 60 8 4 365 252"
    assert_worked("volatility.exclusive", f"{given} {CALM}", told)
    assert 50 / 0.033 > 0.8 * held > 50 / 0.05
    assert abs(_beyond(2) - ODD) < 0.0006


CALM = "11 2018 1.0 837 10.4 15.6"


@needs_record
def test_the_calmest_month_is_the_one_of_the_record() -> None:
    text = lesson("volatility.exclusive")
    spans = {at: statistics.stdev(moves()[at - 30 : at]) for at in range(30, len(days()))}
    calmest = min(spans, key=lambda at: spans[at])
    before, after = days()[calmest + 2], days()[calmest + 3]
    assert days()[calmest].at.strftime("%-d %B %Y") == "11 November 2018"
    for phrase in [
        f"Coinbase was {said(100 * spans[calmest], 1)} % a day",
        f"the lowest in {len(days())} days",
        f"closed {said(100 * (1 - after.close / before.close), 1)} % lower",
        f"at its low it was {said(100 * (1 - after.low / before.close), 1)} % lower",
    ]:
        assert phrase in text


def test_the_quiz() -> None:
    told = [
        f"√4 is {said(math.sqrt(4))}, so 2 × 2 % = {said(2 * math.sqrt(4))} %",
        "a correlation of −0.02",
        "15.6 % down at its low",
        f"about {said(60 * ODD, 1)} were expected",
        f"with a chance of {said(100 * _at_least(8, 60, ODD), 1)} % only",
    ]
    assert_worked("volatility.quiz", "2 4 8 16 30 60 2018", told)
    assert right_options("volatility")[1] == f"{said(2 * math.sqrt(4))} %"
