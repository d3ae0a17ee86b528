"""Replies and notifications: their variants, their choices, and every mistake in them."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.content.allowed import ANY_REPLY, NOTIFICATION, REPLIES
from bot.content.compile import Template, compile_text
from bot.content.schema import VARIABLES
from bot.model.message import Choice
from bot.people.locales import DEFAULT

FACTS = frozenset(("price", "money", "until", "hours", "spent", "minutes"))  # not left out
NOTICES = ("comeback", "market_alert")  # notifications the shipped rules and alerts ask for


class ChoiceText(Struct, frozen=True):
    """A choice below a reply, of two templates; `fixed` when neither has a variable.

    With `each` it is one for every member of that list.
    """

    label: Template
    send: Template
    fixed: Choice | None = None
    each: str = ""


class ReplyText(Struct, frozen=True):
    """A reply in one locale: its variants, and the choices below each of them.

    `fixed` are the choices as shown, when none of them has a variable.
    """

    name: str
    variants: tuple[Template, ...]
    choices: tuple[ChoiceText, ...] = ()
    choice_names: frozenset[str] = frozenset()
    fixed: tuple[Choice, ...] | None = None


class Chosen(Struct, frozen=True, eq=False):
    """One text of a reply and the choices below it; `names` are the variables of both.

    `fixed` are the choices as shown, when none of them has a variable. A text chosen twice is
    the same object, and equal to no other.
    """

    name: str
    template: Template
    choices: tuple[ChoiceText, ...]
    names: frozenset[str]
    fixed: tuple[Choice, ...] | None


class NoticeText(Struct, frozen=True):
    """A notification: subject, body, and the short factual variant for urgent news."""

    name: str
    subject: Template
    body: Template
    short: Template


class Reading(Struct, frozen=True):
    """What every part of the parser needs."""

    report: Report
    is_fast: bool = True


def parse_replies(
    files: Mapping[str, Node], locales: tuple[str, ...], reading: Reading
) -> dict[tuple[str, str, str], ReplyText]:
    found: dict[tuple[str, str, str], ReplyText] = {}
    for locale, name, node in _by_locale(files, "replies", locales, reading):
        reply = _reply(name, node, (), reading)
        if reply is not None:
            found["", locale, name] = reply
    _are_all_there(files, found, reading.report)
    for persona, root in _personas(files).items():
        _voice(persona, root, found, reading)
    return found


def _by_locale(
    files: Mapping[str, Node], what: str, locales: tuple[str, ...], reading: Reading
) -> Iterator[tuple[str, str, Node]]:
    """Locale, name and node of every text in a file of each locale."""
    for locale in locales:
        root = files.get(f"content/{locale}/{what}.yaml")
        if root is not None:
            pairs = reading.report.fields(root, [what], [what], "C001")
            for name, node in reading.report.mapping(pairs.get(what), "C001").items():
                yield locale, name, node


def _personas(files: Mapping[str, Node]) -> dict[str, Node]:
    return {
        file.split("/")[1].removesuffix(".yaml"): root
        for file, root in files.items()
        if file.startswith("personas/")
    }


def _voice(
    persona: str,
    root: Node,
    found: dict[tuple[str, str, str], ReplyText],
    reading: Reading,
) -> None:
    """A persona's own phrases: the choices stay those of the reply, whoever speaks."""
    pairs = reading.report.mapping(root, "C001")
    for locale, phrases in reading.report.mapping(pairs.get("phrases"), "C001").items():
        for name, node in reading.report.mapping(phrases, "C001").items():
            plain = found.get(("", locale, name)) or found.get(("", DEFAULT, name))
            if plain is None:
                names = {reply for _, _, reply in found}
                hint = did_you_mean(name, names)
                place = phrases.keys.get(name, node)
                reading.report.error(place, "C004", f"'{name}' is not a reply", hint)
                continue
            reply = _reply(name, node, plain.choices, reading)
            if reply is not None:
                _keeps_facts(reply, plain, node, reading.report)
                found[persona, locale, name] = reply


def _keeps_facts(reply: ReplyText, plain: ReplyText, node: Node, report: Report) -> None:
    """A voice changes words, not facts: what a price is and when a refusal ends stays said."""
    needed = FACTS.intersection(*(one.names for one in plain.variants))
    for variant in reply.variants:
        if lost := needed - variant.names:
            names = ", ".join(sorted(lost))
            report.error(node, "C007", f"'{reply.name}' must say {names}, in every voice")


def _reply(
    name: str, node: Node, choices: tuple[ChoiceText, ...], reading: Reading
) -> ReplyText | None:
    allowed = REPLIES.get(name, ANY_REPLY)
    says, below = node, None
    if isinstance(node.value, dict):
        pairs = reading.report.fields(node, ["say", "choices"], ["say"], "C001")
        if "say" not in pairs:
            return None
        says, below = pairs["say"], pairs.get("choices")
    nodes = says.value if isinstance(says.value, list) else [says]
    variants = [compile_text(one, allowed, reading.report, reading.is_fast) for one in nodes]
    if below is not None:
        choices = _choices(below, allowed, reading)
    kept = tuple(one for one in variants if one is not None)
    names = {used for one in choices for used in one.label.names | one.send.names}
    fixed = tuple(one.fixed for one in choices if one.fixed and one.fixed.label and one.fixed.send)
    shown = None if names else fixed
    return ReplyText(name, kept, choices, frozenset(names), shown) if kept else None


def _choices(node: Node, allowed: frozenset[str], reading: Reading) -> tuple[ChoiceText, ...]:
    found = []
    for one in reading.report.items(node, "C001"):
        pairs = reading.report.fields(one, ["label", "send", "each"], ["label", "send"], "C001")
        if not pairs.keys() >= {"label", "send"}:
            continue
        each = _each(pairs.get("each"), allowed, reading.report)
        label, send = (
            compile_text(pairs[key], allowed, reading.report, reading.is_fast, each)
            for key in ("label", "send")
        )
        if label is not None and send is not None:
            fixed = None
            if label.fixed is not None and send.fixed is not None:
                fixed = Choice(label.fixed.text, send.fixed.text)
            found.append(ChoiceText(label, send, fixed, each))
    return tuple(found)


def _each(node: Node | None, allowed: frozenset[str], report: Report) -> str:
    """The list a choice is repeated for, or nothing."""
    if node is None:
        return ""
    name = report.text(node, code="C001")
    lists = sorted(one for one in allowed if VARIABLES[one].sort == "list")
    if name not in lists:
        report.error(node, "C011", f"'{name}' is not a list here", did_you_mean(name, lists))
        return ""
    return name


def _are_all_there(
    files: Mapping[str, Node],
    found: Mapping[tuple[str, str, str], ReplyText],
    report: Report,
) -> None:
    file = f"content/{DEFAULT}/replies.yaml"
    place = files.get(file) or Node(file, 1, 1, "")
    for name in REPLIES:
        if ("", DEFAULT, name) not in found:
            report.error(place, "C003", f"the reply '{name}' is missing; the bot says it by name")


def parse_notices(
    files: Mapping[str, Node], locales: tuple[str, ...], reading: Reading
) -> dict[tuple[str, str], NoticeText]:
    found = {}
    for locale, name, node in _by_locale(files, "notifications", locales, reading):
        notice = _notice(name, node, reading)
        if notice is not None:
            found[locale, name] = notice
    file = f"content/{DEFAULT}/notifications.yaml"
    for name in NOTICES:
        if (DEFAULT, name) not in found:
            place = files.get(file) or Node(file, 1, 1, "")
            reading.report.error(place, "C003", f"the notification '{name}' is missing")
    return found


def _notice(name: str, node: Node, reading: Reading) -> NoticeText | None:
    keys = ["subject", "body", "short"]
    pairs = reading.report.fields(node, keys, keys[:2], "C001")
    texts = {
        key: compile_text(one, NOTIFICATION, reading.report, reading.is_fast)
        for key, one in pairs.items()
    }
    subject, body = texts.get("subject"), texts.get("body")
    if subject is None or body is None:
        return None
    return NoticeText(name, subject, body, texts.get("short") or body)


def parse_urgent(files: Mapping[str, Node], reading: Reading) -> dict[tuple[str, str], Template]:
    """Each persona's short factual text for news of urgency 8 and above."""
    found = {}
    for persona, root in _personas(files).items():
        pairs = reading.report.mapping(root, "C001")
        for locale, node in reading.report.mapping(pairs.get("urgent"), "C001").items():
            text = compile_text(node, NOTIFICATION, reading.report, reading.is_fast)
            if text is not None:
                found[persona, locale] = text
    return found
