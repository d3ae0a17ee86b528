"""Words by language: a person's own where there are some, else English."""

from collections.abc import Mapping

from bot.authored import Node, Report

DEFAULT = "en"  # the locale that says everything; others fall back to it


def parse_words(node: Node | None, report: Report, code: str) -> dict[str, str]:
    """A text by locale; English is never missing."""
    words = {key: report.text(one, code=code) for key, one in report.mapping(node, code).items()}
    if node is not None and not words.get(DEFAULT):
        report.error(node, code, "the English words are missing", f"{DEFAULT}: ...")
    return words


def worded(words: Mapping[str, str], locale: str, without: str = "") -> str:
    """A text in a language, in English where it has none in it."""
    return words.get(locale) or words.get(DEFAULT, without)
