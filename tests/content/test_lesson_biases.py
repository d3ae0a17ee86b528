"""Biases: what studies counted and what one's own record can show, computed again."""

import math
from itertools import pairwise

from tests.content.worked import (
    check_quiz,
    check_sums,
    lesson,
    right,
    spread_of_mean,
    spread_of_share,
)


def _at_most(hits: int, size: int, chance: float) -> float:
    """Chance in per cent of so few hits or fewer."""
    return 100 * sum(
        math.comb(size, k) * chance**k * (1 - chance) ** (size - k) for k in range(hits + 1)
    )


def _share_after_a_head(tosses: int) -> float:
    """Mean share in per cent of heads among tosses that follow a head, series by series."""
    series = {(False, 0, 0): 1.0}  # last was a head, followed a head, heads among those
    for _ in range(tosses):
        longer: dict[tuple[bool, int, int], float] = {}
        for (last, followed, heads), chance in series.items():
            for head in (True, False):
                after = (head, followed + last, heads + (last and head))
                longer[after] = longer.get(after, 0.0) + chance / 2
        series = longer
    told = [(heads / n, chance) for (_, n, heads), chance in series.items() if n]
    return 100 * sum(share * chance for share, chance in told) / sum(c for _, c in told)


def test_the_free_lesson() -> None:
    check_sums(lesson("biases.free"), "100 90")


def test_the_basic_lesson() -> None:
    check_sums(
        lesson("biases.basic"),
        "1979 3,000 4,000 80 92 1992 2.25 1998 10,000 14.8 9.8 3.4 2000 66,465 1991 1996 17.9 "
        "16.4 11.4 0.5",
        ("worth 3,200", 0.8 * 4_000, 0),
        ("1.5 times", 14.8 / 9.8, 1),
        ("becomes 22,781 in", 10_000 * 1.179**5, 0),
        ("and 17,156 with", 10_000 * 1.114**5, 0),
        ("= 3.1 %", 100 * 0.5**5, 1),
        ("fifth has 50 %", 100 * 0.5, 0),
    )


def test_the_premium_lesson() -> None:
    gains, losses = 14 / 60, 6 / 60
    error = spread_of_share((gains, 60), (losses, 60))
    check_sums(
        lesson("biases.premium"),
        "60 14 6 0.1 4,098 19 94 2020 2018 2.25 25 2014 2017 2002",
        ("sold 14: 23.3 %", 100 * gains, 1),
        ("sold 6: 10.0 %", 100 * losses, 1),
        ("difference is 13.3", 100 * (gains - losses), 1),
        ("√(0.233 ×", gains, 3),
        ("× 0.767 /", 1 - gains, 3),
        ("+ 0.100 ×", losses, 3),
        ("× 0.900 /", 1 - losses, 3),
        ("= 6.7 points", 100 * error, 1),
        ("104 × 0.1", 2 * 52, 0),
        ("= 10.4 %", 104 * 0.1, 1),
    )
    assert round((gains - losses) / error) == 2


def test_the_exclusive_lesson() -> None:
    error = spread_of_share((0.7, 30))
    gap = spread_of_mean(0.40, 24, 36)
    brier = (17 * 0.3**2 + 13 * 0.7**2 + 13 * 0.1**2 + 7 * 0.9**2) / 50
    check_sums(
        lesson("biases.exclusive"),
        "70 30 17 0.7 0.3 90 20 13 50 60 24 1.31 36 1.02 0.40 1 2018 2 45 0.45 25 3.5",
        ("came true, 57 %", 100 * 17 / 30, 0),
        ("/ 30) = 8.4 points", 100 * error, 1),
        ("Being 13.3 off", 100 * (0.7 - 17 / 30), 1),
        ("is 1.6 of them", (0.7 - 17 / 30) / error, 1),
        ("came true, 65 %", 100 * 13 / 20, 0),
        ("in 0.24 % of cases", _at_most(13, 20, 0.9), 2),
        ("17 × 0.09 +", (1 - 0.7) ** 2, 2),
        ("13 × 0.49 +", 0.7**2, 2),
        ("13 × 0.01 +", (1 - 0.9) ** 2, 2),
        ("7 × 0.81)", 0.9**2, 2),
        ("+ 7 ×", 20 - 13, 0),
        ("/ 50 = 0.274", brier, 3),
        ("scores 0.25", 0.5**2, 2),
        ("1/36) = 0.105", gap, 3),
        ("and 0.29 is", 1.31 - 1.02, 2),
        ("is 2.8 of them", 0.29 / gap, 1),
        ("but 40.5 %", _share_after_a_head(4), 1),
        ("still 47.4 %", _share_after_a_head(20), 1),
        ("− 0.55 = +0.35 R", 0.45 * 2 - 0.55, 2),
        ("− 0.55", -0.55, 2),
        ("− 0.75 = +0.125 R", 0.25 * 3.5 - 0.75, 3),
        ("− 0.75", -0.75, 2),
    )
    assert "0.25 × 3.5" in lesson("biases.exclusive")


def test_a_share_after_a_head_counted_by_hand() -> None:
    shares = []
    for number in range(16):
        tosses = [bool(number >> bit & 1) for bit in range(4)]
        after = [second for first, second in pairwise(tosses) if first]
        if after:
            shares.append(sum(after) / len(after))
    assert math.isclose(100 * sum(shares) / len(shares), _share_after_a_head(4))


def test_the_quiz() -> None:
    assert right("biases", 1) == "Nothing has changed"
    check_quiz("biases", 2, "14.8 9.8")
    assert right("biases", 2) == "What stood in gain"
    check_quiz("biases", 3, "3,000 4,000 80 0.8", ("= 3,200", 0.8 * 4_000, 0))
    assert right("biases", 3) == "The gamble"
    check_quiz("biases", 4, "90 13 400")
    assert round(100 / _at_most(13, 20, 0.9), -2) == 400
    assert right("biases", 4) == "Overconfidence"
    assert right("biases", 5) == "A rule fixed beforehand"
