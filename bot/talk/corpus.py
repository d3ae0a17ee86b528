"""What the classifier is taught: every authored phrase and example, its holes as placeholders."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.talk.acts import NONE
from bot.talk.classify import Classifier
from bot.talk.guess import NUMBER, Manner, Spots, negated, outlined, spots_of
from bot.talk.intents import IntentFile, IntentText
from bot.talk.phrases import split
from bot.talk.slots import Slot, normalise

# What is said in a hole whose filling is not learnt as the hole itself.
_SAID: Mapping[str, tuple[str, ...]] = {
    "{amount}": (NUMBER,),
    "{number}": (NUMBER,),
    "{duration}": (f"{NUMBER} hours", f"{NUMBER} days", "a week"),
    "{period}": ("day", "week", "month"),
    "{date}": ("tomorrow", "monday"),
    "{that}": ("it", "that"),
    "{wrong}": ("{topic}", "{asset}"),
}


class Learnt(Struct, frozen=True):
    """How intents may be guessed, what can be named in each locale, and the model, if any.

    `sentences` are what a model of these files is taught, as (intent, words).
    """

    manners: dict[str, Manner] = {}
    spots: dict[str, Spots] = {}
    sentences: tuple[tuple[str, str], ...] = ()
    model: Classifier | None = None


def learnt(files: Mapping[str, IntentFile], slots: Mapping[str, Mapping[str, Slot]]) -> Learnt:
    """Everything but the model, from the intents of every locale."""
    spots = {locale: spots_of(slots[locale], file.negations) for locale, file in files.items()}
    said: dict[str, dict[str, None]] = {NONE: {}}
    for locale, file in files.items():
        for intent in file.intents:
            said.setdefault(intent.name, {})
            if not intent.signs:  # what signs tell is not guessed, nor offered as a choice
                said[intent.name].update(_spoken(intent, spots[locale]))
        words = (outlined(spots[locale], normalise(text).split(), {}) for text in file.outside)
        said[NONE].update((" ".join(one), None) for one in words)
    sentences = tuple((name, text) for name, texts in said.items() for text in texts)
    return Learnt(_manners(files, spots, said), spots, sentences)


def _spoken(intent: IntentText, spots: Spots) -> Iterator[tuple[str, None]]:
    """Each phrase and example as classify is shown it, once for every way to fill its holes."""
    for phrase in (*intent.phrases, *intent.examples):
        texts = [" ".join(outlined(spots, split(phrase), {}))]
        for hole, said in _SAID.items():
            if hole in texts[0]:
                texts = [text.replace(hole, one) for text in texts for one in said]
        yield from ((text, None) for text in texts)


def _manners(
    files: Mapping[str, IntentFile], spots: Mapping[str, Spots], said: Mapping[str, Iterable[str]]
) -> dict[str, Manner]:
    """How each intent may be guessed, from all locales together."""
    by_name: dict[str, list[IntentText]] = {}
    for file in files.values():
        for intent in file.intents:
            by_name.setdefault(intent.name, []).append(intent)
    negations = frozenset().union(*(spot.negations for spot in spots.values()))
    return {name: _manner(texts, negations, said[name]) for name, texts in by_name.items()}


def _manner(texts: list[IntentText], negations: frozenset[str], said: Iterable[str]) -> Manner:
    phrases = [split(phrase) for text in texts for phrase in text.phrases]
    holes = [frozenset(part[1:-1] for part in parts if part.startswith("{")) for parts in phrases]
    states = frozenset(state for text in texts for state in text.in_states)
    return Manner(
        kinds=frozenset().union(*holes),
        needs=frozenset(holes) if holes else frozenset((frozenset(),)),
        slots=texts[0].slots,
        is_strict=any(text.is_strict for text in texts),
        states=frozenset() if phrases else states,
        denials=frozenset().union(*(negated(text.split(), negations) for text in said)),
    )
