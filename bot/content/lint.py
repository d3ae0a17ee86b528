"""Every text that is said, looked at: policy, what voices never say, Markdown, the no."""

import re
from collections.abc import Iterator, Mapping

from bot.authored import Node, Report
from bot.content.policy import DISCLOSING, Lexicon, breaches, names_machine

# A no is said with one of these: no shame, no loss (policy P14; DSA Art. 25, FTC 2022).
DECLINES = frozenset(
    word.casefold()
    for word in (
        *("No", "No, thanks", "No, thank you", "Not now", "Later", "Not yet", "Cancel", "Keep it"),
        *("Keep my limits", "Not today", "Ei", "Ei kiitos", "Ei nyt", "Myöhemmin", "Peruuta"),
        *("Pidä rajani",),
    )
)
DECLINING = frozenset(("no", "ei"))  # what a declining choice sends

_NUMBERED = re.compile(r"^\s*\d+[.)] ", re.MULTILINE)
_BAD_LINK = re.compile(r"\]\((?!https://|mailto:)")
_SPOKEN = (
    *("replies.yaml", "topics.yaml", "courses.yaml", "notifications.yaml", "pages.yaml"),
    *("rewards.yaml", "formats.yaml"),
)
_EARNED, _SHARED = "rules/progress.yaml", "rules/challenges.yaml"
_NAMED = "en"  # the language of what has one name for everybody


def check(files: Mapping[str, Node], lexicons: Mapping[str, Lexicon], report: Report) -> None:
    """Every text that is said, whoever says it, against the word lists and the small Markdown."""
    never = _never(files, report)
    for file, root in files.items():
        if file.startswith("personas/"):
            _check_voice(root, never, lexicons, report)
        elif file == _EARNED:
            _check_earned(root, never, lexicons, report)
        elif file == _SHARED:
            challenges = report.mapping(report.mapping(root).get("challenges"))
            _check_named(challenges, never, lexicons, report)
        elif file.split("/")[-1] in _SPOKEN or "/topics/" in file:
            lexicon = lexicons.get(file.split("/")[1])
            for node in _texts(root):
                _check_text(node, never, lexicon, report)
            for choice in _choices(root):
                _check_choice(choice, report)
            _check_disclosing(report.mapping(dict(root.items()).get("replies")), lexicon, report)
        elif file.endswith("/crisis.yaml"):
            _check_crisis(root, never, lexicons.get(file.split("/")[1]), report)


def _check_earned(
    root: Node, never: Mapping[str, str], lexicons: Mapping[str, Lexicon], report: Report
) -> None:
    """What levels and achievements are called, and what these are for."""
    parts = report.mapping(report.mapping(root).get("progress"))
    for level in report.items(parts.get("levels")):
        if (name := dict(level.items()).get("name")) is not None:
            _check_text(name, never, lexicons.get(_NAMED), report)
    _check_named(report.mapping(parts.get("achievements")), never, lexicons, report)


def _check_named(
    things: Mapping[str, Node],
    never: Mapping[str, str],
    lexicons: Mapping[str, Lexicon],
    report: Report,
) -> None:
    """Names and texts by language, of achievements and of challenges."""
    for thing in things.values():
        pairs = dict(thing.items())
        for key in ("name", "text"):
            for locale, node in pairs[key].items() if key in pairs else ():
                _check_text(node, never, lexicons.get(locale), report)


def _check_crisis(
    root: Node, never: Mapping[str, str], lexicon: Lexicon | None, report: Report
) -> None:
    """The answer to words of despair; it stands alone, so it says itself what speaks."""
    said = report.mapping(report.mapping(root).get("crisis"))
    for key in ("say", "unknown", "elsewhere", "countries"):
        for node in _texts(said[key]) if key in said else ():
            _check_text(node, never, lexicon, report)
    if (
        lexicon is not None
        and "say" in said
        and not names_machine(lexicon, str(said["say"].value))
    ):
        report.error(said["say"], "C026", "the answer must say what speaks (P08)")


def _check_voice(
    root: Node, never: Mapping[str, str], lexicons: Mapping[str, Lexicon], report: Report
) -> None:
    """The phrases of one persona, each in its language."""
    pairs = dict(root.items())
    for key in ("phrases", "urgent"):
        for locale, own in pairs[key].items() if key in pairs else ():
            lexicon = lexicons.get(locale)
            for node in _texts(own):
                _check_text(node, never, lexicon, report)
            if key == "phrases":
                _check_disclosing(report.mapping(own), lexicon, report)


def _check_disclosing(
    replies: Mapping[str, Node], lexicon: Lexicon | None, report: Report
) -> None:
    """P08: what says who speaks names the machine, in every voice and variant."""
    for name in DISCLOSING if lexicon is not None else ():
        for node in _texts(_said(replies[name])) if name in replies else ():
            if lexicon is not None and not names_machine(lexicon, str(node.value)):
                hint = f"say one of: {', '.join(lexicon.machine)}"
                report.error(node, "C026", f"'{name}' must say what speaks (P08)", hint)


def _said(reply: Node) -> Node:
    """The texts of a reply without the choices below it."""
    return dict(reply.items()).get("say", reply)


def _never(files: Mapping[str, Node], report: Report) -> dict[str, str]:
    """What some persona never says -> that persona; replies are said by every persona."""
    found = {}
    for file, root in files.items():
        if file.startswith("personas/"):
            for node in report.items(report.mapping(root).get("never")):
                found[report.text(node).casefold()] = file.split("/")[-1].removesuffix(".yaml")
    return found


def _texts(node: Node) -> Iterator[Node]:
    if isinstance(node.value, str):
        yield node
    elif isinstance(node.value, list):
        for one in node.value:
            yield from _texts(one)
    else:
        for _, one in node.items():
            yield from _texts(one)


def _choices(node: Node) -> Iterator[Node]:
    for key, one in node.items():
        if key == "choices" and isinstance(one.value, list):
            yield from one.value
        else:
            yield from _choices(one)


def _check_text(
    node: Node, never: Mapping[str, str], lexicon: Lexicon | None, report: Report
) -> None:
    text = str(node.value)
    for breach in breaches(lexicon, text) if lexicon is not None else ():
        _at(node, breach.words, breach.code, breach.problem, report)
    folded = text.casefold()
    for phrase, persona in never.items():
        if phrase in folded:
            _at(node, phrase, "C022", f"'{phrase}' is something {persona} never says", report)
    if match := _NUMBERED.search(text):
        _at(node, match[0].strip(), "C012", "numbered lines run together; write '- '", report)
    if _BAD_LINK.search(text):
        _at(node, "](", "C012", "a link is https:// or mailto:", report)


def _at(node: Node, found: str, code: str, problem: str, report: Report) -> None:
    """A mistake at the words found; marks, apostrophes and line ends do not hide them."""
    words = (r"['`\u2019]?".join(map(re.escape, word)) for word in found.split())
    match = re.search(r"[\s*_]+".join(words), node.raw, re.IGNORECASE)
    report.at(node, match.start() if match else 0, "error", code, problem)


def _check_choice(choice: Node, report: Report) -> None:
    pairs = dict(choice.items())
    label, send = pairs.get("label"), pairs.get("send")
    if label is None or send is None or str(send.value).casefold() not in DECLINING:
        return
    if str(label.value).casefold() not in DECLINES:
        hint = "write one of: " + ", ".join(sorted(DECLINES))
        report.error(label, "C023", f"'{label.value}' is not a neutral no (P14)", hint)
