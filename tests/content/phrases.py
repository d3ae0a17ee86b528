"""Phrases made of recomputed numbers: a lesson says them all, and no number besides."""

import re
from collections.abc import Iterable

from tests.content import worked
from tests.content.files import shipped

CONTENT = shipped()[0]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def lesson(sku: str) -> str:
    """The source of a lesson, or of a whole quiz for `topic.quiz`."""
    topic, _, depth = sku.partition(".")
    if depth != "quiz":
        return worked.lesson(sku)
    lines: list[str] = []
    for one in CONTENT.quiz(topic, "en"):
        lines += [one.ask.source, *one.options, one.because.source]
    return "\n".join(lines)


def said(value: float, digits: int = 0) -> str:
    """A number as lessons write it: 1,234.5 and a true minus."""
    return f"{value:,.{digits}f}".replace("-", "−")


def numbers(text: str) -> set[str]:
    """Every number that stands in a text."""
    return set(NUMBER.findall(text))


def assert_worked(sku: str, given: str, told: Iterable[str]) -> None:
    """`told` are phrases made from recomputed numbers, `given` the inputs they were made from.

    Every phrase stands in the lesson, every input too, and no number stands there besides.
    """
    text = lesson(sku)
    covered = [False] * len(text)
    for phrase in told:
        assert phrase in text, f"{sku} does not say {phrase!r}"
        for match in re.finditer(re.escape(phrase), text):
            covered[match.start() : match.end()] = [True] * len(phrase)
    inputs = numbers(given)
    assert inputs <= numbers(text), f"{sku} has no {inputs - numbers(text)}"
    unchecked = {
        match[0] for match in NUMBER.finditer(text) if not all(covered[slice(*match.span())])
    }
    assert unchecked <= inputs, f"{sku}: nobody recomputed {sorted(unchecked - inputs)}"


def right_options(topic: str) -> list[str]:
    """The right answers of a quiz, in its order."""
    return [one.options[one.right] for one in CONTENT.quiz(topic, "en")]
