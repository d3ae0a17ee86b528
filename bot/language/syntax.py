"""The tree of a condition, and its one canonical text."""

from collections.abc import Iterator, Sequence
from typing import Literal as One

from msgspec import Struct

Scalar = bool | int | float | str
Comparison = One["==", "!=", "<", "<=", ">", ">="]
COMPARISONS: tuple[Comparison, ...] = ("==", "!=", "<", "<=", ">", ">=")
MINUTE_S = 60
UNITS_S = {"w": 604_800, "d": 86_400, "h": 3_600, "m": MINUTE_S}  # seconds of a duration's unit


class Literal(Struct, frozen=True):
    """A value as written; a share is 70%, kept as 0.7; a duration is kept in seconds."""

    value: Scalar
    at: int = 0
    unit: One["", "%", "duration"] = ""


class Name(Struct, frozen=True):
    """A fact, or (before definitions are put in place) a definition."""

    name: str
    at: int = 0


class Call(Struct, frozen=True):
    """One of the total functions: known, has, count, between_hours."""

    function: str
    arguments: "tuple[Tree, ...]"
    at: int = 0


class Not(Struct, frozen=True):
    """True when `of` is not."""

    of: "Tree"
    at: int = 0


class Logic(Struct, frozen=True):
    """All of two or more parts (`and`), or any of them (`or`), read from left to right."""

    operator: One["and", "or"]
    parts: "tuple[Tree, ...]"
    at: int = 0


class Compare(Struct, frozen=True):
    """Two values compared; comparisons do not chain."""

    operator: Comparison
    left: "Tree"
    right: "Tree"
    at: int = 0


class Within(Struct, frozen=True):
    """A value that is (or, negated, is not) one of a list of literals."""

    left: "Tree"
    values: tuple[Literal, ...]
    is_negated: bool = False
    at: int = 0


class Sum(Struct, frozen=True):
    """Terms added or, with sign -1, taken away."""

    terms: "tuple[tuple[int, Tree], ...]"
    at: int = 0


class Product(Struct, frozen=True):
    """Factors multiplied."""

    factors: "tuple[Tree, ...]"
    at: int = 0


Tree = Literal | Name | Call | Not | Logic | Compare | Within | Sum | Product


def text(tree: Tree, outer: int = 0) -> str:
    """The canonical text; it parses to an equal tree (but for offsets)."""
    own = _power(tree)
    written = _written(tree, own)
    return f"({written})" if own < outer else written


def children(tree: Tree) -> tuple[Tree, ...]:
    """The trees right below this one, from left to right."""
    match tree:
        case Literal() | Name():
            return ()
        case Call():
            return tree.arguments
        case Not():
            return (tree.of,)
        case Logic():
            return tree.parts
        case Compare():
            return (tree.left, tree.right)
        case Within():
            return (tree.left, *tree.values)
        case Sum():
            return tuple(term for _, term in tree.terms)
        case Product():
            return tree.factors


def rebuilt(tree: Tree, parts: Sequence[Tree], at: int) -> Tree:
    """The same kind of tree over other children, at another offset."""
    match tree:
        case Literal():
            return Literal(tree.value, at, tree.unit)
        case Name():
            return Name(tree.name, at)
        case Call():
            return Call(tree.function, tuple(parts), at)
        case Not():
            return Not(parts[0], at)
        case Logic():
            return Logic(tree.operator, tuple(parts), at)
        case Compare():
            return Compare(tree.operator, parts[0], parts[1], at)
        case Within():
            values = tuple(one for one in parts[1:] if isinstance(one, Literal))
            return Within(parts[0], values, tree.is_negated, at)
        case Sum():
            signs = (sign for sign, _ in tree.terms)
            return Sum(tuple(zip(signs, parts, strict=True)), at)
        case Product():
            return Product(tuple(parts), at)


def moved(tree: Tree, at: int) -> Tree:
    """The same tree, every part at one offset: that of the name it stands for."""
    return rebuilt(tree, [moved(child, at) for child in children(tree)], at)


def names(tree: Tree) -> frozenset[str]:
    """Every name the tree reads."""
    return frozenset(one.name for one in walk(tree) if isinstance(one, Name))


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and everything below it."""
    yield tree
    for child in children(tree):
        yield from walk(child)


def atoms(tree: Tree) -> Iterator[Tree]:
    """The smallest conditions, from left to right: what is left without and, or, not."""
    if isinstance(tree, Logic | Not):
        for child in children(tree):
            yield from atoms(child)
    else:
        yield tree


def fact_of(call: Call) -> str:
    """The fact that a function is asked about."""
    fact = call.arguments[0]
    assert isinstance(fact, Name)
    return fact.name


def depth(tree: Tree) -> int:
    """Levels of the tree; a single name has 1."""
    return 1 + max((depth(child) for child in children(tree)), default=0)


def literal_text(literal: Literal) -> str:
    """A value as an author writes it."""
    value = literal.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if literal.unit == "duration" and isinstance(value, int):
        return duration_text(value)
    return number_text(value)


def duration_text(seconds: int) -> str:
    """Seconds in the largest unit that leaves no rest."""
    for unit, size in UNITS_S.items():
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds // MINUTE_S}m"


def number_text(value: float) -> str:
    """A number without an exponent, short and exact."""
    written = repr(value)
    if "e" in written or "n" in written:
        written = f"{value:.20f}".rstrip("0")
        return f"{written}0" if written.endswith(".") else written
    return written


def _power(tree: Tree) -> int:
    match tree:
        case Logic():
            return 10 if tree.operator == "or" else 20
        case Not():
            return 30
        case Compare() | Within():
            return 40
        case Sum():
            return 50
        case Product():
            return 60
        case _:
            return 70


def _written(tree: Tree, own: int) -> str:
    match tree:
        case Literal():
            return literal_text(tree)
        case Name():
            return tree.name
        case Call():
            return f"{tree.function}({', '.join(text(one) for one in tree.arguments)})"
        case Not():
            return f"not {text(tree.of, own)}"
        case Logic():
            return f" {tree.operator} ".join(text(part, own + 1) for part in tree.parts)
        case Compare():
            return f"{text(tree.left, own + 1)} {tree.operator} {text(tree.right, own + 1)}"
        case Within():
            values = ", ".join(literal_text(one) for one in tree.values)
            word = "not in" if tree.is_negated else "in"
            return f"{text(tree.left, own + 1)} {word} [{values}]"
        case Sum():
            return _sum_text(tree, own)
        case Product():
            return " * ".join(text(factor, own + 1) for factor in tree.factors)


def _sum_text(tree: Sum, own: int) -> str:
    first, *rest = tree.terms
    written = text(first[1], own + 1)
    for sign, term in rest:
        written += f" {'+' if sign > 0 else '-'} {text(term, own + 1)}"
    return written
