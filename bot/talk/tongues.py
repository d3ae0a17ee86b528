"""Everything that is heard, compiled by language: phrases, words for holes, moods, signs."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.authored import Node, Report
from bot.model.message import Intent
from bot.people.locales import DEFAULT
from bot.talk import signs, slots, typos
from bot.talk.alarm import Alarm, parse_alarm
from bot.talk.corpus import Learnt, learnt
from bot.talk.dates import dates
from bot.talk.feelings import SILENT, Mood, parse_moods
from bot.talk.intents import IntentFile, parse_intents, with_examples
from bot.talk.phrases import Meaning, Phrasebook, book
from bot.talk.signs import Signs
from bot.talk.slots import Numbers, Slot, normalise
from bot.talk.typos import Spelling

Spoken = Mapping[str, Mapping[str, tuple[str, ...]]]  # topic or reward -> each -> its names


class Tongue(Struct, frozen=True):
    """One locale: what is heard everywhere, what only in a state, and how it sounds.

    `marked` are words with marks over their letters by what is typed without (hyvaa: hyvää).
    """

    everywhere: Phrasebook
    by_state: dict[str, Phrasebook]
    spelling: Spelling
    fillers: frozenset[str]
    mood: Mood
    signs: Signs
    joints: frozenset[str]
    examples: dict[str, str]
    marked: dict[str, str] = {}


class Understanding(Struct, frozen=True):
    """Every locale's phrases, compiled; the default one is heard in every locale.

    `known` remembers the meaning of short texts that are a phrase, by text, locale and state.
    `free` are the states that take a person's own words, with the slot they fill. `kinds` are
    the holes of each intent's phrases. `asides` are intents that wait for what is said beside.
    """

    tongues: dict[str, Tongue]
    default: str
    known: dict[tuple[str, str, str], Intent]
    alarm: Alarm
    free: dict[str, str] = {}
    learnt: Learnt = Learnt()
    kinds: dict[str, frozenset[str]] = {}
    asides: frozenset[str] = frozenset()

    @property
    def intents(self) -> frozenset[str]:
        """Every intent with a phrase."""
        return frozenset(intent for tongue in self.tongues.values() for intent in tongue.examples)

    def example(self, intent: str, locale: str) -> str:
        """What people may say for an intent, in their language if it has one; else empty."""
        tongue = self.tongues.get(locale, self.tongues[self.default])
        return tongue.examples.get(intent, "")

    @property
    def states(self) -> frozenset[str]:
        """Every state of the dialogue that a phrase is bound to."""
        return frozenset(state for tongue in self.tongues.values() for state in tongue.by_state)


def build(
    files: Mapping[str, Node], spoken: Mapping[str, Spoken], report: Report
) -> Understanding:
    """The phrases of every content/<locale>/intents.yaml among the files.

    `spoken` says, by locale, how people call each topic and reward.
    """
    read = {
        file.split("/")[1]: parse_intents(root, report)
        for file, root in sorted(files.items())
        if file.startswith("content/") and file.endswith("/intents.yaml")
    }
    default = read.get(DEFAULT)
    if default is None:
        place = Node(f"content/{DEFAULT}/intents.yaml", 1, 1, "")
        report.error(place, "U001", "this file is missing: nothing would be understood")
        default = IntentFile()
    read = {
        locale: with_examples(one, files.get(f"content/{locale}/examples.yaml"), report)
        for locale, one in {DEFAULT: default, **read}.items()
    }
    filled = {
        locale: _slots(one, default, [spoken.get(DEFAULT, {}), spoken.get(locale, {})])
        for locale, one in read.items()
    }
    moods = parse_moods(files, report)
    usual = moods.get(DEFAULT, SILENT)
    tongues = {
        locale: _tongue(one, filled[locale], moods.get(locale, usual))
        for locale, one in read.items()
    }
    taught = learnt(read, filled)
    kinds = {name: manner.kinds for name, manner in taught.manners.items()}
    alarm = parse_alarm(files, report)
    return Understanding(tongues, DEFAULT, {}, alarm, learnt=taught, kinds=kinds)


def _slots(file: IntentFile, default: IntentFile, spoken: Sequence[Spoken]) -> dict[str, Slot]:
    """What fills holes in one locale: its own words beside those of the default."""

    def forms(kind: str) -> dict[str, tuple[str, ...]]:
        own, first = file.words.get(kind, {}), default.words.get(kind, {})
        return {value: (*first.get(value, ()), *own.get(value, ())) for value in {**first, **own}}

    spelt = {normalise(form): value for value, said in forms("number").items() for form in said}
    multiples = {
        normalise(form): int(value) for value, said in forms("multiple").items() for form in said
    }
    numbers = Numbers(spelt, multiples)
    named = {kind: slots.listed(forms(kind)) for kind in slots.LISTED}
    called, rewards = (
        slots.listed({id: forms for one in spoken for id, forms in one.get(kind, {}).items()})
        for kind in ("topic", "reward")
    )
    return {
        "topic": called,
        "reward": rewards,
        **named,
        "wrong": slots.any_of([called, *(named[kind] for kind in slots.MISTAKEN)]),
        "amount": numbers,
        "number": numbers,
        "duration": slots.durations(numbers, forms("unit")),
        "zone": slots.places(slots.zones(), forms("country")),
        "name": slots.Names(),
        **{kind: slots.Years(numbers, *bounds) for kind, bounds in slots.AGES.items()},
        "date": dates(forms("date"), forms("unit"), numbers),
    }


def _tongue(file: IntentFile, filled: dict[str, Slot], mood: Mood) -> Tongue:
    everywhere: list[tuple[str, Meaning]] = []
    by_state: dict[str, list[tuple[str, Meaning]]] = {}
    for intent in file.intents:
        meaning = Meaning(intent.name, intent.slots, intent.is_strict)
        everywhere += [(phrase, meaning) for phrase in intent.phrases]
        for state, phrases in intent.in_states.items():
            by_state.setdefault(state, []).extend((phrase, meaning) for phrase in phrases)
    phrasebook = book(everywhere, filled)
    return Tongue(
        everywhere=phrasebook,
        by_state={state: book(phrases, filled) for state, phrases in by_state.items()},
        spelling=typos.spelling(phrasebook, filled, file.negations),
        fillers=frozenset(word for text in file.fillers for word in normalise(text).split()),
        mood=mood,
        joints=frozenset(map(normalise, file.joints)),
        signs=signs.compiled([(s, intent.name) for intent in file.intents for s in intent.signs]),
        examples={intent.name: intent.example for intent in file.intents},
        marked=slots.marked((*phrasebook.known, *_forms(filled))),
    )


def _forms(filled: Mapping[str, Slot]) -> list[str]:
    """Every word that fills a hole and was listed."""
    listed = [slot.values for slot in filled.values() if isinstance(slot, slots.Words)]
    return [word for values in listed for form in values for word in form.split()]
