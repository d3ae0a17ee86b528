"""YAML text as nodes that know file, line and column, with strict scalars of our own."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 20_000

Level = Literal["error", "warning", "info"]
Scalar = str | int | float | bool

_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_DECIMAL = re.compile(r"[+-]?[0-9]+\.[0-9]+\Z")
_STRAY = re.compile(r"[&*!]\S")
_NO_UTF8 = re.compile("[\ud800-\udfff]")  # what bytes of another encoding were read as


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing an author should mend; columns and lines count from 1."""

    file: str
    line: int
    column: int
    level: Level
    code: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f"; {self.hint}" if self.hint else ""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}  {self.level} {self.code}  {self.problem}{hint}"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A scalar, a list or a mapping of nodes; `raw` is a scalar's own slice of the file.

    `raw_line`, `raw_column` say where `raw` starts, so that `place(offset)` is exact.
    """

    file: str
    line: int
    column: int
    value: "Scalar | list[Node] | dict[str, Node]"
    raw: str = ""
    raw_line: int = 0
    raw_column: int = 0
    keys: "dict[str, Node]" = field(default_factory=dict)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column (from 1) of a character offset in `raw`."""
        before = self.raw[:offset]
        lines = before.count("\n")
        if lines == 0:
            return self.raw_line, self.raw_column + offset
        return self.raw_line + lines, offset - before.rfind("\n")

    def plain(self) -> object:
        """The same value as ordinary Python scalars, lists and dicts."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def items(self) -> "Iterator[tuple[str, Node]]":
        """The pairs of a mapping; nothing for any other node."""
        return iter(self.value.items() if isinstance(self.value, dict) else ())


class Report:
    """Collects every mistake of a load; readers on it never raise, they note and return None."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    @property
    def errors(self) -> list[Mistake]:
        return [mistake for mistake in self.mistakes if mistake.level == "error"]

    def add(self, level: Level, node: Node, code: str, problem: str, hint: str = "") -> None:
        self.mistakes.append(
            Mistake(node.file, node.line, node.column, level, code, problem, hint)
        )

    def error(self, node: Node, code: str, problem: str, hint: str = "") -> None:
        self.add("error", node, code, problem, hint)

    def warning(self, node: Node, code: str, problem: str, hint: str = "") -> None:
        self.add("warning", node, code, problem, hint)

    def at(
        self, node: Node, offset: int, level: Level, code: str, problem: str, hint: str = ""
    ) -> None:
        """A mistake at a character offset inside a scalar's raw text."""
        line, column = node.place(offset)
        self.mistakes.append(Mistake(node.file, line, column, level, code, problem, hint))

    def fields(
        self, node: Node, allowed: Iterable[str], required: Iterable[str] = (), code: str = "A001"
    ) -> dict[str, Node]:
        """The pairs of a mapping; unknown and missing keys are reported and left out."""
        known = list(allowed)
        if not isinstance(node.value, dict):
            self.error(node, code, f"expected a mapping with {', '.join(known)}")
            return {}
        for key in node.value:
            if key not in known:
                place = node.keys.get(key, node)
                self.error(place, code, f"'{key}' is not a key here", did_you_mean(key, known))
        for key in required:
            if key not in node.value:
                self.error(node, code, f"the key '{key}' is missing")
        return {key: value for key, value in node.value.items() if key in known}

    def mapping(self, node: Node | None, code: str = "A001") -> dict[str, Node]:
        """The pairs of a mapping with free keys; an absent node is empty."""
        if node is None:
            return {}
        if isinstance(node.value, dict):
            return node.value
        self.error(node, code, f"expected a mapping, found {_kind(node)}")
        return {}

    def items(self, node: Node | None, code: str = "A001") -> list[Node]:
        """The members of a list; an absent node is empty."""
        if node is None:
            return []
        if isinstance(node.value, list):
            return node.value
        self.error(node, code, f"expected a list, found {_kind(node)}")
        return []

    def text(self, node: Node | None, default: str = "", code: str = "A002") -> str:
        """A text scalar; numbers and true/false are an error, so nothing is read by accident."""
        if node is None:
            return default
        if isinstance(node.value, str):
            return node.value
        self.error(node, code, f"expected text, found {_kind(node)}", "put it in quotes")
        return default

    def texts(self, node: Node | None, code: str = "A002") -> tuple[str, ...]:
        """A list of text scalars."""
        return tuple(self.text(item, code=code) for item in self.items(node, code))

    def integer(
        self,
        node: Node | None,
        default: int = 0,
        low: int | None = None,
        high: int | None = None,
        code: str = "A003",
    ) -> int:
        """An integer inside [low, high]."""
        if node is None:
            return default
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int):
            self.error(node, code, f"expected an integer, found {_kind(node)}")
            return default
        if (low is not None and value < low) or (high is not None and value > high):
            self.error(node, code, f"{value} is outside {_range(low, high)}")
            return default
        return value

    def number(
        self,
        node: Node | None,
        default: float = 0.0,
        low: float | None = None,
        high: float | None = None,
        code: str = "A003",
    ) -> float:
        """An integer or decimal inside [low, high]."""
        if node is None:
            return default
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.error(node, code, f"expected a number, found {_kind(node)}")
            return default
        if (low is not None and value < low) or (high is not None and value > high):
            self.error(node, code, f"{value} is outside {_range(low, high)}")
            return default
        return float(value)

    def boolean(self, node: Node | None, default: bool = False, code: str = "A004") -> bool:
        """true or false; nothing else means either."""
        if node is None:
            return default
        if isinstance(node.value, bool):
            return node.value
        self.error(node, code, f"expected true or false, found {_kind(node)}")
        return default

    def choice(
        self, node: Node | None, of: Iterable[str], default: str = "", code: str = "A005"
    ) -> str:
        """One of a closed set of words."""
        known = list(of)
        if node is None:
            return default
        if isinstance(node.value, str) and node.value in known:
            return node.value
        found = node.value if isinstance(node.value, str) else node.raw
        shown = f"'{found}'" if found else _kind(node)
        problem = f"{shown} is not one of {', '.join(known)}"
        self.error(node, code, problem, did_you_mean(found, known))
        return default


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


def parse(text: str, file: str, report: Report) -> Node | None:
    """The root node of one file, or None when it cannot be read (the report says why)."""
    start = Node(file, 1, 1, "")
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        report.error(start, "Y001", f"the file is larger than {MAX_BYTES} bytes")
        return None
    if broken := _NO_UTF8.search(text):
        line, column = Node(file, 1, 1, "", text, 1, 1).place(broken.start())
        problem = "what stands here is not UTF-8"
        hint = "save the file in that encoding"
        report.error(Node(file, line, column, ""), "Y008", problem, hint)
        return None
    try:
        if _has_anchor_or_tag(text, file, report):
            return None
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        report.mistakes.append(_syntax(file, error))
        return None
    if root is None:
        return Node(file, 1, 1, {})
    return _Builder(text, file, report).build(root, 1)


def _has_anchor_or_tag(text: str, file: str, report: Report) -> bool:
    """Anchors, aliases and tags are refused before composing (composing expands aliases)."""
    found = False
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        place = _place(file, event.start_mark)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                report.error(place, "Y004", f"nested deeper than {MAX_DEPTH} levels")
                return True
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            report.error(place, "Y002", "anchors and aliases are not allowed here")
            found = True
        elif getattr(event, "tag", None):
            report.error(place, "Y003", "tags are not allowed here")
            found = True
    return found


def _place(file: str, mark: "yaml.error.Mark | yaml._yaml.Mark | None") -> Node:
    return Node(file, mark.line + 1, mark.column + 1, "") if mark else Node(file, 1, 1, "")


def _syntax(file: str, error: Exception) -> Mistake:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = getattr(error, "problem", None) or str(error) or type(error).__name__
    problem = problem.removeprefix("but ")
    return Mistake(file, line, column, "error", "Y000", f"not readable as YAML: {problem}")


class _Builder:
    """Turns composed YAML nodes into ours, counting them and checking keys."""

    def __init__(self, text: str, file: str, report: Report) -> None:
        self.text, self.file, self.report = text, file, report
        self.count = 0

    def build(self, node: yaml.Node, depth: int) -> Node:
        self.count += 1
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if self.count > MAX_NODES:
            if self.count == MAX_NODES + 1:
                place = Node(self.file, line, column, "")
                self.report.error(place, "Y004", f"more than {MAX_NODES} nodes in one file")
            return Node(self.file, line, column, "")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, line, column)
        if isinstance(node, yaml.SequenceNode):
            members = [self.build(item, depth + 1) for item in node.value]
            return Node(self.file, line, column, members)
        return self._mapping(node, line, column, depth)

    def _mapping(self, node: yaml.Node, line: int, column: int, depth: int) -> Node:
        pairs: dict[str, Node] = {}
        keys: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = self.build(key_node, depth + 1)
            name = key.raw if not isinstance(key.value, str) else key.value
            if not isinstance(key_node, yaml.ScalarNode):
                self.report.error(key, "Y005", "a key must be plain text")
            elif name in pairs:
                problem = f"'{name}' stands twice in one mapping (first on line {keys[name].line})"
                self.report.error(key, "Y006", problem)
            else:
                pairs[name], keys[name] = self.build(value_node, depth + 1), key
        return Node(self.file, line, column, pairs, keys=keys)

    def _scalar(self, node: yaml.ScalarNode, line: int, column: int) -> Node:
        start, end = node.start_mark.index, node.end_mark.index
        raw, raw_line, raw_column = self.text[start:end], line, column
        if node.style in ("'", '"'):
            raw, raw_column = raw[1:-1], column + 1
        elif node.style in ("|", ">"):
            _, _, raw = raw.partition("\n")
            raw_line, raw_column = line + 1, 1
        value: Scalar = _plain(node.value) if not node.style else node.value
        if not node.style and node.value == "":
            self.report.error(Node(self.file, line, column, ""), "Y007", "a value is missing here")
        return Node(self.file, line, column, value, raw, raw_line, raw_column)


def _plain(text: str) -> Scalar:
    """Only true, false, integers and decimals are not text."""
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.match(text) and len(text) <= 18:
        return int(text)
    return float(text) if _DECIMAL.match(text) and len(text) <= 18 else text


def _kind(node: Node) -> str:
    if isinstance(node.value, dict):
        return "a mapping"
    if isinstance(node.value, list):
        return "a list"
    return f"'{node.raw or node.value}'" if node.raw or node.value else "nothing"


def _range(low: float | None, high: float | None) -> str:
    return f"{'' if low is None else low}..{'' if high is None else high}"
