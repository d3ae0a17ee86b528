"""The slots a rule may fill, and what may stand in each."""

from typing import Any, Literal

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.rules.facts import Vocabulary, parse_duration, parse_value

Merge = Literal["strictest", "first", "sum", "max", "each", "only_one"]
MERGES: tuple[Merge, ...] = ("strictest", "first", "sum", "max", "each", "only_one")
FIELDS = ("merge", "of", "min", "max", "key", "about")
GATES = ("allow", "ask", "deny")  # from open to strict; the strictest wins
CHANNELS = ("in_app", "email", "push", "sms", "hook")
NUDGE_FIELDS = ("template", "in", "channel")
MOST_DELAY_S = 30 * 86_400
# What the bot can apply, and the ways of putting several together that keep it safe.
FITTING: dict[str, tuple[Merge, ...]] = {
    "gate": ("strictest",),
    "reply": ("first",),
    "persona": ("first",),
    "award": ("sum", "max"),
    "nudge": ("each",),
    "set": ("only_one",),
    "price": ("max", "first"),
}
NUMBERS = ("award", "price")


class Slot(Struct, frozen=True):
    """One effect: how several rules that fill it are put together."""

    name: str
    merge: Merge
    of: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    key: str = ""


class Names(Struct, frozen=True):
    """What effects may point to; each is checked when rules are loaded."""

    replies: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    personas: frozenset[str] = frozenset()


class Words(Struct, frozen=True):
    """All that the right side of a rule is checked against."""

    slots: dict[str, Slot]
    names: Names
    vocabulary: Vocabulary


def parse_effects(node: Node | None, report: Report) -> dict[str, Slot]:
    """The slots of the `effects` mapping of rules/effects.yaml."""
    slots = {}
    for name, body in report.mapping(node, "R002").items():
        if name not in FITTING and node is not None:
            problem = f"'{name}' is no effect the bot can apply"
            report.error(node.keys[name], "R002", problem, did_you_mean(name, FITTING))
            continue
        slot = _slot(name, body, report)
        if slot is not None:
            slots[name] = slot
    return slots


def parse_then(node: Node, words: Words, report: Report) -> tuple[tuple[str, Any], ...]:
    """The effects of one rule as (slot, value), in the order written."""
    found = []
    for name, body in report.mapping(node, "R005").items():
        slot = words.slots.get(name)
        if slot is None:
            hint = did_you_mean(name, words.slots) or f"there are {', '.join(words.slots)}"
            report.error(node.keys[name], "R005", f"'{name}' is not an effect", hint)
            continue
        before = len(report.errors)
        value = parse_effect(body, slot, words, report)
        if len(report.errors) == before:
            found.append((name, value))
    if isinstance(node.value, dict) and not node.value:
        report.error(node, "R005", "a rule does something: 'then' is empty")
    return tuple(found)


def parse_effect(node: Node, slot: Slot, words: Words, report: Report) -> Any:
    """The value of one slot: text, whole number, or a mapping for nudge and set."""
    names = words.names
    match slot.name:
        case "gate":
            return report.choice(node, slot.of, code="R006")
        case "reply":
            return _pointer(node, names.replies, "a reply", report)
        case "persona":
            return _pointer(node, names.personas, "a persona", report)
        case "nudge":
            return _nudge(node, names, report)
        case "set":
            return _set(node, words.vocabulary, report)
        case _:
            return report.integer(node, 0, slot.low, slot.high, "R006")


def _slot(name: str, body: Node, report: Report) -> Slot | None:
    fields = report.fields(body, FIELDS, ("merge",), "R002")
    written = report.choice(fields.get("merge"), MERGES, "", "R002")
    merge = next((one for one in FITTING[name] if one == written), None)
    if merge is None:
        if written:
            fit = " or ".join(FITTING[name])
            report.error(fields["merge"], "R002", f"'{name}' is put together by {fit} only")
        return None
    of = report.texts(fields.get("of"), "R002")
    if name == "gate" and of != GATES:
        report.error(body, "R002", f"a gate is of: [{', '.join(GATES)}], in this order")
        return None
    low = report.integer(fields.get("min"), 0, 0, 1_000_000, "R002")
    high = report.integer(fields.get("max"), 0, low, 1_000_000, "R002")
    if name in NUMBERS and "max" not in fields:
        report.error(body, "R002", f"'{name}' needs a max")
    key = report.choice(fields.get("key"), NUDGE_FIELDS, "template", "R002")
    return Slot(name, merge, of, low, high, key if merge == "each" else "")


def _pointer(node: Node, known: frozenset[str], what: str, report: Report) -> str:
    name = report.text(node, code="R006")
    if name and name not in known:
        hint = did_you_mean(name, sorted(known))
        report.error(node, "R006", f"'{name}' is not {what} here", hint)
    return name


def _nudge(node: Node, names: Names, report: Report) -> dict[str, Any]:
    """A message to send later: template, delay in seconds (`in_s`) and wished channel."""
    fields = report.fields(node, NUDGE_FIELDS, ("template",), "R006")
    template = (
        _pointer(fields["template"], names.templates, "a template", report)
        if ("template" in fields)
        else ""
    )
    delay = parse_duration(fields["in"], report) if "in" in fields else 0
    if not 0 <= delay <= MOST_DELAY_S:
        report.error(fields["in"], "R006", "a nudge waits 0m to 30d")
    channel = report.choice(fields.get("channel"), CHANNELS, "in_app", "R006")
    return {"template": template, "in_s": delay, "channel": channel}


def _set(node: Node, vocabulary: Vocabulary, report: Report) -> dict[str, Any]:
    """Derived facts and their values."""
    derived = [name for name, fact in vocabulary.types.items() if fact.is_derived]
    found: dict[str, Any] = {}
    for name, body in report.mapping(node, "R006").items():
        if name not in derived:
            problem = f"'{name}' is not a derived fact"
            hint = did_you_mean(name, derived)
            if name in vocabulary.types:
                hint = "only facts declared with derived: true are set by rules"
            report.error(node.keys[name], "R006", problem, hint)
        else:
            found[name] = parse_value(body, vocabulary.types[name], report)
    if isinstance(node.value, dict) and not node.value:
        report.error(node, "R006", "'set' names the derived facts it sets")
    return found
