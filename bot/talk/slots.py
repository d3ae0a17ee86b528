"""What fills the holes of a phrase: topics, assets, amounts, durations, zones and the like."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Protocol

from msgspec import Struct

from bot.people.countries import called

MOST_DIGITS = 9
HOURS = {"hour": 1, "day": 24, "week": 168, "month": 720}
# Kinds whose words authors list.
LISTED = (
    *("asset", "period", "tier", "persona", "language", "option"),
    *("goal", "experience", "learning_style", "being", "that"),
)
AGES = {"young": (5, 17), "grown": (18, 120)}  # years of somebody who says how old they are
KINDS = (
    *LISTED,
    "topic",
    "reward",
    "amount",
    "number",
    "duration",
    "zone",
    "name",
    "date",
    "wrong",
    *AGES,
)
MISTAKEN = ("asset", "tier", "persona", "language")  # and topics: what may be named wrongly
LONGEST_NAME = 3  # words
ARTICLE = 2  # letters at most: "a" and "an" count before a unit or a hundred, never alone
NOWHERE = "Factory"  # listed as a zone, and means that none was set
COUNTRY = "country:"  # before the code of a country that was named instead of a zone

_PUNCTUATION = '!"#$%&()*+,-./:;<=>?@[\\]^_{|}~'
_DROPPED = str.maketrans(dict.fromkeys("'`’‘", ""))  # it's = its
_CONTROLS = "".join(map(chr, (*range(32), 127)))
_TABLE = str.maketrans(dict.fromkeys(_PUNCTUATION + _CONTROLS, " ")) | _DROPPED
_MARKS = str.maketrans("äöå", "aoa")
_DIGIT = re.compile(r"\d")
_MINUS = re.compile(r"(?<![\w-])[-\u2212](?=\d)")
_GROUPED = re.compile(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))")
_OFFSET = re.compile(r"\b(utc|gmt)\s*([+\u2212-])\s*(?=\d)")
_POINT = re.compile(r"(?<=\d)[.,](?=\d)")
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])")
_IGNORED = frozenset("\ufe0e\ufe0f\u200d\u00ad\u200b")


class Words(Struct, frozen=True):
    """Spoken forms of one kind of slot: normalised phrase -> value, at most `longest` words."""

    values: dict[str, str]
    longest: int

    def at(self, words: Sequence[str], start: int, size: int) -> str | None:
        """The value of `size` words from `start` on."""
        key = words[start] if size == 1 else " ".join(words[start : start + size])
        return self.values.get(key)


class Numbers(Struct, frozen=True):
    """Whole numbers: 1000, 1 000, 2k, 2.5k, five, twenty five, two hundred."""

    words: dict[str, str]
    multiples: dict[str, int] = {}
    longest: int = 4

    def at(self, words: Sequence[str], start: int, size: int) -> str | None:
        """The number that exactly these words are."""
        if size == 1:
            word = words[start]
            return self.read(word) if len(word) > ARTICLE or word.isdigit() else None
        said = words[start : start + size]
        multiple = self.multiples.get(said[-1])
        if multiple is not None:
            return self._many(said[:-1], multiple)
        if all(word.isdigit() and word.isascii() for word in said):
            return _grouped(said)
        return self._compound(said) if size == 2 else None

    def of_unit(self, said: Sequence[str]) -> str | None:
        """How many of the unit that follows: (nothing) week, a week, 2 weeks, twenty five days."""
        if len(said) < 2:
            return self.read(said[0]) if said else "1"
        return self.at(said, 0, len(said))

    def _many(self, said: Sequence[str], multiple: int) -> str | None:
        """So many thousands; 2.5 of them are heard as 2 point 5."""
        if len(said) == 3 and said[1] == "point" and said[0].isdigit() and said[2].isdigit():
            whole, part = int(said[0]) * multiple, int(said[2]) * multiple
            size = 10 ** len(said[2])
            return _bounded(whole + part // size) if part % size == 0 else None
        count = self.of_unit(said) if said and "point" not in said else None
        return _bounded(int(count) * multiple) if count is not None else None

    def _compound(self, said: Sequence[str]) -> str | None:
        """Twenty five, two hundred; an article is no digit."""
        first, last = (int(self.words.get(word, "0")) for word in said)
        if last == 100 and 0 < first < 10:
            return str(first * last)
        is_ten = 20 <= first < 100 and first % 10 == 0
        is_digit = 0 < last < 10 and len(said[1]) > ARTICLE
        return str(first + last) if is_ten and is_digit else None

    def read(self, word: str) -> str | None:
        if word.isdigit() and word.isascii() and len(word) <= MOST_DIGITS:
            return str(int(word))
        return self.words.get(word)


class Years(Struct, frozen=True):
    """How old somebody is: a whole number in bounds."""

    numbers: Numbers
    least: int
    most: int
    longest: int = 2

    def at(self, words: Sequence[str], start: int, size: int) -> str | None:
        """The number that exactly these words are, where it is in bounds."""
        found = self.numbers.at(words, start, size)
        return found if found is not None and self.least <= int(found) <= self.most else None


class Durations(Struct, frozen=True):
    """A number and a unit, or a unit alone, as hours."""

    numbers: Numbers
    units: dict[str, str]
    longest: int = 4

    def at(self, words: Sequence[str], start: int, size: int) -> str | None:
        unit = HOURS.get(self.units.get(words[start + size - 1], ""))
        if unit is None:
            return None
        count = self.numbers.of_unit(words[start : start + size - 1])
        return str(int(count) * unit) if count is not None else None


class Names(Struct, frozen=True):
    """What people call themselves: one to three words of letters."""

    longest: int = LONGEST_NAME

    def at(self, words: Sequence[str], start: int, size: int) -> str | None:
        return name_of(words[start : start + size])


class Slot(Protocol):
    """What fills one kind of hole: at most `longest` words, as a value or not at all."""

    @property
    def longest(self) -> int: ...

    def at(self, words: Sequence[str], start: int, size: int) -> str | None: ...


def _grouped(said: Sequence[str]) -> str | None:
    """Digits in groups of three: 1 000 000."""
    if not 1 <= len(said[0]) <= 3 or any(len(word) != 3 for word in said[1:]):
        return None
    return _bounded(int("".join(said)))


def _bounded(number: int) -> str | None:
    return str(number) if number < 10**MOST_DIGITS else None


def name_of(words: Sequence[str]) -> str | None:
    """These words as a name, or None when they are none."""
    if not 1 <= len(words) <= LONGEST_NAME:
        return None
    if not all(word.replace("-", "").isalpha() for word in words):
        return None
    return " ".join(words).title()


def normalise(text: str) -> str:
    """Small letters, one space between words, no punctuation; numbers keep their meaning."""
    folded = text.casefold()
    if not folded.isascii():
        folded = _plain(folded)
    if _DIGIT.search(folded):
        folded = _OFFSET.sub(_offset, folded.translate(_DROPPED))
        folded = _MINUS.sub("minus ", folded)
        folded = _POINT.sub(" point ", _GROUPED.sub("", folded))
        folded = _GLUED.sub(" ", folded)
    return " ".join(folded.translate(_TABLE).split())


def _offset(match: re.Match[str]) -> str:
    """UTC+3 in words: its sign would be lost with the punctuation."""
    return f"{match[1]} {'plus' if match[2] == '+' else 'minus'} "


def _plain(text: str) -> str:
    """Compatibility forms made one; punctuation and control characters become spaces."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        char if char.isascii() else "" if char in _IGNORED else _kept(char) for char in text
    )


def _kept(char: str) -> str:
    if char in "’‘":
        return ""
    return " " if unicodedata.category(char)[0] in "PCZ" else char


def marked(words: Iterable[str]) -> dict[str, str]:
    """Words with marked letters, by what is typed without the marks; never another word."""
    known = frozenset(words)
    found = {word.translate(_MARKS): word for word in known if not word.isascii()}
    return {typed: word for typed, word in found.items() if typed not in known}


def listed(values: Mapping[str, Iterable[str]]) -> Words:
    """The spoken forms of values; a value is one of its own."""
    found: dict[str, str] = {}
    for value, forms in values.items():
        for form in (value, *forms):
            found.setdefault(normalise(form), value)
    found.pop("", None)
    return Words(found, max((form.count(" ") + 1 for form in found), default=1))


def durations(numbers: Numbers, units: Mapping[str, Iterable[str]]) -> Durations:
    """Durations in these spoken units."""
    return Durations(numbers, {normalise(f): u for u, forms in units.items() for f in (u, *forms)})


def any_of(kinds: Iterable[Slot]) -> Words:
    """Whatever one of these kinds has a word for."""
    values = {form: form for kind in kinds if isinstance(kind, Words) for form in kind.values}
    return Words(values, max((form.count(" ") + 1 for form in values), default=1))


def places(zones: Words, countries: Mapping[str, Iterable[str]]) -> Words:
    """Time zones by name or city, and countries by name; an author's names go first."""
    named = {f"{COUNTRY}{code}": forms for code, forms in countries.items()}
    table = {f"{COUNTRY}{code}": forms for code, forms in called().items()}
    cities = {form: zone for form, zone in zones.values.items() if "/" in zone}
    found = {**zones.values, **listed(table).values, **cities, **listed(named).values}
    return Words(found, max(form.count(" ") + 1 for form in found))


@lru_cache(maxsize=1)
def zones() -> Words:
    """IANA zones by their name or their city, and UTC+3; a city of two zones means the first.

    All that are listed are there: opening each would read 600 files and keep 2 MB.
    """
    names = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    fixed = {name: tuple(_offsets(name)) for name in names if name.startswith("Etc/")}
    cities = {name: (name.rsplit("/", 1)[-1],) for name in names if "/" in name}
    bare: dict[str, tuple[str, ...]] = {name: () for name in names if name != NOWHERE}
    return listed({"UTC": (), **bare, **cities, **fixed})


def _offsets(zone: str) -> Iterator[str]:
    """How people say Etc/GMT-3, which is three hours ahead: UTC+3, GMT+03, UTC+03:00."""
    sign, hours = zone[7:8], zone[8:]
    if not hours.isdigit():
        return
    side = "-" if sign == "+" else "+"
    for name in ("UTC", "GMT"):
        for said in dict.fromkeys((hours, hours.zfill(2))):
            yield f"{name}{side}{said}"
            yield f"{name}{side}{said}:00"
