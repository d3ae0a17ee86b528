"""A quiz explains every answer, counts once, and is left at any point."""

import pytest

from tests.talk.talker import SALT, Talker, script

SCRIPT = script()


@pytest.fixture
def talker() -> Talker:
    talker = Talker(SCRIPT)
    talker.hears("teach me salt", "quiz me")
    return talker


def test_a_quiz_asks_its_first_question_with_its_options(talker: Talker) -> None:
    reply = talker.last.reply
    assert "3 questions on Salt" in reply.text and "What keeps?" in reply.text
    assert [choice.label for choice in reply.choices] == ["A: Salt", "B: Sugar cane", "C: Sand"]
    assert reply.state == "quizzing"


@pytest.mark.parametrize(
    "said", ["A", "a", "1", "the first", "I think A", "Salt", "salt", "Sallt"]
)
def test_an_answer_is_a_letter_a_number_or_the_words(talker: Talker, said: str) -> None:
    answer = talker.says(said)
    assert talker.known.progress.answers == (1,)
    assert "It draws water." in answer and "What draws?" in answer


def test_a_wrong_answer_is_told_kindly_and_explained(talker: Talker) -> None:
    answer = talker.says("B")
    assert talker.known.progress.answers == (0,)
    assert "Salt" in answer and "It draws water." in answer


@pytest.mark.parametrize("said", ["D", "wood", "qwxz zzz"])
def test_what_is_no_answer_counts_for_nothing(talker: Talker, said: str) -> None:
    answer = talker.says(said)
    assert talker.known.progress.answers == ()
    assert "could not match" in answer and "What keeps?" in answer


@pytest.mark.parametrize("said", ["I don't know", "dunno", "skip", "tell me the answer"])
def test_who_does_not_know_is_told_and_asked_the_next_question(talker: Talker, said: str) -> None:
    answer = talker.says(said)
    assert talker.known.progress.answers == (0,)
    assert "It draws water." in answer and "What draws?" in answer


def test_other_things_said_in_a_quiz_are_heard(talker: Talker) -> None:
    answer = talker.says("my limits")
    assert "Your limits" in answer and "What keeps?" in answer
    assert talker.known.progress.answers == ()


def test_a_perfect_quiz_counts_once_and_ends_its_course(talker: Talker) -> None:
    talker.hears("A", "B")
    answer = talker.says("A")
    names = [event.name for event in talker.last.events]
    told = ("quiz_complete", "quiz_perfect", "course_complete")
    assert [name for name in names if name in told] == [*told]
    assert talker.last.events[0].props.items() >= {"topic": "salt", "right": 3, "of": 3}.items()
    assert "all 3 were right" in answer and "The kitchen" in answer
    person = talker.known
    assert (person.progress.quizzes, person.progress.courses) == (("salt",), ("kitchen",))
    assert (person.skill.quizzes, person.state.name) == (1, "learning")
    talker.hears("quiz me", "A", "B", "A")
    assert [event.name for event in talker.last.events] == ["quiz_complete", "quiz_perfect"]
    assert talker.known.skill.quizzes == 1
    assert talker.known.progress.xp == person.progress.xp, "what was finished earns nothing again"


def test_a_quiz_that_was_not_perfect_says_how_many_were_right(talker: Talker) -> None:
    answer = talker.hears("B", "B", "B")
    assert "1 of 3 right" in answer
    assert [event.name for event in talker.last.events][:1] == ["quiz_complete"]


def test_a_side_question_does_not_lose_the_quiz(talker: Talker) -> None:
    talker.says("A")
    answer = talker.says("what is leverage?")
    assert "a loan that makes" in answer and "What draws?" in answer
    answer = talker.says("B")
    assert "Where from?" in answer


@pytest.mark.parametrize("said", ["later", "stop the quiz", "no", "bye", "stop"])
def test_a_quiz_is_left_at_any_point(talker: Talker, said: str) -> None:
    talker.hears("A", said)
    state = talker.known.state
    assert (state.name, state.topic, state.data) == ("learning", "salt", {})
    assert talker.known.consent.nudges is False


def test_a_topic_without_a_quiz_says_so() -> None:
    files = {"content/en/topics/pepper.yaml": SALT.split("  quiz:")[0].replace("salt", "pepper")}
    talker = Talker(script({**files}))
    answer = talker.hears("teach me pepper", "quiz me")
    assert "no quiz" in answer
    assert talker.known.state.name == "learning"


def test_a_quiz_whose_topic_was_taken_away_ends(talker: Talker) -> None:
    talker.says("A")
    talker.script = script({"content/en/topics/salt.yaml": SALT.split("  quiz:")[0]})
    talker.says("B")
    assert talker.known.state.name == "learning"
    assert talker.known.progress.answers == (1,)


def test_the_latest_ten_answers_are_kept(talker: Talker) -> None:
    for _ in range(4):
        talker.hears("A", "A", "A", "quiz me")
    assert talker.known.progress.answers == (1, 1, 0, 1, 1, 0, 1, 1, 0, 1)[-10:]
