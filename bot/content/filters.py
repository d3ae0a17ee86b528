"""The filters of the template dialect: small total functions, the only ones there are."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from bot.content.schema import Sort

MOST_DIGITS = 8  # decimals a number is rounded to at most
LONGEST = 2_000  # characters a text may be shortened to
_GROUP = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")


class Filter(Struct, frozen=True):
    """A function with the sort it takes, the sort it gives, and its arguments' sorts."""

    takes: tuple[Sort, ...]
    gives: Sort
    arguments: tuple[Sort, ...]
    call: Callable[..., Any]
    about: str


def _capital(value: str) -> str:
    return value[:1].upper() + value[1:]


def _shorten(value: str, longest: float) -> str:
    most = max(1, min(LONGEST, int(longest)))
    return value if len(value) <= most else value[: most - 1].rstrip() + "…"


def _first(value: Sequence[str]) -> str:
    return value[0] if value else ""


def _last(value: Sequence[str]) -> str:
    return value[-1] if value else ""


def _join(value: Sequence[str], between: str) -> str:
    return between.join(value)


def _listed(value: Sequence[str], last: str) -> str:
    if len(value) < 2:
        return "".join(value)
    return f"{', '.join(value[:-1])} {last} {value[-1]}"


def _round(value: float, digits: float) -> float:
    if not math.isfinite(value):
        return value
    places = max(0, min(MOST_DIGITS, int(digits)))
    return round(value, places) if places else round(value)


def _fixed(value: float, digits: float) -> str:
    return f"{value:.{max(0, min(MOST_DIGITS, int(digits)))}f}"


def _thousands(value: float) -> str:
    return f"{value:,}"


def _signed(value: float) -> str:
    return f"{value:+}"


def _percent(value: float) -> str:
    return f"{value * 100:.0f}%"


def _plural(value: float, one: str, many: str) -> str:
    return one if value == 1 else many


def _count(value: float, one: str, many: str) -> str:
    return f"{value:,} {one if value == 1 else many}"


def _otherwise(value: str, text: str) -> str:
    return value or text


def _yes_no(value: bool, yes: str, no: str) -> str:
    return yes if value else no


def _absolute(value: float) -> float:
    return abs(value)


def _comma(value: str) -> str:
    """Written 1 234,5: groups of digits apart by a narrow space, a comma before decimals."""
    return _POINT.sub(",", _GROUP.sub("\u202f", value))


FILTERS: Mapping[str, Filter] = {
    "upper": Filter(("text",), "text", (), str.upper, "in capitals"),
    "lower": Filter(("text",), "text", (), str.lower, "in small letters"),
    "capital": Filter(("text",), "text", (), _capital, "with a capital first letter"),
    "trim": Filter(("text",), "text", (), str.strip, "without spaces around it"),
    "shorten": Filter(("text",), "text", ("number",), _shorten, "at most so many characters"),
    "otherwise": Filter(("text",), "text", ("text",), _otherwise, "this text when it is empty"),
    "length": Filter(("text", "list"), "number", (), len, "how many"),
    "first": Filter(("list",), "text", (), _first, "the first, or nothing"),
    "last": Filter(("list",), "text", (), _last, "the last, or nothing"),
    "join": Filter(("list",), "text", ("text",), _join, "all, with this text between them"),
    "listed": Filter(("list",), "text", ("text",), _listed, "a, b <word> c"),
    "round": Filter(("number",), "number", ("number",), _round, "rounded to so many decimals"),
    "fixed": Filter(("number",), "text", ("number",), _fixed, "always so many decimals"),
    "thousands": Filter(("number",), "text", (), _thousands, "1,234"),
    "comma": Filter(("text",), "text", (), _comma, "1,234.5 written as 1 234,5"),
    "signed": Filter(("number",), "text", (), _signed, "with + or -"),
    "percent": Filter(("number",), "text", (), _percent, "0.07 as 7%"),
    "absolute": Filter(("number",), "number", (), _absolute, "without its sign"),
    "plural": Filter(("number",), "text", ("text", "text"), _plural, "the word for one or more"),
    "count": Filter(("number",), "text", ("text", "text"), _count, "number and word: 2 credits"),
    "yesno": Filter(("flag",), "text", ("text", "text"), _yes_no, "one of two texts"),
}
