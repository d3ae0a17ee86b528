"""What a text means: authored phrases, then typos, then the classifier, else what is nearest."""

from collections.abc import Sequence
from typing import Literal

from msgspec.structs import replace

from bot.model.message import Intent
from bot.talk import guess, signs, slots, typos
from bot.talk.acts import ANSWERED, CRISIS, NONE
from bot.talk.alarm import SOUNDS, locale_heard
from bot.talk.feelings import felt, louder
from bot.talk.guess import NO_GUESS, Guess
from bot.talk.parting import parts
from bot.talk.phrases import MOST_WORDS, Found, Meaning, look_up
from bot.talk.slots import normalise
from bot.talk.tongues import Tongue, Understanding

MOST_CHARACTERS = 4_000  # of a message; the rest is not read
MOST_OWN = 200  # characters of an answer in one's own words
ALWAYS_HEARD = frozenset({"are_you_human"})  # P08: also misspelt, also where any words will do
NEAREST = 2  # choices offered when a text is not understood
SIGNED = 0.95  # confidence in an intent whose words stand somewhere in the text
MENDED = 0.9  # confidence in a phrase found after words were put right
MOST_GUESSED = 60  # words; a longer text is a story, not one intent
MOST_ASIDE = 6  # words of what is said beside a question and can wait
LONGEST_KEPT = 40  # characters of a text whose meaning is remembered
INTENTS_KEPT = 1_024  # remembered at most; authored phrases only, nobody's own words


def understand(understanding: Understanding, text: str, locale: str, state: str) -> Intent:
    """The intent of a text said in a state of the dialogue.

    Words of despair lead, before any phrase (P24). Not understood: intent `none`, with the
    nearest examples in `nearest`.
    """
    intent = understanding.known.get((text, locale, state))
    if intent is None:
        intent = _meant(understanding, text, locale, state)
    return louder(intent, text) if "!" in text else intent


def _meant(understanding: Understanding, text: str, locale: str, state: str) -> Intent:
    """The intent by the words alone: what is sure goes before what is guessed."""
    heard = normalise(text[:MOST_CHARACTERS])
    words = heard.split()
    if despair := locale_heard(understanding.alarm, words):
        spoken = locale if despair == SOUNDS else despair
        return Intent(CRISIS, {"language": spoken}, sentiment="negative")
    tongues = _tongues(understanding, locale)
    for tongue in tongues:
        found = _exactly(tongue, heard, words, state)
        if found is not None:
            intent = _intent(tongue, found, words, 1.0)
            _remember(understanding, (text, locale, state), intent)
            return intent
    for other, tongue in _others(understanding, tongues):
        found = _exactly(tongue, heard, words, state)
        if found is not None:
            return _intent(tongue, found, words, 1.0, language=other)
    heard_in = [*(("", one) for one in tongues), *_others(understanding, tongues)]
    for spoken, tongue in heard_in:
        if signed := signs.tags(tongue.signs, words):
            name = min(signed)
            found = Found(Meaning(name), understanding.learnt.manners[name].slots)
            return _intent(tongue, found, words, SIGNED, language=spoken)
    for spoken, tongue in heard_in:
        if pair := _pair(tongue, text, words, state):
            return replace(pair, language=spoken) if spoken else pair
    for spoken, tongue in heard_in if len(words) > 2 else ():
        if aside := _aside(understanding, tongue, words, spoken or locale, state):
            return replace(aside, language=spoken) if spoken else aside
    if state in understanding.free:
        guessed = _guessed(tongues[0], words, state)
        if guessed is not None and guessed[0].meaning.intent in ALWAYS_HEARD:
            return _intent(tongues[0], guessed[0], words, guessed[1])
        own = _own_words(tongues[0], understanding.free[state], text, words)
        if own is not None:
            return own
    return _likely(understanding, tongues, locale, words, state)


def _likely(
    understanding: Understanding,
    tongues: tuple[Tongue, ...],
    locale: str,
    words: Sequence[str],
    state: str,
) -> Intent:
    """What is no phrase: one with typos, in any language, else the classifier's guess."""
    for tongue in tongues:
        guessed = _guessed(tongue, words, state)
        if guessed is not None:
            return _intent(tongue, guessed[0], words, guessed[1])
    spoken = _spoken(understanding, tongues, words)
    if spoken:
        locale, tongues = spoken, (understanding.tongues[spoken], *tongues)
        guessed = _guessed(tongues[0], words, state)
        if guessed is not None:
            return _intent(tongues[0], guessed[0], words, guessed[1], language=spoken)
    likely = _learnt(understanding, locale, words, state)
    if likely.name != NONE:
        found = Found(Meaning(likely.name), likely.slots)
        return _intent(tongues[0], found, words, likely.confidence, "classifier", spoken)
    named = guess.topic_named(_spots(understanding, locale), words)
    return replace(_not_understood(tongues, words, likely.near, named), language=spoken)


def _others(understanding: Understanding, tongues: tuple[Tongue, ...]) -> list[tuple[str, Tongue]]:
    """The languages that are not listened to first."""
    return [one for one in understanding.tongues.items() if one[1] not in tongues]


def _spoken(
    understanding: Understanding, tongues: tuple[Tongue, ...], words: Sequence[str]
) -> str:
    """The other language that most of the words are from; nothing where that is not plain."""
    said = frozenset(word for word in words if not word.isdigit())
    here = max(len(said & tongue.everywhere.known) for tongue in tongues)
    for locale, tongue in _others(understanding, tongues):
        there = len(said & tongue.everywhere.known)
        if there > here and 2 * there >= len(said):
            return locale
    return ""


def _pair(tongue: Tongue, text: str, words: Sequence[str], state: str) -> Intent | None:
    """Two questions in one message: each a phrase as it was authored, neither of them strict."""
    if not 1 < len(words) <= MOST_WORDS:
        return None
    for one, two in parts(text, words, tongue.joints):
        first = _exactly(tongue, " ".join(one), one, state)
        second = _exactly(tongue, " ".join(two), two, state) if first is not None else None
        if first is None or second is None:
            continue
        if not first.meaning.is_strict and not second.meaning.is_strict:
            also = _intent(tongue, second, two, 1.0)
            return replace(_intent(tongue, first, words, 1.0), also=also)
    return None


def _aside(
    understanding: Understanding, tongue: Tongue, words: Sequence[str], locale: str, state: str
) -> Intent | None:
    """Something that can wait ("I am new here") before or after a question of any wording."""
    for size in range(2, min(MOST_ASIDE, len(words) - 1) + 1):
        for aside, rest in ((words[:size], words[size:]), (words[-size:], words[:-size])):
            found = _exactly(tongue, " ".join(aside), aside, state)
            if found is None or found.meaning.intent not in understanding.asides:
                continue
            other = _exactly(tongue, " ".join(rest), rest, state)
            meant = _meant(understanding, " ".join(rest), locale, state)
            if meant.name != NONE and not (other is not None and other.meaning.is_strict):
                return replace(meant, also=_intent(tongue, found, aside, 1.0))
    return None


def _learnt(understanding: Understanding, locale: str, words: Sequence[str], state: str) -> Guess:
    """What the classifier makes of the words; nothing without one, or of a long text."""
    learnt = understanding.learnt
    if learnt.model is None or not words or len(words) > MOST_GUESSED:
        return NO_GUESS
    spots = _spots(understanding, locale)
    return guess.guessed(learnt.model, learnt.manners, spots, words, state)


def _spots(understanding: Understanding, locale: str) -> guess.Spots:
    spots = understanding.learnt.spots
    return spots.get(locale) or spots[understanding.default]


def _own_words(tongue: Tongue, slot: str, text: str, words: Sequence[str]) -> Intent | None:
    """The answer to a question that takes any words; a question in return is none."""
    said = " ".join(text.split())
    if not words or "?" in said or len(said) > MOST_OWN or not said.isprintable():
        return None
    value: str | None = said
    if slot == "name":
        is_whole = len(words) == 2 and said.istitle() and words[0] not in tongue.everywhere.whole
        bare = words if is_whole else _bare(tongue, words)  # Sam Miller: Sam is no filler there
        is_written = len(bare) == len(words) and said != said.casefold()
        found = slots.name_of(bare)
        value = said.strip(" .,!") if found and is_written else found
    if value is None:
        return None
    sentiment, urgency = felt(tongue.mood, words)
    return Intent(ANSWERED, {slot: value}, sentiment=sentiment, urgency=urgency)


def _remember(understanding: Understanding, key: tuple[str, str, str], intent: Intent) -> None:
    if len(key[0]) > LONGEST_KEPT or "name" in intent.slots:
        return
    if len(understanding.known) >= INTENTS_KEPT:
        understanding.known.clear()
    understanding.known[key] = intent


def _tongues(understanding: Understanding, locale: str) -> tuple[Tongue, ...]:
    own = understanding.tongues.get(locale)
    default = understanding.tongues[understanding.default]
    return (default,) if own is None or own is default else (own, default)


def _exactly(tongue: Tongue, heard: str, words: Sequence[str], state: str) -> Found | None:
    """A phrase as it was authored, with or without fillers like please around it."""
    found = _listened(tongue, heard, words, state)
    if found is not None or not words or len(words) > MOST_WORDS:
        return found
    bare = _bare(tongue, words)
    marked = [tongue.marked.get(word, word) for word in bare] if tongue.marked else bare
    for tried in (bare, marked):
        if tried != words:
            found = _listened(tongue, " ".join(tried), tried, state)
            if found is not None:
                return found
    return None


def _listened(tongue: Tongue, heard: str, words: Sequence[str], state: str) -> Found | None:
    """A phrase of this state, of the form it is a field of, or heard everywhere."""
    for place in (state, state.partition(".")[0]) if "." in state else (state,):
        own = tongue.by_state.get(place)
        found = look_up(own, heard, words) if own is not None else None
        if found is not None:
            return found
    return look_up(tongue.everywhere, heard, words)


def _bare(tongue: Tongue, words: Sequence[str]) -> Sequence[str]:
    """The words without the fillers at both ends; never nothing."""
    start, end = 0, len(words)
    while start < end - 1 and words[start] in tongue.fillers:
        start += 1
    while end > start + 1 and words[end - 1] in tongue.fillers:
        end -= 1
    return words[start:end]


def _guessed(tongue: Tongue, words: Sequence[str], state: str) -> tuple[Found, float] | None:
    """A phrase behind a typo; phrases that spend or end something are never guessed."""
    if not words or len(words) > MOST_WORDS or sum(map(len, words)) > typos.LONGEST:
        return None
    bare = _bare(tongue, words)
    mended = typos.mended(tongue.spelling, bare)
    if mended is not None:
        found = _exactly(tongue, " ".join(mended), mended, state)
        if found is not None and typos.may_guess(tongue.spelling, bare, found.meaning):
            return found, MENDED
    near = typos.nearest_phrase(tongue.spelling, _bare(tongue, mended or bare))
    if near is None:
        return None
    meaning, filled, likeness = near
    return Found(meaning, filled), likeness


def _intent(
    tongue: Tongue,
    found: Found,
    words: Sequence[str],
    confidence: float,
    source: Literal["pattern", "classifier"] = "pattern",
    language: str = "",
) -> Intent:
    meaning = found.meaning
    sentiment, urgency = felt(tongue.mood, words)
    return Intent(
        name=meaning.intent,
        slots=found.slots,
        confidence=confidence,
        source=source,
        sentiment=sentiment,
        urgency=urgency,
        language=language,
    )


def _not_understood(
    tongues: tuple[Tongue, ...], words: Sequence[str], likely: tuple[str, ...], named: str
) -> Intent:
    """No intent, with what may have been meant: the topic that was named, then what is near."""
    tongue = tongues[0]
    sentiment, urgency = felt(tongue.mood, words)
    near = [name for name in likely if tongue.examples.get(name)][:NEAREST]
    if not near and words and len(words) <= MOST_WORDS and sum(map(len, words)) <= typos.LONGEST:
        near = typos.near_intents(tongue.spelling, words, NEAREST)
    examples = tuple(tongue.examples[name] for name in near if tongue.examples.get(name))
    examples = (named, *examples)[:NEAREST] if named else examples
    return Intent(
        name=NONE,
        confidence=0.0,
        source="none",
        sentiment=sentiment,
        urgency=urgency,
        nearest=examples,
    )
