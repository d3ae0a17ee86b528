"""Tokens to a tree, by binding powers."""

from bot.language.lexer import Problem, Token, lex
from bot.language.syntax import (
    COMPARISONS,
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
    depth,
)

MAX_DEPTH = 24  # levels of a tree
MAX_NESTING = 96  # calls of the parser inside each other, far below Python's own limit
OR, AND, NOT, COMPARING, ADDING, TIMES = 10, 20, 30, 40, 50, 60
POWERS: dict[str, int] = {
    "or": OR,
    "and": AND,
    "in": COMPARING,
    "not": COMPARING,
    "+": ADDING,
    "-": ADDING,
    "*": TIMES,
    **dict.fromkeys(COMPARISONS, COMPARING),
}
WORDS = ("or", "and", "not", "in", "true", "false")
FUNCTIONS = ("known", "has", "count", "between_hours")


class _Stop(Exception):
    """The first problem ends the parsing of one condition."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def parse(text: str) -> Tree | Problem:
    """The tree of a condition, or the first problem; any text gives one of the two."""
    tokens = lex(text)
    if isinstance(tokens, Problem):
        return tokens
    try:
        tree = _Parser(tokens).whole()
    except _Stop as stop:
        return stop.problem
    if depth(tree) > MAX_DEPTH:
        return Problem(0, "L005", f"nested deeper than {MAX_DEPTH} levels", "split it by define")
    return tree


class _Parser:
    """One pass over the tokens of one condition."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.nesting = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.position]

    def whole(self) -> Tree:
        if len(self.tokens) == 1:
            raise _Stop(Problem(0, "L004", "a condition is missing here"))
        tree = self.expression(0)
        if self.here.kind != "end":
            raise self.unexpected("'and', 'or', a comparison or the end")
        return tree

    def expression(self, least: int) -> Tree:
        """The longest tree whose operators bind stronger than `least`."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise _Stop(Problem(self.here.at, "L005", f"nested deeper than {MAX_DEPTH} levels"))
        tree = self.prefix(least)
        while (power := self.power()) > least:
            tree = self.infix(tree, power)
        self.nesting -= 1
        return tree

    def power(self) -> int:
        token = self.here
        return POWERS.get(token.text, 0) if token.kind in ("mark", "name") else 0

    def prefix(self, least: int) -> Tree:
        token = self.take()
        if token.kind in ("number", "share", "duration", "text"):
            return _literal(token)
        if token.text == "-" and self.here.kind in ("number", "share", "duration"):
            return _negative(self.take(), token.at)
        if token.text == "(":
            tree = self.expression(0)
            self.expect(")", "the closing bracket")
            return tree
        if token.kind == "name":
            return self.word(token, least)
        raise _unexpected(token, "a fact, a value or '('")

    def word(self, token: Token, least: int) -> Tree:
        if token.text in ("true", "false"):
            return Literal(token.text == "true", token.at)
        if token.text == "not":
            if least >= COMPARING:
                raise _Stop(Problem(token.at, "L004", "'not' needs brackets here", "(not ...)"))
            return Not(self.expression(NOT - 1), token.at)
        if token.text in WORDS:
            raise _unexpected(token, "a fact, a value or '('")
        if self.here.text == "(":
            return self.call(token)
        return Name(token.text, token.at)

    def call(self, token: Token) -> Tree:
        if token.text not in FUNCTIONS:
            raise _Stop(_no_function(token))
        self.take()
        arguments: list[Tree] = []
        if self.here.text != ")":
            arguments.append(self.expression(0))
            while self.here.text == ",":
                self.take()
                arguments.append(self.expression(0))
        self.expect(")", "',' or the closing bracket")
        return Call(token.text, tuple(arguments), token.at)

    def infix(self, left: Tree, power: int) -> Tree:
        if power in (OR, AND):
            return self.logic(left, power)
        if power == COMPARING:
            return self.comparison(left)
        if power == ADDING:
            return self.sum(left)
        factors = [left]
        at = self.here.at
        while self.here.text == "*" and self.here.kind == "mark":
            self.take()
            factors.append(self.expression(TIMES))
        return Product(tuple(factors), at)

    def logic(self, left: Tree, power: int) -> Tree:
        parts = [left]
        at = self.here.at
        while self.power() == power:
            self.take()
            parts.append(self.expression(power))
        return Logic("or" if power == OR else "and", tuple(parts), at)

    def sum(self, left: Tree) -> Tree:
        terms = [(1, left)]
        at = self.here.at
        while self.power() == ADDING:
            sign = 1 if self.take().text == "+" else -1
            terms.append((sign, self.expression(ADDING)))
        return Sum(tuple(terms), at)

    def comparison(self, left: Tree) -> Tree:
        token = self.take()
        tree: Tree
        operator = _comparison(token.text)
        if operator is not None:
            tree = Compare(operator, left, self.expression(COMPARING), token.at)
        else:
            if token.text == "not":
                if self.here.text != "in":
                    raise self.unexpected("'in' after 'not'")
                self.take()
            tree = Within(left, self.values(), token.text == "not", token.at)
        if self.power() == COMPARING:
            hint = "join two of them with 'and'"
            raise _Stop(Problem(self.here.at, "L004", "comparisons do not chain", hint))
        return tree

    def values(self) -> tuple[Literal, ...]:
        if self.here.kind == "name" and self.here.text not in WORDS:
            hint = f'write has({self.here.text}, "...") for a list of texts'
            raise _Stop(Problem(self.here.at, "L004", "'in' takes values in [ ]", hint))
        self.expect("[", "'[' and the values")
        found = [self.value()]
        while self.here.text == ",":
            self.take()
            found.append(self.value())
        self.expect("]", "',' or ']'")
        return tuple(found)

    def value(self) -> Literal:
        tree = self.prefix(COMPARING)
        if isinstance(tree, Literal):
            return tree
        hint = f'text stands in double quotes: "{tree.name}"' if isinstance(tree, Name) else ""
        raise _Stop(Problem(tree.at, "L004", "only values stand in [ ]", hint))

    def take(self) -> Token:
        token = self.here
        if token.kind != "end":
            self.position += 1
        return token

    def expect(self, mark: str, wanted: str) -> None:
        if self.here.text != mark or self.here.kind != "mark":
            raise self.unexpected(wanted)
        self.take()

    def unexpected(self, wanted: str) -> _Stop:
        return _unexpected(self.here, wanted)


def _unexpected(token: Token, wanted: str) -> _Stop:
    found = f"'{token.text[:40]}'" if token.kind != "end" else "the end"
    hint = ""
    if token.text.lower() in WORDS and token.text not in WORDS:
        hint = f"write '{token.text.lower()}' in small letters"
    return _Stop(Problem(token.at, "L004", f"expected {wanted}, found {found}", hint))


def _comparison(written: str) -> Comparison | None:
    return next((one for one in COMPARISONS if one == written), None)


def _literal(token: Token) -> Literal:
    if token.kind == "share":
        return Literal(token.value, token.at, "%")
    return Literal(token.value, token.at, "duration" if token.kind == "duration" else "")


def _negative(token: Token, at: int) -> Literal:
    literal = _literal(token)
    assert not isinstance(literal.value, str)
    return Literal(-literal.value, at, literal.unit)


def _no_function(token: Token) -> Problem:
    if token.text.lower() in WORDS:
        hint = f"write '{token.text.lower()}' in small letters"
    else:
        hint = f"there are {', '.join(FUNCTIONS)}"
    return Problem(token.at, "L004", f"'{token.text[:40]}' is not a function", hint)
