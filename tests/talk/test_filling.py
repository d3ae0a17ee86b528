"""A form asks one thing after another, takes what it is told, and is left at any point."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.talk.forms import FIELD
from tests.talk.talker import Talker, script

SCRIPT = script()
ANSWERS = ("Anna", "manage my risk", "a little", "Helsinki", "English", "I am 18 or older", "quiz")


@pytest.fixture
def talker() -> Talker:
    return Talker(SCRIPT)


def field(talker: Talker) -> str:
    return talker.known.state.data.get(FIELD, "")


def test_a_form_asks_for_seven_things_and_keeps_them(talker: Talker) -> None:
    talker.hears("hello", "get to know me", *ANSWERS)
    profile = talker.known.profile
    assert (profile.name, profile.goal, profile.experience) == ("Anna", "manage my risk", "some")
    assert (profile.time_zone, profile.language, profile.age) == ("Europe/Helsinki", "en", "adult")
    assert profile.learning_style == "quizzes"
    assert talker.known.state.name == "idle"
    assert "all I wanted to know, Anna" in talker.last.reply.text


def test_what_is_known_is_not_asked(talker: Talker) -> None:
    talker.hears("my time zone is Europe/Helsinki", "my name is Anna", "get to know me")
    assert field(talker) == "goal"
    talker.hears("skip", "skip")
    assert field(talker) == "language"


def test_a_skipped_field_stays_open_and_is_asked_in_the_next_run(talker: Talker) -> None:
    talker.hears("get to know me", "skip", "no", "rather not", "skip", "skip", "skip", "skip")
    assert talker.known.state.name == "idle"
    assert talker.known.profile.name == ""
    talker.says("get to know me")
    assert field(talker) == "name"


def test_a_side_question_is_answered_and_the_question_comes_again(talker: Talker) -> None:
    talker.hears("get to know me", "Anna")
    answer = talker.says("what is leverage?")
    assert "a loan that makes a position larger" in answer
    assert answer.endswith("Pick one, or say it in your own words.")
    assert (talker.known.state.name, field(talker)) == ("onboarding", "goal")


def test_what_answers_another_field_is_taken_too(talker: Talker) -> None:
    talker.hears("get to know me", "I am under 18")
    assert (talker.known.profile.age, field(talker)) == ("minor", "name")


def test_a_question_is_no_name(talker: Talker) -> None:
    talker.hears("get to know me", "why?")
    assert talker.known.profile.name == ""
    assert field(talker) == "name"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("anna", "Anna"),
        ("I'm Anna", "Anna"),
        ("call me McFly", "Mcfly"),
        ("O'Brien", "O'Brien"),
        ("Jean Luc", "Jean Luc"),
        ("12345", ""),
        ("one two three four five", ""),
    ],
)
def test_names_are_one_to_three_words(talker: Talker, said: str, name: str) -> None:
    talker.hears("get to know me", said)
    assert talker.known.profile.name == name


def test_a_city_nobody_knows_is_asked_again(talker: Talker) -> None:
    talker.hears("get to know me", "skip", "skip", "skip", "Atlantis City")
    assert field(talker) == "time_zone"
    assert "did not get that as an answer" in talker.last.reply.text


@pytest.mark.parametrize("word", ["later", "bye", "stop the questions"])
def test_a_form_is_left_at_any_point_and_keeps_what_was_told(talker: Talker, word: str) -> None:
    talker.hears("get to know me", "Anna", word)
    assert talker.known.state.name == "idle"
    assert talker.known.profile.name == "Anna"


def test_a_form_outlasts_a_night_and_says_where_it_stood(talker: Talker) -> None:
    talker.hears("get to know me", "Anna")
    answer = talker.says("my limits", after=12 * 3_600_000_000)
    assert "Welcome back, Anna." in answer
    assert field(talker) == "goal"


def test_a_minor_stays_a_minor_whatever_a_form_is_told(talker: Talker) -> None:
    talker.hears("I am under 18", "get to know me", "I am 18 or older")
    assert talker.known.profile.age == "minor"


def test_a_limit_follows_the_zone_told_to_a_form_later(talker: Talker) -> None:
    talker.hears("get to know me", "skip", "skip", "skip", "Helsinki")
    spending = talker.known.spending
    assert spending.limits_zone == "UTC"
    assert spending.zone_change is not None and spending.zone_change.zone == "Europe/Helsinki"


SAID = st.sampled_from((*ANSWERS, "skip", "no", "yes", "what is leverage?", "xyzzy", "my limits"))


@settings(max_examples=80, deadline=None)
@given(st.lists(SAID, max_size=14))
def test_whatever_is_said_a_form_stands_or_is_over(said: list[str]) -> None:
    talker = Talker(SCRIPT)
    talker.says("get to know me")
    for text in said:
        assert talker.says(text)
        state = talker.known.state
        assert (state.name == "onboarding") == bool(field(talker))
