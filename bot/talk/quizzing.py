"""A quiz of a topic, question by question, and what finishing it means."""

from typing import Any

from msgspec.structs import replace
from rapidfuzz import fuzz, process

from bot.content.quizzes import Question
from bot.model.message import Event
from bot.model.person import Conversation, Person
from bot.people import engagement
from bot.people.skill import grown
from bot.talk import charges, rating
from bot.talk.acts import Result
from bot.talk.case import Case, Done
from bot.talk.script import Script
from bot.talk.slots import normalise

TOPIC, NUMBER, RIGHT = "quiz", "number", "right"  # what a conversation keeps of an open quiz
OPTIONS = "abcd"
PASSED_ON = "skip"  # the intent of who does not know: told the answer, and asked the next question
LONGEST = 400  # characters that are compared with the options
LIKE = 85.0  # per cent of likeness of an option said in one's own spelling
REMEMBERED = 10  # of the latest answers
EXPLANATION = "*explanation*"  # stands for why an answer is right in a list of acts
QUESTION = "*question*"  # stands for the question that is open


def begin(case: Case) -> Done:
    """The first question of a topic's quiz."""
    topic = str(case.slots["topic"])
    questions = case.script.content.quiz(topic, case.person.profile.language)
    if not questions:
        return Done(Result.NOTHING_MORE, case.person, "no_quiz")
    words = {"question_count": len(questions)}
    data = {TOPIC: topic, NUMBER: "0", RIGHT: "0"}
    return Done(Result.TOLD, case.person, "quiz_begin", words=words, data=data)


def answer(case: Case) -> Done:
    """An answer judged and explained; then the next question, or the end."""
    asked = open_question(case.script, case.left, case.person.profile.language)
    if asked is None:
        return Done(Result.NOTHING_MORE, case.person, "no_quiz")
    is_passed = case.intent.name == PASSED_ON
    picked = _picked(case, asked)
    if picked is None and not is_passed:
        return Done(Result.REFUSED, case.person, "quiz_unclear")
    is_right = picked == asked.right
    answers = (*case.person.progress.answers, int(is_right))[-REMEMBERED:]
    person = replace(case.person, progress=replace(case.person.progress, answers=answers))
    data = case.left.data
    number, right = int(data[NUMBER]) + 1, int(data[RIGHT]) + is_right
    questions = case.script.content.quiz(data[TOPIC], person.profile.language)
    words = {"right_option": asked.options[asked.right], "explanation": asked.because}
    told = "quiz_passed" if is_passed else "quiz_right" if is_right else "quiz_wrong"
    acts = (told, EXPLANATION)
    if number < len(questions):
        data = {**data, NUMBER: str(number), RIGHT: str(right)}
        return Done(Result.TOLD, person, acts=acts, words=words, data=data)
    words.update(right_count=right, question_count=len(questions))
    return _finished(case, person, acts, words)


def option_said(script: Script, person: Person, text: str) -> str:
    """The letter of the option whose words were said, nearly; they may mean other things
    elsewhere.
    """
    if TOPIC not in person.state.data or len(text) > LONGEST:
        return ""
    asked = open_question(script, person.state, person.profile.language)
    options = [normalise(option) for option in asked.options] if asked is not None else []
    best = process.extractOne(normalise(text), options, scorer=fuzz.ratio, score_cutoff=LIKE)
    return OPTIONS[best[2]] if best is not None else ""


def open_question(script: Script, conversation: Conversation, language: str) -> Question | None:
    """The question that stands; None where there is none (any more)."""
    data = conversation.data
    questions = script.content.quiz(data.get(TOPIC, ""), language)
    number = int(data.get(NUMBER, "0"))
    return questions[number] if number < len(questions) else None


def _picked(case: Case, asked: Question) -> int | None:
    """Which option was meant, by its letter; None when the question has no such option."""
    place = OPTIONS.find(str(case.slots.get("option", "")) or "?")
    return place if 0 <= place < len(asked.options) else None


def _finished(case: Case, person: Person, acts: tuple[str, ...], words: dict[str, Any]) -> Done:
    """The quiz done: it counts once for the skill, and may end a course."""
    topic = case.left.data[TOPIC]
    right, count = int(words["right_count"]), int(words["question_count"])
    is_perfect = right == count
    again = {"again": True} if topic in person.progress.quizzes else {}
    names: list[tuple[str, dict[str, Any]]] = [
        ("quiz_complete", {"topic": topic, "right": right, "of": count, **again})
    ]
    names += [("quiz_perfect", {"topic": topic, **again})] if is_perfect else []
    acts = (*acts, "quiz_perfect" if is_perfect else "quiz_done")
    if topic not in person.progress.quizzes:
        person = _counted(case, person, topic)
        if course := _course_ended(case, person, topic):
            names.append(("course_complete", {"course": course}))
            acts = (*acts, "course_done")
        if (questioned := rating.asked(person, topic, case.now)) is not None:
            person, acts = questioned, (*acts, rating.ASK)
    events: tuple[Event, ...] = tuple(
        charges.event(case, name, props, index) for index, (name, props) in enumerate(names)
    )
    return Done(Result.FINISHED, person, acts=acts, words=words, events=events)


def _counted(case: Case, person: Person, topic: str) -> Person:
    progress = replace(person.progress, quizzes=(*person.progress.quizzes, topic))
    course = case.script.content.course_of(topic, person.profile.language)
    if course is not None and set(course.topics) <= set(progress.quizzes):
        progress = replace(progress, courses=(*progress.courses, course.id))
    activity = engagement.deepened(person.activity, case.now, case.script.engagement)
    skill = grown(person.skill, 0, 1, case.script.skill)
    return replace(person, progress=progress, activity=activity, skill=skill)


def _course_ended(case: Case, person: Person, topic: str) -> str:
    """The course this quiz was the last of; a quiz counts once, so a course ends once."""
    course = case.script.content.course_of(topic, person.profile.language)
    is_ended = course is not None and course.id in person.progress.courses
    return course.id if course is not None and is_ended else ""
