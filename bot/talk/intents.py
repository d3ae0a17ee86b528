"""Content/<locale>/intents.yaml as read: phrases, words for slots, and every mistake in them."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from bot.authored import Node, Report, did_you_mean
from bot.people.countries import called
from bot.talk import signs
from bot.talk.acts import CRISIS, WORDLESS
from bot.talk.dates import NAMED
from bot.talk.phrases import mistakes, split
from bot.talk.slots import HOURS, KINDS, LISTED
from bot.talk.story import RESULT_NAMES, SLOTS

PERIODS = ("day", "week", "month")
MULTIPLES = ("1000", "1000000")
TIERS = ("free", "basic", "premium", "exclusive")

Forms = dict[str, tuple[str, ...]]


class IntentText(Struct, frozen=True):
    """One intent in one locale; `in_states` are phrases heard only there.

    A strict one is heard word for word only, never guessed. `examples` teach the classifier.
    One without an `example` is never offered as a choice. `signs` are patterns that mean it
    wherever they stand in a text that is no phrase.
    """

    name: str
    phrases: tuple[str, ...]
    in_states: dict[str, tuple[str, ...]] = {}
    slots: dict[str, str] = {}
    is_strict: bool = False
    example: str = ""
    examples: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


class IntentFile(Struct, frozen=True):
    """One locale: its intents, the spoken forms of what fills holes, and fillers."""

    intents: tuple[IntentText, ...] = ()
    words: dict[str, Forms] = {}
    fillers: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


def parse_intents(root: Node, report: Report) -> IntentFile:
    """The file as read; what is wrong in it is reported and left out."""
    keys = ["intents", "words", "fillers", "negations", "joints", "outside"]
    pairs = report.fields(root, keys, ["intents"], "U001")
    intents = [
        _intent(name, node, report)
        for name, node in report.mapping(pairs.get("intents"), "U001").items()
        if _is_free(name, node, report)
    ]
    _are_apart(pairs.get("intents"), intents, report)
    return IntentFile(
        intents=tuple(intents),
        words=_words(pairs.get("words"), report),
        fillers=report.texts(pairs.get("fillers"), "U001"),
        negations=report.texts(pairs.get("negations"), "U001"),
        joints=report.texts(pairs.get("joints"), "U001"),
        outside=report.texts(pairs.get("outside"), "U001"),
    )


def with_examples(file: IntentFile, root: Node | None, report: Report) -> IntentFile:
    """The same with the sentences of content/<locale>/examples.yaml, if there is one."""
    if root is None:
        return file
    pairs = report.fields(root, ["examples", "outside"], code="U001")
    taken = {
        " ".join(split(phrase)): intent.name
        for intent in file.intents
        for phrase in (*intent.phrases, *intent.examples)
    }
    names = [intent.name for intent in file.intents]
    found: dict[str, tuple[str, ...]] = {}
    for name, node in report.mapping(pairs.get("examples"), "U001").items():
        if name not in names:
            report.error(node, "U006", f"'{name}' is not an intent", did_you_mean(name, names))
        found[name] = _phrases(node, report)
        _mean_one_thing(name, node, taken, report)
    intents = [replace(i, examples=i.examples + found.get(i.name, ())) for i in file.intents]
    outside = file.outside + report.texts(pairs.get("outside"), "U001")
    return replace(file, intents=tuple(intents), outside=outside)


def _mean_one_thing(name: str, node: Node, taken: dict[str, str], report: Report) -> None:
    """An example teaches one intent, and none that a phrase of another one already names."""
    for one in report.items(node, "U001"):
        first = taken.setdefault(" ".join(split(str(one.value))), name)
        if first != name:
            report.error(one, "U004", f"'{one.value}' already means '{first}'")


def _is_free(name: str, node: Node, report: Report) -> bool:
    taken = name in RESULT_NAMES or name in WORDLESS or name in ("resume", CRISIS)
    if taken:
        report.error(node, "U002", f"'{name}' already has a meaning; call the intent otherwise")
    return not taken


def _intent(name: str, node: Node, report: Report) -> IntentText:
    if isinstance(node.value, list):
        return IntentText(name, _phrases(node, report))
    keys = ["phrases", "examples", "in", "slots", "strict", "example", "signs"]
    pairs = report.fields(node, keys, code="U001")
    phrases = _phrases(pairs["phrases"], report) if "phrases" in pairs else ()
    in_states = {
        state: _phrases(inner, report)
        for state, inner in report.mapping(pairs.get("in"), "U001").items()
    }
    found = signs.patterns(pairs.get("signs"), report, "U001")
    if not phrases and not in_states and not found:
        report.error(node, "U001", f"nobody can say '{name}': write phrases, or in: a state")
    slots = {}
    for slot, value in report.mapping(pairs.get("slots"), "U001").items():
        if slot not in SLOTS:
            report.error(value, "U003", f"'{slot}' is not a slot", did_you_mean(slot, SLOTS))
        slots[slot] = report.text(value, code="U001")
    return IntentText(
        name=name,
        phrases=phrases,
        in_states=in_states,
        slots=slots,
        signs=found,
        is_strict=report.boolean(pairs.get("strict"), code="U001"),
        examples=_phrases(pairs["examples"], report) if "examples" in pairs else (),
        example=report.text(pairs.get("example"), code="U001"),
    )


def _phrases(node: Node, report: Report) -> tuple[str, ...]:
    found = []
    for one in report.items(node, "U001"):
        phrase = report.text(one, code="U001")
        wrong = list(mistakes(phrase, KINDS)) if phrase else []
        for problem in wrong:
            report.error(one, "U003", problem)
        if phrase and not wrong:
            found.append(phrase)
    return tuple(found)


def _are_apart(place: Node | None, intents: list[IntentText], report: Report) -> None:
    """One phrase means one thing in one state."""
    taken: dict[tuple[str, str], str] = {}
    for intent in intents:
        heard = [("", phrase) for phrase in intent.phrases]
        heard += [(state, p) for state, phrases in intent.in_states.items() for p in phrases]
        for state, phrase in heard:
            key = (state, " ".join(split(phrase)))
            first = taken.setdefault(key, intent.name)
            if first != intent.name and place is not None:
                node = place.value[intent.name] if isinstance(place.value, dict) else place
                report.error(node, "U004", f"'{phrase}' already means '{first}'")


def _words(node: Node | None, report: Report) -> dict[str, Forms]:
    kinds = [*LISTED, "number", "unit", "multiple", "date", "country"]
    pairs = report.fields(node, kinds, code="U001") if node is not None else {}
    found = {}
    for kind, values in pairs.items():
        known = _values_of(kind)
        forms: Forms = {}
        for value, inner in report.mapping(values, "U001").items():
            if known and value not in known:
                place = values.keys.get(value, inner)
                problem = f"'{value}' is not a {kind} ({', '.join(known)})"
                report.error(place, "U005", problem, did_you_mean(value, known))
            forms[value] = report.texts(inner, "U001")
        found[kind] = forms
    return found


def _values_of(kind: str) -> tuple[str, ...]:
    """The closed set a kind's values are from; empty when authors make them."""
    closed: Mapping[str, tuple[str, ...]] = {
        "period": PERIODS,
        "tier": TIERS,
        "unit": tuple(HOURS),
        "multiple": MULTIPLES,
        "date": NAMED,
        "country": tuple(called()),
    }
    return closed.get(kind, ())
