"""Authored files for tests: the shipped ones, and small ones written in the test."""

from functools import cache, lru_cache
from pathlib import Path

from bot.authored import Node, Report, parse
from bot.content.allowed import REPLIES
from bot.content.parse import Content, parse_content
from bot.ledger.tiers import parse_tiers

ROOT = Path(__file__).resolve().parents[2]
NOTICES = "notifications: {comeback: {subject: s, body: b}, market_alert: {subject: s, body: b}}"


def nodes(texts: dict[str, str], report: Report) -> dict[str, Node]:
    """The files as nodes; what cannot be read is left out and reported."""
    found = {file: parse(text, file, report) for file, text in texts.items()}
    return {file: node for file, node in found.items() if node is not None}


def shipped_texts() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for folder in ("content", "personas")
        for path in sorted((ROOT / folder).rglob("*.yaml"))
    }


@lru_cache(maxsize=2)
def shipped(is_fast: bool = True) -> tuple[Content, Report]:
    report = Report()
    files = nodes(shipped_texts(), report)
    return parse_content(files, parse_tiers(None, report), report, is_fast), report


@cache
def policy_text(file: str) -> str:
    return (ROOT / file).read_text("utf-8")


def small_replies(**changed: str) -> str:
    """A replies.yaml with every reply the code says, each a short text."""
    texts = {name: f"{{say: about {name} of a machine}}" for name in REPLIES} | changed
    return "replies:\n" + "\n".join(f"  {name}: {text}" for name, text in texts.items()) + "\n"


def parsed(texts: dict[str, str]) -> tuple[Content, Report]:
    """Content of these files over small ones that are right."""
    whole = {
        "content/en/replies.yaml": small_replies(),
        "content/en/notifications.yaml": NOTICES,
        "content/en/topics.yaml": "topics: []",
        "content/en/policy.yaml": policy_text("content/en/policy.yaml"),
    } | texts
    report = Report()
    files = nodes(whole, report)
    return parse_content(files, parse_tiers(None, report), report), report


def problems(report: Report) -> str:
    return "\n".join(str(mistake) for mistake in report.mistakes)
