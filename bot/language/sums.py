"""Numbers in a condition as weights of facts, and what comparing them allows."""

from collections.abc import Mapping
from math import gcd

from bot.language import domains
from bot.language.domains import Domain, Span, Spans
from bot.language.spaces import Form, Key, Monomial, count_name, full, single
from bot.language.syntax import Call, Literal, Name, Product, Sum, Tree, Within, fact_of
from bot.language.types import Types

MOST_TERMS = 256
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class TooComplex(Exception):
    """A condition needs more boxes, or a sum more terms, than are looked at."""


def compared(left: Tree, operator: str, right: Tree, types: Types) -> tuple[Key, Domain]:
    """What `left operator right` allows one fact to be, or one sum of facts."""
    weights, constant = form(Sum(((1, left), (-1, right))))
    return _number(weights, operator, -constant, types)


def among(tree: Within, types: Types, is_wanted: bool) -> tuple[Key, Domain]:
    """What a list of numbers allows one fact, or one sum of facts, to be."""
    weights, constant = form(tree.left)
    numbers = [one.value for one in tree.values if not isinstance(one.value, str)]
    allowed = [_number(weights, "==", number - constant, types) for number in numbers]
    key = allowed[0][0]
    every = {span for _, one in allowed if isinstance(one, Spans) for span in one.spans}
    whole = full(key, types)
    assert isinstance(whole, Spans)
    found = domains.spans(every, whole.is_whole)
    return key, found if is_wanted else domains.complement(found)[0]


def form(tree: Tree) -> tuple[dict[Monomial, float], float]:
    """Weights by monomial, and the constant."""
    weights = _weights(tree)
    constant = weights.pop((), 0.0)
    return {name: weight for name, weight in weights.items() if weight}, constant


def _weights(tree: Tree) -> dict[Monomial, float]:
    match tree:
        case Literal():
            return {(): tree.value if isinstance(tree.value, int | float) else 0.0}
        case Name():
            return {(tree.name,): 1}
        case Call():
            return {(count_name(fact_of(tree)),): 1}
        case Sum():
            found: dict[Monomial, float] = {}
            for sign, term in tree.terms:
                for monomial, weight in _weights(term).items():
                    found[monomial] = found.get(monomial, 0) + sign * weight
            return found
        case Product():
            found = {(): 1}
            for factor in tree.factors:
                found = _multiplied(found, _weights(factor))
            return found
    raise TypeError(f"{type(tree).__name__} is no number")


def _multiplied(
    one: Mapping[Monomial, float], other: Mapping[Monomial, float]
) -> dict[Monomial, float]:
    found: dict[Monomial, float] = {}
    for left, weight in one.items():
        for right, factor in other.items():
            name = tuple(sorted(left + right))
            found[name] = found.get(name, 0) + weight * factor
    if len(found) > MOST_TERMS:
        raise TooComplex
    return found


def _number(
    weights: Mapping[Monomial, float], operator: str, value: float, types: Types
) -> tuple[Key, Domain]:
    """`weights operator value` on one fact where there is one, else on a sum in its usual form."""
    if not weights:
        is_true = domains.holds(domains.compared(operator, value, False), 0)
        return Form(()), Spans((Span(0, 0),)) if is_true else Spans(())
    terms = sorted(weights.items())
    first = terms[0][1]
    scale = abs(first)
    if all(float(weight).is_integer() for _, weight in terms):
        scale = gcd(*(int(weight) for _, weight in terms))
    sign = 1 if first > 0 else -1
    operator = operator if sign > 0 else TURNED[operator]
    value = value * sign / scale
    scaled = tuple((name, _short(weight * sign / scale)) for name, weight in terms)
    key: Key = Form(scaled)
    if len(scaled) == 1 and len(scaled[0][0]) == 1 and scaled[0][1] == 1:
        key = single(scaled[0][0][0])
    whole = full(key, types)
    assert isinstance(whole, Spans)
    return key, domains.compared(operator, value, whole.is_whole)


def _short(weight: float) -> float:
    return int(weight) if float(weight).is_integer() else weight
