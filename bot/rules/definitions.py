"""Named conditions, put in place of their names."""

import re
from collections.abc import Mapping

from bot.authored import Node, Report
from bot.language import source
from bot.language.check import check
from bot.language.lexer import Problem
from bot.language.parser import FUNCTIONS, MAX_DEPTH, WORDS
from bot.language.syntax import Literal, Tree, depth, names, walk
from bot.language.types import Types

MOST_LINKS = 30  # definitions that use each other in a row
MOST_PARTS = 1_000  # of a condition once its definitions are in place
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


def parse_definitions(files: Mapping[str, Node], types: Types, report: Report) -> dict[str, Tree]:
    """Every `define` of every file, checked, with the definitions it uses in place."""
    nodes: dict[str, Node] = {}
    for root in files.values():
        part = dict(root.items()).get("define")
        for name, node in report.mapping(part, "R011").items():
            assert part is not None
            key = part.keys[name]
            if not _NAME.match(name) or name in (*WORDS, *FUNCTIONS):
                hint = "small letters, digits and _, and no word of the language"
                report.error(key, "R011", f"'{name}' cannot name a definition", hint)
            elif name in nodes:
                where = f"{nodes[name].file}:{nodes[name].line}"
                report.error(key, "R011", f"'{name}' is defined twice (first in {where})")
            else:
                nodes[name] = node
    return _Definitions(nodes, types, report).all()


def condition(
    node: Node, types: Types, defined: Mapping[str, Tree], report: Report
) -> Tree | None:
    """The checked condition of a node, definitions in place; None when there is a mistake."""
    written = source.read(node, report)
    return None if written is None else resolved(written, node, types, defined, report)


def resolved(
    written: Tree, node: Node, types: Types, defined: Mapping[str, Tree], report: Report
) -> Tree | None:
    """A parsed tree checked; mistakes are told in the node's text."""
    problems: list[Problem] = []
    tree = check(written, types, defined, problems)
    if tree is not None and not _is_small(tree):
        hint = "take something out of it"
        problems.append(Problem(0, "L005", "too large once its definitions are in place", hint))
        tree = None
    source.tell(node, problems, report)
    return tree


def _is_small(tree: Tree) -> bool:
    return sum(1 for _ in walk(tree)) <= MOST_PARTS and depth(tree) <= MAX_DEPTH


class _Definitions:
    """Resolves each definition once, after those it uses; a wrong one stands for false."""

    def __init__(self, nodes: Mapping[str, Node], types: Types, report: Report) -> None:
        self.nodes, self.types, self.report = nodes, types, report
        self.written = {name: source.read(node, report) for name, node in nodes.items()}
        self.done: dict[str, Tree] = {}

    def all(self) -> dict[str, Tree]:
        for name in self.nodes:
            self.resolve(name, ())
        return self.done

    def resolve(self, name: str, path: tuple[str, ...]) -> None:
        if name in self.done:
            return
        if name in path or len(path) >= MOST_LINKS:
            self.done[name] = Literal(False)
            self.report.error(self.nodes[name], "R012", _circle(name, path))
            return
        written = self.written[name]
        tree = None
        if written is not None:
            for used in sorted(names(written) & self.nodes.keys()):
                self.resolve(used, (*path, name))
            tree = resolved(written, self.nodes[name], self.types, self.done, self.report)
        self.done[name] = tree or Literal(False)


def _circle(name: str, path: tuple[str, ...]) -> str:
    if name not in path:
        return f"a definition leads through more than {MOST_LINKS} others"
    return f"defined by itself: {' -> '.join((*path[path.index(name) :], name))}"
