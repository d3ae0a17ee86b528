"""Small Markdown as blocks: strong, em, code, https and mailto links, lists, paragraphs."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from msgspec import Struct

from bot.model.message import Block, Span

KEPT = 256  # readings of changing texts that are remembered

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_POINT = re.compile(r"[-*] +(?=\S)")
_INLINE = re.compile(
    r"\*\*(?P<strong>[^*\s](?:[^*\n]*[^*\s])?)\*\*"
    r"|\*(?P<em>[^*\s](?:[^*\n]*[^*\s])?)\*"
    r"|`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<href>(?:https://|mailto:)[^\s()]+)\)"
)
_META = "*`[]()-"
_FIRST = 0xE000  # of the private characters that stand for Markdown in values
_NEEDS_GUARD = re.compile(f"[{re.escape(_META)}\n\r\t{chr(_FIRST)}-{chr(_FIRST + 15)}]")
_GUARD: dict[int, int | str] = {ord(char): _FIRST + at for at, char in enumerate(_META)}
_GUARD |= {ord(char): " " for char in "\n\r\t"}
_GUARD |= {_FIRST + at: "\N{REPLACEMENT CHARACTER}" for at in range(16)}
_UNGUARD = {_FIRST + at: char for at, char in enumerate(_META)}


class Rendered(Struct, frozen=True):
    """A text twice: plain, and as blocks."""

    text: str
    blocks: tuple[Block, ...]


EMPTY = Rendered("", ())


def guarded(value: Any) -> str:
    """A value as text whose marks mean nothing: a name is never a link or a list."""
    if isinstance(value, str):
        return value.translate(_GUARD) if _NEEDS_GUARD.search(value) else value
    return str(value)


@lru_cache(maxsize=KEPT)
def read_markdown(text: str) -> Rendered:
    """The blocks of a rendered template, and the same as plain text."""
    return joined(*[_read_part(part) for part in _PARAGRAPH.split(text.strip()) if part])


def joined(*parts: Rendered) -> Rendered:
    """Several readings as one, in order; empty ones vanish."""
    some = [part for part in parts if part.text]
    if len(some) == 1:
        return some[0]
    blocks = tuple([block for part in some for block in part.blocks])
    return Rendered("\n\n".join([part.text for part in some]), blocks)


def spoken(blocks: Iterable[Block]) -> str:
    """Blocks as plain text."""
    return "\n\n".join(map(_plain, blocks))


@lru_cache(maxsize=KEPT)
def _read_part(part: str) -> Rendered:
    """A part between empty lines: often the same where another part of the text changes."""
    blocks = tuple(_blocks(part))
    return Rendered(spoken(blocks), blocks)


def _blocks(part: str) -> list[Block]:
    """The blocks of lines that stand together: lines of text and points may follow each other."""
    found: list[tuple[bool, list[str]]] = []
    for line in part.split("\n"):
        line = line.strip()
        if not line:
            continue
        point = _POINT.match(line)
        if point:
            line = line[point.end() :]
            if found and found[-1][0]:
                found[-1][1].append(line)
            else:
                found.append((True, [line]))
        elif found:
            found[-1][1][-1] += f" {line}"
        else:
            found.append((False, [line]))
    return [
        Block("list" if is_list else "paragraph", tuple(map(_spans, rows)))
        for is_list, rows in found
    ]


def _spans(line: str) -> tuple[Span, ...]:
    spans = []
    start = 0
    for match in _INLINE.finditer(line):
        if match.start() > start:
            spans.append(Span(_back(line[start : match.start()])))
        spans.append(_styled(match))
        start = match.end()
    if start < len(line):
        spans.append(Span(_back(line[start:])))
    return tuple(spans)


def _styled(match: re.Match[str]) -> Span:
    match match.lastgroup:
        case "strong":
            return Span(_back(match["strong"]), "strong")
        case "em":
            return Span(_back(match["em"]), "em")
        case "code":
            return Span(_back(match["code"]), "code")
    return Span(_back(match["label"]), "link", _back(match["href"]))


def _back(text: str) -> str:
    return text if text.isascii() else text.translate(_UNGUARD)


def _plain(block: Block) -> str:
    rows = ["".join([_spoken(span) if span.href else span.text for span in r]) for r in block.rows]
    return "\n".join([f"- {row}" for row in rows]) if block.kind == "list" else "\n".join(rows)


def _spoken(span: Span) -> str:
    if span.href is None or span.href.removeprefix("mailto:") == span.text:
        return span.text
    return f"{span.text} ({span.href})"


def forget() -> None:
    """Drop the readings in memory: a person's own words may stand in them."""
    read_markdown.cache_clear()
    _read_part.cache_clear()
