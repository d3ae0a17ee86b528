"""An independent, slow reading of conditions, written from docs/rules.md and from nothing else."""

from typing import Any

from bot.language import syntax
from bot.language.types import FactType


def truth(tree: Any, facts: dict[str, Any], types: dict[str, FactType]) -> Any:
    """The value of a checked tree, one case after the other."""
    kind = type(tree).__name__
    if kind == "Literal":
        return tree.value
    if kind == "Name":
        return facts[tree.name]
    if kind == "Not":
        return not truth(tree.of, facts, types)
    if kind == "Logic":
        for part in tree.parts:
            if truth(part, facts, types) != (tree.operator == "and"):
                return tree.operator == "or"
        return tree.operator == "and"
    if kind == "Call":
        held = facts[tree.arguments[0].name]
        if tree.function == "known":
            return held is not None
        if tree.function == "count":
            return sum(1 for _ in held)
        return any(one == tree.arguments[1].value for one in held)
    if kind == "Within":
        left = truth(tree.left, facts, types)
        is_there = any(left == one.value for one in tree.values)
        return not is_there if tree.is_negated else is_there
    if kind == "Sum":
        total = None
        for sign, term in tree.terms:
            one = truth(term, facts, types)
            total = one if total is None else (total + one if sign == 1 else total - one)
        return total
    if kind == "Product":
        total = None
        for factor in tree.factors:
            one = truth(factor, facts, types)
            total = one if total is None else total * one
        return total
    return relation(tree, facts, types)


def relation(tree: syntax.Compare, facts: dict[str, Any], types: dict[str, FactType]) -> bool:
    left, right = truth(tree.left, facts, types), truth(tree.right, facts, types)
    if isinstance(tree.left, syntax.Name) and types[tree.left.name].kind == "choice":
        words = list(types[tree.left.name].of)
        left, right = words.index(left), words.index(right)
    match tree.operator:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return not left > right
        case ">":
            return left > right
        case _:
            return not left < right
