"""Daily prices and true ranges from an hourly record of Bitcoin, and stops counted on it."""

import math
import statistics
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

import pytest
from msgspec import Struct

from tests.content.worked import CANDLES, candles

needs_record = pytest.mark.skipif(not CANDLES.exists(), reason="../shared/data/market is absent")
HOURS = 24
SPAN = 14  # days of an average true range (Wilder, 1978)


class Candle(Struct, frozen=True):
    """Prices of an hour or a day; `at` is its beginning in UTC."""

    at: datetime
    open: float
    high: float
    low: float
    close: float


@lru_cache(maxsize=1)
def hours() -> list[Candle]:
    """The record, oldest first."""
    return [Candle(*row) for row in candles()]


@lru_cache(maxsize=1)
def days() -> list[Candle]:
    """Its whole days."""
    grouped: dict[datetime, list[Candle]] = {}
    for candle in hours():
        grouped.setdefault(candle.at.replace(hour=0), []).append(candle)
    return [
        Candle(
            at, some[0].open, max(c.high for c in some), min(c.low for c in some), some[-1].close
        )
        for at, some in sorted(grouped.items())
        if len(some) == HOURS
    ]


def moves() -> list[float]:
    """From close to close, as logarithms."""
    return [math.log(after.close / before.close) for before, after in pairwise(days())]


def ranges() -> dict[int, float]:
    """Day number -> Wilder's average true range on that evening."""
    true = [max(b.high, a.close) - min(b.low, a.close) for a, b in pairwise(days())]
    average = statistics.mean(true[:SPAN])
    found = {SPAN: average}
    for day in range(SPAN + 1, len(days())):
        average = ((SPAN - 1) * average + true[day - 1]) / SPAN
        found[day] = average
    return found


def is_touched(day: int, stop: float, within: int) -> bool:
    """Whether a stop set at a day's close is touched within some days."""
    return min(candle.low for candle in days()[day + 1 : day + 1 + within]) <= stop


def touched(distance: float, within: int) -> float:
    """Per cent of evenings on which a stop so many average ranges away was touched in time."""
    evenings = {day: atr for day, atr in ranges().items() if day + within < len(days())}
    hits = [
        is_touched(day, days()[day].close - distance * atr, within)
        for day, atr in evenings.items()
    ]
    return 100 * statistics.mean(hits)
