"""A market snapshot as words: figures, their age, and whether they are old."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.model.message import Market
from bot.people.calendar import DAY_US, HOUR_US, MINUTE_US

ROUND_FROM = 1_000  # prices from here on are told without decimals
FINE_DIGITS = 4  # of prices below 1, the digits that count


def is_stale(market: Market, now: int, stale_minutes: int) -> bool:
    """Whether the figures are older than they may be to count as those of now."""
    return now - market.at > stale_minutes * MINUTE_US


def price(value: float) -> str:
    """A price as people write it: 43,200 or 98.40 or 0.08123."""
    if value >= ROUND_FROM:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.{FINE_DIGITS}g}"


def _age(market: Market, now: int) -> int:
    return max(0, now - market.at)


def _clusters(market: Market) -> tuple[dict[str, str], ...]:
    return tuple(
        {
            "price": price(float(row["price"])),
            "side": str(row["side"]),
            "size": f"{float(row['size']):,.0f}",
        }
        for row in market.liquidation_clusters
    )


def _whales(market: Market) -> tuple[dict[str, str], ...]:
    return tuple(
        {"amount": f"{float(row['amount']):,.0f}", "direction": str(row["direction"])}
        for row in market.whale_movements
    )


# Template variable -> what it is of a snapshot at `now`; what a feed does not know is empty.
WORDS: Mapping[str, Callable[[Market, int, int], Any]] = {
    "asset": lambda m, now, stale: m.primary_asset,
    "price_now": lambda m, now, stale: price(m.current_price),
    "change": lambda m, now, stale: round(m.change_pct or 0.0, 1),
    "trend": lambda m, now, stale: m.trend or "",
    "volatility": lambda m, now, stale: round(m.volatility or 0.0, 2),
    "age_minutes": lambda m, now, stale: _age(m, now) // MINUTE_US,
    "age_hours": lambda m, now, stale: _age(m, now) // HOUR_US,
    "age_days": lambda m, now, stale: _age(m, now) // DAY_US,
    "is_stale": is_stale,
    "is_simulated": lambda m, now, stale: m.source == "simulated",
    "is_replayed": lambda m, now, stale: m.source == "replay",
    "clusters": lambda m, now, stale: _clusters(m),
    "whales": lambda m, now, stale: _whales(m),
}
