"""What the classifier may say: sentences nobody wrote down, and nothing it must not guess."""

import pytest
from msgspec.structs import replace

from bot.model.message import Intent
from bot.talk.corpus import learnt
from bot.talk.guess import outlined
from bot.talk.understand import Understanding, understand
from tests.models import shipped_catalog, taught
from tests.talk.test_understand import problems, small

CATALOG = shipped_catalog()
UNDERSTANDING = CATALOG.script.understanding


def heard(text: str, state: str = "idle", locale: str = "en") -> Intent:
    return understand(UNDERSTANDING, text, locale, state)


@pytest.mark.parametrize(
    ("text", "name", "slots"),
    [
        ("is there any chance you could explain what leverage does", "ask_topic", "leverage"),
        ("everybody keeps talking about funding rates and i don't get it", "ask_topic", "funding"),
        ("how many credits are there on my account still", "balance", ""),
        ("do you think the price of eth will go up next week", "advice", ""),
        ("what other subjects can you teach somebody like me", "topics", ""),
        ("could you send me a message when bitcoin falls a lot", "watch", ""),
    ],
)
def test_a_sentence_nobody_wrote_down_is_understood(text: str, name: str, slots: str) -> None:
    intent = heard(text)
    assert (intent.name, intent.source) == (name, "classifier")
    assert UNDERSTANDING.learnt.model is not None
    assert UNDERSTANDING.learnt.model.head.least <= intent.confidence <= 1
    assert not slots or intent.slots["topic"] == slots


@pytest.mark.parametrize(
    "intent", sorted(n for n, m in UNDERSTANDING.learnt.manners.items() if m.is_strict)
)
def test_a_strict_intent_is_never_guessed(intent: str) -> None:
    for name, words in UNDERSTANDING.learnt.sentences:
        if name == intent:
            for text in (f"well you see {words}", f"{words} if that is possible for me"):
                found = heard(text.replace("{", "").replace("}", ""))
                assert found.source != "classifier" or found.name != intent


def test_a_strict_intent_that_wins_is_asked_back_as_a_choice() -> None:
    intent = heard("would you mind deleting all the stuff you have about me")
    assert (intent.name, intent.source, intent.confidence) == ("none", "none", 0.0)
    assert intent.nearest[0] == "Delete my data"


def test_an_intent_that_needs_a_slot_does_not_win_without_it() -> None:
    intent = heard("i have no idea what this strange thing means")
    assert intent.name != "ask_topic"


@pytest.mark.parametrize(
    "text",
    [
        "do not tell me anything about leverage",
        "please set my daily limit to minus 5 credits if you can",
        "please set my daily limit to 2.5 credits if you can",
        "xyzzy qwrt plugh",
        "the weather in the mountains is lovely this time of the year",
    ],
)
def test_what_is_denied_spoilt_or_strange_is_asked_back(text: str) -> None:
    assert heard(text).name == "none"


def test_a_long_story_is_not_one_intent() -> None:
    assert heard("could you explain what leverage does " * 20).name == "none"


def test_names_and_numbers_are_learnt_as_their_holes() -> None:
    spots = UNDERSTANDING.learnt.spots["en"]
    named: dict[str, str] = {}
    words = ["put", "20", "credits", "of", "bitcoin", "into", "position", "sizing"]
    assert outlined(spots, words, named) == [
        *("put", "{number}", "credits", "of", "{asset}", "into", "{topic}"),
    ]
    assert named == {"asset": "BTC", "topic": "position-sizing"}


def a_small_one(examples: str = "") -> Understanding:
    intents = """intents:
  drink: {phrases: [tea please, coffee please, a cup of tea]}
  eat: {phrases: [bread please, soup please, a slice of cake], examples: [i am hungry]}
  pay: {phrases: [the bill please, i want to pay], strict: true}
  size: {in: {ordering: [a big one, a small one]}, examples: [the large cup, make it large]}
"""
    understanding, report = small(en=intents)
    assert not report.mistakes, problems(report)
    return taught(understanding)


def test_examples_are_heard_and_intents_of_a_state_only_there() -> None:
    understanding = a_small_one()

    def name(text: str, state: str) -> str:
        return understand(understanding, text, "en", state).name

    assert name("oh i am so hungry", "idle") == "eat"
    assert name("yes make it the large cup", "ordering") == "size"
    assert name("yes make it the large cup", "idle") != "size"


def test_an_intent_that_is_gone_is_not_heard_by_the_old_model() -> None:
    before = a_small_one()
    manners = {name: one for name, one in before.learnt.manners.items() if name != "eat"}
    after = replace(before, learnt=replace(before.learnt, manners=manners))
    assert understand(before, "oh i am so hungry", "en", "idle").name == "eat"
    intent = understand(after, "oh i am so hungry", "en", "idle")
    assert intent.name == "none"


def test_without_a_model_phrases_go_on() -> None:
    untaught = replace(UNDERSTANDING, learnt=replace(UNDERSTANDING.learnt, model=None), known={})
    assert understand(untaught, "hello", "en", "idle").name == "greet"
    text = "how many credits are there on my account still"
    assert understand(untaught, text, "en", "idle").source != "classifier"


def test_nothing_is_learnt_from_no_files() -> None:
    assert learnt({}, {}).sentences == ()
