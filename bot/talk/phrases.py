"""Authored phrases with {slot} holes, compiled so that a heard text is looked up, not searched."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from bot.talk.slots import Slot, normalise

MOST_WORDS = 24  # a longer text is no phrase; typos are not looked for in it either

_HOLE = re.compile(r"\{(\w*)\}")
_ODD_BRACE = re.compile(r"[{}]")


class Meaning(Struct, frozen=True):
    """What a phrase stands for: an intent, and the slots it always has."""

    intent: str
    slots: dict[str, str] = {}
    is_strict: bool = False
    sentiment: str = "neutral"
    urgency: int = 0


class Branch:
    """One word further in the phrases that share their beginning."""

    __slots__ = ("end", "holes", "words")

    def __init__(self) -> None:
        self.words: dict[str, Branch] = {}
        self.holes: list[tuple[str, Slot, Branch]] = []
        self.end: Meaning | None = None


class Phrasebook(Struct, frozen=True):
    """The phrases of one locale and state: whole ones by text, those with holes by word.

    `known` holds every word of them, `patterns` each phrase with its holes as {kind}.
    """

    whole: dict[str, Meaning]
    root: Branch
    known: frozenset[str]
    patterns: dict[str, Meaning]


class Found(Struct, frozen=True):
    """A phrase that was heard, with what filled its holes."""

    meaning: Meaning
    slots: dict[str, str]


def split(phrase: str) -> list[str]:
    """Normalised words and {kind} holes of an authored phrase."""
    parts: list[str] = []
    start = 0
    for match in _HOLE.finditer(phrase):
        parts += normalise(phrase[start : match.start()]).split()
        parts.append(match[0])
        start = match.end()
    return parts + normalise(phrase[start:]).split()


def mistakes(phrase: str, kinds: Iterable[str]) -> Iterator[str]:
    """What is wrong with an authored phrase."""
    parts = split(phrase)
    holes = [part[1:-1] for part in parts if part.startswith("{")]
    for hole in holes:
        if hole not in kinds:
            yield f"'{{{hole}}}' is not a slot ({', '.join(kinds)})"
    if len(set(holes)) < len(holes):
        yield "a slot stands twice in one phrase"
    if _ODD_BRACE.search(_HOLE.sub("", phrase)):
        yield "a brace without its other half"
    if not parts:
        yield "a phrase needs a word"
    if len(parts) > MOST_WORDS:
        yield f"a phrase has at most {MOST_WORDS} words"


def book(phrases: Iterable[tuple[str, Meaning]], slots: Mapping[str, Slot]) -> Phrasebook:
    """A phrasebook; of two equal phrases the first counts."""
    whole: dict[str, Meaning] = {}
    patterns: dict[str, Meaning] = {}
    root = Branch()
    for phrase, meaning in phrases:
        parts = split(phrase)
        patterns.setdefault(" ".join(parts), meaning)
        if any(part.startswith("{") for part in parts):
            _grow(root, parts, meaning, slots)
        else:
            whole.setdefault(" ".join(parts), meaning)
    words = {word for text in patterns for word in text.split() if not word.startswith("{")}
    return Phrasebook(whole, root, frozenset(words), patterns)


def look_up(phrasebook: Phrasebook, text: str, words: Sequence[str]) -> Found | None:
    """The phrase that is exactly this normalised text."""
    meaning = phrasebook.whole.get(text)
    if meaning is not None:
        return Found(meaning, meaning.slots)
    if len(words) > MOST_WORDS:
        return None
    slots: dict[str, str] = {}
    found = _follow(phrasebook.root, words, 0, slots)
    return Found(found, {**found.slots, **slots}) if found is not None else None


def _grow(root: Branch, parts: list[str], meaning: Meaning, slots: Mapping[str, Slot]) -> None:
    branch = root
    for part in parts:
        if not part.startswith("{"):
            branch = branch.words.setdefault(part, Branch())
            continue
        kind = part[1:-1]
        further = next((after for name, _, after in branch.holes if name == kind), None)
        if further is None:
            further = Branch()
            branch.holes.append((kind, slots[kind], further))
        branch = further
    if branch.end is None:
        branch.end = meaning


def _follow(
    branch: Branch, words: Sequence[str], start: int, slots: dict[str, str]
) -> Meaning | None:
    """The meaning at the end of `words`; a word goes before a hole, the longest filling first."""
    if start == len(words):
        return branch.end
    further = branch.words.get(words[start])
    if further is not None:
        found = _follow(further, words, start + 1, slots)
        if found is not None:
            return found
    for kind, slot, after in branch.holes:
        for size in range(min(slot.longest, len(words) - start), 0, -1):
            value = slot.at(words, start, size)
            if value is None:
                continue
            found = _follow(after, words, start + size, slots)
            if found is not None:
                slots[kind] = value
                return found
    return None
