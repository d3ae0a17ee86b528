"""Words that mean one thing wherever they stand in a text: patterns with choices and gaps.

`kill|end ~myself`, `no reason to? live`, `tapp* itse*`, `take ... pills`: | is one of several
words, * any ending, ? a word that may be missing, ~ a word that may be misspelt by one letter,
... at most three words between.
"""

from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from msgspec import Struct

from bot.authored import Node, Report
from bot.talk.slots import normalise

GAP = "..."
GAP_WORDS = 3
STEM = 3  # letters an ending may be added to, at least
LETTERS = ascii_lowercase + "äöå"
COVERED = "\x00"  # stands for a word that is part of a harmless phrase; no pattern has it


Places = frozenset[tuple["Spot", int]]  # a place in a pattern, and how many words may be skipped
KEPT = 4_096  # stands remembered at most


class Spot:
    """One place in a pattern: what may come next, and what was found when nothing need."""

    __slots__ = ("slack", "stems", "tag", "words")

    def __init__(self) -> None:
        self.words: dict[str, list[Spot]] = {}
        self.stems: list[tuple[str, Spot]] = []
        self.slack = 0
        self.tag = ""


class Stand:
    """Where all patterns stand after some words: what each next word leads to, and what it ends.

    `after` is filled as texts ask, with words of patterns only: a text costs two look-ups a
    word however many patterns there are.
    """

    __slots__ = ("after", "places")

    def __init__(self, places: Places) -> None:
        self.places = places
        self.after: dict[str, tuple[Stand, frozenset[str]]] = {}


class Signs(Struct, frozen=True):
    """Compiled patterns; `known` holds their words, `stems` their beginnings by first letters.

    `mended` knows misspellings, `stands` is what is remembered while looking.
    """

    root: Spot
    known: frozenset[str]
    stems: dict[str, tuple[str, ...]]
    mended: dict[str, str]
    stands: dict[Places, Stand]


class Sign(Struct, frozen=True):
    """What was found, in words [start, end)."""

    tag: str
    start: int
    end: int


def mistakes(pattern: str) -> Iterator[str]:
    """What is wrong with an authored pattern."""
    parts = pattern.split()
    if not parts:
        yield "a pattern needs a word"
        return
    if any(part == GAP or part.endswith("?") for part in (parts[0], parts[-1])):
        yield "a pattern begins and ends with a word that must be there"
    for part in parts:
        for word in _choices(part):
            plain = normalise(word)
            if part != GAP and (not plain or " " in plain):
                yield f"'{word}' is not one word"
            if word.endswith("*") and len(plain) < STEM:
                yield f"'{word}' needs {STEM} letters before the star"


def patterns(node: Node | None, report: Report, code: str) -> tuple[str, ...]:
    """The patterns of a list; those that are wrong are reported and left out."""
    kept = []
    for one in report.items(node, code) if node is not None else ():
        pattern = report.text(one, code=code)
        wrong = list(mistakes(pattern))
        for problem in wrong:
            report.error(one, code, problem)
        if not wrong:
            kept.append(pattern)
    return tuple(kept)


def compiled(patterns: Sequence[tuple[str, str]]) -> Signs:
    """The patterns of (pattern, tag) pairs, ready to be looked for."""
    root = Spot()
    for pattern, tag in patterns:
        _grow(root, pattern, tag)
    words = words_of(patterns)
    plain = {normalise(word) for word in words if not word.endswith("*")}
    known = frozenset(plain - {""} | {COVERED})
    stems: dict[str, tuple[str, ...]] = {}
    for stem in sorted(normalise(word) for word in words if word.endswith("*")):
        stems[stem[:STEM]] = (*stems.get(stem[:STEM], ()), stem)
    mended = {
        odd: normalise(word)
        for word in sorted(words)
        if word.startswith("~")
        for odd in _misspelt(normalise(word)) - known
    }
    return Signs(root, known, stems, mended, {})


def words_of(patterns: Sequence[tuple[str, str]]) -> set[str]:
    """Every word of the patterns as it is written there."""
    return {w for pattern, _ in patterns for part in pattern.split() for w in _choices(part)}


def tags(signs: Signs, words: Sequence[str]) -> frozenset[str]:
    """The tags of all patterns found in the words of a text."""
    found: frozenset[str] = frozenset()
    known, stems = signs.known, signs.stems
    stand = start = _stand(signs, frozenset())
    for word in _mended(signs, words):
        if word in known:
            seen = word
        elif word[:STEM] in stems:
            seen = _stem(signs, word)
        elif stand is start:
            continue
        else:
            seen = ""
        step = stand.after.get(seen)
        if step is None:
            step = _step(signs, stand, seen, word)
        stand = step[0]
        if step[1]:
            found |= step[1]
    return found


def spans(signs: Signs, words: Sequence[str]) -> list[Sign]:
    """Every place where a pattern is found: slower, for texts that have some."""
    signed: list[Sign] = []
    words = _mended(signs, words)
    for start, word in enumerate(words):
        for spot in _after(signs.root, word):
            _end(spot, words, start, start + 1, signed)
    return signed


def _mended(signs: Signs, words: Sequence[str]) -> Sequence[str]:
    if signs.mended.keys().isdisjoint(words):
        return words
    return [signs.mended.get(word, word) for word in words]


def _stem(signs: Signs, word: str) -> str:
    """The longest beginning of a word no pattern has whole; words that share it lead alike."""
    fitting = [stem for stem in signs.stems.get(word[:STEM], ()) if word.startswith(stem)]
    return f"{max(fitting, key=len)}*" if fitting else ""


def _stand(signs: Signs, places: Places) -> Stand:
    if places in signs.stands:
        return signs.stands[places]
    if len(signs.stands) >= KEPT:
        signs.stands.clear()
    return signs.stands.setdefault(places, Stand(places))


def _step(signs: Signs, stand: Stand, seen: str, word: str) -> tuple[Stand, frozenset[str]]:
    """What a word leads to, remembered; a covered word ends every pattern that stands open."""
    after: set[tuple[Spot, int]] = set()
    ended: set[str] = set()
    for spot, left in (*stand.places, (signs.root, 0)):
        further = _after(spot, word)
        ended.update(one.tag for one in further if one.tag)
        after.update((one, one.slack) for one in further if not one.tag)
        if left and word != COVERED:
            after.add((spot, left - 1))
    step = _stand(signs, frozenset(after)), frozenset(ended)
    stand.after[seen] = step
    return step


def _after(spot: Spot, word: str) -> list[Spot]:
    """The places a word leads to from one."""
    stems = [further for stem, further in spot.stems if word.startswith(stem)]
    return [*spot.words.get(word, ()), *stems]


def _end(spot: Spot, words: Sequence[str], start: int, at: int, signed: list[Sign]) -> bool:
    """Adds the sign that goes on at `at`; the first way to its end is enough."""
    if spot.tag:
        signed.append(Sign(spot.tag, start, at))
        return True
    for place in range(at, min(at + spot.slack + 1, len(words))):
        if words[place] == COVERED:
            return False
        for further in _after(spot, words[place]):
            if _end(further, words, start, place + 1, signed):
                return True
    return False


def _grow(root: Spot, pattern: str, tag: str) -> None:
    tails = [root]
    for part in pattern.split():
        if part == GAP:
            for tail in tails:
                tail.slack = GAP_WORDS
            continue
        after = Spot()
        for word in _choices(part):
            plain = normalise(word)
            for tail in tails:
                if word.endswith("*"):
                    tail.stems.append((plain, after))
                else:
                    tail.words.setdefault(plain, []).append(after)
        tails = [*tails, after] if part.endswith("?") else [after]
    for tail in tails:
        tail.tag = tag


def _choices(part: str) -> list[str]:
    return part.removesuffix("?").split("|")


def _misspelt(word: str) -> set[str]:
    """The word with one letter missing, added, changed or two swapped."""
    found: set[str] = set()
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        found.update(head + letter + tail for letter in LETTERS)
        if tail:
            found.add(head + tail[1:])
            found.update(head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            found.add(head + tail[1] + tail[0] + tail[2:])
    return found - {word}
