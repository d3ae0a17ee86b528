"""Phrases of a policy, found in a text word by word."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

GAP = 4  # words `...` stands for at most
KEY = 3  # letters of its first word by which a wording is found; a stem has as many

_DIGITS = "#"  # the key of every number

_PART = re.compile(r"\{([a-z_]+)\}|(\.\.\.)|([^\s{}]+)")
_WORD = re.compile(r"\d(?:[\d.,\u00a0]*\d)?|%|\w+|[,;:]")
_HYPHEN = re.compile(r"[-\u2010\u2011]")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.](?=\w)|\n(?!\s*\n|- ))+[.!?]*")
_APOSTROPHES = str.maketrans(dict.fromkeys("'`’‘"))
_MARKS = frozenset(",;:")


class Word(Struct, frozen=True):
    """One word of a sentence; `is_apart`: a comma or the like stands before it."""

    text: str
    is_apart: bool


class Stem(Struct, frozen=True):
    """A word that may have any ending."""

    text: str


class Gap(Struct, frozen=True):
    """Up to four words, none of them beyond a comma."""


class Number(Struct, frozen=True):
    """A number; `is_percent`: with its sign or the word."""

    is_percent: bool


class AnyOf(Struct, frozen=True):
    """Any of several wordings, found by the word they begin with, or by its first letters."""

    by_word: dict[str, tuple["Wording", ...]]
    by_start: dict[str, tuple["Wording", ...]]

    def beginning(self, word: str) -> tuple["Wording", ...]:
        """Those that may begin with a word."""
        found = self.by_word.get(word, ())
        others = self.by_start.get(_DIGITS if word[0].isdigit() else word[:KEY], ())
        return found + others if others else found


Wording = tuple[str | Stem | Gap | Number | AnyOf, ...]
NUMBERS: Mapping[str, Number] = {"number": Number(False), "percent": Number(True)}


def read(phrase: str, lists: Mapping[str, AnyOf]) -> Wording:
    """A phrase as authored: words, {list}, * for any ending, ... for a gap; KeyError for a list
    that is none.
    """
    found: list[str | Stem | Gap | Number | AnyOf] = []
    for name, gap, written in _PART.findall(_plain(phrase)):
        if gap:
            found.append(Gap())
        elif name:
            found.append(NUMBERS.get(name) or lists[name])
        else:
            parts = [part for part in _HYPHEN.split(written.removesuffix("*")) if part]
            found += parts
            if written.endswith("*") and parts:
                found[-1] = Stem(parts[-1])
    return tuple(found)


def any_of(wordings: Iterable[Wording]) -> AnyOf:
    """One element for all of these."""
    by_word: dict[str, list[Wording]] = {}
    by_start: dict[str, list[Wording]] = {}
    for wording in wordings:
        match wording[0]:
            case str() as word:
                by_word.setdefault(word, []).append(wording)
            case Stem() as stem:
                by_start.setdefault(stem.text[:KEY], []).append(wording)
            case AnyOf() as inner:
                for word in inner.by_word:
                    by_word.setdefault(word, []).append(wording)
                for start in inner.by_start:
                    by_start.setdefault(start, []).append(wording)
            case _:
                by_start.setdefault(_DIGITS, []).append(wording)
    return AnyOf(
        {word: tuple(several) for word, several in by_word.items()},
        {start: tuple(several) for start, several in by_start.items()},
    )


def sentences(text: str) -> Iterator[list[Word]]:
    """The words of each sentence, in small letters; what a template fills in is the word 'it'."""
    for found in _SENTENCE.finditer(_plain(_TAG.sub("it", text).replace("*", ""))):
        words, is_apart = [], False
        for word in _WORD.findall(found[0]):
            if word not in _MARKS:
                words.append(Word(word, is_apart))
            is_apart = word in _MARKS
        if words:
            yield words


def _plain(text: str) -> str:
    return text.casefold().translate(_APOSTROPHES)


def find(words: Sequence[Word], wanted: AnyOf) -> Iterator[tuple[int, int]]:
    """Where any of the wordings begins and ends."""
    by_word, by_start = wanted.by_word, wanted.by_start
    for start, word in enumerate(words):
        text = word.text
        if text in by_word or text[:KEY] in by_start or text[0].isdigit():
            end = _list_end(words, start, wanted)
            if end is not None:
                yield start, end


def _end(words: Sequence[Word], at: int, wording: Wording, part: int = 0) -> int | None:
    """Where the rest of a wording that goes on at a word ends."""
    if part == len(wording):
        return at
    one = wording[part]
    if isinstance(one, Gap):
        return _after_gap(words, at, wording, part + 1)
    after = _one_end(words, at, one)
    if after is None:
        return None
    return _end(words, after, wording, part + 1)


def _after_gap(words: Sequence[Word], at: int, wording: Wording, part: int) -> int | None:
    for skipped in range(GAP + 1):
        end = _end(words, at + skipped, wording, part)
        if end is not None:
            return end
        if at + skipped >= len(words) or words[at + skipped].is_apart:
            return None
    return None


def _one_end(words: Sequence[Word], at: int, one: str | Stem | Number | AnyOf) -> int | None:
    if at >= len(words):
        return None
    text = words[at].text
    if isinstance(one, str):
        return at + 1 if text == one else None
    if isinstance(one, Stem):
        return at + 1 if text.startswith(one.text) else None
    if isinstance(one, AnyOf):
        return _list_end(words, at, one)
    if not text[0].isdigit():
        return None
    if not one.is_percent:
        return at + 1
    following = words[at + 1].text if at + 1 < len(words) else ""
    if following == "%" or following.startswith(("percent", "prosent")):
        return at + 2
    return at + 3 if following == "per" and words[at + 2 : at + 3] else None


def _list_end(words: Sequence[Word], at: int, wanted: AnyOf) -> int | None:
    """The end of the longest wording that begins at a word."""
    longest = None
    for wording in wanted.beginning(words[at].text):
        end = _end(words, at, wording)
        if end is not None and (longest is None or end > longest):
            longest = end
    return longest
