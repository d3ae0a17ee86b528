"""Names and kinds of a tree, checked; definitions put in their place."""

from collections.abc import Mapping, Sequence

from bot.authored import did_you_mean
from bot.language.lexer import Problem
from bot.language.syntax import (
    Call,
    Compare,
    Comparison,
    Literal,
    Logic,
    Name,
    Not,
    Product,
    Sum,
    Tree,
    Within,
    children,
    moved,
    rebuilt,
)
from bot.language.types import (
    NUMBERS,
    FactType,
    Typed,
    Types,
    literal_kind,
    meeting,
    not_one_of,
    widest,
)

HOUR_FACT = "msg.hour"  # what between_hours reads
NO_NULL = "there is no null: known(fact) says whether a fact has a value"
OTHER_WORDS = {  # what other languages call it
    **dict.fromkeys(("true", "yes", "on"), "write true"),
    **dict.fromkeys(("false", "no", "off"), "write false"),
    **dict.fromkeys(("null", "none", "nil"), NO_NULL),
}
TURNED: dict[Comparison, Comparison] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def check(
    tree: Tree, types: Types, defined: Mapping[str, Tree], problems: list[Problem]
) -> Tree | None:
    """The tree with definitions put in place and between_hours written out; None when wrong."""
    before = len(problems)
    typed = _Checker(types, defined, problems).kind_of(tree)
    if typed.kind not in ("bool", "wrong"):
        problem = f"this is {typed.words}, not a condition"
        problems.append(Problem(_start(tree), "L010", problem, "compare it with something"))
    return None if any(one.is_error for one in problems[before:]) else typed.tree


class _Checker:
    """Walks one tree; problems go to the list, never more than one for a part."""

    def __init__(self, types: Types, defined: Mapping[str, Tree], problems: list[Problem]) -> None:
        self.types, self.defined, self.problems = types, defined, problems

    def kind_of(self, tree: Tree) -> Typed:
        match tree:
            case Literal():
                return Typed(literal_kind(tree), tree)
            case Name():
                return self.name(tree)
            case Call():
                return self.call(tree)
            case Not() | Logic():
                return self.logic(tree)
            case Compare():
                return self.compare(tree)
            case Within():
                return self.within(tree)
            case Sum():
                return self.sum(tree)
            case Product():
                return self.product(tree)

    def wrong(self, at: int, code: str, text: str, hint: str = "") -> Typed:
        self.problems.append(Problem(at, code, text, hint))
        return Typed("wrong", Literal(False, at))

    def name(self, tree: Name) -> Typed:
        fact = self.types.get(tree.name)
        if fact is not None:
            return Typed(fact.kind, tree, fact)
        definition = self.defined.get(tree.name)
        if definition is not None:
            return Typed("bool", moved(definition, tree.at))
        hint = OTHER_WORDS.get(tree.name.lower(), "")
        hint = hint or did_you_mean(tree.name, [*self.types, *self.defined])
        if not hint and "." not in tree.name:
            hint = f'text stands in double quotes: "{tree.name[:40]}"'
        return self.wrong(tree.at, "L011", f"'{tree.name[:80]}' is not a fact", hint)

    def logic(self, tree: Not | Logic) -> Typed:
        word = tree.operator if isinstance(tree, Logic) else "not"
        parts = [self.condition(part, word).tree for part in children(tree)]
        return Typed("bool", rebuilt(tree, parts, tree.at))

    def condition(self, tree: Tree, word: str) -> Typed:
        typed = self.kind_of(tree)
        if typed.kind in ("bool", "wrong"):
            return typed
        problem = f"'{word}' takes conditions, and this is {typed.words}"
        return self.wrong(_start(tree), "L010", problem, "compare it with something")

    def call(self, tree: Call) -> Typed:
        if tree.function == "between_hours":
            return self.between_hours(tree)
        needed = 2 if tree.function == "has" else 1
        first = tree.arguments[0] if tree.arguments else None
        if len(tree.arguments) != needed or not isinstance(first, Name):
            return self.misused(tree)
        typed = self.name(first)
        if typed.kind == "wrong":
            return typed
        if typed.fact is None:
            return self.misused(tree)
        if tree.function == "known":
            return self.known(tree, typed.fact)
        if typed.kind != "list":
            problem = f"{tree.function}() takes a list, and this is {typed.words}"
            return self.wrong(first.at, "L012", problem)
        if tree.function == "count":
            return Typed("int", tree, FactType("int", low=0))
        return self.has(tree, typed.fact)

    def misused(self, tree: Call) -> Typed:
        shape = f"{tree.function}(fact{', ' if tree.function == 'has' else ''}"
        shape += '"text")' if tree.function == "has" else ")"
        return self.wrong(tree.at, "L012", f"write {shape}")

    def known(self, tree: Call, fact: FactType) -> Typed:
        if not fact.is_maybe:
            text = "this fact always has a value, so known() is always true"
            self.problems.append(Problem(tree.at, "L014", text, is_error=False))
        return Typed("bool", tree)

    def has(self, tree: Call, fact: FactType) -> Typed:
        value = tree.arguments[1]
        if not isinstance(value, Literal) or not isinstance(value.value, str):
            return self.misused(tree)
        if fact.of and value.value not in fact.of:
            self.problems.append(not_one_of(value, fact.of))
        return Typed("bool", tree)

    def between_hours(self, tree: Call) -> Typed:
        """Written out over msg.hour: from the first hour on, to before the second."""
        hours = [one.value for one in tree.arguments if isinstance(one, Literal)]
        whole = [hour for hour in hours if type(hour) is int and 0 <= hour <= 24]
        if len(tree.arguments) != 2 or len(whole) != 2 or whole[0] == whole[1]:
            problem = "write between_hours(22, 7): two different hours, 0 to 24"
            return self.wrong(tree.at, "L012", problem)
        if HOUR_FACT not in self.types:
            return self.wrong(tree.at, "L011", f"between_hours reads {HOUR_FACT}, no fact here")
        hour = Name(HOUR_FACT, tree.at)
        since = Compare(">=", hour, Literal(whole[0], tree.at), tree.at)
        until = Compare("<", hour, Literal(whole[1], tree.at), tree.at)
        word = Logic("and" if whole[0] < whole[1] else "or", (since, until), tree.at)
        return Typed("bool", word)

    def compare(self, tree: Compare) -> Typed:
        left, right, operator = self.kind_of(tree.left), self.kind_of(tree.right), tree.operator
        if "wrong" in (left.kind, right.kind):
            return Typed("wrong", tree)
        if left.is_literal and right.is_literal:
            return self.wrong(tree.at, "L013", "this compares two values and no fact")
        if left.is_literal:
            left, right, operator = right, left, TURNED.get(operator, operator)
        self.note(meeting(left, right, operator in ("==", "!="), tree.at))
        return Typed("bool", Compare(operator, left.tree, right.tree, tree.at))

    def within(self, tree: Within) -> Typed:
        left = self.kind_of(tree.left)
        if left.kind == "wrong":
            return left
        if left.is_literal:
            return self.wrong(tree.at, "L013", "a fact stands left of 'in'")
        for value in tree.values:
            self.note(meeting(left, Typed(literal_kind(value), value), True, value.at))
        return Typed("bool", Within(left.tree, tree.values, tree.is_negated, tree.at))

    def note(self, problem: Problem | None) -> None:
        if problem is not None:
            self.problems.append(problem)

    def sum(self, tree: Sum) -> Typed:
        terms = [self.kind_of(term) for _, term in tree.terms]
        kinds = {one.kind for one in terms}
        if "wrong" in kinds:
            return Typed("wrong", tree)
        if kinds != {"duration"} and not kinds <= {*NUMBERS}:
            return self.no_numbers(terms, tree.at, "+ and -")
        return Typed(widest(kinds), rebuilt(tree, [one.tree for one in terms], tree.at))

    def product(self, tree: Product) -> Typed:
        factors = [self.kind_of(factor) for factor in tree.factors]
        kinds = [one.kind for one in factors]
        if "wrong" in kinds:
            return Typed("wrong", tree)
        is_duration = kinds.count("duration") == 1 and {*kinds} <= {"duration", "int"}
        if not is_duration and not {*kinds} <= {*NUMBERS}:
            return self.no_numbers(factors, tree.at, "*")
        built = rebuilt(tree, [one.tree for one in factors], tree.at)
        return Typed("duration" if is_duration else widest({*kinds}), built)

    def no_numbers(self, parts: Sequence[Typed], at: int, word: str) -> Typed:
        kinds = " and ".join(dict.fromkeys(one.words for one in parts))
        return self.wrong(at, "L012", f"{word} takes numbers, not {kinds}")


def _start(tree: Tree) -> int:
    """Where a tree begins: at its leftmost part."""
    if isinstance(tree, Compare | Within | Logic | Sum | Product):
        return _start(children(tree)[0])
    return tree.at
