"""Journaling: results in R, and what a record of some length can show, computed again."""

import math
from statistics import mean

from tests.content.worked import (
    check_quiz,
    check_sums,
    lesson,
    right,
    spread_of_mean,
    spread_of_share,
)

TEN = (-1, 2, -1, 0.5, -1, 1.5, -1, -0.4, 2.4, -1)


def _wilson(hits: int, size: int) -> tuple[float, ...]:
    """Wilson's 95 % interval of a share, in per cent."""
    z, share = 1.96, hits / size
    middle = share + z * z / (2 * size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return tuple(100 * (middle + sign * half) / (1 + z * z / size) for sign in (-1, 1))


def _fisher(hits: int, size: int, others: int, other_size: int) -> float:
    """Two-sided exact test of two shares, in per cent."""
    total, wins = size + other_size, hits + others
    chances = [
        math.comb(size, k) * math.comb(other_size, wins - k) / math.comb(total, wins)
        for k in range(max(0, wins - other_size), min(size, wins) + 1)
    ]
    observed = math.comb(size, hits) * math.comb(other_size, others) / math.comb(total, wins)
    return 100 * sum(chance for chance in chances if chance <= observed * (1 + 1e-9))


def _false_alarm(looks: int, border: float = 1.96, step: float = 0.05) -> float:
    """Chance in per cent that a sum without drift is once beyond the border, seen so often."""
    reach = round(6 / step)
    bell = [math.exp(-((k * step) ** 2) / 2) * step / math.sqrt(2 * math.pi) for k in range(9999)]
    density = {0: 1.0}
    for look in range(1, looks + 1):
        edge = math.floor(border * math.sqrt(look) / step)
        density = {
            place: sum(
                weight * bell[abs(place - origin)]
                for origin, weight in density.items()
                if abs(place - origin) <= reach
            )
            for place in range(-edge, edge + 1)
        }
    return 100 * (1 - sum(density.values()))


def _until_three_losses(losers: float) -> float:
    """Trades until three losses have come in a row, on average."""
    return (1 - losers**3) / ((1 - losers) * losers**3)


def test_the_free_lesson_does_without_numbers() -> None:
    check_sums(lesson("journaling.free"), "")


def test_the_basic_lesson() -> None:
    won = [r for r in TEN if r > 0]
    lost = [r for r in TEN if r < 0]
    check_sums(
        lesson("journaling.basic"),
        "10 100 95 110 4 94.8 1 2 0.5 1.5 0.4 2.4 90 0.1 0.6 0.9",
        ("R = 10 × 5 = 50", 10 * (100 - 95), 0),
        ("R = 10 × 5", 100 - 95, 0),
        ("(100 − 4) / 50 = +1.92 R", (10 * (110 - 100) - 4) / 50, 2),
        ("(−52 − 4)", 10 * (94.8 - 100), 0),
        ("= −1.12 R", (10 * (94.8 - 100) - 4) / 50, 2),
        ("of ten: 40 %", 100 * len(won) / len(TEN), 0),
        ("6.4 / 4", sum(won), 1),
        ("= 1.6 R", mean(won), 1),
        ("−5.4 / 6", sum(lost), 1),
        ("/ 6 =", len(lost), 0),
        ("= −0.9 R", mean(lost), 1),
        ("= +0.10 R", mean(TEN), 2),
        ("still +1 R", sum(TEN), 0),
        ("0.09 −", 0.9 * 0.1, 2),
        ("= −0.01 R", 0.9 * 0.1 - 0.1 * 1, 2),
    )
    listed = ", ".join(f"{r:+g}".replace("-", "−") for r in TEN)
    assert f"**Ten results in R:** {listed}." in lesson("journaling.basic")
    assert math.isclose(0.4 * 1.6 - 0.6 * 0.9, mean(TEN))


def test_the_premium_lesson() -> None:
    low, high = _wilson(3, 18)
    gap = 7.0 / 28 + 4.8 / 12
    check_sums(
        lesson("journaling.premium"),
        "28 7.0 12 4.8 1.3 22 1 1.09 20 5 0.95 15 18 0.6 1.4 138 19,951 2016 0.40",
        ("+2.2 R together", 7.0 - 4.8, 1),
        ("0.055 R each", (7.0 - 4.8) / (28 + 12), 3),
        ("+0.25 R each", 7.0 / 28, 2),
        ("−0.40 R each", -4.8 / 12, 2),
        ("worth 0.65 R", gap, 2),
        ("(1/28 + 1/12) = 0.45", spread_of_mean(1.3, 28, 12), 2),
        ("it is 1.4 of them", gap / spread_of_mean(1.3, 28, 12), 1),
        ("22 × 0.09 = 1.98 R", 22 * 0.09, 2),
        ("22 × 0.09", 1.09 - 1, 2),
        ("= 64 %", 100 * (1 - 0.95**20), 0),
        ("saves 0.4 R", 1 - 0.6, 1),
        ("losers, 8.8 R", 22 * 0.4, 1),
        ("of 0.6 R, 6.0 R", 3 * (1.4 + 0.6), 1),
        ("gain of 2.8 R", 22 * 0.4 - 3 * 2.0, 1),
        ("from 6 %", low, 0),
        ("to 39 %", high, 0),
        ("cost 14 R", 18 * 0.39 * 2.0, 0),
    )
    assert 18 + 22 == 28 + 12  # winners and losers are the forty


def test_the_exclusive_lesson() -> None:
    error = spread_of_mean(1.6, 80)
    points = spread_of_share((0.75, 40), (0.95, 40))
    check_sums(
        lesson("journaling.exclusive"),
        "40 80 0.18 1.6 5 9 30 38 0.75 0.25 0.95 0.05 55 0.55 1988 3 2",
        ("/ √80 = 0.18 R", error, 2),
        ("between −0.18", 0.18 - 2 * error, 2),
        ("+0.54 R", 0.18 + 2 * error, 2),
        ("(2.80 ×", 1.96 + 0.84, 2),
        ("= 619 trades", (2.80 * 1.6 / 0.18) ** 2, 0),
        ("is 124 weeks", 619 / 5, 0),
        ("brought 14.4 R", 80 * 0.18, 1),
        ("Without it: 5.4 R", 80 * 0.18 - 9, 1),
        ("0.07 R each", (80 * 0.18 - 9) / 79, 2),
        ("79 that come", 80 - 1, 0),
        ("(75 %)", 100 * 30 / 40, 0),
        ("(95 %)", 100 * 38 / 40, 0),
        ("is 20 points", 95 - 75, 0),
        ("= 7.7 points", 100 * points, 1),
        ("so 2.6 of them", 0.2 / points, 1),
        ("better: 2.5 %", _fisher(30, 40, 38, 40), 1),
        ("in 19 % of all", _false_alarm(10), 0),
        ("0.55³ = 16.6 %", 100 * 0.55**3, 1),
        ("after 11.1 trades", _until_three_losses(0.55), 1),
        ("by 0.04 R", 3 / 80, 2),
    )


def test_the_quiz() -> None:
    check_quiz("journaling", 1, "40 60", ("= 1.5", 60 / 40, 1), ("gives 0.67", 40 / 60, 2))
    assert right("journaling", 1) == f"+{60 / 40} R"
    check_quiz(
        "journaling", 2, "60 40 0.5 1 0.6 0.4", ("= −0.10", 0.6 * 0.5 - 0.4, 2), ("+0.30", 0.3, 2)
    )
    assert right("journaling", 2) == "−0.10 R"
    assert right("journaling", 3) == "A poor decision that was lucky"
    check_quiz("journaling", 4, "20 5", ("chance of 64 %", 100 * (1 - 0.95**20), 0))
    assert right("journaling", 4) == "Test Tuesdays on new trades"
    assert right("journaling", 5) == "Whether you keep to your plan"
    check_quiz("journaling", 5, "0.18 1.6 620")
    assert round((2.80 * 1.6 / 0.18) ** 2, -1) == 620
