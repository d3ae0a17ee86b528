"""Worked numbers of lessons: each is computed again here, and none may be left over."""

import csv
import math
import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from bot.content.quizzes import Question
from tests.content.files import shipped

CANDLES = Path(__file__).resolve().parents[3] / "shared/data/market/coinbase_btcusd_1h.csv"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")

Sum = tuple[str, float, int]  # what the lesson says, what it must come to, with how many decimals
Candle = tuple[datetime, float, float, float, float]  # hour, open, high, low, close


def lesson(sku: str) -> str:
    """The English text of an item."""
    return shipped()[0].lesson(sku, "en").source


def question(topic: str, number: int) -> Question:
    """A question of a quiz, counted from 1."""
    return shipped()[0].quiz(topic, "en")[number - 1]


def check_sums(text: str, given: str, *sums: Sum) -> None:
    """Every number of the text is given, or comes out of one of the sums."""
    known = _numbers(given)
    for phrase, value, digits in sums:
        assert phrase in text, phrase
        told = f"{abs(value):,.{digits}f}"
        assert told in _NUMBER.findall(phrase), f"{phrase!r} should say {told}"
        assert value >= 0 or "−" in phrase, f"{phrase!r} should be below zero"
        known.add(told)
    assert _numbers(text) <= known, sorted(_numbers(text) - known)
    assert _numbers(given) <= _numbers(text), sorted(_numbers(given) - _numbers(text))


def check_quiz(topic: str, number: int, given: str, *sums: Sum) -> None:
    """A question, its options and its explanation: every number is given or computed."""
    asked = question(topic, number)
    text = " | ".join((asked.ask.source, *asked.options, asked.because.source))
    check_sums(text, given, *sums)


def right(topic: str, number: int) -> str:
    """The right answer of a question, as it is shown."""
    asked = question(topic, number)
    return asked.options[asked.right]


def spread_of_mean(spread: float, *sizes: int) -> float:
    """Standard error of a mean, or of the difference of two means, with one spread for all."""
    return spread * math.sqrt(sum(1 / size for size in sizes))


def spread_of_share(*shares: tuple[float, int]) -> float:
    """Standard error of a share, or of the difference of two: (share, how many)."""
    return math.sqrt(sum(share * (1 - share) / size for share, size in shares))


@lru_cache(maxsize=1)
def candles() -> tuple[Candle, ...]:
    """Hourly candles of Bitcoin in dollars, July 2017 to October 2019, oldest first."""
    with CANDLES.open(newline="") as file:
        rows = list(csv.reader(file))[2:]
    found = [(datetime.strptime(row[0], "%Y-%m-%d %I-%p"), *map(float, row[2:6])) for row in rows]
    return tuple(sorted(found))  # type: ignore[arg-type]  # four floats, as unpacked


def _numbers(text: str) -> set[str]:
    return {number.rstrip(",") for number in _NUMBER.findall(text)}
