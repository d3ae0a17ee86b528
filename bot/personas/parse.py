"""Voices: what authors say about each persona, and the rules its phrases keep."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.authored import Node, Report

LONGEST_SENTENCE = 40  # words, where a persona names no bound of its own

_SENTENCE_END = re.compile(r"[.!?]+(?:\s+|\Z)|\n\s*\n|\n- ")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


class Persona(Struct, frozen=True):
    """One voice; its phrases are compiled by content."""

    name: str
    title: str
    titles: dict[str, str] = {}
    about: str = ""
    never: tuple[str, ...] = ()

    def titled(self, locale: str) -> str:
        """What it is called in a language."""
        return self.titles.get(locale, self.title)


class Personas(Struct, frozen=True):
    """Every voice, and the one that speaks when nothing decides."""

    by_name: dict[str, Persona]
    default: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.by_name)

    def titles(self, locale: str) -> tuple[str, ...]:
        """What the voices are called in a language."""
        return tuple(persona.titled(locale) for persona in self.by_name.values())


def parse_personas(files: Mapping[str, Node], report: Report) -> Personas:
    """The personas among all files: personas/NAME.yaml is the voice NAME."""
    found: dict[str, Persona] = {}
    defaults = []
    for file, root in files.items():
        if not file.startswith("personas/"):
            continue
        name = file.split("/")[-1].removesuffix(".yaml")
        keys = ["title", "titles", "about", "default", "voice", "never", "urgent", "phrases"]
        pairs = report.fields(root, keys, ["title", "urgent"], "P001")
        found[name] = Persona(
            name,
            title=report.text(pairs.get("title"), code="P001"),
            titles={
                locale: report.text(one, code="P001")
                for locale, one in report.mapping(pairs.get("titles"), "P001").items()
            },
            about=report.text(pairs.get("about"), code="P001"),
            never=report.texts(pairs.get("never"), code="P001"),
        )
        if report.boolean(pairs.get("default"), code="P001"):
            defaults.append((name, root))
        _check_voice(name, pairs, report)
    if not found:
        report.error(Node("personas/", 1, 1, ""), "P002", "there is no persona; write one")
    elif not defaults:
        report.error(Node("personas/", 1, 1, ""), "P002", "no persona has 'default: true'")
    for name, root in defaults[1:]:
        problem = f"'{name}' is a second default; '{defaults[0][0]}' is the first"
        report.error(root, "P002", problem)
    return Personas(found, defaults[0][0] if defaults else next(iter(found), ""))


def _check_voice(name: str, pairs: Mapping[str, Node], report: Report) -> None:
    """The phrases keep the bounds of the voice: sentence length, exclamation marks, emoji."""
    keys = ["longest_sentence", "exclamations", "emoji"]
    voice = report.fields(pairs["voice"], keys, code="P001") if "voice" in pairs else {}
    longest = report.integer(voice.get("longest_sentence"), LONGEST_SENTENCE, 5, 100, "P001")
    marks = report.integer(voice.get("exclamations"), 1, 0, 10, "P001")
    may_smile = report.boolean(voice.get("emoji"), code="P001")
    for key in ("phrases", "urgent"):
        for node in _texts(pairs[key]) if key in pairs else ():
            text = _TAG.sub("x", str(node.value))
            words = max(len(part.split()) for part in _SENTENCE_END.split(text))
            if words > longest:
                problem = f"a sentence of {words} words; {name} speaks in at most {longest}"
                report.error(node, "P003", problem)
            if text.count("!") > marks:
                report.error(node, "P003", f"{name} uses at most {marks} exclamation marks")
            if not may_smile and (match := _EMOJI.search(text)):
                report.error(node, "P003", f"{name} uses no emoji, found {match[0]}")


def _texts(node: Node) -> Iterator[Node]:
    """Every text of a reply; choices are not in a persona's voice and do not stand here."""
    if isinstance(node.value, dict | list):
        for one in node.value.values() if isinstance(node.value, dict) else node.value:
            yield from _texts(one)
    elif isinstance(node.value, str):
        yield node
