"""Whether a reply is made of authored texts and of facts, judged from the files alone.

Nothing of the renderer is used: a template becomes a pattern, line by line, in which a variable
may only be a figure, a name from the files, or the person's own words.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

_TOKEN = re.compile(r"\{%-?\s*(.*?)\s*-?%\}|\{\{.*?\}\}", re.S)
_VARIABLE = re.compile(r"\{\{(.*?)\}\}", re.S)
_QUOTED = re.compile(r"'([^']+)'")  # what a filter says, like 'nothing yet' or 'lessons more'
_COUNTED = re.compile(r"[\d,]+ (.+)")
_SILENT = re.compile(r"['’`*.,!?]")
_LINK = re.compile(r"\[([^\[\]]+)\]\(([^\s()]+)\)")
_FIGURE = re.compile(
    r"[-+−]?[\d.,]+(?: ?%)?|no limit|[A-Z]{3} [\d.]+"  # 2,300 -1.2 % EUR 5.00
    r"|\d{1,2} [A-Za-zäö]+ \d{4}(?:, \d\d:\d\d \([\w/+-]+\))?"  # 3 March 2026, 14:00 (UTC)
    r"|[A-Z]\w+(?:/[\w+-]+)+|UTC|[A-Z]{3,5}|up|down|sideways|adult|minor|unknown|on|off|Sam"
    r"|free|basic|premium|exclusive|novice|developing|skilled|advanced|expert|master"
    r"|long|short|in|out|en|fi|today|[\d.,]+ (?:a|in the) (?:day|week|month)"
)
_SENTENCE_END = re.compile(r"[.!?] ")
_SEPARATOR = re.compile(r", | and | ja ")


def plain(text: str) -> str:
    """Without marks, links as they are written out, one space between words."""
    text = _LINK.sub(r"\1 (\2)", text)
    return " ".join(text.replace("*", "").replace("`", "").split())


def _spoken(text: str) -> str:
    return " ".join(_SILENT.sub("", text.casefold()).split())


class Authored:
    """Every text of content/ and personas/, and of the rules' `because`."""

    def __init__(self, root: Path) -> None:
        self.texts: list[str] = []
        self._judged: set[str] = set()  # lines of variables that the files alone explain
        for folder in ("content", "personas", "rules"):
            for path in sorted((root / folder).rglob("*.yaml")):
                if path.name == "policy.yaml":
                    continue
                read = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
                if path.name == "intents.yaml":  # of what is heard, only the examples are said
                    read = [one["example"] for one in read["intents"].values() if "example" in one]
                self.texts += _scalars(read)

    @cached_property
    def names(self) -> frozenset[str]:
        """Authored texts that may stand where a variable does: titles, options, reasons."""
        whole = {plain(text) for text in self.texts if "{" not in text}
        variables = (one for text in self.texts for one in _VARIABLE.findall(text))
        inside = {word for one in variables for word in _QUOTED.findall(one)}
        return frozenset(text.casefold() for text in whole | inside)

    @cached_property
    def literal(self) -> frozenset[str]:
        """Lines without a variable."""
        return frozenset(
            plain(line) for text in self.texts for line in text.splitlines() if "{" not in line
        )

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """The other lines, those with most words of their own first."""
        lines = {line for text in self.texts for line in text.splitlines() if "{" in line}
        found = {pattern for line in lines for pattern in _patterns(line)}
        return tuple(re.compile(one) for one in sorted(found, key=len, reverse=True))

    def strange_lines(self, reply: str, said: str) -> list[str]:
        """The lines of a reply that no author wrote."""
        lines = (plain(line) for line in reply.splitlines())
        unseen = [line for line in lines if line and line not in self._judged]
        return [line for line in unseen if not self._is_run(line, said)]

    def _is_run(self, line: str, said: str) -> bool:
        """Whether it is an authored line, or several that stand in one paragraph."""
        if self._is_authored(line, said):
            return True
        return any(
            self._is_authored(line[: end.start() + 1], said)
            and self._is_run(line[end.end() :], said)
            for end in _SENTENCE_END.finditer(line)
        )

    def _is_authored(self, line: str, said: str) -> bool:
        if line in self.literal:
            return True
        for pattern in self.patterns:
            match = pattern.fullmatch(line)
            values = [value for value in match.groups() if value] if match else ()
            if match and all(self._may_stand(value, "") for value in values):
                self._judged.add(line)
                return True
            if match and all(self._may_stand(value, said) for value in values):
                return True
        return False

    def _may_stand(self, value: str, said: str) -> bool:
        """A figure, a name of the files, a list of these, or what the person said."""
        if self._is_known(value) or (said and _spoken(value) in _spoken(said)):
            return True
        return all(self._is_known(part) for part in _SEPARATOR.split(value))

    def _is_known(self, value: str) -> bool:
        if _FIGURE.fullmatch(value) or value.casefold() in self.names:
            return True
        counted = _COUNTED.fullmatch(value)
        if counted and counted[1].casefold() in self.names:
            return True
        badge, _, name = value.partition(" ")  # an achievement
        if {badge.casefold(), name.casefold()} <= self.names:
            return True
        topic, _, depth = value.rpartition(" (")  # an item: its topic and depth
        return bool(topic) and topic.casefold() in self.names and bool(_FIGURE.match(depth))


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _scalars(one)
    elif isinstance(value, list):
        for one in value:
            yield from _scalars(one)


def _patterns(line: str) -> list[str]:
    """A pattern for each way the conditions of a line may turn out."""
    line = _LINK.sub(r"\1 (\2)", line)
    pieces: list[str] = []
    place = 0
    for token in _TOKEN.finditer(line):
        pieces += [line[place : token.start()], token[0]]
        place = token.end()
    ways, _ = _ways([*pieces, line[place:]], 0)
    return [rf"\s*{one}\s*" for one in ways if one.strip() not in ("", "(.+?)")]


def _ways(pieces: list[str], place: int) -> tuple[list[str], int]:
    """What the pieces up to the end of this branch may come out as; an end that is on another
    line ends nothing, and a beginning whose end is there is there or not.
    """
    ways = [""]
    while place < len(pieces):
        piece, place = pieces[place], place + 1
        word = piece[2:-2].strip("- ").split()[0] if piece.startswith("{%") else ""
        if word in ("elif", "else", "endif", "endfor"):
            return ways, place
        if word in ("if", "for"):
            inside, place = _branches(pieces, place)
            ways = [one + other for one in ways for other in inside]
        else:
            written = "(.+?)" if piece.startswith("{{") else _escaped(piece)
            ways = [one + written for one in ways]
    return ways, place


def _branches(pieces: list[str], place: int) -> tuple[list[str], int]:
    """Every branch of one condition, and none of them."""
    found = [""]
    while True:
        inside, place = _ways(pieces, place)
        found += inside
        end = pieces[place - 1]
        if "end" in end or not end.startswith("{%"):
            return list(dict.fromkeys(found)), place


def _escaped(text: str) -> str:
    """A space may be lost to a condition, but never between two words: `questions` has no `on`."""
    spaced = re.sub(r"\s+", " ", text.replace("*", "").replace("`", ""))
    after = re.sub(r"(?<=\w)\\ ", r"\\b\\ ", re.escape(spaced))
    return re.sub(r"\\ (?=\w)", r"\\s*\\b", after).replace("\\ ", r"\s*")
