"""A file of candles, read whole: put in order, with its dirt counted."""

import csv
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from bot.errors import BotError
from bot.people.calendar import SECOND_US, from_rfc3339

HEAD_LINES = 5  # a head that names the columns is looked for in so many lines
TIMES = ("date", "time", "timestamp", "datetime", "unix", "open time")
CLOSES = ("close", "close price", "last")
END_US = 253_402_300_800 * SECOND_US  # the year 10,000, which no calendar here can name
MILLISECONDS_FROM = 100_000_000_000  # a number of seconds this large is beyond the year 5000


class Candles(Struct, frozen=True):
    """Closes at the instants (microseconds) at which they were known, oldest first.

    `step_us` is the usual time between two. `dirt` counts lines that could not be read, repeated
    instants, lines out of order and gaps.
    """

    times: Sequence[int]
    closes: Sequence[float]
    step_us: int
    dirt: Mapping[str, int]


def read_candles(path: Path) -> Candles:
    """The candles of a CSV file; BotError says why there are none."""
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            return parse_candles(file, path.name)
    except OSError as error:
        raise BotError(f"the candles {path} cannot be read: {error.strerror}") from None
    except csv.Error as error:
        raise BotError(f"the candles {path} cannot be read: {error}") from None


def parse_candles(lines: Iterable[str], name: str) -> Candles:
    """The candles of the lines of a CSV."""
    rows = csv.reader(lines)
    columns = _head(rows)
    if columns is None:
        raise BotError(f"{name} has no line that names a date and a close")
    dirt: Counter[str] = Counter()
    opened: dict[int, float] = {}
    newest = 0
    falling = 0
    for row in rows:
        found = _candle(row, *columns)
        if found is None:
            dirt["unreadable"] += 1
        elif found[0] in opened:
            dirt["repeated"] += 1
        else:
            opened[found[0]] = found[1]
            falling += found[0] < newest
            newest = found[0]
    if len(opened) < 2:
        raise BotError(f"{name} holds fewer than two candles")
    is_newest_first = falling > len(opened) / 2
    dirt["out_of_order"] = len(opened) - 1 - falling if is_newest_first else falling
    return _in_order(opened, dirt)


def _in_order(opened: Mapping[int, float], dirt: Counter[str]) -> Candles:
    """A candle is named by its opening; what it tells is known one step later."""
    times = sorted(opened)
    steps = [after - before for before, after in pairwise(times)]
    step = Counter(steps).most_common(1)[0][0]
    dirt["gaps"] = sum(one > step for one in steps)
    closes = array("d", [opened[at] for at in times])
    return Candles(array("q", [at + step for at in times]), closes, step, dict(+dirt))


def _head(rows: Iterable[list[str]]) -> tuple[int, int] | None:
    """Where the time and the close stand."""
    for row, _ in zip(rows, range(HEAD_LINES), strict=False):
        names = [cell.strip().casefold() for cell in row]
        at = next((names.index(one) for one in TIMES if one in names), None)
        close = next((names.index(one) for one in CLOSES if one in names), None)
        if at is not None and close is not None:
            return at, close
    return None


def _candle(row: list[str], time: int, close: int) -> tuple[int, float] | None:
    if len(row) <= max(time, close):
        return None
    at = instant(row[time].strip())
    try:
        price = float(row[close])
    except ValueError:
        return None
    return (at, price) if at is not None and price > 0 and math.isfinite(price) else None


def instant(text: str) -> int | None:
    """Microseconds of 2017-07-01 01-PM, of RFC 3339 and of seconds or milliseconds since 1970."""
    at = _instant(text)
    return at if at is not None and 0 <= at < END_US else None


def _instant(text: str) -> int | None:
    if text.isascii() and text.replace(".", "", 1).isdigit():
        number = float(text)
        at = number * (1000 if number >= MILLISECONDS_FROM else SECOND_US)
        return int(min(at, END_US))
    day, _, hour = text.partition(" ")
    clock, _, half = hour.partition("-")
    if half in ("AM", "PM") and clock.isascii() and clock.isdigit() and 1 <= int(clock) <= 12:
        shown = int(clock) % 12 + (12 if half == "PM" else 0)
        return _on(day, shown)
    return from_rfc3339(text)


def _on(day: str, hour: int) -> int | None:
    try:
        start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(start.timestamp()) * SECOND_US + hour * 3600 * SECOND_US
