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
    """Any of several wordings, found by the key of the word they begin with."""

    by_key: dict[str, tuple["Wording", ...]]


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
    by_key: dict[str, list[Wording]] = {}
    for wording in wordings:
        for key in _keys(wording[0]):
            by_key.setdefault(key, []).append(wording)
    return AnyOf({key: tuple(several) for key, several in by_key.items()})


def _keys(first: str | Stem | Gap | Number | AnyOf) -> Iterable[str]:
    match first:
        case str():
            return (_key(first),)
        case Stem():
            return (_key(first.text),)
        case AnyOf():
            return first.by_key
        case _:
            return (_DIGITS,)


def _key(word: str) -> str:
    return _DIGITS if word[0].isdigit() else word[:KEY]


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
    for start in range(len(words)):
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
    several = wanted.by_key.get(_key(words[at].text))
    if several is None:
        return None
    ends = [_end(words, at, wording) for wording in several]
    return max((end for end in ends if end is not None), default=None)
