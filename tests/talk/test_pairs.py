"""Two questions in one message, corrections, and words that point back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.model.decision import Decision
from bot.model.person import Conversation, Person
from bot.talk.parting import parts
from bot.talk.slots import normalise
from tests.talk.test_decide import NOW, said
from tests.talk.test_understand import UNDERSTANDING, heard

MINUTE = 60_000_000
TELLING = (
    "my credits",
    "my limits",
    "how do i pause",
    "what do you see in BTC",
    "what can you do",
    "how am i doing",
    "my streak",
)
DOING = ("what is leverage", "watch ETH", "my time zone is UTC", "set my daily limit to 5 a day")
STRICT = ("yes", "buy it", "confirm", "delete my data", "pause for 7 days", "stop", "no")


def talk(*texts: str, person: Person | None = None) -> list[Decision]:
    """The decisions of texts said one after another, a minute apart."""
    found = []
    for number, text in enumerate(texts, 1):
        found.append(said(person, text, number, NOW + number * MINUTE))
        person = found[-1].person
    return found


def known() -> Person:
    """Somebody who was greeted, so that answers are as short as they get."""
    return talk("hello")[0].person


def reply(text: str, person: Person | None = None) -> str:
    return talk(text, person=person or known())[-1].reply.text


def test_both_questions_are_answered_in_their_order() -> None:
    text = reply("What is leverage and how do I pause?")
    assert text.index("Leverage is a loan") < text.index("A pause closes paid lessons")
    text = reply("How do I pause? And what is leverage?")
    assert text.index("A pause closes paid lessons") < text.index("Leverage is a loan")
    deeper = talk("how do i pause and what is leverage", person=known())[0]
    assert (deeper.reply.tier, deeper.reply.state) == ("free", "learning")
    text = reply("my credits and what do you see in btc?")
    assert text.index("20 credits") < text.index("BTC") < text.index("lose everything you put in")


@pytest.mark.parametrize("first", TELLING)
@pytest.mark.parametrize("second", [*TELLING, "what is leverage"])
def test_two_answers_are_those_of_the_two_questions_alone(first: str, second: str) -> None:
    if first == second:
        return
    both = talk(f"{first} and {second}", person=known())[0]
    alone = [talk(one, person=known())[0] for one in (first, second)]
    acts = {act for one in alone for act in one.trace.said}
    assert set(both.trace.said) == acts


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(TELLING + DOING),
    st.sampled_from(TELLING + DOING + STRICT),
    st.sampled_from(["idle", "learning", "offer", "start"]),
    st.sampled_from([" and ", ". ", "? "]),
)
def test_the_second_question_changes_nothing(
    first: str, second: str, state: str, joint: str
) -> None:
    stand = Conversation(state, "leverage", "leverage.basic", NOW)
    person = replace(known(), state=stand)
    both = talk(first + joint + second, person=person)[0]
    assert both.entries == () and not both.is_erasing
    if both.trace.intent == heard(second).name:
        first, second = second, first  # the lesson is the one that counts
    alone = talk(first, person=person)[0]
    if both.trace.intent == alone.trace.intent:
        one, other = both.person, alone.person
        assert (one.spending.lots, one.spending.pauses) == (
            other.spending.lots,
            other.spending.pauses,
        )
        assert (one.profile, one.watch, one.consent) == (
            other.profile,
            other.watch,
            other.consent,
        )
        assert one.progress.lessons == other.progress.lessons
        assert one.state.name == other.state.name


@pytest.mark.parametrize("strict", STRICT)
@pytest.mark.parametrize("joint", [" and ", ". "])
def test_what_is_strict_is_no_part_of_two(strict: str, joint: str) -> None:
    for text in (f"what is leverage{joint}{strict}", f"{strict}{joint}what is leverage"):
        assert heard(text).also is None
    person = replace(known(), state=Conversation("offer", "leverage", "leverage.basic", NOW))
    assert talk(f"my credits{joint}{strict}", person=person)[0].entries == ()


def test_two_that_do_something_are_asked_for_one_at_a_time() -> None:
    decision = talk("what is leverage and watch ETH", person=known())[0]
    assert decision.person.progress.lessons == ("leverage.free",)
    assert decision.person.watch == ()
    assert "one at a time" in decision.reply.text


def test_a_whole_phrase_with_a_joint_in_it_stays_whole() -> None:
    for text in ("and btc", "hello and what is leverage"):
        assert heard(text).also is None


def test_three_questions_are_not_two() -> None:
    assert heard("my credits. my limits. what is leverage?").also is None


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_a_text_parts_in_few_ways_and_loses_no_word(text: str) -> None:
    words = normalise(text).split()
    joints = UNDERSTANDING.tongues["en"].joints
    ways = list(parts(text, words, joints))
    assert len(ways) <= 4
    for one, two in ways:
        assert [w for w in [*one, *two] if w not in joints] == [
            w for w in words if w not in joints
        ]


@pytest.mark.parametrize(
    ("first", "correction", "slots"),
    [
        ("what do you see in BTC", "no, I meant ETH", {"asset": "ETH"}),
        ("what do you see in BTC", "not BTC, SOL", {"asset": "SOL"}),
        ("what do you see in BTC", "SOL, not BTC", {"asset": "SOL"}),
        ("watch BTC", "sorry, I meant ethereum", {"asset": "ETH"}),
        ("teach me leverage", "I meant position sizing", {"topic": "position-sizing"}),
        ("leverage premium", "I meant basic", {"topic": "leverage", "tier": "basic"}),
        ("leverage premium", "I meant the basic one", {"topic": "leverage", "tier": "basic"}),
        (
            "set my daily limit to 10",
            "no, I meant 5",
            {"amount": "5", "period": "day"},
        ),
        ("my time zone is Europe/Paris", "I meant Helsinki", {"zone": "Europe/Helsinki"}),
    ],
)
def test_a_correction_repeats_the_wish_with_the_right_word(
    first: str, correction: str, slots: dict[str, str]
) -> None:
    wished, corrected = talk(first, correction, person=known())
    assert corrected.trace.intent == wished.trace.intent
    assert corrected.trace.slots == slots


def test_a_correction_after_something_else_in_between_still_knows_the_wish() -> None:
    last = talk("watch BTC", "thanks", "I meant SOL", person=known())[-1]
    assert last.person.watch == ("BTC", "SOL")


def test_a_correction_of_nothing_does_what_it_names_or_asks() -> None:
    assert talk("I meant ETH", person=known())[-1].trace.said[0] == "market"
    assert "what that puts right" in talk("I meant 5", person=known())[-1].reply.text


@pytest.mark.parametrize("strict", ["yes", "pause for 24 hours", "delete my data"])
def test_no_correction_repeats_what_spends_closes_or_deletes(strict: str) -> None:
    person = replace(known(), state=Conversation("offer", "leverage", "leverage.basic", NOW))
    _, corrected = talk(strict, "I meant premium", person=person)
    assert corrected.trace.intent in ("correction", "ask_depth")
    assert corrected.entries == () and not corrected.is_erasing


def test_it_is_the_topic_last_talked_about() -> None:
    learnt, more = talk("teach me leverage", "tell me more about it", person=known())
    assert more.person.state.sku == "leverage.basic"
    quiz = talk("teach me leverage", "goodbye", "quiz me on that", person=known())[-1]
    assert quiz.person.state.name == "quizzing" and quiz.person.state.topic == "leverage"
    risky = talk("teach me leverage", "is it risky?", person=known())[-1]
    assert "Leverage" in risky.reply.text and risky.person.state == replace(
        learnt.person.state, at=risky.person.state.at
    )


def test_it_without_anything_said_before_is_asked_about() -> None:
    assert talk("tell me more about it", person=known())[-1].trace.said == ("which_topic",)


def test_nothing_of_ones_own_words_is_remembered_for_a_correction() -> None:
    person = talk("call me Aino", "my time zone is UTC", person=known())[-1].person
    assert "Aino" not in str(person.seen.last_slots) and person.seen.last_slots == {"zone": "UTC"}


def test_the_same_two_questions_are_the_same_decision() -> None:
    person = known()
    one, two = (talk("what is leverage and how do I pause?", person=person)[0] for _ in "12")
    assert one == two
