"""What a message points back to: the topic or asset named before, or the wish it corrects."""

from collections.abc import Mapping

from msgspec.structs import replace

from bot.model.message import Intent
from bot.model.person import Person, Seen
from bot.talk.acts import Command

CORRECTION = "correction"  # the intent of "no, I meant ETH"
THAT = "that"  # the hole a word like "it" fills
WRONG = "wrong"  # the hole of what was not meant
LAST = "last"  # which of topic and asset was named last
POINTED = ("topic", "asset")
# Wishes that a correction repeats with another word; none of them spends, closes or deletes.
REPEATED = frozenset(
    {
        *(Command.TEACH, Command.OFFER, Command.QUIZ, Command.MARKET, Command.WATCH),
        *(Command.UNWATCH, Command.SET_LIMITS, Command.SET_ZONE, Command.PICK_PERSONA),
        Command.SET_LANGUAGE,
    }
)
# Slots that are remembered: words of ours, never somebody's own.
REMEMBERED = frozenset(
    ("topic", "asset", "tier", "amount", "number", "period", "persona", "zone", "language", "date")
)


def meant(intent: Intent, person: Person, kinds: Mapping[str, frozenset[str]]) -> Intent:
    """The intent with what it points back to named; `kinds` are the holes of each intent."""
    if THAT in intent.slots:
        intent = _pointed(intent, person, kinds.get(intent.name, frozenset()))
    if intent.name == CORRECTION:
        return _corrected(intent, person.seen, kinds)
    return intent


def noted(seen: Seen, intent: Intent, command: Command, topic: str) -> Seen:
    """What was named and wished, for the next message to point back to."""
    slots = {kind: intent.slots[kind] for kind in intent.slots if kind in REMEMBERED}
    named = "asset" if "asset" in slots else "topic" if topic else ""
    about = seen.about
    if named:
        about = {**about, named: slots.get("asset", topic), LAST: named}
    if command in REPEATED:
        return replace(seen, about=about, last_intent=intent.name, last_slots=slots)
    return replace(seen, about=about) if about is not seen.about else seen


def _pointed(intent: Intent, person: Person, kinds: frozenset[str]) -> Intent:
    """It: the topic or asset last named of those the intent is about; a name said goes first."""
    slots = {kind: value for kind, value in intent.slots.items() if kind != THAT}
    if not slots.keys() & set(POINTED):
        known = dict(person.seen.about)
        known["topic"] = person.state.topic or known.get("topic", "")
        fitting = [kind for kind in POINTED if kind in kinds and known.get(kind)]
        if fitting:
            kind = known[LAST] if known.get(LAST) in fitting else fitting[0]
            slots[kind] = known[kind]
    return replace(intent, slots=slots)


def _corrected(intent: Intent, seen: Seen, kinds: Mapping[str, frozenset[str]]) -> Intent:
    """The wish before with what was meant in the place of what was said."""
    right = {kind: value for kind, value in intent.slots.items() if kind != WRONG}
    takes = seen.last_slots.keys() | kinds.get(seen.last_intent, frozenset())
    if not seen.last_intent or not right or not right.keys() <= takes:
        return replace(intent, slots=right)
    return replace(intent, name=seen.last_intent, slots={**seen.last_slots, **right})
