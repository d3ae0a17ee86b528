"""The template dialect: what of jinja2 authors may write, checked when files load."""

import math
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, nodes
from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.content.filters import FILTERS
from bot.content.schema import VARIABLES, Sort

MAX_NESTING = 3  # blocks in blocks
MAX_SOURCE = 16_384  # characters of one text
MAX_LOOPS = 8  # in one text, so that no text takes long
ONE = "one"  # the member of a list that a choice is written for
ORDERED = frozenset({"gt", "gteq", "lt", "lteq"})
COMPARED = ORDERED | {"eq", "ne"}

# Texts are plain: what a page shows is built from blocks, never from markup.
PARSER = Environment(
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701
    trim_blocks=True,
    lstrip_blocks=True,
)


class Read(Struct, frozen=True):
    """A template that may be compiled: its tree and the variables it uses."""

    tree: nodes.Template
    names: frozenset[str]


class Scope(Struct, frozen=True):
    """What names mean where an expression stands; a loop adds its own."""

    allowed: frozenset[str]
    loop: dict[str, Mapping[str, Sort]] = {}
    depth: int = 0


def read(source: Node, allowed: frozenset[str], report: Report, each: str = "") -> Read | None:
    """The template in a text node, or None after every mistake in it was reported.

    `each` is the list whose members it is written for, one at a time, as `one`.
    """
    text = source.value if isinstance(source.value, str) else ""
    if len(text) > MAX_SOURCE:
        report.error(source, "C010", f"a text has at most {MAX_SOURCE} characters")
        return None
    try:
        tree = PARSER.parse(text)
    except TemplateSyntaxError as error:
        _at(source, error.lineno, report, f"not a template: {error.message}")
        return None
    except (ValueError, RecursionError, OverflowError) as error:
        _at(source, 1, report, f"not a template: {error}")
        return None
    check = _Check(source, report)
    before = len(report.errors)
    check.body(tree.body, Scope(allowed, {ONE: VARIABLES[each].fields} if each else {}))
    names = frozenset(check.names) | ({each} if each else set())
    return None if len(report.errors) > before else Read(tree, names)


def _at(source: Node, lineno: int, report: Report, problem: str, hint: str = "") -> None:
    """A mistake at a line of a template, as line of its file."""
    offset = 0
    for _ in range(lineno - 1):
        offset = source.raw.find("\n", offset) + 1
    if offset <= 0:
        report.error(source, "C011", problem, hint)
        return
    offset += len(source.raw[offset:]) - len(source.raw[offset:].lstrip(" "))
    report.at(source, offset, "error", "C011", problem, hint)


class _Check:
    """Walks a tree: anything that is not on the short list is a mistake."""

    def __init__(self, source: Node, report: Report) -> None:
        self.source, self.report = source, report
        self.names: set[str] = set()
        self.loops = 0

    def wrong(self, node: nodes.Node, problem: str, hint: str = "") -> None:
        _at(self.source, node.lineno, self.report, problem, hint)

    def body(self, body: list[nodes.Node], scope: Scope) -> None:
        if scope.depth > MAX_NESTING:
            self.wrong(body[0], f"blocks stand at most {MAX_NESTING} deep")
            return
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        self.output(part, scope)
                case nodes.If():
                    self.branch(node, scope)
                case nodes.For():
                    self.loop(node, scope)
                case _:
                    self.wrong(node, f"'{_word(node)}' is not part of our templates")

    def output(self, node: nodes.Expr, scope: Scope) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        sort = self.sort(node, scope)
        if sort in ("list", "record", "flag"):
            hint = {"list": "join it, or write a for", "flag": "use it in an if"}
            problem = f"a {sort} cannot be written out as it is"
            self.wrong(node, problem, hint.get(sort, "name one of its fields"))

    def branch(self, node: nodes.If, scope: Scope) -> None:
        inner = Scope(scope.allowed, scope.loop, scope.depth + 1)
        for one in (node, *node.elif_):
            self.sort(one.test, scope, is_test=True)
            self.body(one.body, inner)
        if node.else_:
            self.body(node.else_, inner)

    def loop(self, node: nodes.For, scope: Scope) -> None:
        if node.recursive or node.test or node.else_ or not isinstance(node.target, nodes.Name):
            self.wrong(node, "a loop is: for one in list")
            return
        if scope.loop:
            self.wrong(node, "a loop cannot stand in a loop")
            return
        self.loops += 1
        if self.loops > MAX_LOOPS:
            self.wrong(node, f"a text has at most {MAX_LOOPS} loops")
        name = node.target.name
        if name in VARIABLES or name in ("loop", "self", "true", "false", "none"):
            self.wrong(node, f"'{name}' already means something else")
        if not isinstance(node.iter, nodes.Name) or self.sort(node.iter, scope) != "list":
            self.wrong(node, "a loop goes over one of the lists")
            return
        fields = VARIABLES[node.iter.name].fields
        self.body(node.body, Scope(scope.allowed, {name: fields}, scope.depth + 1))

    def sort(self, node: nodes.Node, scope: Scope, is_test: bool = False) -> Sort | None:
        """The sort of a value, or None after a mistake was reported."""
        match node:
            case nodes.Const():
                return self.constant(node)
            case nodes.Name():
                return self.name(node, scope)
            case nodes.Getattr():
                return self.field(node, scope)
            case nodes.Filter():
                return self.filter(node, scope)
            case nodes.Compare() if is_test:
                return self.compare(node, scope)
            case nodes.And() | nodes.Or() if is_test:
                self.sort(node.left, scope, True)
                self.sort(node.right, scope, True)
                return "flag"
            case nodes.Not() if is_test:
                self.sort(node.node, scope, True)
                return "flag"
        self.wrong(node, f"'{_word(node)}' is not part of our templates")
        return None

    def constant(self, node: nodes.Const) -> Sort | None:
        value: Any = node.value
        if isinstance(value, bool):
            return "flag"
        if isinstance(value, str):
            return "text"
        if isinstance(value, int | float) and math.isfinite(value):
            return "number"
        self.wrong(node, "only texts, numbers, true and false stand in templates")
        return None

    def name(self, node: nodes.Name, scope: Scope) -> Sort | None:
        if node.name in scope.loop:
            return "record" if scope.loop[node.name] else "text"
        if node.name in scope.allowed:
            self.names.add(node.name)
            return VARIABLES[node.name].sort
        near = did_you_mean(node.name, scope.allowed)
        if node.name in VARIABLES:
            self.wrong(node, f"'{node.name}' is not known where this text is said")
        else:
            self.wrong(node, f"'{node.name}' is not a variable", near)
        return None

    def field(self, node: nodes.Getattr, scope: Scope) -> Sort | None:
        if not isinstance(node.node, nodes.Name):
            self.wrong(node, "a field is written as record.field")
            return None
        sort = self.name(node.node, scope)
        if sort is None:
            return None
        fields = scope.loop.get(node.node.name)
        if fields is None:
            fields = VARIABLES[node.node.name].fields if sort == "record" else {}
        if node.attr not in fields:
            near = did_you_mean(node.attr, fields)
            self.wrong(node, f"'{node.node.name}' has no field '{node.attr}'", near)
        return fields.get(node.attr)

    def filter(self, node: nodes.Filter, scope: Scope) -> Sort | None:
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self.wrong(node, "a filter is: value | name(argument)")
            return None
        known = FILTERS.get(node.name)
        if known is None:
            self.wrong(node, f"'{node.name}' is not a filter", did_you_mean(node.name, FILTERS))
            return None
        given = self.sort(node.node, scope)
        if given is not None and given not in known.takes:
            self.wrong(node, f"'{node.name}' takes a {' or '.join(known.takes)}, not a {given}")
        if given == "list" and node.name != "length" and _has_fields(node.node):
            self.wrong(node, f"'{node.name}' takes a list of texts", "write a for")
        sorts = [self.sort(argument, scope) for argument in node.args]
        if sorts != list(known.arguments):
            wanted = ", ".join(known.arguments) or "none"
            self.wrong(node, f"the arguments of '{node.name}' are: {wanted}")
        return known.gives

    def compare(self, node: nodes.Compare, scope: Scope) -> Sort:
        if len(node.ops) != 1 or node.ops[0].op not in COMPARED:
            self.wrong(node, "a comparison is: a == b, with one of == != < <= > >=")
            return "flag"
        left, right = self.sort(node.expr, scope), self.sort(node.ops[0].expr, scope)
        if left and right and left != right:
            self.wrong(node, f"a {left} is never a {right}")
        elif left in ("list", "record"):
            self.wrong(node, f"a {left} cannot be compared", "compare its length or a field")
        elif node.ops[0].op in ORDERED and left and left != "number":
            self.wrong(node, f"only numbers are smaller or larger, not a {left}")
        return "flag"


def _has_fields(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Name) and bool(VARIABLES[node.name].fields)


def _word(node: nodes.Node) -> str:
    return type(node).__name__.lower()
