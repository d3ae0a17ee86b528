"""A checked condition evaluated on the spot, part by part: for traces, not for turns."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from bot.language.compile import Value
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
)
from bot.language.types import Types

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(tree: Tree, facts: Mapping[str, Value], types: Types) -> bool:
    """Whether the condition is true; what stands behind a false known() is not looked at."""
    match tree:
        case Not():
            return not holds(tree.of, facts, types)
        case Logic(operator="and"):
            return all(holds(part, facts, types) for part in tree.parts)
        case Logic():
            return any(holds(part, facts, types) for part in tree.parts)
        case _:
            return bool(value(tree, facts, types))


def value(tree: Tree, facts: Mapping[str, Value], types: Types) -> Any:
    """What a part comes to: a truth, a number, a text."""
    match tree:
        case Literal():
            return tree.value
        case Name():
            return facts.get(tree.name)
        case Not() | Logic():
            return holds(tree, facts, types)
        case Call():
            return _called(tree, facts)
        case Compare():
            return _compared(tree, facts, types)
        case Within():
            found = value(tree.left, facts, types) in [one.value for one in tree.values]
            return found is not tree.is_negated
        case Sum():
            first, *rest = [(sign, value(term, facts, types)) for sign, term in tree.terms]
            total = first[1]
            for sign, term in rest:
                total = total + term if sign > 0 else total - term
            return total
        case Product():
            result, *factors = [value(factor, facts, types) for factor in tree.factors]
            for factor in factors:
                result = result * factor
            return result


def _called(tree: Call, facts: Mapping[str, Value]) -> bool | int:
    first = tree.arguments[0]
    assert isinstance(first, Name)
    held: Any = facts.get(first.name)
    if tree.function == "known":
        return held is not None
    if tree.function == "count":
        return len(held)
    wanted = tree.arguments[1]
    assert isinstance(wanted, Literal)
    return wanted.value in held


def _compared(tree: Compare, facts: Mapping[str, Value], types: Types) -> bool:
    left, right = value(tree.left, facts, types), value(tree.right, facts, types)
    fact = types.get(tree.left.name) if isinstance(tree.left, Name) else None
    if fact is not None and fact.kind == "choice" and fact.is_ordered:
        left, right = fact.of.index(left), fact.of.index(right)
    return OPERATORS[tree.operator](left, right)
