"""Rules, tables and tests of authored files."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.language import guards, source, tables
from bot.language.syntax import Tree
from bot.rules.definitions import condition, resolved
from bot.rules.effects import Slot, Words, parse_effect, parse_then

OPTIONAL = ("because", "priority", "tags", "enabled", "owner", "overlaps_ok")
RULE_FIELDS = ("name", "when", "then", "from", "until", "once_per", *OPTIONAL)
TABLE_FIELDS = ("name", "hit", "columns", "out", "rows", *OPTIONAL)
MOST_PRIORITY = 1_000
MOST_ROWS = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}\Z")

Often = Literal["", "day", "week", "ever"]
Hit = Literal["first", "unique", "collect"]
HITS: tuple[Hit, ...] = ("first", "unique", "collect")


class Edge(Struct, frozen=True):
    """Where a rule begins or ends: a local day (an ordinal) or an instant (microseconds)."""

    value: int
    is_day: bool


class Rule(Struct, frozen=True):
    """One rule, or one row of a table (then `table` is its name, and `name` is table/row)."""

    name: str
    node: Node
    condition: Tree
    effects: tuple[tuple[str, Any], ...]
    because: str
    priority: int = 0
    tags: tuple[str, ...] = ()
    starts: Edge | None = None
    ends: Edge | None = None
    once_per: Often = ""
    is_enabled: bool = True
    owner: str = ""
    overlaps_ok: tuple[str, ...] = ()
    table: str = ""

    @property
    def sets(self) -> dict[str, Any]:
        """The derived facts it sets."""
        return {
            key: one for name, value in self.effects if name == "set" for key, one in value.items()
        }

    @property
    def is_timed(self) -> bool:
        return bool(self.once_per or self.starts or self.ends)

    @property
    def place(self) -> str:
        return f"{self.node.file}:{self.node.line}"


class Table(Struct, frozen=True):
    """A decision table: rows of conditions over the same facts that fill one slot."""

    name: str
    node: Node
    hit: Hit
    columns: tuple[str, ...]
    out: str
    rows: tuple[Rule, ...]
    priority: int = 0
    is_enabled: bool = True


class Parsed(Struct, frozen=True):
    """All rules and tables of all files, in the order of files and lines.

    `names` are those of the broken ones too: what names one of them is no mistake of its own.
    """

    rules: tuple[Rule, ...] = ()
    tables: tuple[Table, ...] = ()
    names: frozenset[str] = frozenset()


def parse_rules(
    files: Mapping[str, Node], words: Words, defined: Mapping[str, Tree], report: Report
) -> Parsed:
    """The `rules` and `tables` of every file; whatever is wrong is told and left out."""
    reader = _Reader(words, defined, report)
    rules: list[Rule] = []
    found: list[Table] = []
    for file in sorted(files):
        parts = dict(files[file].items())
        rules += [rule for node in report.items(parts.get("rules")) if (rule := reader.rule(node))]
        found += [one for node in report.items(parts.get("tables")) if (one := reader.table(node))]
    reader.check_neighbours(rules, found)
    return Parsed(tuple(rules), tuple(found), frozenset(reader.taken))


def parse_name(node: Node | None, taken: dict[str, Node], report: Report) -> str:
    """A name in small letters that nothing else of its sort has."""
    name = report.text(node, code="R004")
    if node is None or not name:
        return ""
    if not _NAME.match(name):
        hint = "small letters, digits and -, at most 60"
        report.error(node, "R004", f"'{name[:80]}' cannot be a name", hint)
    elif name in taken:
        where = f"{taken[name].file}:{taken[name].line}"
        report.error(node, "R004", f"'{name}' is here twice (first in {where})")
    taken.setdefault(name, node)
    return name


class _Reader:
    """Reads rules and tables against one set of words."""

    def __init__(self, words: Words, defined: Mapping[str, Tree], report: Report) -> None:
        self.words, self.defined, self.report = words, defined, report
        self.types = words.vocabulary.types
        self.taken: dict[str, Node] = {}

    def rule(self, node: Node) -> Rule | None:
        report = self.report
        fields = report.fields(node, RULE_FIELDS, ("name", "when", "then", "because"), "R004")
        name = parse_name(fields.get("name"), self.taken, report)
        tree = self.condition(fields["when"]) if "when" in fields else None
        effects = parse_then(fields["then"], self.words, report) if "then" in fields else ()
        if tree is None or not name:
            return None
        return Rule(
            name,
            fields["name"],
            tree,
            effects,
            _because(fields.get("because"), report),
            self.priority(fields),
            report.texts(fields.get("tags")),
            _edge(fields.get("from"), report, 0),
            _edge(fields.get("until"), report, 1),
            _often(fields.get("once_per"), report),
            report.boolean(fields.get("enabled"), True),
            report.text(fields.get("owner")),
            report.texts(fields.get("overlaps_ok")),
        )

    def condition(self, node: Node) -> Tree | None:
        tree = condition(node, self.types, self.defined, self.report)
        if tree is None:
            return None
        problems = guards.unguarded(tree, self.types)
        source.tell(node, problems, self.report)
        return None if problems else tree

    def priority(self, fields: Mapping[str, Node]) -> int:
        node = fields.get("priority")
        return self.report.integer(node, 0, -MOST_PRIORITY, MOST_PRIORITY, "R004")

    def table(self, node: Node) -> Table | None:
        report = self.report
        needed = ("name", "hit", "columns", "out", "rows")
        fields = report.fields(node, TABLE_FIELDS, needed, "R020")
        if not set(needed) <= fields.keys():
            return None
        name = parse_name(fields["name"], self.taken, report)
        columns = self.columns(fields["columns"])
        slot = self.out(fields["out"])
        written = report.choice(fields["hit"], HITS, "first", "R020")
        hit = next(one for one in HITS if one == written)
        if slot is None or not columns:
            return None
        rows = self.rows(fields, name, columns, slot)
        is_enabled = report.boolean(fields.get("enabled"), True)
        priority = self.priority(fields)
        return Table(name, fields["name"], hit, columns, slot.name, rows, priority, is_enabled)

    def columns(self, node: Node) -> tuple[str, ...]:
        columns = []
        for item in self.report.items(node, "R020"):
            name = self.report.text(item, code="R020")
            if name not in self.types:
                hint = did_you_mean(name, self.types)
                self.report.error(item, "R020", f"'{name}' is not a fact", hint)
                return ()
            columns.append(name)
        return tuple(columns)

    def out(self, node: Node) -> Slot | None:
        name = self.report.text(node, code="R020")
        slot = self.words.slots.get(name)
        if slot is None or slot.name in ("set", "nudge"):
            fit = [one for one in self.words.slots if one not in ("set", "nudge")]
            hint = did_you_mean(name, fit) or f"a table fills {', '.join(fit)}"
            self.report.error(node, "R020", f"'{name}' is not an effect of a table", hint)
            return None
        return slot

    def rows(
        self, fields: Mapping[str, Node], name: str, columns: tuple[str, ...], slot: Slot
    ) -> tuple[Rule, ...]:
        report = self.report
        because = report.text(fields.get("because"), f"By the table {name}")
        nodes = report.items(fields["rows"], "R020")
        if not 0 < len(nodes) <= MOST_ROWS:
            report.error(fields["rows"], "R020", f"a table has 1 to {MOST_ROWS} rows")
            return ()
        rows = []
        for number, node in enumerate(nodes, 1):
            cells = report.items(node, "R020")
            if len(cells) != len(columns) + 1:
                shape = f"{len(columns)} cells and the {slot.name}"
                report.error(node, "R020", f"a row has {shape}, this one {len(cells)}")
                continue
            row = Rule(
                f"{name}/{number}",
                node,
                self.row(cells[:-1], columns),
                ((slot.name, parse_effect(cells[-1], slot, self.words, report)),),
                because,
                self.priority(fields),
                is_enabled=report.boolean(fields.get("enabled"), True),
                overlaps_ok=report.texts(fields.get("overlaps_ok")),
                table=name,
            )
            rows.append(row)
        return tuple(rows)

    def row(self, cells: list[Node], columns: tuple[str, ...]) -> Tree:
        trees: list[Tree | None] = []
        for node, name in zip(cells, columns, strict=True):
            tree = tables.cell(node, name, self.types[name], self.report)
            if tree is not None:
                tree = resolved(tree, node, self.types, {}, self.report)
            trees.append(tree)
        return tables.row(trees)

    def check_neighbours(self, rules: list[Rule], found: list[Table]) -> None:
        known = self.taken
        for rule in (*rules, *(one.rows[0] for one in found if one.rows)):
            for name in rule.overlaps_ok:
                if name not in known:
                    hint = did_you_mean(name, known)
                    problem = f"overlaps_ok names '{name}', which is no rule"
                    self.report.error(rule.node, "R007", problem, hint)


def _because(node: Node | None, report: Report) -> str:
    sentence = report.text(node, code="R004")
    if node is not None and not sentence.strip():
        report.error(node, "R004", "'because' is a sentence a person can read")
    return sentence


def _often(node: Node | None, report: Report) -> Often:
    written = report.choice(node, ("day", "week", "ever"), code="R004")
    found: dict[str, Often] = {"day": "day", "week": "week", "ever": "ever"}
    return found.get(written, "")


def parse_day(node: Node, report: Report) -> int:
    """The ordinal of a date like 2026-03-01; 0 when it is none."""
    try:
        return date.fromisoformat(report.text(node)).toordinal()
    except ValueError:
        report.error(node, "R004", f"'{node.raw[:40]}' is not a date", "write 2026-03-01")
        return 0


def _edge(node: Node | None, report: Report, last: int) -> Edge | None:
    """A date (an `until` includes it: `last` is 1) or an instant with its zone."""
    if node is None:
        return None
    text = report.text(node)
    if "T" not in text:
        day = parse_day(node, report)
        return Edge(day + last, is_day=True) if day else None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        report.error(
            node, "R004", f"'{text[:40]}' is not an instant", "write 2026-03-01T09:00:00Z"
        )
        return None
    return Edge(int((at - EPOCH).total_seconds()) * 1_000_000, is_day=False)
