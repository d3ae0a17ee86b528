"""Habit points: categories with weights, actions, and what a value is made of."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean

HUNDRED = 100
MOST_WEIGHT, MOST_VALUE = 100.0, 10_000.0
MOST_A_DAY = 1_000
WEIGHTS = {"finance": 200, "learning": 150, "health": 120, "productivity": 100, "social": 80}
PARTS = ("categories", "actions")
FIELDS = ("category", "max", "per_day", "value_from", "tags", "about")


class ValueFrom(Struct, frozen=True):
    """What a value is made of: `fixed`, or a field of `metadata`, by its word, else its number
    over `per` and at most `most`.
    """

    field: str = ""
    per: float = 1.0
    most: float = MOST_VALUE
    words: dict[str, float] = {}
    fixed: float = 0.0

    def value(self, metadata: Mapping[str, Any]) -> Fraction | None:
        """The value, exactly, or None where the field is missing or of another kind."""
        if self.fixed:
            return exact(self.fixed)
        found = metadata.get(self.field)
        if self.words:
            number = self.words.get(found) if isinstance(found, str) else None
            return None if number is None else exact(number)
        if isinstance(found, bool) or not isinstance(found, int | float):
            return None
        return min(exact(found) / exact(self.per), exact(self.most))

    def wanted(self) -> str:
        """What the field must hold, as a refusal says it."""
        kind = f"one of {', '.join(self.words)}" if self.words else "a number"
        return f"where there is no value, {kind} is needed here"


class Habit(Struct, frozen=True):
    """An action of one category, the most a value may be, and how often a local day it earns."""

    name: str
    category: str
    most: float = 10.0
    per_day: int = 50
    value_from: ValueFrom | None = None
    tags: tuple[str, ...] = ()


class Habits(Struct, frozen=True):
    """Weights of categories in hundredths, and the actions by name."""

    weights: dict[str, int] = {}
    actions: dict[str, Habit] = {}


def parse_habits(node: Node | None, report: Report) -> Habits:
    """rules/habits.yaml; without the file there are no habits."""
    if node is None:
        return Habits()
    fields = report.fields(node, PARTS, PARTS, "R080")
    categories = report.mapping(fields.get("categories"), "R080")
    weights = {name: _hundredths(one, report) for name, one in categories.items()}
    actions = report.mapping(fields.get("actions"), "R080")
    return Habits(
        weights, {name: _habit(name, body, weights, report) for name, body in actions.items()}
    )


def _habit(name: str, body: Node, weights: dict[str, int], report: Report) -> Habit:
    fields = report.fields(body, FIELDS, ("category",), "R080")
    tags = report.texts(fields.get("tags"), "R080")
    if "trading" in tags:
        problem = f"'{name}' is tagged trading and would earn points"
        report.error(fields["tags"], "R080", problem, "trading earns nothing: leave it out")
    return Habit(
        name,
        report.choice(fields.get("category"), weights, "", "R080"),
        _above_0(fields.get("max"), 10.0, MOST_VALUE, report),
        report.integer(fields.get("per_day"), 50, 1, MOST_A_DAY, "R080"),
        _value_from(fields.get("value_from"), report),
        tags,
    )


def _value_from(node: Node | None, report: Report) -> ValueFrom | None:
    if node is None:
        return None
    fields = report.fields(node, ("field", "per", "max", "map", "fixed"), (), "R080")
    if ("fixed" in fields) == ("field" in fields):
        report.error(node, "R080", "name a field, or a fixed value")
    words = {
        word: _above_0(one, 1.0, MOST_VALUE, report)
        for word, one in report.mapping(fields.get("map"), "R080").items()
    }
    if words and ("per" in fields or "max" in fields):
        report.error(node, "R080", "either a map, or per and max")
    return ValueFrom(
        report.text(fields.get("field"), code="R080"),
        _above_0(fields.get("per"), 1.0, 1_000_000.0, report),
        _above_0(fields.get("max"), MOST_VALUE, MOST_VALUE, report),
        words,
        _above_0(fields.get("fixed"), 0.0, MOST_VALUE, report),
    )


def _hundredths(node: Node, report: Report) -> int:
    weight = _above_0(node, 1.0, MOST_WEIGHT, report)
    whole = round(weight * HUNDRED)
    if abs(whole - weight * HUNDRED) > 1e-6:
        report.error(node, "R080", "at most two decimals")
    return whole


def _above_0(node: Node | None, default: float, most: float, report: Report) -> float:
    value = report.number(node, default, 0.0, most, "R080")
    if node is not None and value <= 0:
        report.error(node, "R080", "must be above 0")
        return default
    return value


def exact(number: float) -> Fraction:
    """A number as it was written: 0.1 is a tenth."""
    return Fraction(repr(number))


def nearest(word: str, known: dict[str, Any]) -> str:
    """What to say about a name there is none of: those there are, or the one meant."""
    names = sorted(known)
    return did_you_mean(word, names) or f"one of {', '.join(names)}"
