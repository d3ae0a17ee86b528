"""A linear classifier over words, pairs of words and parts of words, read from flat tables."""

from collections.abc import Iterable, Iterator, Sequence
from math import exp, sqrt
from struct import Struct as Layout

import msgspec
from msgspec import Struct

MOST_WORDS = 48  # different words of a text; the rest is not read
WINDOW = 8  # two words are a pair when they stand at most so far apart
BEGINNING = 4  # characters of a word that count in a pair: "trades" and "trading" are one
SHORTEST_PART, LONGEST_PART = 2, 4  # characters of a part of a word, both its ends included
FIRST, LAST = "<", ">"  # stand before the first word and after the last one
KINDS = ("words", "pairs", "parts")  # of features; each kind is brought to length one by itself
DEEP = 5  # intents ranked

LANE = 4  # bytes of one intent's weight in a row
HALF = 1 << (8 * LANE - 1)
SPARE = 2  # bits of a lane, so that Python keeps what is left in one digit and sorts it fast
SQUARE_ONE = 1 << 10  # a squared length of 1, in the lane of lengths
FACTOR_ONE = 1 << 16  # the factor 1, when a sum of rows is brought to length one


class Rank(Struct, frozen=True):
    """One intent and its score; above 0 it is rather this one than any other."""

    intent: str
    score: float


class Ranking(Struct, frozen=True):
    """The likeliest intents of a text, best first, and how sure the first one is (0-1)."""

    ranks: tuple[Rank, ...]
    confidence: float


class Head(Struct, frozen=True):
    """The few numbers of a model beside its rows.

    `steps` lanes make a score of 1 and `shares` say how much each kind of feature counts.
    Confidence is logistic in 1, the best score, its lead over the second and the share of the
    text's words that are known. Below `least` of it a text counts as not understood.
    """

    intents: tuple[str, ...]
    steps: float
    shares: tuple[float, float, float]
    sureness: tuple[float, float, float, float]
    least: float
    sentences: int = 0


class Tables(Struct, frozen=True):
    """A model as it lies in a file: the names of features by kind, and one row for each.

    A row is a little-endian signed lane of LANE bytes for every intent, and one more for the
    feature's squared length; the last row is added to every text.
    """

    head: Head
    names: tuple[list[str], list[str], list[str]]
    rows: bytes


class Classifier(Struct, frozen=True):
    """A model ready to classify.

    Rows are whole numbers that hold all lanes side by side: adding two adds every lane at once,
    and none runs over, since no sum of a text's weights comes near the width of a lane.
    `coarse` keeps of every lane what scores need and `places` puts there, instead of the rest,
    which intent it is of: the lanes once sorted say so themselves.
    `spelt` remembers the parts of words that training knew, and their sum.
    """

    head: Head
    words: dict[str, int]
    pairs: dict[str, dict[str, int]]
    parts: dict[str, int]
    always: int
    lift: int
    coarse: int
    places: int
    layout: Layout
    spelt: dict[str, tuple[int, frozenset[str]]]

    @property
    def size(self) -> int:
        """How many features it weighs."""
        pairs = sum(map(len, self.pairs.values())) // 2  # each stands there by either word
        return len(self.words) + pairs + len(self.parts)


def classify(model: Classifier, words: Sequence[str]) -> Ranking:
    """The likeliest intents of a text, given as normalised words."""
    said = list(dict.fromkeys(words[: 2 * MOST_WORDS]))[:MOST_WORDS]
    known = [word for word in said if word in model.words]
    sums = (_of_words(model, said, known), _of_pairs(model, known), _of_parts(model, said))
    total = model.always + model.lift
    width = model.layout.size * 8
    for share, found in zip(model.head.shares, sums, strict=True):
        square = (found + model.lift) >> width
        if square > 0:
            total += found * int(share * FACTOR_ONE * sqrt(SQUARE_ONE / square))
    lanes = (total >> SPARE & model.coarse | model.places).to_bytes(model.layout.size, "little")
    ranks = _ranked(model, model.layout.unpack(lanes))
    if not known:  # a likeness of letters alone is no understanding
        return Ranking(ranks, 0.0)
    return Ranking(ranks, _confidence(model.head, ranks, len(known) / len(said)))


def features(words: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """The features of a text by kind, as training counts them; classify finds the same."""
    said = list(dict.fromkeys(words[: 2 * MOST_WORDS]))[:MOST_WORDS]
    parts = dict.fromkeys(part for word in said for part in parts_of(word))
    return [*said, *_neighbours(said)], list(_pairs(said)), list(parts)


def parts_of(word: str) -> Iterator[str]:
    """Every run of two to four characters of a word with its two ends marked."""
    text = f" {word} "
    for size in range(SHORTEST_PART, LONGEST_PART + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def prepared(data: bytes) -> Classifier:
    """The model in the bytes of a file; ValueError when they are none."""
    try:
        tables = msgspec.msgpack.decode(data, type=Tables)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a model: {error}") from None
    lanes = len(tables.head.intents) + 1
    stride = lanes * LANE
    count = sum(map(len, tables.names)) + 1
    if len(tables.rows) != count * stride or lanes < 3:
        raise ValueError("not a model: its rows do not fit its names")
    sign = _each_lane(HALF, lanes)
    numbers = (
        (int.from_bytes(tables.rows[start : start + stride], "little") ^ sign) - sign
        for start in range(0, count * stride, stride)
    )
    # names come first in each zip: a zip that ends there has taken no number too many
    words, pairs, parts = (dict(zip(names, numbers)) for names in tables.names)  # noqa: B905
    return Classifier(
        head=tables.head,
        words=words,
        pairs=_by_either(pairs),
        parts=parts,
        always=next(numbers),
        lift=_each_lane(HALF, lanes - 1),
        coarse=_each_lane((1 << (8 * LANE - SPARE)) - (1 << _bits(lanes - 1)), lanes - 1),
        places=sum(
            place << (8 * LANE * lane) for lane, place in enumerate(range(lanes - 2, -1, -1))
        ),
        layout=Layout(f"<{lanes - 1}I"),
        spelt={},
    )


def _by_either(pairs: dict[str, int]) -> dict[str, dict[str, int]]:
    """The rows of pairs by one word and the other, in either order."""
    found: dict[str, dict[str, int]] = {}
    for pair, row in pairs.items():
        one, other = pair.split(" ")
        found.setdefault(one, {})[other] = row
        found.setdefault(other, {})[one] = row
    return found


def _each_lane(value: int, lanes: int) -> int:
    return sum(value << (8 * LANE * lane) for lane in range(lanes))


def _bits(intents: int) -> int:
    """How many bits it takes to say which intent."""
    return (intents - 1).bit_length()


def _ranked(model: Classifier, lanes: tuple[int, ...]) -> tuple[Rank, ...]:
    """The best lanes as intents; of two that are equal the first comes first."""
    intents, scale = model.head.intents, (1 << SPARE) / (model.head.steps * FACTOR_ONE)
    last = len(intents) - 1
    low = (1 << _bits(len(intents))) - 1
    zero = HALF >> SPARE
    best = sorted(lanes, reverse=True)[:DEEP]
    return tuple(
        [Rank(intents[last - (lane & low)], ((lane & ~low) - zero) * scale) for lane in best]
    )


def _of_words(model: Classifier, said: list[str], known: list[str]) -> int:
    rows = model.words
    total = 0
    for word in known:
        total += rows[word]
    for both in _neighbours(said):
        if both in rows:
            total += rows[both]
    return total


def _of_pairs(model: Classifier, known: list[str]) -> int:
    rows = model.pairs
    begun = _begun(known)
    found = [
        others[other]
        for place, others in enumerate(map(rows.get, begun), 1)
        if others is not None
        for other in begun[place : place + WINDOW]
        if other in others
    ]
    return sum(found)


def _of_parts(model: Classifier, said: list[str]) -> int:
    """Each part counts once a text: what a word has in common with those before is taken off."""
    spelt, rows = model.spelt, model.parts
    seen: set[str] = set()
    total = 0
    for word in said:
        row, parts = spelt.get(word) or _spelt(model, word)
        total += row
        again = seen & parts
        if again:
            total -= sum([rows[part] for part in again])
        seen |= parts
    return total


def _spelt(model: Classifier, word: str) -> tuple[int, frozenset[str]]:
    """The known parts of a word and their sum; kept where training knew it, nobody's own word."""
    parts = frozenset(part for part in parts_of(word) if part in model.parts)
    found = sum([model.parts[part] for part in parts]), parts
    if word in model.words:
        model.spelt[word] = found
    return found


def _neighbours(words: Iterable[str]) -> Iterator[str]:
    before = FIRST
    for word in words:
        yield f"{before} {word}"
        before = word
    yield f"{before} {LAST}"


def _begun(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([word[:BEGINNING] for word in words]))


def _pairs(words: Iterable[str]) -> Iterator[str]:
    begun = _begun(words)
    for place, one in enumerate(begun):
        for other in begun[place + 1 : place + 1 + WINDOW]:
            yield f"{one} {other}" if one < other else f"{other} {one}"


def _confidence(head: Head, ranks: tuple[Rank, ...], known: float) -> float:
    always, by_score, by_lead, by_known = head.sureness
    best, second = ranks[0].score, ranks[1].score
    odds = always + by_score * best + by_lead * (best - second) + by_known * known
    return 1 / (1 + exp(-odds)) if abs(odds) < 30 else float(odds > 0)
