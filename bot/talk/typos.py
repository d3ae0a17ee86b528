"""Texts that nearly are a phrase: misspelt words mended, whole phrases compared."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from rapidfuzz import fuzz, process

from bot.talk.phrases import Meaning, Phrasebook
from bot.talk.slots import Durations, Numbers, Slot, Words, normalise

LONGEST = 120  # characters; longer texts are not compared
SHORTEST = 5  # characters of a text or word that may hold a typo: "no" is never "now"
LEAST_WORD = 80.0  # per cent of likeness of a mended word
LEAST_PHRASE = 86.0  # per cent of likeness of a phrase
LEAST_NEAR = 60.0  # per cent of likeness of what may have been meant
MOST_MENDED = 4  # words; a text with more unknown words is another text


class Spelling(Struct, frozen=True):
    """The words and phrases of one locale and state, ready to be compared with.

    What fills a hole begins with one of `starts` or with digits.
    """

    words: tuple[str, ...]
    known: frozenset[str]
    patterns: tuple[str, ...]
    loose: tuple[str, ...]
    meanings: Mapping[str, Meaning]
    slots: tuple[tuple[str, Slot], ...]
    starts: frozenset[str]
    negations: frozenset[str]


def spelling(
    phrasebook: Phrasebook, slots: Mapping[str, Slot], negations: Iterable[str]
) -> Spelling:
    """What typos are compared with: the words of phrases and of what fills their holes."""
    filling = (
        word
        for kind, slot in slots.items()
        if isinstance(slot, Words) and kind != "zone"
        for form in slot.values
        for word in form.split()
    )
    known = phrasebook.known.union(filling)
    patterns = phrasebook.patterns
    return Spelling(
        words=tuple(sorted(word for word in known if len(word) >= SHORTEST)),
        known=known,
        patterns=tuple(patterns),
        loose=tuple(text for text, meaning in patterns.items() if not meaning.is_strict),
        meanings=patterns,
        slots=tuple((kind, slots[kind]) for kind in _SPOTTED if kind in slots),
        starts=frozenset(
            word for kind in _SPOTTED if kind in slots for word in _starts(slots[kind])
        ),
        negations=frozenset(word for text in negations for word in normalise(text).split()),
    )


def _starts(slot: Slot) -> Iterable[str]:
    """The words, besides digits, that a filling may begin with."""
    match slot:
        case Words():
            return (form.split()[0] for form in slot.values)
        case Numbers():
            return slot.words
        case Durations():
            return (*slot.units, *slot.numbers.words)
        case _:
            return ()


# Kinds spotted inside a text; of two that fit equally the first counts.
_SPOTTED = ("topic", "asset", "duration", "amount", "zone")


def may_guess(spelling: Spelling, words: Sequence[str], meaning: Meaning) -> bool:
    """Strict meanings are never guessed, and nothing is where a no stands somewhere."""
    return not meaning.is_strict and spelling.negations.isdisjoint(words)


def mended(spelling: Spelling, words: Sequence[str]) -> list[str] | None:
    """The words with misspelt ones put right, or None when nothing is to be put right."""
    odd = [
        place
        for place, word in enumerate(words)
        if len(word) >= SHORTEST and word not in spelling.known and not word.isdigit()
    ]
    if not odd or len(odd) > MOST_MENDED:
        return None
    result = list(words)
    for place in odd:
        best = process.extractOne(
            words[place], spelling.words, scorer=fuzz.ratio, score_cutoff=LEAST_WORD
        )
        if best is not None:
            result[place] = best[0]
    return result if result != list(words) else None


def nearest_phrase(
    spelling: Spelling, words: Sequence[str]
) -> tuple[Meaning, dict[str, str], float] | None:
    """The phrase most like these words, with the same holes, and how like it is (0-1)."""
    pattern, slots = outlined(spelling, words)
    if len(pattern) < SHORTEST or not spelling.negations.isdisjoint(words):
        return None
    best = process.extractOne(
        pattern, spelling.loose, scorer=fuzz.ratio, score_cutoff=LEAST_PHRASE
    )
    if best is None:
        return None
    holes = {part[1:-1] for part in best[0].split() if part.startswith("{")}
    if not holes <= slots.keys() or _weight(best[0]) < SHORTEST:
        return None
    meaning = spelling.meanings[best[0]]
    filled = {kind: slots[kind] for kind in holes}
    return meaning, {**meaning.slots, **filled}, round(best[1] / 100, 3)


def near_intents(spelling: Spelling, words: Sequence[str], count: int) -> list[str]:
    """The intents whose phrases come nearest, at most `count`, each once."""
    pattern, _ = outlined(spelling, words)
    found = process.extract(
        pattern, spelling.patterns, scorer=fuzz.ratio, score_cutoff=LEAST_NEAR, limit=count * 4
    )
    intents = dict.fromkeys(spelling.meanings[text].intent for text, _, _ in found)
    return list(intents)[:count]


def outlined(spelling: Spelling, words: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The words with what fills a hole written as the hole, and those fillings."""
    parts: list[str] = []
    slots: dict[str, str] = {}
    place = 0
    while place < len(words):
        kind, value, size = _filling(spelling, words, place)
        if kind and kind not in slots:
            slots[kind] = value
            parts.append(f"{{{kind}}}")
        else:
            parts += words[place : place + size]
        place += size
    return " ".join(parts), slots


def _filling(spelling: Spelling, words: Sequence[str], place: int) -> tuple[str, str, int]:
    """What kind of hole starts here, filled with what, in how many words; the longest wins."""
    best = ("", "", 1)
    if words[place] not in spelling.starts and not words[place].isdigit():
        return best
    for kind, slot in spelling.slots:
        for size in range(min(slot.longest, len(words) - place), 0, -1):
            value = slot.at(words, place, size)
            if value is not None and (not best[0] or size > best[2]):
                best = (kind, value, size)
                break
    return best


def _weight(pattern: str) -> int:
    """How many characters of a pattern are words, not holes."""
    return sum(len(part) for part in pattern.split() if not part.startswith("{"))
