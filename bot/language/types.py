"""What facts and values may be, and which of them may meet."""

from collections.abc import Mapping
from typing import Literal as One

from msgspec import Struct

from bot.authored import did_you_mean
from bot.language.lexer import Problem
from bot.language.syntax import Literal, Tree, literal_text, number_text

Kind = One["bool", "int", "decimal", "text", "choice", "list", "duration"]
KINDS: tuple[Kind, ...] = ("bool", "int", "decimal", "text", "choice", "list", "duration")
NUMBERS = ("int", "decimal")
WORDS = {
    "bool": "true or false",
    "int": "a number",
    "decimal": "a number",
    "text": "a text",
    "choice": "a choice",
    "list": "a list",
    "duration": "a duration",
}


class FactType(Struct, frozen=True):
    """What a fact may be; `of` closes a choice (or a list), low and high bound a number.

    `is_maybe`: the fact may be unknown and is read only behind known(). `is_derived`: rules set
    it, nobody provides it.
    """

    kind: Kind
    of: tuple[str, ...] = ()
    is_ordered: bool = False
    low: float | None = None
    high: float | None = None
    is_maybe: bool = False
    is_derived: bool = False


Types = Mapping[str, FactType]


class Typed(Struct, frozen=True):
    """A tree and its kind; `fact` is the type of the fact, where the tree is one."""

    kind: Kind | One["wrong"]
    tree: Tree
    fact: FactType | None = None

    @property
    def is_literal(self) -> bool:
        return isinstance(self.tree, Literal)

    @property
    def words(self) -> str:
        return WORDS.get(self.kind, "something wrong")


def literal_kind(literal: Literal) -> Kind:
    """The kind of a value as written."""
    value = literal.value
    if literal.unit == "duration":
        return "duration"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "text"
    return "int" if isinstance(value, int) else "decimal"


def widest(kinds: set[Kind | One["wrong"]]) -> Kind:
    """The kind of a sum or product of numbers of these kinds."""
    if kinds == {"duration"}:
        return "duration"
    return "decimal" if "decimal" in kinds else "int"


def meeting(left: Typed, right: Typed, is_equality: bool, at: int) -> Problem | None:
    """What is wrong with comparing the two (by ==, != or in; else by order), if anything."""
    if "list" in (left.kind, right.kind):
        return Problem(at, "L012", "a list is not compared", 'use has(list, "...") or count(list)')
    if left.kind == "choice":
        return _choice(left, right, is_equality, at)
    if left.kind != right.kind and not {left.kind, right.kind} <= {*NUMBERS}:
        problem = f"{left.words} is not compared with {right.words}"
        return Problem(at, "L012", problem, _advice(left, right))
    if left.kind in ("bool", "text") and not is_equality:
        return Problem(at, "L012", f"{left.words} has no order", "use == or !=")
    if left.fact is not None and isinstance(right.tree, Literal):
        return _in_range(left.fact, right.tree)
    return None


def not_one_of(literal: Literal, of: tuple[str, ...]) -> Problem:
    """A word that a choice or a closed list does not offer."""
    found = str(literal.value)
    problem = f"'{found}' is not one of {', '.join(of)}"
    return Problem(literal.at, "L016", problem, did_you_mean(found, of))


def _choice(left: Typed, right: Typed, is_equality: bool, at: int) -> Problem | None:
    fact = left.fact
    assert fact is not None, "only a fact is a choice"
    if not is_equality and not fact.is_ordered:
        return Problem(at, "L012", "this choice has no order", "use ==, != or in [..]")
    if isinstance(right.tree, Literal):
        if right.kind != "text":
            problem = f"a choice is not compared with {right.words}"
            return Problem(right.tree.at, "L012", problem, f"one of {', '.join(fact.of)}")
        return None if right.tree.value in fact.of else not_one_of(right.tree, fact.of)
    if right.fact is None or right.fact.of != fact.of:
        problem = "two choices are compared only when they offer the same words"
        return Problem(at, "L012", problem)
    return None


def _in_range(fact: FactType, literal: Literal) -> Problem | None:
    """A share beside a fact that is no share is an error, a value out of range a warning."""
    value, low, high = literal.value, fact.low, fact.high
    if isinstance(value, str | bool):
        return None
    if literal.unit == "%" and high is not None and high > 1:
        problem = (
            f"this share is {literal_text(literal)}, and the fact goes to {number_text(high)}"
        )
        hint = f"write {number_text(round(value * 100, 6))}"
        return Problem(literal.at, "L012", problem, hint)
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = f"{_bound(low)}..{_bound(high)}"
        problem = f"{literal_text(literal)} is outside {bounds}, the range of this fact"
        return Problem(literal.at, "L015", problem, is_error=False)
    return None


def _bound(bound: float | None) -> str:
    return "" if bound is None else number_text(bound)


def _advice(left: Typed, right: Typed) -> str:
    if left.kind == "duration" and right.is_literal:
        return "give it a unit: 30m, 2h, 7d"
    if right.kind == "choice":
        return "put the choice on the left"
    return ""
