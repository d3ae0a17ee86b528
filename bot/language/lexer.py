"""Text to tokens that know their offset."""

import re
from typing import Literal as One
from typing import NamedTuple

from bot.language.syntax import UNITS_S, Scalar

MAX_TOKENS = 400
MAX_LENGTH = 20_000  # characters; a condition of 400 tokens is far shorter
MAX_TEXT = 200  # characters of one text literal
MAX_DIGITS = 15  # more would not be exact as a decimal

TokenKind = One["number", "share", "duration", "text", "name", "mark", "end"]

_PATTERN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>%|[A-Za-z_][A-Za-z0-9_]*)?
    |(?P<text>"(?:[^"\\\r\n]|\\["\\])*")
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<mark>==|!=|<=|>=|[<>+\-*(),\[\]])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")
_HINTS = {
    "=": "write '=='",
    "!": "write 'not', or '!='",
    "&": "write 'and'",
    "|": "write 'or'",
    "'": 'text stands in double quotes: "like this"',
    "/": "there is no division: multiply the other side",
    "%": "a share is written right after its number: 70%",
    "#": "a condition holds no comments",
    ".": "a decimal starts with a digit: 0.5",
}


class Problem(NamedTuple):
    """One thing wrong with a condition, at a character offset of its text."""

    at: int
    code: str
    text: str
    hint: str = ""
    is_error: bool = True


class Token(NamedTuple):
    """One word of a condition; `value` only for literals."""

    kind: TokenKind
    text: str
    at: int
    value: Scalar = 0


def lex(text: str) -> list[Token] | Problem:
    """The tokens and a closing one of kind `end`, or the first problem."""
    if len(text) > MAX_LENGTH:
        return Problem(0, "L001", f"a condition has at most {MAX_LENGTH} characters")
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        if match is None:
            return _strange(text, at)
        if match.lastgroup != "space":
            token = _token(match, at)
            if isinstance(token, Problem):
                return token
            tokens.append(token)
            if len(tokens) > MAX_TOKENS:
                return Problem(at, "L001", f"a condition has at most {MAX_TOKENS} tokens")
        at = match.end()
    tokens.append(Token("end", "", len(text)))
    return tokens


def _token(match: re.Match[str], at: int) -> Token | Problem:
    written = match.group()
    if match["number"] is not None:
        return _number(match["number"], match["unit"] or "", at)
    if match["text"] is not None:
        if len(written) > MAX_TEXT:
            return Problem(at, "L003", f"a text has at most {MAX_TEXT} characters")
        return Token("text", written, at, _ESCAPE.sub(r"\1", written[1:-1]))
    return Token("name" if match["name"] is not None else "mark", written, at)


def _number(digits: str, unit: str, at: int) -> Token | Problem:
    if len(digits) > MAX_DIGITS:
        return Problem(at, "L002", f"a number has at most {MAX_DIGITS} digits")
    value = float(digits) if "." in digits else int(digits)
    if not unit:
        return Token("number", digits, at, value)
    if unit == "%":
        return Token("share", f"{digits}%", at, value / 100)
    if unit not in UNITS_S:
        place = at + len(digits)
        return Problem(place, "L002", f"'{unit[:20]}' is not a unit", "units are % m h d w")
    if not isinstance(value, int):
        return Problem(at, "L002", "a duration is a whole number", "90m instead of 1.5h")
    return Token("duration", digits + unit, at, value * UNITS_S[unit])


def _strange(text: str, at: int) -> Problem:
    found = text[at]
    if found == '"':
        hint = r"only \" and \\ may follow a backslash" if "\\" in text[at:] else ""
        return Problem(at, "L003", "this text does not end on its line", hint)
    shown = found if found.isprintable() else f"U+{ord(found):04X}"
    return Problem(at, "L002", f"'{shown}' means nothing here", _HINTS.get(found, ""))
