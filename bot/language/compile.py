"""Conditions as one generated function over a list of facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from msgspec import Struct

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
    names,
)
from bot.language.types import FactType, Types

Value = bool | int | float | str | tuple[str, ...] | None
Slots = list[Value]
Found = Callable[[Slots], list[int]]
Load = Callable[[Mapping[str, Value]], Slots]


class Group(Struct, frozen=True):
    """Numbered conditions; `is_first`: only the first true one of the group is found."""

    conditions: tuple[tuple[int, Tree], ...]
    is_first: bool = False


class WrongFact(Exception):
    """A provider gave a fact a value that is not of its declared type."""


def finder(groups: Iterable[Group], slots: Sequence[str], types: Types) -> Found:
    """A function from the values of `slots` to the ascending numbers of the true conditions."""
    groups = list(groups)
    reads = {name for one in groups for _, tree in one.conditions for name in names(tree)}
    variables = {name: f"f{number}" for number, name in enumerate(slots)}
    lines = ["def found(slots, len=len):"]
    if reads:
        taken = (variables[name] if name in reads else "_" for name in slots)
        lines.append(f"    {', '.join(taken)}, = slots")
    lines += ["    numbers = []", "    add = numbers.append"]
    for group in groups:
        word = "if"
        for number, tree in group.conditions:
            lines.append(f"    {word} {expression(tree, variables, types)}: add({number})")
            word = "elif" if group.is_first else "if"
    lines.append("    return numbers")
    result: Found = _made("found", lines, {})
    return result


def loader(slots: Sequence[str], types: Types, defaults: Mapping[str, Value]) -> Load:
    """A function from facts by name to slot values: defaults filled in, types made sure of.

    A number outside its declared range counts as the nearest one inside; a value of another
    type raises WrongFact.
    """
    lines = ["def load(facts):", "    get = facts.get"]
    known: dict[str, object] = {"wrong": _wrong}
    for number, name in enumerate(slots):
        fact, variable = types[name], f"f{number}"
        known[f"d{number}"] = defaults.get(name)
        if fact.is_derived:
            lines.append(f"    {variable} = d{number}")
            continue
        lines.append(f"    {variable} = get({name!r}, d{number})")
        lines += _checks(name, fact, variable, number, known)
    lines.append(f"    return [{', '.join(f'f{number}' for number in range(len(slots)))}]")
    result: Load = _made("load", lines, known)
    return result


def expression(tree: Tree, variables: Mapping[str, str], types: Types) -> str:
    """The Python text of a checked tree; every value in it is a literal of its own."""
    match tree:
        case Literal():
            return repr(tree.value)
        case Name():
            return variables[tree.name]
        case Call():
            return _call(tree, variables)
        case Not():
            return f"(not {expression(tree.of, variables, types)})"
        case Logic():
            return _joined(f" {tree.operator} ", tree.parts, variables, types)
        case Compare():
            return _compare(tree, variables, types)
        case Within():
            values = ", ".join(repr(one.value) for one in tree.values)
            word = "not in" if tree.is_negated else "in"
            return f"({expression(tree.left, variables, types)} {word} {{{values}}})"
        case Sum():
            first, *rest = ((sign, expression(one, variables, types)) for sign, one in tree.terms)
            tail = "".join(f" {'+' if sign > 0 else '-'} {one}" for sign, one in rest)
            return f"({first[1]}{tail})"
        case Product():
            return _joined(" * ", tree.factors, variables, types)


def _joined(word: str, parts: Iterable[Tree], variables: Mapping[str, str], types: Types) -> str:
    return f"({word.join(expression(one, variables, types) for one in parts)})"


def _call(tree: Call, variables: Mapping[str, str]) -> str:
    fact = tree.arguments[0]
    assert isinstance(fact, Name)
    if tree.function == "known":
        return f"({variables[fact.name]} is not None)"
    if tree.function == "count":
        return f"len({variables[fact.name]})"
    value = tree.arguments[1]
    assert isinstance(value, Literal)
    return f"({value.value!r} in {variables[fact.name]})"


def _compare(tree: Compare, variables: Mapping[str, str], types: Types) -> str:
    left, right = tree.left, tree.right
    fact = types.get(left.name) if isinstance(left, Name) else None
    if fact is not None and fact.kind == "choice" and tree.operator not in ("==", "!="):
        return _ordered(tree, fact, variables)
    found = expression(left, variables, types), expression(right, variables, types)
    return f"({found[0]} {tree.operator} {found[1]})"


def _ordered(tree: Compare, fact: FactType, variables: Mapping[str, str]) -> str:
    """An ordered choice beside a word is one of a set; beside another fact, ranks are compared."""
    assert isinstance(tree.left, Name)
    variable = variables[tree.left.name]
    if isinstance(tree.right, Literal):
        words = accepted(tree.operator, str(tree.right.value), fact.of)
        return f"({variable} in {{{', '.join(map(repr, words))}}})" if words else "False"
    assert isinstance(tree.right, Name)
    other = variables[tree.right.name]
    return f"({fact.of!r}.index({variable}) {tree.operator} {fact.of!r}.index({other}))"


def accepted(operator: str, word: str, of: Sequence[str]) -> tuple[str, ...]:
    """The words of an ordered choice that stand in this relation to `word`."""
    rank = of.index(word)
    ranges = {"<": of[:rank], "<=": of[: rank + 1], ">": of[rank + 1 :], ">=": of[rank:]}
    equal = {"==": (word,), "!=": tuple(one for one in of if one != word)}
    return tuple(ranges[operator]) if operator in ranges else equal[operator]


def _checks(
    name: str, fact: FactType, variable: str, number: int, known: dict[str, object]
) -> list[str]:
    complaint = f"wrong({name!r}, {variable})"
    lines: list[str] = []
    match fact.kind:
        case "bool":
            lines = [f"if {variable} is not True and {variable} is not False: {complaint}"]
        case "int" | "duration":
            lines = [f"if {variable}.__class__ is not int: {complaint}"]
            lines += _clamped(fact, variable)
        case "decimal":
            test = f"{variable}.__class__ is not float and {variable}.__class__ is not int"
            lines = [f"if {test} or {variable} != {variable}: {complaint}"]
            lines += _clamped(fact, variable)
        case "choice":
            known[f"c{number}"] = frozenset(fact.of)
            test = f"not isinstance({variable}, str) or {variable} not in c{number}"
            lines = [f"if {test}: {complaint}"]
        case "text":
            lines = [f"if not isinstance({variable}, str): {complaint}"]
        case "list":
            test = f"{variable}.__class__ is not tuple and {variable}.__class__ is not list"
            lines = [f"if {test}: {complaint}"]
    if not fact.is_maybe:
        return [f"    {line}" for line in lines]
    return [f"    if {variable} is not None:", *(f"        {line}" for line in lines)]


def _clamped(fact: FactType, variable: str) -> list[str]:
    lines = []
    if fact.low is not None:
        lines.append(f"if {variable} < {fact.low!r}: {variable} = {fact.low!r}")
    if fact.high is not None:
        lines.append(f"if {variable} > {fact.high!r}: {variable} = {fact.high!r}")
    return lines


def _wrong(name: str, value: object) -> NoReturn:
    raise WrongFact(f"fact {name} has a value of type {type(value).__name__}")


def _made(name: str, lines: Sequence[str], known: dict[str, object]) -> Any:
    """The function; its text holds only our own words, numbers, quoted texts and fN."""
    space = dict(known)
    exec(compile("\n".join(lines), f"<rules {name}>", "exec"), space)  # noqa: S102 - see above
    return space[name]
