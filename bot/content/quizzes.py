"""Quizzes: what is asked after a topic's lessons, with an explanation of each answer."""

from msgspec import Struct

from bot.authored import Node, Report
from bot.content.allowed import LESSON
from bot.content.compile import Template, compile_text

FEWEST, MOST = 3, 5  # questions of a quiz
OPTIONS = (2, 4)  # the fewest and the most answers to choose from


class Question(Struct, frozen=True):
    """One question; `right` is the position of the right option, from 0."""

    ask: Template
    options: tuple[str, ...]
    right: int
    because: Template


def parse_quiz(node: Node | None, report: Report, is_fast: bool) -> tuple[Question, ...]:
    """The `quiz` of a topic; empty when it has none."""
    if node is None:
        return ()
    nodes = report.items(node, "C001")
    if not FEWEST <= len(nodes) <= MOST:
        problem = f"a quiz has {FEWEST} to {MOST} questions, not {len(nodes)}"
        report.error(node, "C007", problem)
    found = [_question(one, report, is_fast) for one in nodes]
    return tuple(question for question in found if question is not None)


def _question(node: Node, report: Report, is_fast: bool) -> Question | None:
    keys = ["ask", "options", "right", "because"]
    pairs = report.fields(node, keys, keys, "C001")
    if len(pairs) < len(keys):
        return None
    ask = compile_text(pairs["ask"], LESSON, report, is_fast)
    because = compile_text(pairs["because"], LESSON, report, is_fast)
    options = tuple(
        report.text(one, code="C001") for one in report.items(pairs["options"], "C001")
    )
    fewest, most = OPTIONS
    if not fewest <= len(options) <= most:
        report.error(pairs["options"], "C007", f"a question has {fewest} to {most} options")
        return None
    if len({option.casefold() for option in options}) < len(options):
        report.error(pairs["options"], "C007", "two options say the same")
    right = report.integer(pairs["right"], 1, 1, len(options))
    if ask is None or because is None:
        return None
    return Question(ask, options, right - 1, because)
