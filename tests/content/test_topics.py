"""Topics among each other: depths that go deeper and names that mean one topic."""

import re
from collections import Counter

import pytest

from bot.authored import Report
from bot.content.markdown import read_markdown
from bot.model.money import TIERS
from bot.talk.slots import normalise
from bot.talk.tongues import build
from bot.talk.understand import understand
from tests.content.files import nodes, problems, shipped, shipped_texts
from tests.content.worked import lesson

CONTENT = shipped()[0]
TOPICS = CONTENT.topics["en"]
DEEP = [topic.id for topic in TOPICS.values() if len(topic.texts) == len(TIERS)]
LONGEST = {"free": 260, "basic": 310, "premium": 460, "exclusive": 600}  # words and signs


def _names(topic: str) -> list[str]:
    return [normalise(name) for name in (TOPICS[topic].title, *TOPICS[topic].names)]


def test_every_topic_in_four_depths_is_in_one_course_and_begins_free() -> None:
    taught = [topic for course in CONTENT.courses["en"].values() for topic in course.topics]
    assert sorted(taught) == sorted(DEEP) and len(taught) == 12
    assert CONTENT.free_titles("en") == tuple(TOPICS[topic].title for topic in taught)


def test_a_course_is_told_with_its_topics_and_heard_as_its_first() -> None:
    for course, told in zip(
        CONTENT.courses["en"].values(), CONTENT.course_lists("en"), strict=True
    ):
        titles = ", ".join(TOPICS[topic].title for topic in course.topics)
        assert told == {"title": course.title, "about": course.about, "topics": titles}
        assert normalise(course.title) in _names(course.topics[0])


def test_a_name_means_one_topic() -> None:
    found = Counter(name for topic in TOPICS for name in set(_names(topic)))
    assert [name for name, times in found.items() if times > 1] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_heard_by_each_of_its_names(topic: str) -> None:
    report = Report()
    heard = build(nodes(shipped_texts(), report), CONTENT.spoken, report)
    assert not report.mistakes, problems(report)
    for name in (TOPICS[topic].title, *TOPICS[topic].names):
        intent = understand(heard, f"Tell me about {name}", "en", "idle")
        assert (intent.name, intent.slots.get("topic")) == ("ask_topic", topic), name


@pytest.mark.parametrize("topic", DEEP)
def test_each_depth_is_longer_than_the_one_before_and_none_is_a_book(topic: str) -> None:
    words = {tier.value: len(lesson(f"{topic}.{tier.value}").split()) for tier in TIERS}
    assert list(words.values()) == sorted(words.values())
    assert all(count <= LONGEST[tier] for tier, count in words.items()), words


@pytest.mark.parametrize("topic", DEEP)
def test_a_free_lesson_ends_with_something_to_try(topic: str) -> None:
    assert "Try it yourself" in lesson(f"{topic}.free").split("\n\n")[-1]


@pytest.mark.parametrize("topic", DEEP)
def test_the_exclusive_depth_has_a_counter_example_and_a_checklist(topic: str) -> None:
    text = lesson(f"{topic}.exclusive")
    assert "counter-example" in text.casefold()
    assert text[text.index("Checklist") :].count("\n- ") >= 5


@pytest.mark.parametrize("sku", CONTENT.items)
def test_no_mark_of_a_lesson_is_left_unread(sku: str) -> None:
    assert not re.search(r"[*`\]]", read_markdown(lesson(sku)).text)
