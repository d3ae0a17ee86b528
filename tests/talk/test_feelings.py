"""How messages sound: labelled texts, and laws of denials, boosts and exclamation marks."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.authored import Report
from bot.model.message import Intent
from bot.talk.feelings import Mood, felt, louder, parse_moods
from bot.talk.slots import normalise
from tests.content.files import nodes, shipped_texts

HEARD = Path(__file__).parent / "heard"
REPORT = Report()
MOODS = parse_moods(nodes(shipped_texts(), REPORT), REPORT)
ENGLISH = MOODS["en"]
WORDS = sorted({*ENGLISH.feelings, *ENGLISH.urgent, *ENGLISH.denials, "but", "very", "lesson"})
GOOD = sorted(w for w, weight in ENGLISH.feelings.items() if weight > 0 and " " not in w)
BAD = sorted(w for w, weight in ENGLISH.feelings.items() if weight < 0 and " " not in w)


def sounds(text: str, mood: Mood = ENGLISH) -> tuple[str, int]:
    sentiment, urgency = felt(mood, normalise(text).split())
    heard = louder(Intent("any", sentiment=sentiment, urgency=urgency), text)
    return heard.sentiment, heard.urgency


def labelled(name: str) -> list[tuple[str, str]]:
    rows = (HEARD / f"{name}.txt").read_text("utf-8").splitlines()
    return [(label, text) for label, _, text in (row.partition(" ") for row in rows)]


@pytest.mark.parametrize("locale", ["en", "fi"])
def test_of_labelled_texts_at_most_one_in_twenty_sounds_otherwise(locale: str) -> None:
    texts = labelled(f"feelings.{locale}")
    wrong = [text for label, text in texts if sounds(text, MOODS[locale])[0] != label]
    assert len(wrong) <= len(texts) // 20, wrong


@pytest.mark.parametrize(("degrees", "text"), labelled("urgency.en"))
def test_urgency_is_graded(degrees: str, text: str) -> None:
    low, _, high = degrees.partition("-")
    assert int(low) <= sounds(text)[1] <= int(high or low)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.integers(0, 6))
def test_urgency_stays_between_0_and_10_and_marks_never_calm(words: list[str], marks: int) -> None:
    quiet = sounds(" ".join(words))
    loud = sounds(" ".join(words) + "!" * marks)
    assert 0 <= quiet[1] <= loud[1] <= 10
    assert loud[0] == quiet[0]


@given(st.sampled_from(GOOD), st.sampled_from(["not", "never", "isn't", "not very", "not a very"]))
def test_what_is_good_denied_is_bad(word: str, denial: str) -> None:
    assert sounds(f"it is {word}")[0] == "positive"
    assert sounds(f"it is {denial} {word}")[0] == "negative"


@given(st.sampled_from(BAD))
def test_what_is_bad_denied_is_bad_no_more_and_denied_twice_it_is(word: str) -> None:
    assert sounds(f"i am {word}")[0] == "negative"
    assert sounds(f"i am not {word}")[0] == "positive"
    assert sounds(f"i am not never {word}")[0] == "negative"


@given(st.sampled_from(GOOD), st.sampled_from(BAD))
def test_several_words_are_weighed_and_what_comes_after_but_is_meant(good: str, bad: str) -> None:
    assert sounds(f"{good} lesson but {bad}")[0] == "negative"
    assert sounds(f"{bad} lesson but {good}")[0] == "positive"
    assert sounds(f"{good} and {bad}")[0] == "negative"
    assert sounds(f"{good} and {good} and {bad}")[0] == "positive"


def test_a_denial_reaches_three_words_and_no_feeling_means_neutral() -> None:
    assert sounds("not a word of it was good")[0] == "positive"
    assert sounds("what do you see in BTC") == ("neutral", 0)
    assert sounds("") == ("neutral", 0)


def test_lists_that_cannot_be_are_named() -> None:
    report = Report()
    text = "feelings: {happy: [glad]}\nurgent: {'11': [now], '0': [later]}"
    parse_moods(nodes({"content/en/feelings.yaml": text}, report), report)
    assert [one.code for one in report.errors] == ["U021", "U021", "U021"]
