"""What a text means, typed well or badly, and that any text at all is answered."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.authored import Report
from bot.content.render import render_choices
from bot.model.message import Intent
from bot.talk.slots import normalise
from bot.talk.tongues import Understanding, build
from bot.talk.understand import INTENTS_KEPT, LONGEST_KEPT, understand
from tests.content.files import nodes, problems, shipped, shipped_texts
from tests.sizes import size

CONTENT = shipped()[0]
NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "adversarial" / "blns.json"


def _built() -> tuple[Understanding, Report]:
    report = Report()
    return build(nodes(shipped_texts(), report), CONTENT.spoken, report), report


UNDERSTANDING, REPORT = _built()


SAID = ("hello", "Hello!", "yes", "no", "helo", "more", "go away", "teach me leverage", "")


def unspoken() -> Understanding:
    """The shipped understanding, with nothing remembered."""
    return replace(UNDERSTANDING, known={})


def heard(text: str, state: str = "idle", locale: str = "en") -> Intent:
    return understand(UNDERSTANDING, text, locale, state)


def small(**texts: str) -> tuple[Understanding, Report]:
    """An understanding of these intents.yaml by locale, with the topic salt."""
    report = Report()
    files = {f"content/{locale}/intents.yaml": text for locale, text in texts.items()}
    return build(
        nodes(files, report), {"en": {"topic": {"salt": ("Salt", "sodium")}}}, report
    ), report


def test_the_shipped_intents_are_right() -> None:
    assert not REPORT.mistakes, problems(REPORT)
    assert len(UNDERSTANDING.intents) > 30


@pytest.mark.parametrize(
    ("text", "name", "slots"),
    [
        ("Hello!", "greet", {}),
        ("  HI  ", "greet", {}),
        ("👋", "greet", {}),
        ("What do you see in BTC?", "market", {"asset": "BTC"}),
        ("what's up with ethereum", "market", {"asset": "ETH"}),
        ("Position sizing", "ask_topic", {"topic": "position-sizing"}),
        ("Please, tell me about liquidations.", "ask_topic", {"topic": "liquidation-clusters"}),
        ("Hi Sam, could you explain leverage please?", "ask_topic", {"topic": "leverage"}),
        ("leverage premium", "ask_depth", {"topic": "leverage", "tier": "premium"}),
        ("the exclusive one", "ask_depth", {"tier": "exclusive"}),
        ("Go deeper", "more", {}),
        ("more about leverage", "more", {"topic": "leverage"}),
        ("Yes", "yes", {}),
        ("no, thanks", "no", {}),
        ("Set my daily limit to 12 credits", "set_limit", {"amount": "12", "period": "day"}),
        ("limit me to 1,000 a month", "set_limit", {"amount": "1000", "period": "month"}),
        ("twenty a week", "set_limit", {"amount": "20", "period": "week"}),
        ("pause for 24h", "pause", {"duration": "24"}),
        ("I need a break of two weeks.", "pause", {"duration": "336"}),
        ("pause for a day", "pause", {"duration": "24"}),
        ("I am 18 or older", "age_adult", {"age": "adult"}),
        ("I'm under 18", "age_minor", {"age": "minor"}),
        ("Are you human?", "are_you_human", {"being": "human"}),
        ("Should I buy BTC now?", "advice", {"asset": "BTC"}),
        ("watch bitcoin for me", "watch", {"asset": "BTC"}),
        ("Stop watching ETH", "unwatch", {"asset": "ETH"}),
        ("My time zone is Europe/Helsinki", "zone", {"zone": "Europe/Helsinki"}),
        ("I live in New York", "zone", {"zone": "America/New_York"}),
        ("my timezone is utc", "zone", {"zone": "UTC"}),
        ("Speak calmly", "pick_persona", {"persona": "calm"}),
        ("stop", "nudges_off", {"answer": "off"}),
        ("Why?", "why", {}),
        ("Delete my data", "erase", {}),
        ("what have I unlocked", "profile", {}),
        ("thank you very much", "thanks", {}),
    ],
)
def test_a_phrase_is_understood(text: str, name: str, slots: dict[str, str]) -> None:
    intent = heard(text)
    assert (intent.name, intent.slots) == (name, slots)
    assert (intent.confidence, intent.source) == (1.0, "pattern")


@pytest.mark.parametrize(
    ("text", "name", "slots"),
    [
        ("wat do you see in btc", "market", {"asset": "BTC"}),
        ("tell me about positon sizing", "ask_topic", {"topic": "position-sizing"}),
        ("liqidation clustres", "ask_topic", {"topic": "liquidation-clusters"}),
        ("go depper", "more", {}),
        ("wht are my limts", "limits", {}),
        ("whta can you do", "help", {}),
        ("helo there", "greet", {}),
    ],
)
def test_a_typo_is_understood_with_less_confidence(
    text: str, name: str, slots: dict[str, str]
) -> None:
    intent = heard(text)
    assert (intent.name, intent.slots) == (name, slots)
    assert 0.8 <= intent.confidence < 1


@pytest.mark.parametrize(
    "text",
    [
        "yess",
        "yse",
        "buyy",
        "confrim",
        "don't pause for 24 hours",
        "do not tell me about leverage",
        "puase for 42 days",
        "erase my dtaa",
        "i am 18 or oldr",
        "set my daily limit to -5",
        "set my daily limit to 2.5",
        "nope nope nope maybe",
        "lev",
        "x",
        "",
        "   ",
        "?!",
    ],
)
def test_what_spends_closes_or_deletes_is_never_guessed(text: str) -> None:
    intent = heard(text)
    assert (intent.name, intent.source, intent.confidence) == ("none", "none", 0.0)


def test_not_understood_offers_the_two_nearest_as_texts_that_are_understood() -> None:
    intent = heard("what are the limits of my credit card account")
    assert intent.name == "none"
    assert 1 <= len(intent.nearest) <= 2
    for text in intent.nearest:
        assert heard(text).name != "none"


def test_every_example_is_understood_as_its_own_intent() -> None:
    for name, example in UNDERSTANDING.tongues["en"].examples.items():
        if example:
            assert heard(example).name == name


def test_a_phrase_bound_to_a_state_is_heard_there_alone() -> None:
    assert heard("24 hours").name == "none"
    assert heard("24 hours", "asking_pause").slots == {"duration": "24"}
    assert heard("yes", "asking_age").name == "age_adult"
    assert heard("yes", "offer").name == "yes"


def test_every_choice_sends_what_is_understood() -> None:
    values = {"asset": "BTC", "choices": ("Topics", "My limits"), "has_request": True}
    for (persona, locale, name), reply in CONTENT.replies.items():
        for choice in render_choices(reply.choices, values):
            places = ("idle", *UNDERSTANDING.states)
            names = {heard(choice.send, place).name for place in places}
            assert names != {"none"}, (persona, locale, name, choice.send)


def test_feelings_and_urgency_are_heard() -> None:
    assert heard("I am scared").sentiment == "negative"
    assert heard("great, thanks a lot").sentiment == "positive"
    assert heard("topics").sentiment == "neutral"
    assert heard("quick, what do you see in BTC").urgency == 7
    assert heard("what do you see in BTC").urgency == 0


def test_long_texts_are_not_compared_with_phrases() -> None:
    intent = heard("please tell me more about the weather " * 100)
    assert (intent.name, intent.nearest) == ("none", ())


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the naughty strings are not here")
def test_every_naughty_string_is_answered() -> None:
    for text in json.loads(NAUGHTY.read_text()):
        for state in ("start", "offer", "asking_pause"):
            intent = heard(text, state)
            assert intent.name in UNDERSTANDING.intents | {"none"}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "fi", ""]))
def test_any_text_means_one_thing_always(text: str, locale: str) -> None:
    assert heard(text, locale=locale) == heard(text, locale=locale)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("abcxyzäß", min_size=1, max_size=6), min_size=1, max_size=6))
def test_capitals_spaces_and_punctuation_do_not_matter(words: list[str]) -> None:
    plain = normalise(" ".join(words))
    assert normalise(f"  {', '.join(words)}!? ") == plain
    assert normalise(" ".join(words).upper()) == plain


@settings(max_examples=size(60, 2_000), deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SAID), st.sampled_from(["idle", "offer"]))))
def test_a_remembered_text_means_what_it_means_to_new_ears(said: list[tuple[str, str]]) -> None:
    for text, state in said * 2:
        assert heard(text, state) == understand(unspoken(), text, "en", state)


def test_only_phrases_are_remembered_and_only_so_many() -> None:
    understanding = unspoken()
    for text in ("good mornin", "I owe my brother money", "hello" + " " * LONGEST_KEPT):
        understand(understanding, text, "en", "idle")
    assert not understanding.known
    for number in range(INTENTS_KEPT + 5):
        understand(understanding, "hello", "en", f"state{number}")
        assert 0 < len(understanding.known) <= INTENTS_KEPT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's 24h!", "its 24 h"),
        ("1,000 credits", "1000 credits"),
        ("-5", "minus 5"),
        ("2.5 or 2,5", "2 point 5 or 2 point 5"),
        ("Europe/Helsinki", "europe helsinki"),
        ("ＢＴＣ？", "btc"),
        ("a\u200bb\u0000c\ud800", "ab c"),
        ("👍🏽 ok", "👍🏽 ok"),
    ],
)
def test_numbers_keep_their_meaning_and_strange_characters_vanish(text: str, words: str) -> None:
    assert normalise(text) == words


def test_four_thousand_characters_are_read_and_no_more() -> None:
    assert heard("a " * 2_000 + "sad").sentiment == "neutral"
    assert heard("a " * 1_900 + "sad").sentiment == "negative"
    assert heard("sad" * 100_000).name == "none"


def test_a_locale_is_heard_beside_english() -> None:
    understanding, report = small(
        en="intents: {greet: [hello], ask_topic: ['about {topic}']}",
        fi="intents: {greet: [moi, 'päivää'], ask_topic: ['kerro aiheesta {topic}']}",
    )
    assert not report.mistakes, problems(report)

    def name(text: str, locale: str) -> str:
        return understand(understanding, text, locale, "idle").name

    assert [name("Päivää!", "fi"), name("hello", "fi")] == ["greet", "greet"]
    assert name("kerro aiheesta sodium", "fi") == "ask_topic"
    assert name("hello", "sv") == "greet"


def test_a_phrase_of_another_language_is_heard_and_the_language_told() -> None:
    understanding, report = small(
        en="intents: {greet: [hello], thanks: [thank you very much]}",
        fi="intents: {greet: [moi, 'hyvää päivää'], thanks: [kiitos oikein paljon]}",
    )
    assert not report.mistakes, problems(report)

    def told(text: str, locale: str) -> tuple[str, str]:
        intent = understand(understanding, text, locale, "idle")
        return intent.name, intent.language

    assert told("moi", "en") == ("greet", "fi")
    assert told("kiitos oiken paljon", "en") == ("thanks", "fi")
    assert told("kiitos siitä oikein", "en") == ("none", "fi")
    assert told("hello", "en") == ("greet", "")
    assert told("hello", "fi") == ("greet", ""), "English is heard in every language"
    assert told("xyzzy", "en") == ("none", "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("intents: {greet: ['hi {nmae}']}", "U003  '{nmae}' is not a slot"),
        ("intents: {greet: ['{topic} or {topic}']}", "a slot stands twice"),
        ("intents: {greet: ['hi {topic']}", "a brace without its other half"),
        ("intents: {greet: ['?!']}", "a phrase needs a word"),
        ("intents: {greet: {phrases: [hi], slots: {aeg: x}}}", "did you mean 'age'?"),
        ("intents: {greet: {strict: true}}", "nobody can say 'greet'"),
        ("intents: {refused: [x]}", "U002  'refused' already has a meaning"),
        ("intents: {none: [x]}", "U002  'none' already has a meaning"),
        ("intents: {a: [hi], b: ['Hi!']}", "U004  'Hi!' already means 'a'"),
        ("intents: {a: [hi]}\nwords: {period: {dya: [x]}}", "did you mean 'day'?"),
        ("intents: {a: [hi]}\nwords: {colour: {}}", "'colour' is not a key here"),
        ("intent: {}", "'intent' is not a key here; did you mean 'intents'?"),
    ],
)
def test_a_mistake_of_an_author_is_named(text: str, problem: str) -> None:
    assert problem in problems(small(en=text)[1])


def test_without_english_nothing_would_be_understood() -> None:
    understanding, report = small(fi="intents: {greet: [moi]}")
    assert "this file is missing" in problems(report)
    assert understand(understanding, "hello", "en", "idle").name == "none"


def test_a_text_that_is_not_understood_is_asked_back_about_the_topic_it_names() -> None:
    intent = heard("wobbly position size of the zeppelin quux")
    assert (intent.name, intent.nearest[0]) == ("none", "Position size")


@pytest.mark.parametrize("locale", ["en", "fi"])
def test_help_stands_beside_every_question_back_so_it_is_no_choice_of_its_own(locale: str) -> None:
    assert UNDERSTANDING.example("help", locale) == ""
    assert UNDERSTANDING.example("topics", locale)
