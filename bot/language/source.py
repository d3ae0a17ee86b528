"""Conditions in authored nodes: the raw text between the marks, with exact places."""

from bot.authored import Level, Node, Report
from bot.language.lexer import Problem
from bot.language.parser import parse
from bot.language.syntax import Tree


def read(node: Node, report: Report, code: str = "R010") -> Tree | None:
    """The parsed condition of a scalar node; mistakes are told at their own column."""
    if isinstance(node.value, dict | list):
        report.error(node, code, "expected a condition, found a mapping or a list")
        return None
    if has_escapes(node):
        hint = "write it plain, in single quotes or after |"
        report.error(node, code, "a condition does not stand in double quotes", hint)
        return None
    tree = parse(text(node))
    if isinstance(tree, Problem):
        tell(node, [tree], report)
        return None
    return tree


def tell(node: Node, problems: list[Problem], report: Report) -> None:
    """Each problem as a mistake at its own line and column of the file."""
    for one in problems:
        level: Level = "error" if one.is_error else "warning"
        report.at(node, raw_offset(node, one.at), level, one.code, one.text, one.hint)


def text(node: Node) -> str:
    """The text as the language reads it: in single quotes a doubled '' is one quote."""
    return node.raw.replace("''", "'") if is_quoted(node) else node.raw


def raw_offset(node: Node, at: int) -> int:
    """The offset in `node.raw` of an offset in `text(node)`."""
    if not is_quoted(node) or "''" not in node.raw:
        return at
    raw, read_so_far = 0, 0
    while read_so_far < at and raw < len(node.raw):
        raw += 2 if node.raw.startswith("''", raw) else 1
        read_so_far += 1
    return raw


def is_quoted(node: Node) -> bool:
    """Whether the scalar stands in quotes: its text begins one column after the node."""
    return node.raw_line == node.line and node.raw_column == node.column + 1


def has_escapes(node: Node) -> bool:
    """Whether it stands in double quotes with a backslash, so that raw and value differ."""
    if not is_quoted(node) or "\\" not in node.raw:
        return False
    return str(node.value).split() != text(node).split()
