"""What a condition speaks of: facts, sums, equalities, and all the values each can have."""

from collections.abc import Mapping
from typing import Literal as One

from msgspec import Struct

from bot.language import domains
from bot.language.domains import Bag, Domain, Span, Spans, Words
from bot.language.types import Types

Monomial = tuple[str, ...]  # facts multiplied; () is the constant


class Form(Struct, frozen=True):
    """A sum of facts, or of products of facts, with whole or decimal weights."""

    terms: tuple[tuple[Monomial, float], ...]


class Same(Struct, frozen=True):
    """Whether two texts or choices are equal, or (`<`) the first is below the second."""

    left: str
    right: str
    operator: One["==", "<"] = "=="


class Known(Struct, frozen=True):
    """Whether a maybe fact has a value."""

    name: str


class Count(Struct, frozen=True):
    """How many texts a list holds."""

    name: str


Key = str | Form | Same | Known | Count
Box = Mapping[Key, Domain]
YES, NO = Words(frozenset((True,))), Words(frozenset((False,)))


def full(key: Key, types: Types) -> Domain:
    """Every value a key can have."""
    match key:
        case str():
            fact = types[key]
            if fact.kind == "list":
                return Bag()
            if fact.kind == "text":
                return Words(frozenset(), True)
            if fact.kind in ("choice", "bool"):
                return Words(frozenset(words_of(key, types)))
            return number_range(key, types)
        case Form():
            span = form_range(key, {}, types)
            return Spans((span,), is_whole(key, types))
        case Count():
            return Spans((Span(0, domains.INFINITE),), True)
        case Known() | Same():
            return Words(frozenset((True, False)))


def words_of(key: Key, types: Types) -> tuple[str | bool, ...]:
    """All values of a closed key; nothing for open texts, lists and numbers."""
    if isinstance(key, Known | Same):
        return (True, False)
    if isinstance(key, str):
        fact = types[key]
        if fact.kind == "bool":
            return (True, False)
        return fact.of if fact.kind == "choice" else ()
    return ()


def number_range(name: str, types: Types) -> Spans:
    """The declared range of a number."""
    fact = types[name]
    low = -domains.INFINITE if fact.low is None else fact.low
    high = domains.INFINITE if fact.high is None else fact.high
    return Spans((Span(low, high),), fact.kind != "decimal")


def form_range(form: Form, box: Box, types: Types) -> Span:
    """The least and the most a sum can be in a box."""
    low = high = 0.0
    for monomial, weight in form.terms:
        ends = [1.0]
        for name in monomial:
            here = _hull(name, box, types)
            ends = [_times(end, other) for end in ends for other in here]
        weighted = [_times(weight, end) for end in (min(ends), max(ends))]
        low, high = low + min(weighted), high + max(weighted)
    return Span(low, high)


def is_whole(form: Form, types: Types) -> bool:
    """Whether a sum is always a whole number."""
    return all(
        float(weight).is_integer()
        and all(name not in types or types[name].kind != "decimal" for name in monomial)
        for monomial, weight in form.terms
    )


def count_name(name: str) -> str:
    """How a monomial names the length of a list."""
    return f"count({name})"


def maybe_facts(key: Key, types: Types) -> list[str]:
    """The maybe facts whose value an atom reads."""
    match key:
        case str():
            names = [key]
        case Form():
            names = [name for monomial, _ in key.terms for name in monomial]
        case Same():
            names = [key.left, key.right]
        case Count():
            names = [key.name]
        case Known():
            names = []
    return [name for name in names if name in types and types[name].is_maybe]


def single(name: str) -> Key:
    """The key of a monomial of one fact, or of the length of one list."""
    return Count(name[len("count(") : -1]) if name.startswith("count(") else name


def is_possible(key: Key, box: Box, types: Types) -> bool:
    """False when what a box says of several facts together cannot be."""
    domain = box[key]
    match key:
        case Form():
            assert isinstance(domain, Spans)
            reach = domains.spans((form_range(key, box, types),), domain.is_whole)
            return not domains.is_empty(domains.meet(domain, reach))
        case Count():
            bag = box.get(key.name)
            assert isinstance(domain, Spans)
            return not isinstance(bag, Bag) or domain.spans[-1].high >= len(bag.must)
        case Same(operator="=="):
            left, right = (box.get(name) or full(name, types) for name in (key.left, key.right))
            if domain == YES:
                return not domains.is_empty(domains.meet(left, right))
            return left != right or not isinstance(left, Words) or len(left.values) != 1
        case _:
            return True


def _hull(name: str, box: Box, types: Types) -> tuple[float, float]:
    key = single(name)
    domain = box.get(key) or full(key, types)
    assert isinstance(domain, Spans)
    if not domain.spans:
        return 0.0, 0.0
    return domain.spans[0].low, domain.spans[-1].high


def _times(one: float, other: float) -> float:
    return 0.0 if 0 in (one, other) else one * other
