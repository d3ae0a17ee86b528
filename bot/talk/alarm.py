"""Whether somebody may not want to go on: the words of crisis.yaml, in every language."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.authored import Node, Report
from bot.content.crisis import FILE, HEARD
from bot.talk import despair, signs
from bot.talk.despair import BEGINNING, NOTHING, Weights, parse_weights
from bot.talk.signs import COVERED, Sign, Signs
from bot.talk.slots import normalise

SOUNDS = "*"  # in no locale of its own


class Alarm(Struct, frozen=True):
    """Every locale's words as one; the harmless ones are looked for only where others were.

    `tongues` are the beginnings of the words of each locale's patterns.
    """

    signs: Signs
    harmless: Signs
    weights: Weights = NOTHING
    tongues: dict[str, frozenset[str]] = {}


def parse_alarm(files: Mapping[str, Node], report: Report) -> Alarm:
    """The words of every content/<locale>/crisis.yaml; tags are `sign@locale` and the like."""
    heard: list[tuple[str, str]] = []
    harmless: list[tuple[str, str]] = []
    for file, root in sorted(files.items()):
        if not (file.startswith("content/") and file.endswith(f"/{FILE}")):
            continue
        pairs = report.mapping(report.mapping(root).get("crisis"))
        for kind in HEARD:
            found = signs.patterns(pairs.get(kind), report, "U020")
            rows = harmless if kind == "harmless" else heard
            rows += [(pattern, f"{kind}@{file.split('/')[1]}") for pattern in found]
    weights = parse_weights(files, report)
    spoken: dict[str, list[tuple[str, str]]] = {}
    for pattern, tag in heard:
        spoken.setdefault(tag.partition("@")[2], []).append((pattern, tag))
    tongues = {
        locale: frozenset(normalise(word)[:BEGINNING] for word in signs.words_of(own))
        for locale, own in spoken.items()
    }
    return Alarm(signs.compiled(heard), signs.compiled(harmless), weights, tongues)


def locale_heard(alarm: Alarm, words: Sequence[str]) -> str:
    """The locale whose words of despair stand in a text, or nothing; a few microseconds.

    A text that has none of them may sound like despair all the same; SOUNDS of one that is in no
    language the patterns have words of.
    """
    tags = signs.tags(alarm.signs, words)
    if not tags or not _is_alarm(tags):
        if not despair.sounds(alarm.weights, words) or signs.spans(alarm.harmless, words):
            return ""
        return _closest(alarm, words)
    covering = signs.spans(alarm.harmless, words)
    if covering:
        losses = frozenset(tag for tag in tags if tag.startswith("loss@"))
        tags = losses | signs.tags(alarm.signs, _covered(words, covering))
    return _is_alarm(tags)


def _closest(alarm: Alarm, words: Sequence[str]) -> str:
    """The locale whose patterns have most of the words."""
    begun = {word[:BEGINNING] for word in words}
    shared = {locale: len(begun & own) for locale, own in alarm.tongues.items()}
    best = max(shared, key=shared.__getitem__, default=SOUNDS)
    return best if shared.get(best) else SOUNDS


def _is_alarm(tags: frozenset[str]) -> str:
    """One sign is enough, or a loss and despair in one text; the locale they were heard in."""
    by_kind = {kind: locale for kind, _, locale in (tag.partition("@") for tag in sorted(tags))}
    if "signs" in by_kind:
        return by_kind["signs"]
    return by_kind["despair"] if "loss" in by_kind and "despair" in by_kind else ""


def _covered(words: Sequence[str], covering: Sequence[Sign]) -> list[str]:
    hidden = {place for one in covering for place in range(one.start, one.end)}
    return [COVERED if place in hidden else word for place, word in enumerate(words)]
