"""Sets of values one fact may have: spans of numbers, words, what a list must hold."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

INFINITE = math.inf


class Span(NamedTuple):
    """All numbers from low to high; an open end is itself not among them."""

    low: float
    high: float
    is_low_open: bool = False
    is_high_open: bool = False


class Spans(Struct, frozen=True):
    """Numbers: disjoint spans in ascending order; whole numbers have closed ends only."""

    spans: tuple[Span, ...]
    is_whole: bool = False


class Words(Struct, frozen=True):
    """Some values, or (`is_all_but`) every text but these."""

    values: frozenset[str | bool]
    is_all_but: bool = False


class Bag(Struct, frozen=True):
    """Lists that hold every text of `must` and none of `never`."""

    must: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


Domain = Spans | Words | Bag


def is_empty(domain: Domain) -> bool:
    """Whether no value is left."""
    match domain:
        case Spans():
            return not domain.spans
        case Words():
            return not domain.values and not domain.is_all_but
        case Bag():
            return bool(domain.must & domain.never)


def meet(one: Domain, other: Domain) -> Domain:
    """The values in both."""
    match one, other:
        case Spans(), Spans():
            if one.spans == other.spans:
                return one
            found = (_both(a, b) for a in one.spans for b in other.spans)
            return spans(found, one.is_whole or other.is_whole)
        case Words(), Words():
            return _common(one, other)
        case Bag(), Bag():
            return Bag(one.must | other.must, one.never | other.never)
    raise TypeError("only domains of one fact meet")


def complement(domain: Domain, of: Sequence[str | bool] = ()) -> list[Domain]:
    """Everything else, as domains whose union it is; `of` are all words of a closed choice."""
    match domain:
        case Spans():
            return [_gaps(domain)]
        case Words():
            if of:
                return [Words(frozenset(of) - domain.values)]
            return [Words(domain.values, not domain.is_all_but)]
        case Bag():
            missing: list[Domain] = [Bag(never=frozenset((one,))) for one in sorted(domain.must)]
            return missing + [Bag(must=frozenset((one,))) for one in sorted(domain.never)]


def spans(found: Iterable[Span], is_whole: bool) -> Spans:
    """The spans that hold a number, in order; spans of whole numbers get closed ends."""
    kept = []
    for span in found:
        whole = _whole(span) if is_whole else span
        is_open = whole.is_low_open or whole.is_high_open
        if whole.low < whole.high or (whole.low == whole.high and not is_open):
            kept.append(whole)
    return Spans(tuple(sorted(kept)), is_whole)


def compared(operator: str, value: float, is_whole: bool) -> Spans:
    """The numbers that stand in this relation to `value`."""
    below, above = Span(-INFINITE, value, False, True), Span(value, INFINITE, True, False)
    found = {
        "==": [Span(value, value)],
        "!=": [below, above],
        "<": [below],
        "<=": [Span(-INFINITE, value)],
        ">": [above],
        ">=": [Span(value, INFINITE)],
    }
    return spans(found[operator], is_whole)


def holds(domain: Spans, value: float) -> bool:
    """Whether the number is among them."""
    return any(
        (span.low < value or (span.low == value and not span.is_low_open))
        and (value < span.high or (span.high == value and not span.is_high_open))
        for span in domain.spans
    )


def nearest(domain: Spans, value: float) -> float | None:
    """The number among them closest to `value`; None when there is none."""
    candidates = [_into(span, value, domain.is_whole) for span in domain.spans]
    return min(candidates, key=lambda one: abs(one - value), default=None)


def _into(span: Span, value: float, is_whole: bool) -> float:
    if is_whole:
        return int(min(max(value, span.low), span.high))
    if value < span.low or (value == span.low and span.is_low_open):
        return _inside(span, span.low) if span.is_low_open else span.low
    if value > span.high or (value == span.high and span.is_high_open):
        return _inside(span, span.high) if span.is_high_open else span.high
    return value


def _inside(span: Span, end: float) -> float:
    """A short decimal just inside an open end."""
    other = span.high if end == span.low else span.low
    sign = 1 if end == span.low else -1
    for step in (1.0, 0.1, 0.01, 0.001, 0.0001):
        candidate = round(end + sign * step, 6)
        if span.low < candidate < span.high:
            return candidate
    return end + (other - end) / 2


def _both(one: Span, other: Span) -> Span:
    low, high = max(one.low, other.low), min(one.high, other.high)
    is_low_open = any(span.low == low and span.is_low_open for span in (one, other))
    is_high_open = any(span.high == high and span.is_high_open for span in (one, other))
    return Span(low, high, is_low_open, is_high_open)


def _whole(span: Span) -> Span:
    low, high = span.low, span.high
    if math.isfinite(low):
        low = math.floor(low) + 1 if span.is_low_open else math.ceil(low)
    if math.isfinite(high):
        high = math.ceil(high) - 1 if span.is_high_open else math.floor(high)
    return Span(low, high)


def _gaps(domain: Spans) -> Spans:
    """The numbers between and around the spans."""
    found = []
    low, is_low_open = -INFINITE, False
    for span in domain.spans:
        found.append(Span(low, span.low, is_low_open, not span.is_low_open))
        low, is_low_open = span.high, not span.is_high_open
    found.append(Span(low, INFINITE, is_low_open, False))
    return spans(
        (one for one in found if one.low != one.high or math.isfinite(one.low)), domain.is_whole
    )


def _common(one: Words, other: Words) -> Words:
    if one.is_all_but and other.is_all_but:
        return Words(one.values | other.values, True)
    if one.is_all_but:
        return Words(other.values - one.values)
    if other.is_all_but:
        return Words(one.values - other.values)
    return Words(one.values & other.values)
