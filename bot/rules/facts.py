"""The vocabulary authors write conditions in: types, ranges, defaults."""

import re

from msgspec import Struct

from bot.authored import Node, Report
from bot.language.compile import Value
from bot.language.lexer import Problem, lex
from bot.language.syntax import duration_text, number_text
from bot.language.types import KINDS, NUMBERS, FactType, Kind

FIELDS = ("type", "of", "ordered", "min", "max", "default", "maybe", "derived", "about")
MOST = 2_000_000_000  # an undeclared bound of a number; far above any count or amount here
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")


class Vocabulary(Struct, frozen=True):
    """Every fact there is; `defaults` leaves out facts that may be unknown."""

    types: dict[str, FactType] = {}
    defaults: dict[str, Value] = {}
    abouts: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.types)

    def default(self, name: str) -> Value:
        """What a fact is when nobody provides it; None: unknown."""
        return self.defaults.get(name)

    def described(self) -> list[dict[str, str]]:
        """Every fact as `bot check --facts` shows it: name, type, default, about."""
        return [
            {
                "name": name,
                "type": type_text(fact),
                "default": value_text(self.default(name), fact),
                "about": self.abouts.get(name, ""),
            }
            for name, fact in self.types.items()
        ]


def parse_facts(node: Node | None, report: Report) -> Vocabulary:
    """The vocabulary of the `facts` mapping of rules/facts.yaml."""
    types: dict[str, FactType] = {}
    defaults: dict[str, Value] = {}
    abouts: dict[str, str] = {}
    pairs = report.mapping(node, "R001")
    for name, body in pairs.items():
        if not _NAME.match(name) and node is not None:
            problem = f"'{name}' is not the name of a fact"
            report.error(node.keys[name], "R001", problem, "write group.name in small letters")
            continue
        fields = report.fields(body, FIELDS, ("type",), "R001")
        fact = _fact(body, fields, report)
        if fact is None:
            continue
        types[name] = fact
        abouts[name] = report.text(fields.get("about"))
        if not fact.is_maybe:
            defaults[name] = _default(fact, fields.get("default"), report)
        elif "default" in fields:
            report.error(fields["default"], "R001", "a maybe fact has no default: it is unknown")
    return Vocabulary(types, defaults, abouts)


def parse_value(node: Node, fact: FactType, report: Report) -> Value:
    """A value of this fact's type; the default of the type when it is none (and a mistake)."""
    match fact.kind:
        case "bool":
            return report.boolean(node)
        case "int":
            return report.integer(node, 0, _whole(fact.low), _whole(fact.high))
        case "decimal":
            share = _read(node, "share")
            return report.number(node, 0.0, fact.low, fact.high) if share is None else share
        case "choice":
            return report.choice(node, fact.of, fact.of[0])
        case "text":
            return report.text(node)
        case "list":
            return _list(node, fact, report)
        case "duration":
            return parse_duration(node, report)


def parse_duration(node: Node, report: Report) -> int:
    """Seconds of a duration: 30m, 2h, 7d, 1w."""
    seconds = _read(node, "duration")
    if seconds is None:
        report.error(node, "R003", "expected a duration", "30m, 2h, 7d or 1w")
        return 0
    return int(seconds)


def value_text(value: Value, fact: FactType) -> str:
    """A value as an author writes it; `unknown` for None."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    if isinstance(value, str):
        return f'"{value}"'
    if fact.kind == "duration" and isinstance(value, int):
        return duration_text(value)
    return number_text(value)


def type_text(fact: FactType) -> str:
    """A type in short: `int 0..100`, `choice of a, b (ordered)`, `maybe int`."""
    text = f"{fact.kind} of {', '.join(fact.of)}" if fact.of else str(fact.kind)
    if fact.low is not None or fact.high is not None:
        low, high = (("" if end is None else number_text(end)) for end in (fact.low, fact.high))
        text = f"{text} {low}..{high}"
    text = f"{text} (ordered)" if fact.is_ordered else text
    text = f"maybe {text}" if fact.is_maybe else text
    return f"{text}, derived" if fact.is_derived else text


def bounds(fact: FactType) -> tuple[float, float]:
    """The range of a number; undeclared ends are far away."""
    low = -MOST if fact.low is None else fact.low
    return low, MOST if fact.high is None else fact.high


def _fact(body: Node, fields: dict[str, Node], report: Report) -> FactType | None:
    kind = _kind(report.choice(fields.get("type"), KINDS, "", "R001"))
    if kind is None:
        return None
    of = report.texts(fields.get("of"), "R001")
    _is_right(kind, of, body, fields, report)
    if kind == "choice" and not of:
        return None
    is_number = kind in (*NUMBERS, "duration")
    return FactType(
        kind,
        of,
        report.boolean(fields.get("ordered")),
        _bound(fields.get("min"), kind, report) if is_number else None,
        _bound(fields.get("max"), kind, report) if is_number else None,
        report.boolean(fields.get("maybe")),
        report.boolean(fields.get("derived")),
    )


def _kind(word: str) -> Kind | None:
    return next((kind for kind in KINDS if kind == word), None)


def _is_right(
    kind: Kind, of: tuple[str, ...], body: Node, fields: dict[str, Node], report: Report
) -> None:
    """Keys that belong to another type are mistakes, not silently ignored."""
    if kind == "choice" and not of:
        report.error(body, "R001", "a choice says what it is one of", "of: [one, two]")
    if len(set(of)) != len(of):
        report.error(fields["of"], "R001", "a word stands twice in this list")
    fitting = {"of": ("choice", "list"), "ordered": ("choice",)}
    fitting |= dict.fromkeys(("min", "max"), (*NUMBERS, "duration"))
    for key, kinds in fitting.items():
        if key in fields and kind not in kinds:
            report.error(fields[key], "R001", f"'{key}' does not belong to a fact of type {kind}")
    if "maybe" in fields and "derived" in fields:
        report.error(fields["maybe"], "R001", "a derived fact always has a value")


def _bound(node: Node | None, kind: Kind, report: Report) -> float | None:
    if node is None:
        return None
    if kind == "duration":
        return parse_duration(node, report)
    return report.integer(node) if kind == "int" else report.number(node)


def _default(fact: FactType, node: Node | None, report: Report) -> Value:
    if node is not None:
        return parse_value(node, fact, report)
    match fact.kind:
        case "bool":
            return False
        case "choice":
            return fact.of[0]
        case "text":
            return ""
        case "list":
            return ()
        case "int" | "duration":
            return int(_nearest_zero(fact))
        case "decimal":
            return float(_nearest_zero(fact))


def _nearest_zero(fact: FactType) -> float:
    low, high = bounds(fact)
    return min(max(0, low), high)


def _list(node: Node, fact: FactType, report: Report) -> tuple[str, ...]:
    members = report.items(node)
    if fact.of:
        return tuple(report.choice(member, fact.of) for member in members)
    return tuple(report.text(member) for member in members)


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _read(node: Node, kind: str) -> float | None:
    """The value of a text that is exactly one literal of this kind (2h, 70%)."""
    if not isinstance(node.value, str):
        return None
    tokens = lex(node.value)
    if isinstance(tokens, Problem) or len(tokens) != 2 or tokens[0].kind != kind:
        return None
    value = tokens[0].value
    return value if not isinstance(value, str) else None
