"""Voices as authors write them."""

import pytest

from bot.authored import Report
from bot.personas.parse import Personas, parse_personas
from tests.content.files import (
    nodes,
    parsed,
    problems,
    shipped,
    shipped_texts,
    small_replies,
)

TERSE = "title: Terse\ndefault: true\nurgent: {en: u}\n"


def _parsed(**texts: str) -> tuple[Personas, Report]:
    report = Report()
    files = nodes({f"personas/{name}.yaml": text for name, text in texts.items()}, report)
    return parse_personas(files, report), report


def test_the_shipped_voices_are_right() -> None:
    report = Report()
    personas = parse_personas(nodes(shipped_texts(), report), report)
    assert not report.mistakes, problems(report)
    assert personas.names == {"mentor", "coach", "analyst", "calm"}
    assert personas.default == "mentor"
    assert set(personas.titles("en")) == {"Mentor", "Coach", "Analyst", "Calm"}


def test_a_voice_is_named_by_its_file() -> None:
    personas, report = _parsed(terse=TERSE, warm="title: Warm\nurgent: {en: u}")
    assert not report.mistakes, problems(report)
    assert personas.by_name["warm"].title == "Warm"
    assert personas.default == "terse"


def test_one_voice_is_the_default() -> None:
    assert "P002  there is no persona" in problems(_parsed()[1])
    none = _parsed(warm="title: Warm\nurgent: {en: u}")[1]
    assert "P002  no persona has 'default: true'" in problems(none)
    two = _parsed(a=TERSE, b=TERSE)[1]
    assert "P002  'b' is a second default; 'a' is the first" in problems(two)


def test_every_voice_has_a_short_factual_text_for_urgent_news() -> None:
    assert "the key 'urgent' is missing" in problems(_parsed(a="title: A\ndefault: true")[1])


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [
        ("one two three four five six seven", "a sentence of 7 words; a speaks in at most 6"),
        ("no! no!", "at most 1 exclamation marks"),
        ("so happy 🎉", "uses no emoji, found 🎉"),
    ],
)
def test_phrases_keep_the_bounds_of_their_voice(phrase: str, problem: str) -> None:
    voice = "voice: {longest_sentence: 6, exclamations: 1, emoji: false}\n"
    text = f"{TERSE}{voice}phrases: {{en: {{greet: ['{phrase}']}}}}"
    assert problem in problems(_parsed(a=text)[1])


def test_short_sentences_in_a_row_are_no_long_one() -> None:
    voice = "voice: {longest_sentence: 6}\n"
    phrase = "One two three. Four five {{ six }}, seven eight. Nine? Ten."
    text = f'{TERSE}{voice}phrases: {{en: {{greet: ["{phrase}"]}}}}'
    assert not _parsed(a=text)[1].mistakes


def test_a_voice_keeps_the_facts_of_a_reply() -> None:
    own = f"{TERSE}phrases: {{en: {{rest: [Later.]}}}}"
    said = {"content/en/replies.yaml": small_replies(rest='"until {{ until }}"')}
    found = problems(parsed({"personas/a.yaml": own} | said)[1])
    assert "personas/a.yaml:4:22  error C007  'rest' must say until, in every voice" in found
    own = f"{TERSE}phrases: {{en: {{rest: ['Later: {{{{ until }}}}.']}}}}"
    assert problems(parsed({"personas/a.yaml": own} | said)[1]) == ""


def test_each_shipped_voice_has_own_words_for_fifteen_acts_or_more() -> None:
    content = shipped()[0]
    for voice in ("mentor", "coach", "analyst", "calm"):
        acts = {name for who, locale, name in content.replies if (who, locale) == (voice, "en")}
        assert 15 <= len(acts) <= 27, (voice, len(acts))
        assert (voice, "en") in content.urgent
