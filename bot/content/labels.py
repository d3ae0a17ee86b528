"""The widget's own words: its buttons, its notices and its settings."""

import re
from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import fields

from bot.authored import Node, Report

T = TypeVar("T", bound=Struct)

GIVEN = ("locale", "name")  # not for a file to say
_PART = re.compile(r"\{\w*\}")


class ChatLabels(Struct, frozen=True):
    """What stands around a conversation; `locale` is whose words these are, `name` the bot's."""

    locale: str = "en"
    name: str = "{name}"
    open: str = "Open chat"
    close: str = "Close chat"
    fresh: str = "Open chat, new messages: {n}"
    machine: str = "A machine, not a person"
    log: str = "Conversation with {name}"
    you: str = "You said"
    said: str = "{name} said"
    sending: str = "Sending"
    unsent: str = "Not sent."
    retry: str = "Send again"
    write: str = "Write a message"
    send: str = "Send"
    choices: str = "Suggested answers"
    greeting: str = "Hello! I am {name}, a machine. Ask me something, or ask what I can do."
    offline: str = "No connection. What you write is kept and sent later."
    dismiss: str = "Dismiss message"
    failed: str = "That did not work. {why}"
    settings: str = "Settings"
    back: str = "Back to the chat"

    def of(self, name: str) -> "ChatLabels":
        """The same, said by a bot of that name."""
        said = {one: getattr(self, one) for one in self.__struct_fields__}
        return ChatLabels(**{one: text.replace("{name}", name) for one, text in said.items()})


class SettingsLabels(Struct, frozen=True):
    """What stands in the settings; `itself` is what a language calls itself."""

    itself: str = "English"
    language: str = "Language"
    zone: str = "Time zone"
    quiet: str = "Quiet hours"
    start: str = "from"
    end: str = "to"
    usual: str = "as usual"
    nudges: str = "{name} may write to me first"
    limits: str = "Most to spend, in credits"
    day: str = "a day"
    week: str = "a week"
    month: str = "a month"
    none: str = "no limit"
    left: str = (
        "You have {n} credits. A lower limit counts at once; "
        "a higher one waits a day and a second yes."
    )
    pending: str = "Higher limits you asked for can be confirmed from {start} to {end}."
    confirm: str = "Confirm the higher limits"
    save: str = "Save"
    saved: str = "Saved."
    higher: str = "Saved. A higher limit waits a day, and then for a second yes."
    refused: str = "That could not be done now. Your limits stay as they are."
    ends: str = "Choose both ends of the quiet hours, and leave some hours of the day open."
    pause: str = "Pause from paid content"
    firm: str = "Nobody can shorten a pause."
    begin: str = "Begin the pause"
    until: str = "Paused until {at}."
    page: str = "Your page"
    mine: str = "Your data"
    transcript: str = "Save this conversation"
    export: str = "Save everything stored about you"
    erase: str = "Erase everything"
    sure: str = "This erases all that is stored about you, credits too. It cannot be undone."
    yes: str = "Yes, erase it"
    no: str = "No, keep it"


class Labels(Struct, frozen=True):
    """One language's words; what is not said is as in English."""

    chat: ChatLabels = ChatLabels()
    settings: SettingsLabels = SettingsLabels()


def parse_labels(files: Mapping[str, Node], report: Report) -> dict[str, Labels]:
    """The words of every content/<locale>/widget.yaml."""
    return {
        file.split("/")[1]: _labels(root, file.split("/")[1], report)
        for file, root in files.items()
        if file.startswith("content/") and file.endswith("/widget.yaml")
    }


def _labels(root: Node, locale: str, report: Report) -> Labels:
    pairs = report.fields(root, ("chat", "settings"), code="C031")
    chat = _texts(ChatLabels, pairs.get("chat"), report)
    settings = _texts(SettingsLabels, pairs.get("settings"), report)
    return Labels(ChatLabels(**{**chat, "locale": locale}), SettingsLabels(**settings))


def _texts(kind: type[T], node: Node | None, report: Report) -> dict[str, str]:
    """The texts that are said, each with no other {parts} than the English one has."""
    if node is None:
        return {}
    english = {field.name: field.default for field in fields(kind) if field.name not in GIVEN}
    found: dict[str, str] = {}
    for name, one in report.fields(node, english, code="C031").items():
        found[name] = report.text(one, code="C031")
        _check_parts(one, found[name], str(english[name]), report)
    return found


def _check_parts(node: Node, text: str, english: str, report: Report) -> None:
    given, wanted = set(_PART.findall(text)), set(_PART.findall(english))
    for part in sorted(wanted - given):
        report.error(node, "C031", f"'{text}' lacks {part}, which is filled in")
    for part in sorted(given - wanted):
        report.error(node, "C031", f"'{text}' has {part}, which nothing fills in")
