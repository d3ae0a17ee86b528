"""The cells of a decision table as conditions."""

from bot.authored import Node, Report
from bot.language import source
from bot.language.lexer import Problem, Token, lex
from bot.language.syntax import COMPARISONS, Call, Compare, Literal, Logic, Name, Tree, Within
from bot.language.types import FactType

ANY = "-"


def cell(node: Node, name: str, fact: FactType, report: Report) -> Tree | None:
    """The condition of one cell on the fact of its column; None for `-`, which is any value.

    A cell holds values (`novice, developing`), or comparisons (`>= 0.3 and < 0.5`). What is
    wrong is told at its column; then the cell counts as any. A maybe fact must be known.
    """
    if isinstance(node.value, dict | list):
        report.error(node, "R020", "a cell is a text: values, comparisons or -")
        return None
    text = source.text(node)
    if text.strip() == ANY:
        return None
    tokens = _words(text) if fact.kind in ("text", "choice") else lex(text)
    tree = tokens if isinstance(tokens, Problem) else _Cell(tokens, name, fact.kind).tree()
    if isinstance(tree, Problem):
        source.tell(node, [tree], report)
        return None
    if not fact.is_maybe:
        return tree
    return Logic("and", (Call("known", (Name(name),)), tree))


def row(cells: list[Tree | None]) -> Tree:
    """All cells of a row together; a row of `-` alone is always true."""
    parts = [one for one in cells if one is not None]
    if not parts:
        return Literal(True)
    return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))


def _words(text: str) -> list[Token] | Problem:
    """Words of a choice or text need no quotes: everything between commas is one."""
    if text.lstrip()[:1] in '<>=!"':
        return lex(text)
    tokens: list[Token] = []
    at = 0
    for part in text.split(","):
        word = part.strip()
        place = at + len(part) - len(part.lstrip())
        tokens += [Token("text", word, place, word), Token("mark", ",", at + len(part))]
        at += len(part) + 1
    return [*tokens[:-1], Token("end", "", len(text))]


class _Cell:
    """Reads the tokens of one cell."""

    def __init__(self, tokens: list[Token], name: str, kind: str) -> None:
        self.tokens, self.name, self.kind = tokens, name, kind
        self.position = 0

    def tree(self) -> Tree | Problem:
        if self.kind == "list":
            return Problem(0, "R020", "a list is no column", "give it a name of its own by set")
        if self.tokens[0].text in COMPARISONS:
            return self.comparisons()
        return self.values()

    def comparisons(self) -> Tree | Problem:
        parts: list[Tree] = []
        while True:
            token = self.take()
            operator = next((one for one in COMPARISONS if one == token.text), None)
            if operator is None:
                return _expected(token, "a comparison: == != < <= > >=")
            value = self.value()
            if isinstance(value, Problem):
                return value
            parts.append(Compare(operator, Name(self.name, token.at), value, token.at))
            after = self.take()
            if after.kind == "end":
                return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))
            if after.text != "and":
                return _expected(after, "'and' or the end of the cell")

    def values(self) -> Tree | Problem:
        found: list[Literal] = []
        while True:
            value = self.value()
            if isinstance(value, Problem):
                return value
            found.append(value)
            after = self.take()
            if after.kind == "end":
                return self.one_of(found)
            if after.text != ",":
                return _expected(after, "',' or the end of the cell")

    def one_of(self, values: list[Literal]) -> Tree:
        fact = Name(self.name, values[0].at)
        if len(values) == 1:
            return Compare("==", fact, values[0], values[0].at)
        return Within(fact, tuple(values), at=values[0].at)

    def value(self) -> Literal | Problem:
        token = self.take()
        if token.text == "-" and self.tokens[self.position].kind in ("number", "share"):
            number = self.take()
            assert not isinstance(number.value, str)
            return Literal(-number.value, token.at, "%" if number.kind == "share" else "")
        if token.kind == "share":
            return Literal(token.value, token.at, "%")
        if token.kind == "duration":
            return Literal(token.value, token.at, "duration")
        if token.kind in ("number", "text"):
            return Literal(token.value, token.at)
        if token.text in ("true", "false"):
            return Literal(token.text == "true", token.at)
        if token.kind == "name" and self.kind in ("text", "choice"):
            return Literal(token.text, token.at)
        return _expected(token, "a value")

    def take(self) -> Token:
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token


def _expected(token: Token, wanted: str) -> Problem:
    found = f"'{token.text[:40]}'" if token.kind != "end" else "the end"
    return Problem(token.at, "R020", f"expected {wanted}, found {found}")
