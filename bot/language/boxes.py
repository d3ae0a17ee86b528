"""Conditions as unions of boxes: for each fact, the values it may have."""

from collections.abc import Iterator, Sequence

from bot.language import domains, sums
from bot.language.compile import accepted
from bot.language.domains import Bag, Domain, Words
from bot.language.spaces import (
    NO,
    YES,
    Box,
    Key,
    Known,
    Same,
    full,
    is_possible,
    maybe_facts,
    words_of,
)
from bot.language.sums import TooComplex as TooComplex
from bot.language.syntax import (
    Call,
    Compare,
    Literal,
    Logic,
    Name,
    Not,
    Product,
    Sum,
    Tree,
    Within,
    fact_of,
)
from bot.language.types import Types

MOST_BOXES = 256
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def boxes(tree: Tree, types: Types, is_wanted: bool = True) -> list[Box]:
    """Boxes whose union are the facts for which the tree is true (or, not wanted, false).

    No box means: for no facts. A box may be empty without being seen as such only where it
    holds sums of several facts. Raises TooComplex.
    """
    match tree:
        case Literal():
            return [{}] if tree.value is is_wanted else []
        case Not():
            return boxes(tree.of, types, not is_wanted)
        case Logic():
            parts = [boxes(part, types, is_wanted) for part in tree.parts]
            return product(parts, types) if (tree.operator == "and") is is_wanted else union(parts)
        case Compare() if is_condition(tree.left, types):
            return _equal(tree, types, is_wanted)
        case _:
            return list(_atom(tree, types, is_wanted))


def union(parts: Sequence[list[Box]]) -> list[Box]:
    """All boxes of all parts."""
    found = [box for part in parts for box in part]
    if len(found) > MOST_BOXES:
        raise TooComplex
    return found


def product(parts: Sequence[list[Box]], types: Types) -> list[Box]:
    """The boxes in which one box of each part holds."""
    found: list[Box] = [{}]
    for part in parts:
        following: list[Box] = []
        for one in found:
            for other in part:
                box = meet(one, other, types)
                if box is not None:
                    following.append(box)
            if len(following) > MOST_BOXES:
                raise TooComplex
        found = following
    return found


def meet(one: Box, other: Box, types: Types) -> Box | None:
    """The box in both; None when it is seen to be empty."""
    found = dict(one)
    for key, domain in other.items():
        common = domains.meet(found[key], domain) if key in found else domain
        if domains.is_empty(common):
            return None
        found[key] = common
    for key in found:
        if not isinstance(key, str) and not is_possible(key, found, types):
            return None
    return found


def without(found: Sequence[Box], taken: Sequence[Box], types: Types) -> list[Box]:
    """What is left of the first boxes when all the others are taken away."""
    left = list(found)
    for other in taken:
        left = [rest for box in left for rest in _minus(box, other, types)]
        if len(left) > MOST_BOXES:
            raise TooComplex
    return left


def is_condition(tree: Tree, types: Types) -> bool:
    """Whether a part is true or false itself, and no number or text."""
    match tree:
        case Literal():
            return isinstance(tree.value, bool)
        case Name():
            return types[tree.name].kind == "bool"
        case Call():
            return tree.function != "count"
        case Sum() | Product():
            return False
        case _:
            return True


def _equal(tree: Compare, types: Types, is_wanted: bool) -> list[Box]:
    """Two conditions compared: both true or both false, or one of each."""
    is_same = (tree.operator == "==") is is_wanted
    left = {flag: boxes(tree.left, types, flag) for flag in (True, False)}
    right = {flag: boxes(tree.right, types, flag) for flag in (True, False)}
    return union([product([left[flag], right[flag is is_same]], types) for flag in (True, False)])


def _atom(tree: Tree, types: Types, is_wanted: bool) -> Iterator[Box]:
    for key, domain in _conditions(tree, types, is_wanted):
        box: dict[Key, Domain] = {key: domain}
        for name in maybe_facts(key, types):
            box[Known(name)] = YES
        whole = meet({key: full(key, types)}, box, types)
        if whole is not None:
            yield whole


def _conditions(tree: Tree, types: Types, is_wanted: bool) -> list[tuple[Key, Domain]]:
    """One key and what an atom allows it to be."""
    match tree:
        case Name():
            return [(tree.name, YES if is_wanted else NO)]
        case Call(function="known"):
            return [(Known(fact_of(tree)), YES if is_wanted else NO)]
        case Call(function="has"):
            value = tree.arguments[1]
            words = frozenset((str(value.value),)) if isinstance(value, Literal) else frozenset()
            return [(fact_of(tree), Bag(must=words) if is_wanted else Bag(never=words))]
        case Compare():
            operator = tree.operator if is_wanted else OPPOSITE[tree.operator]
            return _comparison(tree.left, operator, tree.right, types)
        case Within():
            return _within(tree, types, is_wanted is not tree.is_negated)
    raise TypeError(f"{type(tree).__name__} is no condition")


def _comparison(left: Tree, operator: str, right: Tree, types: Types) -> list[tuple[Key, Domain]]:
    if isinstance(left, Name) and types[left.name].kind in ("text", "choice"):
        return [_words(left.name, operator, right, types)]
    return [sums.compared(left, operator, right, types)]


def _words(name: str, operator: str, right: Tree, types: Types) -> tuple[Key, Domain]:
    if isinstance(right, Literal):
        word = str(right.value)
        if types[name].kind == "choice":
            return name, Words(frozenset(accepted(operator, word, types[name].of)))
        return name, Words(frozenset((word,)), operator == "!=")
    assert isinstance(right, Name)
    other = right.name
    if operator in ("==", "!="):
        low, high = sorted((name, other))
        return Same(low, high), YES if operator == "==" else NO
    if operator in (">", "<="):  # a > b is b < a; a <= b is not b < a
        return Same(other, name, "<"), YES if operator == ">" else NO
    return Same(name, other, "<"), YES if operator == "<" else NO


def _within(tree: Within, types: Types, is_wanted: bool) -> list[tuple[Key, Domain]]:
    left = tree.left
    if isinstance(left, Name) and types[left.name].kind in ("text", "choice", "bool"):
        values = Words(
            frozenset(one.value for one in tree.values if isinstance(one.value, str | bool))
        )
        if is_wanted:
            return [(left.name, values)]
        return [(left.name, one) for one in domains.complement(values, words_of(left.name, types))]
    return [sums.among(tree, types, is_wanted)]


def _minus(box: Box, other: Box, types: Types) -> Iterator[Box]:
    """Disjoint boxes that make up what `box` has and `other` has not."""
    rest: Box | None = box
    if meet(box, other, types) is None:
        yield box
        return
    for key, domain in other.items():
        if rest is None:
            return
        for outside in domains.complement(domain, words_of(key, types)):
            part = meet({key: full(key, types)}, {key: outside}, types)
            cut = None if part is None else meet(rest, part, types)
            if cut is not None:
                yield cut
        rest = meet(rest, {key: domain}, types)
