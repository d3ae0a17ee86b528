"""What a row of prices amounts to: change, volatility, trend."""

import math
from collections.abc import Sequence
from itertools import pairwise

from bot.model.message import Trend
from bot.people.calendar import DAY_US

WILD = 0.10  # a daily spread of returns that counts as volatility 1.0
LEAST_RETURNS = 6  # fewer tell nothing about a spread
TREND_PCT = 1.0  # a smaller change over a day is sideways


def change(before: float, after: float) -> float:
    """Per cent from one price to another."""
    return round((after / before - 1.0) * 100.0, 2)


def trend(change_pct: float | None) -> Trend | None:
    """The direction of a day, where no better sign is known."""
    if change_pct is None:
        return None
    if abs(change_pct) < TREND_PCT:
        return "sideways"
    return "up" if change_pct > 0 else "down"


def volatility(prices: Sequence[float], step_us: int) -> float | None:
    """The spread of the returns between prices `step_us` apart, as 0 calm to 1 wild."""
    returns = [math.log(after / before) for before, after in pairwise(prices)]
    if len(returns) < LEAST_RETURNS:
        return None
    mean = sum(returns) / len(returns)
    spread = math.sqrt(sum((one - mean) ** 2 for one in returns) / len(returns))
    return round(min(1.0, spread * math.sqrt(DAY_US / step_us) / WILD), 3)
