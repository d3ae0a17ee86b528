"""How a message sounds: feelings and urgency, weighed from word lists with denials."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.authored import Node, Report
from bot.model.message import Intent
from bot.talk.slots import normalise

Sentiment = Literal["negative", "neutral", "positive"]

REACH = 3  # words a denial reaches over: "not a very good idea", "ei ole kovin hyvä"
FEELING = 2  # what a word with a feeling weighs; denied half of it, the other way round
BOOST = 2  # times as much after "very"
MOST_URGENT = 10
LISTS = ("positive", "negative", "denials", "boosts", "turns")


class Mood(Struct, frozen=True):
    """One locale's words: feelings by weight, urgent ones by degree, what denies, what boosts.

    `openings` are the first words of forms of several words.
    """

    feelings: dict[str, int]
    urgent: dict[str, int]
    denials: frozenset[str]
    boosts: frozenset[str]
    turns: frozenset[str]
    openings: frozenset[str]
    telling: frozenset[str]


SILENT = Mood({}, {}, *[frozenset[str]()] * 5)  # of a locale without a file: no feeling is heard


def parse_moods(files: Mapping[str, Node], report: Report) -> dict[str, Mood]:
    """The words of every content/<locale>/feelings.yaml, by locale."""
    return {
        file.split("/")[1]: _mood(root, report)
        for file, root in sorted(files.items())
        if file.startswith("content/") and file.endswith("/feelings.yaml")
    }


def _mood(root: Node, report: Report) -> Mood:
    """Of a word listed twice the worse feeling and the higher degree count."""
    pairs = report.fields(root, ["feelings", "urgent"], code="U021")
    lists: dict[str, tuple[str, ...]] = dict.fromkeys(LISTS, ())
    if "feelings" in pairs:
        given = report.fields(pairs["feelings"], LISTS, code="U021")
        lists |= {name: report.texts(node, "U021") for name, node in given.items()}
    felt = {normalise(one): FEELING for one in lists["positive"]}
    felt |= {normalise(one): -FEELING for one in lists["negative"]}
    pressing: dict[str, int] = {}
    for degree, node in report.mapping(pairs.get("urgent"), "U021").items():
        if not degree.isdigit() or not 1 <= int(degree) <= MOST_URGENT:
            report.error(node, "U021", f"'{degree}' is no degree of urgency (1 to {MOST_URGENT})")
            continue
        for one in report.texts(node, "U021"):
            pressing[normalise(one)] = max(int(degree), pressing.get(normalise(one), 0))
    forms = [*felt, *pressing]
    return Mood(
        feelings=felt,
        urgent=pressing,
        denials=frozenset(map(normalise, lists["denials"])),
        boosts=frozenset(map(normalise, lists["boosts"])),
        turns=frozenset(map(normalise, lists["turns"])),
        openings=frozenset(form.split()[0] for form in forms if " " in form),
        telling=frozenset(form.split()[0] for form in forms if form),
    )


def felt(mood: Mood, words: Sequence[str]) -> tuple[Sentiment, int]:
    """The sentiment and the urgency (0-10) of a text; exclamation marks are `louder`'s."""
    telling = mood.telling
    if telling.isdisjoint(words):
        return "neutral", 0
    total = worst = pressing = told = 0
    for place, word in enumerate(words):
        if word not in telling or place < told:
            continue
        form = word if word not in mood.openings else _longest(mood, words, place)
        weight, degree = mood.feelings.get(form, 0), mood.urgent.get(form, 0)
        if not weight and not degree:
            continue
        before = words[max(told, place - REACH) : place]
        is_denied = _denials(mood, before) % 2 == 1
        told = place + form.count(" ") + 1
        if weight:
            weight = _weighed(mood, words[:place], before, weight, is_denied)
            total += weight
            worst = min(worst, weight)
        if degree and not is_denied:
            pressing = max(pressing, degree) + (1 if pressing else 0)
    return _sentiment(total, worst), min(MOST_URGENT, pressing)


def louder(intent: Intent, text: str) -> Intent:
    """The intent of a text with exclamation marks: two or more press, one presses what does."""
    marks = text.count("!")
    if marks < 2 and not (marks and intent.urgency):
        return intent
    return replace(intent, urgency=min(MOST_URGENT, intent.urgency + min(marks, 3)))


def _sentiment(total: int, worst: int) -> Sentiment:
    """Where good and bad weigh the same, the bad counts."""
    if total > 0:
        return "positive"
    return "negative" if total < 0 or worst < 0 else "neutral"


def _longest(mood: Mood, words: Sequence[str], place: int) -> str:
    """The form of two or three words that begins here, else the word alone."""
    for size in (3, 2):
        form = " ".join(words[place : place + size])
        if form in mood.feelings or form in mood.urgent:
            return form
    return words[place]


def _weighed(
    mood: Mood, said: Sequence[str], before: Sequence[str], weight: int, is_denied: bool
) -> int:
    """What a feeling weighs after the words before it."""
    if not mood.boosts.isdisjoint(before[-2:]):
        weight *= BOOST
    if is_denied:
        weight = -weight // 2 if weight < 0 else -weight  # "not bad" is faint praise
    if not mood.turns.isdisjoint(said):
        weight *= 2  # what comes after "but" is what is meant
    return weight


def _denials(mood: Mood, before: Sequence[str]) -> int:
    """How many denials stand in the words before, after the last turn."""
    count = 0
    for word in reversed(before):
        if word in mood.turns:
            break
        count += word in mood.denials
    return count
