"""What the classifier makes of a text no phrase fits: an intent and its slots, or what is near."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bot.talk.acts import NONE
from bot.talk.classify import Classifier, Rank, Ranking, classify
from bot.talk.slots import Slot, Words

# Kinds named in a text that are learnt as their hole; of two named alike the first counts.
SPOTTED = ("topic", "asset", "tier", "persona", "zone", "language", "being", "reward")
LEAST_NEAR = -0.65  # score of what may have been meant
NUMBER = "{number}"  # any number in digits is learnt as this
_COUNTED = frozenset(("amount", "number", "duration"))
_UNSPOTTABLE = frozenset(("name", "that", "wrong"))  # filled by any word: not looked for
_SPOILING = frozenset(("minus", "point"))  # normalise writes -5 and 2.5 with these words


class Manner(Struct, frozen=True):
    """How one intent may be guessed.

    `needs` are the holes of its phrases, a set each; `states` where alone it counts (empty:
    anywhere); `denials` the words its own sentences have after a negation.
    """

    kinds: frozenset[str] = frozenset()
    needs: frozenset[frozenset[str]] = frozenset()
    slots: dict[str, str] = {}
    is_strict: bool = False
    states: frozenset[str] = frozenset()
    denials: frozenset[tuple[str, str]] = frozenset()


class Spot(Struct, frozen=True):
    """One way to name something: its words, the kind of slot, and the value."""

    words: tuple[str, ...]
    kind: str
    value: str


class Spots(Struct, frozen=True):
    """Everything nameable of one locale by its first word, the longest name first."""

    by_word: dict[str, tuple[Spot, ...]]
    slots: dict[str, Slot]
    negations: frozenset[str]


class Guess(Struct, frozen=True):
    """An intent, or none with the intents that come nearest, the best first."""

    name: str
    slots: dict[str, str]
    confidence: float
    near: tuple[str, ...]


NO_GUESS = Guess(NONE, {}, 0.0, ())


def guessed(
    model: Classifier,
    manners: Mapping[str, Manner],
    spots: Spots,
    words: Sequence[str],
    state: str,
) -> Guess:
    """What the likeliest intent makes of the words, where it may be guessed at all.

    Not when it is strict, lacks a slot that each of its phrases has, or when the text says no
    in a way that none of its sentences does: then it is only near.
    """
    named: dict[str, str] = {}
    outline = outlined(spots, words, named)
    ranking = classify(model, outline)
    ranks = [rank for rank in ranking.ranks if _counts_in(manners, rank, state)]
    near = tuple(rank.intent for rank in ranks if _may_be_asked_back(manners, rank))
    if not ranks or not _is_sure(model, ranking, ranks[0]):
        return Guess(NONE, {}, 0.0, near)
    name = ranks[0].intent
    near = tuple(dict.fromkeys((name, *near)))
    manner = manners[name]
    found = _filled(manner, spots, words, named)
    if manner.is_strict or found is None or _denies(manner, spots, outline):
        return Guess(NONE, {}, 0.0, near)
    return Guess(name, {**manner.slots, **found}, round(ranking.confidence, 3), near)


def topic_named(spots: Spots, words: Sequence[str]) -> str:
    """The topic a text names, as it names it: what it may have been about; else empty."""
    for place, word in enumerate(words):
        for spot in spots.by_word.get(word, ()):
            form = spot.words
            if spot.kind == "topic" and tuple(words[place : place + len(form)]) == form:
                return " ".join(form).capitalize()
    return ""


def outlined(spots: Spots, words: Sequence[str], named: dict[str, str]) -> list[str]:
    """The words with what has a name written as its hole, and every number as one.

    What was named first of each kind is put into `named`.
    """
    by_word = spots.by_word
    parts: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        for spot in by_word.get(word, ()):
            size = len(spot.words)
            if size == 1 or tuple(words[place : place + size]) == spot.words:
                named.setdefault(spot.kind, spot.value)
                parts.append(f"{{{spot.kind}}}")
                place += size
                break
        else:
            parts.append(NUMBER if word.isdigit() else word)
            place += 1
    return parts


def spots_of(slots: Mapping[str, Slot], negations: Iterable[str]) -> Spots:
    """What can be named in one locale; of two kinds named alike the first counts."""
    found: dict[str, dict[tuple[str, ...], Spot]] = {}
    for kind in SPOTTED:
        slot = slots.get(kind)
        for form, value in slot.values.items() if isinstance(slot, Words) else ():
            words = tuple(form.split())
            found.setdefault(words[0], {}).setdefault(words, Spot(words, kind, value))
    by_word = {
        word: tuple(sorted(forms.values(), key=lambda spot: -len(spot.words)))
        for word, forms in found.items()
    }
    return Spots(by_word, dict(slots), frozenset(negations))


def _counts_in(manners: Mapping[str, Manner], rank: Rank, state: str) -> bool:
    """An intent that has gone with a reload, or belongs to another state, does not count."""
    if rank.intent == NONE:
        return True
    manner = manners.get(rank.intent)
    if manner is None or not manner.states:
        return manner is not None
    return state in manner.states or state.partition(".")[0] in manner.states


def _may_be_asked_back(manners: Mapping[str, Manner], rank: Rank) -> bool:
    """What is far off is no choice; what spends, closes or deletes only where it was clear."""
    if rank.score < LEAST_NEAR:
        return False
    return rank.intent != NONE and not manners[rank.intent].is_strict


def _is_sure(model: Classifier, ranking: Ranking, best: Rank) -> bool:
    is_first = best is ranking.ranks[0]
    return is_first and best.intent != NONE and ranking.confidence >= model.head.least


def _filled(
    manner: Manner, spots: Spots, words: Sequence[str], named: Mapping[str, str]
) -> dict[str, str] | None:
    """What fills the holes of the intent's phrases, or None when every phrase lacks something."""
    if manner.kinds & _COUNTED and not _SPOILING.isdisjoint(words):
        return None
    found = {}
    for kind in manner.kinds:
        if kind in SPOTTED:
            value = named.get(kind)
        else:
            value = None if kind in _UNSPOTTABLE else _first(spots.slots[kind], words)
        if value is not None:
            found[kind] = value
    return found if any(need <= found.keys() for need in manner.needs) else None


def _first(slot: Slot, words: Sequence[str]) -> str | None:
    """The first thing said that fills a hole, in as many words as it takes."""
    for place in range(len(words)):
        for size in range(min(slot.longest, len(words) - place), 0, -1):
            value = slot.at(words, place, size)
            if value is not None:
                return value
    return None


def _denies(manner: Manner, spots: Spots, words: Sequence[str]) -> bool:
    """A no that belongs to the intent, as in "I don't understand", denies nothing."""
    if spots.negations.isdisjoint(words):
        return False
    said = negated(words, spots.negations)
    return not said <= manner.denials


def negated(words: Sequence[str], negations: frozenset[str]) -> frozenset[tuple[str, str]]:
    """Every negation with the word after it."""
    after = (*words[1:], "")
    return frozenset(pair for pair in zip(words, after, strict=True) if pair[0] in negations)
