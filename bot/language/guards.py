"""A fact that may be unknown is read only behind known()."""

from bot.language.lexer import Problem
from bot.language.syntax import Call, Literal, Logic, Name, Not, Tree, children
from bot.language.types import Types

Facts = frozenset[str]
NONE: Facts = frozenset()


def unguarded(tree: Tree, types: Types) -> list[Problem]:
    """One problem for each read of a maybe fact that nothing to its left made sure of."""
    problems: list[Problem] = []
    _walk(tree, types, NONE, problems)
    return problems


def _walk(tree: Tree, types: Types, sure: Facts, problems: list[Problem]) -> tuple[Facts, Facts]:
    """The facts surely known after the tree turned out true, and after it turned out false."""
    match tree:
        case Name():
            if tree.name in types and types[tree.name].is_maybe and tree.name not in sure:
                hint = f"write known({tree.name}) and ... before it"
                text = f"'{tree.name}' may be unknown here"
                problems.append(Problem(tree.at, "L017", text, hint))
            return sure, sure
        case Call(function="known"):
            fact = tree.arguments[0]
            return (sure | {fact.name} if isinstance(fact, Name) else sure), sure
        case Not():
            when_true, when_false = _walk(tree.of, types, sure, problems)
            return when_false, when_true
        case Logic():
            return _logic(tree, types, sure, problems)
        case Literal():
            return sure, sure
        case _:
            for child in children(tree):
                _walk(child, types, sure, problems)
            return sure, sure


def _logic(tree: Logic, types: Types, sure: Facts, problems: list[Problem]) -> tuple[Facts, Facts]:
    """`and` goes on when a part was true, `or` when it was false; what all ways share is sure."""
    is_and = tree.operator == "and"
    ended: Facts | None = None
    for part in tree.parts:
        when_true, when_false = _walk(part, types, sure, problems)
        sure, other = (when_true, when_false) if is_and else (when_false, when_true)
        ended = other if ended is None else ended & other
    ended = ended if ended is not None else sure
    return (sure, ended) if is_and else (ended, sure)
