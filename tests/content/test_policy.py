"""What persuasion may not do, on labelled sentences: tests/content/labelled/*.txt."""

from functools import cache

import pytest

from bot.authored import Report
from bot.content.policy import Lexicon, breaches, parse_policy
from tests.content.files import nodes, parsed, policy_text, problems, small_replies
from tests.content.labelled import sentences

PRICE = frozenset(("promises", "gains"))
PERSON = frozenset(("human", "guilt"))


@cache
def lexicons() -> dict[str, Lexicon]:
    report = Report()
    texts = {f"content/{locale}/policy.yaml": "" for locale in ("en", "fi")}
    files = {file: policy_text(file) for file in texts}
    files |= {f"content/{locale}/replies.yaml": "replies: {}" for locale in ("en", "fi")}
    found = parse_policy(nodes(files, report), report)
    assert not report.mistakes, problems(report)
    return found


def is_found(language: str, text: str, groups: frozenset[str]) -> bool:
    return any(one.group in groups for one in breaches(lexicons()[language], text))


def figures(name: str, groups: frozenset[str], held_back: bool | None) -> tuple[float, float, int]:
    """Recall, precision, and how many sentences."""
    rows = [row for row in sentences(name) if held_back in (None, row[3])]
    bad = [is_found(language, text, groups) for is_bad, language, text, _ in rows if is_bad]
    fine = [is_found(language, text, groups) for is_bad, language, text, _ in rows if not is_bad]
    return sum(bad) / len(bad), sum(bad) / (sum(bad) + sum(fine)), len(rows)


@pytest.mark.parametrize("held_back", [False, True])
def test_promises_of_price_and_gain_are_found(held_back: bool) -> None:
    recall, precision, number = figures("promises", PRICE, held_back)
    print(f"P05 held back {held_back}: recall {recall:.3f} precision {precision:.3f} of {number}")
    assert recall >= 0.98 and precision >= 0.9


def test_three_hundred_sentences_are_labelled() -> None:
    rows = sentences("promises")
    assert len(rows) == 300 and sum(row[0] for row in rows) == 150
    assert len({text for _, _, text, _ in rows}) == 300
    assert len([row for row in sentences("humans") if row[0]]) == 100


@pytest.mark.parametrize("held_back", [False, True])
def test_a_machine_posing_as_human_and_guilt_are_found(held_back: bool) -> None:
    recall, precision, _ = figures("humans", PERSON, held_back)
    assert recall == 1.0 and precision >= 0.95


def test_sentences_nobody_tuned_for_are_found_less_often_but_never_blamed_wrongly() -> None:
    recall, precision, number = figures("fresh2", PRICE, None)
    print(f"P05 untuned: recall {recall:.2f} precision {precision:.2f} of {number}")
    assert recall >= 0.75 and precision == 1.0


@pytest.mark.parametrize("name", ["promises", "humans", "fresh"])
def test_what_may_be_said_is_not_held_against_anybody(name: str) -> None:
    wrong = [
        (language, text, one.words)
        for is_bad, language, text, _ in sentences(name)
        if not is_bad
        for one in breaches(lexicons()[language], text)
    ]
    assert wrong == []


def _said(text: str) -> str:
    quoted = text.replace("'", "''")
    reply = small_replies(extra=f"{{say: '{quoted}'}}")
    return problems(parsed({"content/en/replies.yaml": reply})[1])


def test_a_mistake_stands_at_its_words() -> None:
    lines = "\n    say: >-\n      One line.\n      Here *profit* is\n      guaranteed, they say.\n"
    found = problems(parsed({"content/en/replies.yaml": small_replies(extra=lines)})[1])
    assert "C020  'profit is guaranteed' promises a price or a gain (P05)" in found
    line = next(line for line in found.splitlines() if "C020" in line)
    _, row, column = line.split("  ")[0].split(":")
    texts = small_replies(extra=lines).splitlines()
    assert texts[int(row) - 1][int(column) - 1 :].startswith("profit")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "content/en/notifications.yaml",
            "notifications: {comeback: {subject: BTC will rise, body: b}, "
            "market_alert: {subject: s, body: b}}",
        ),
        ("personas/bold.yaml", "title: B\nurgent: {en: BTC will rise}"),
        ("personas/bold.yaml", "title: B\nurgent: {en: u}\nphrases: {en: {risk: A sure profit.}}"),
        ("personas/bold.yaml", "title: B\nurgent: {en: u}\nphrases: {fi: {risk: Varma voitto.}}"),
        (
            "content/en/topics.yaml",
            "topics: [{id: a, title: A, depths: {free: This method made us 40 % in a week.}}]",
        ),
    ],
)
def test_every_text_that_is_said_is_looked_at(file: str, text: str) -> None:
    finnish = {"content/fi/policy.yaml": policy_text("content/fi/policy.yaml")}
    report = parsed({file: text} | finnish)[1]
    assert [one.code for one in report.errors if one.file == file] == ["C020"], problems(report)


def test_a_gain_with_its_period_and_source_may_be_told() -> None:
    assert "C020" in _said("Our members earned 34 % last spring.")
    assert _said("Our members earned 34 % in 2024, according to a study by ESMA.") == ""


def test_a_voice_that_hides_the_machine_does_not_load() -> None:
    own = "title: B\nurgent: {en: u}\nphrases: {en: {are_you_human: ['What do you think?']}}"
    found = problems(parsed({"personas/coy.yaml": own})[1])
    assert (
        "personas/coy.yaml:3:32  error C026  'are_you_human' must say what speaks (P08)" in found
    )


def test_a_locale_that_speaks_needs_its_policy() -> None:
    found = problems(parsed({"content/sv/replies.yaml": "replies: {risk: Risk.}"})[1])
    assert "content/sv/policy.yaml:1:1  error C024  this file is missing" in found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("promises: ['{markt} will rise']", "'{markt}' is not a list of words; did you mean"),
        ("promises: ['... will rise']", "a phrase begins with a word or a {list}"),
        ("promises: []", "a list without a phrase checks nothing"),
        ("promise: [x]", "'promise' is not a key here; did you mean 'promises'?"),
    ],
)
def test_a_mistake_in_the_policy_is_told(text: str, problem: str) -> None:
    policy = f"policy:\n  words: {{market: [btc]}}\n  {text}\n  gains: [x]\n  human: [x]\n"
    policy += "  guilt: [x]\n  machine: [a machine]\n"
    found = problems(parsed({"content/en/policy.yaml": policy})[1])
    assert problem in found, found
