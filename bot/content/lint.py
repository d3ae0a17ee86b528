"""What no text may say: promises of gain, guilt at leaving, a pressing word on a no."""

import re
from collections.abc import Iterator, Mapping

from bot.authored import Node, Report

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

# P05: nobody can promise a price or a return (FCA COBS 4, UCPD Annex I).
_PROMISES = (
    r"\bguaranteed? (?:profits?|returns?|gains?|wins?)\b",
    r"\brisk[- ]free\b",
    r"\bwill (?:definitely|certainly|surely) (?:rise|fall|go up|go down|double|moon)\b",
    r"\b(?:can(?:no|')t|never) lose\b",
    r"\b(?:easy|quick|sure) (?:money|profits?|gains?)\b",
)
# P09: a machine has no body, no licence, and is not left alone.
_HUMAN = (
    r"\bi(?:'m| am) (?:a )?(?:human|real person|licensed|certified)\b",
    r"\bdon'?t (?:go|leave)\b",
    r"\b(?:i|we)(?:'ll| will)? miss(?:ed)? you\b",
    r"\bhow could you\b",
    r"\byou(?:'re| are) (?:abandoning|leaving) me\b",
)
_LEXICON = (
    ("C020", "promises a gain (P05)", re.compile("|".join(_PROMISES), re.IGNORECASE)),
    ("C021", "speaks as a human, or of guilt (P09)", re.compile("|".join(_HUMAN), re.IGNORECASE)),
)
_NUMBERED = re.compile(r"^\s*\d+[.)] ", re.MULTILINE)
_BAD_LINK = re.compile(r"\]\((?!https://|mailto:)")
_SPOKEN = ("replies.yaml", "topics.yaml", "courses.yaml", "notifications.yaml")


def check(files: Mapping[str, Node], report: Report) -> None:
    """Every text that is said, whoever says it, against the word lists and the small Markdown."""
    never = _never(files, report)
    for file, root in files.items():
        if file.startswith("personas/"):
            pairs = report.mapping(root)
            for own in (pairs[key] for key in ("phrases", "urgent") if key in pairs):
                for node in _texts(own):
                    _check_text(node, never, report)
        elif file.split("/")[-1] in _SPOKEN or "/topics/" in file:
            for node in _texts(root):
                _check_text(node, never, report)
            for choice in _choices(root):
                _check_choice(choice, report)


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


def _check_text(node: Node, never: Mapping[str, str], report: Report) -> None:
    text = str(node.value)
    for code, problem, pattern in _LEXICON:
        if match := pattern.search(text):
            _at(node, match[0], code, f"'{match[0]}' {problem}", report)
    folded = text.casefold()
    for phrase, persona in never.items():
        if phrase in folded:
            _at(node, phrase, "C022", f"'{phrase}' is something {persona} never says", report)
    if match := _NUMBERED.search(text):
        _at(node, match[0].strip(), "C012", "numbered lines run together; write '- '", report)
    if _BAD_LINK.search(text):
        _at(node, "](", "C012", "a link is https:// or mailto:", report)


def _at(node: Node, found: str, code: str, problem: str, report: Report) -> None:
    offset = max(0, node.raw.casefold().find(found.casefold()))
    report.at(node, offset, "error", code, problem)


def _check_choice(choice: Node, report: Report) -> None:
    pairs = dict(choice.items())
    label, send = pairs.get("label"), pairs.get("send")
    if label is None or send is None or str(send.value).casefold() not in DECLINING:
        return
    if str(label.value).casefold() not in DECLINES:
        hint = "write one of: " + ", ".join(sorted(DECLINES))
        report.error(label, "C023", f"'{label.value}' is not a neutral no (P14)", hint)
