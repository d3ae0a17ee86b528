"""The shipped quizzes: few questions, explained answers, and none that gives itself away."""

from collections import Counter

import pytest

from bot.content.quizzes import Question
from tests.content.files import shipped

CONTENT = shipped()[0]
QUIZZES = {topic: quiz for topic in CONTENT.topics["en"] if (quiz := CONTENT.quiz(topic, "en"))}
ALL = [question for quiz in QUIZZES.values() for question in quiz]
SEEN = 3  # characters by which an option must be longer to strike the eye
LONGEST_OPTION = 70  # characters: a choice is a button


def _is_longest(question: Question) -> bool:
    right = len(question.options[question.right])
    others = [len(o) for at, o in enumerate(question.options) if at != question.right]
    return right > max(others) + SEEN


@pytest.mark.parametrize("topic", QUIZZES)
def test_a_quiz_asks_three_to_five_different_questions(topic: str) -> None:
    quiz = QUIZZES[topic]
    assert 3 <= len(quiz) <= 5
    assert len({question.ask.source for question in quiz}) == len(quiz)
    assert all(question.ask.source.rstrip().endswith(("?", "...", "…")) for question in quiz)


@pytest.mark.parametrize("topic", QUIZZES)
def test_options_are_few_short_and_distinct_and_one_of_them_is_right(topic: str) -> None:
    for question in QUIZZES[topic]:
        assert 2 <= len(question.options) <= 4
        assert len({option.casefold() for option in question.options}) == len(question.options)
        assert all(0 < len(option) <= LONGEST_OPTION for option in question.options)
        assert 0 <= question.right < len(question.options)


@pytest.mark.parametrize("topic", QUIZZES)
def test_an_answer_is_explained_in_one_to_four_sentences(topic: str) -> None:
    for question in QUIZZES[topic]:
        because = question.because.source.strip()
        assert because.endswith(".")
        assert 40 < len(because) < 400
        assert because.count(". ") <= 3


@pytest.mark.parametrize("topic", QUIZZES)
def test_neither_place_nor_length_gives_the_answers_of_a_quiz_away(topic: str) -> None:
    quiz = QUIZZES[topic]
    assert len({question.right for question in quiz}) > 1
    assert sum(map(_is_longest, quiz)) <= len(quiz) / 2


def test_whoever_always_picks_one_place_or_the_longest_fails() -> None:
    places = Counter(question.right for question in ALL)
    assert max(places.values()) < len(ALL) / 2
    assert sum(map(_is_longest, ALL)) < len(ALL) / 2
