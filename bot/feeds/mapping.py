"""The answer of a JSON source as a snapshot: every figure looked up, checked and named."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from bot.config import MarketFields
from bot.errors import DeliveryError
from bot.feeds import figures
from bot.feeds.candles import instant
from bot.model.message import Market, Scalar

SOURCE = "http"
HIGHEST = 1e12  # a price beyond it is no price
MOST_ROWS = 50  # of clusters and of whale moves; the first ones are kept
TRENDS = ("up", "down", "sideways")
SIDES = ("long", "short")
WAYS = ("to_exchange", "from_exchange")

T = TypeVar("T")
Row = dict[str, Scalar]


def market_of(body: object, asset: str, now: int, fields: MarketFields) -> Market:
    """The snapshot; DeliveryError names the field that is missing or is not what it should be."""
    source = _Source(body, asset, fields)
    change = source.read("change_pct", _change)
    trend = source.read("trend", _one_of(TRENDS))
    at = source.read("at", _instant)
    return Market(
        primary_asset=asset,
        current_price=source.need("current_price", _price),
        volatility=source.read("volatility", _share),
        trend=figures.trend(change) if trend is None else trend,  # type: ignore[arg-type]  # TRENDS
        change_pct=change,
        liquidation_clusters=source.read("liquidation_clusters", _rows(_cluster)) or (),
        whale_movements=source.read("whale_movements", _rows(_whale)) or (),
        at=now if at is None else min(at, now),
        source=SOURCE,
    )


class _Source:
    """One answer; a path of `fields` that is empty is a figure the source does not have."""

    def __init__(self, body: object, asset: str, fields: MarketFields) -> None:
        self._body, self._asset, self._fields = body, asset, fields

    def read(self, name: str, check: Callable[[object], T | None]) -> T | None:
        return self.need(name, check) if getattr(self._fields, name) else None

    def need(self, name: str, check: Callable[[object], T | None]) -> T:
        path = str(getattr(self._fields, name)).replace("{asset}", self._asset)
        found = _at(self._body, path)
        if found is _MISSING:
            raise DeliveryError(f"the answer has no {name} at '{path}'", permanent=True)
        value = check(found)
        if value is None:
            raise DeliveryError(f"{name} at '{path}' is not what it should be", permanent=True)
        return value


_MISSING = object()


def _at(body: object, path: str) -> object:
    """What lies at a dotted path; numbers count into lists."""
    for part in path.split("."):
        if isinstance(body, Mapping) and part in body:
            body = body[part]
        elif (
            isinstance(body, list) and part.isascii() and part.isdigit() and int(part) < len(body)
        ):
            body = body[int(part)]
        else:
            return _MISSING
    return body


def _number(value: object) -> float | None:
    """A finite number, or a text that is one, as exchanges write them."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _within(low: float, high: float) -> Callable[[object], float | None]:
    def check(value: object) -> float | None:
        number = _number(value)
        return number if number is not None and low <= number <= high else None

    return check


_share = _within(0.0, 1.0)
_change = _within(-100.0, 1000.0)  # the range of the fact market.change_pct
_amount = _within(0.0, HIGHEST)


def _price(value: object) -> float | None:
    number = _amount(value)
    return number or None


def _one_of(words: Sequence[str]) -> Callable[[object], str | None]:
    return lambda value: value if isinstance(value, str) and value in words else None


_side, _way = _one_of(SIDES), _one_of(WAYS)


def _instant(value: object) -> int | None:
    """Microseconds of an RFC 3339 time or of seconds or milliseconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return instant(str(value))
    except (ValueError, OverflowError):
        return None


def _rows(check: Callable[[Mapping[str, Any]], Row | None]) -> Callable[[object], Any]:
    def checked(value: object) -> tuple[Row, ...] | None:
        if not isinstance(value, list):
            return None
        rows = [check(row) if isinstance(row, Mapping) else None for row in value[:MOST_ROWS]]
        return None if None in rows else tuple(row for row in rows if row is not None)

    return checked


def _cluster(row: Mapping[str, Any]) -> Row | None:
    side, price, size = _side(row.get("side")), _price(row.get("price")), _amount(row.get("size"))
    if side is None or price is None or size is None:
        return None
    return {"side": side, "price": price, "size": size}


def _whale(row: Mapping[str, Any]) -> Row | None:
    way, amount = _way(row.get("direction")), _amount(row.get("amount"))
    at = _instant(row.get("at"))
    if way is None or amount is None or at is None:
        return None
    return {"direction": way, "amount": amount, "at": at}
