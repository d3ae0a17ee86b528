"""Content/ and the phrases of personas/ as compiled texts: replies, lessons, notifications."""

from collections.abc import Mapping

from msgspec import Struct

from bot.authored import Node, Report
from bot.content import courses, lint, pages, policy, texts, topics
from bot.content.compile import Template
from bot.content.courses import Course
from bot.content.crisis import Answers, parse_crisis
from bot.content.formats import ENGLISH, Formats, parse_formats
from bot.content.labels import Labels, parse_labels
from bot.content.quizzes import Question
from bot.content.rewards import Reward, Rewards, parse_rewards
from bot.content.texts import Chosen, NoticeText, ReplyText
from bot.content.topics import Topic
from bot.ledger.tiers import Prices
from bot.model.money import Item, Tier
from bot.people.locales import DEFAULT

_UNSPOKEN = (
    "policy.yaml",
    "crisis.yaml",
    "feelings.yaml",
    "widget.yaml",
)  # a language that has no more is not one we speak


class Content(Struct, frozen=True):
    """Everything that can be said; what a locale lacks is said in English.

    `replies` is keyed by (persona, locale, name), persona "" speaking for those without a phrase
    of their own; content.choose looks things up in it, and keeps in `chosen` what it found.
    """

    items: dict[str, Item]
    topics: dict[str, dict[str, Topic]]
    courses: dict[str, dict[str, Course]]
    replies: dict[tuple[str, str, str], ReplyText]
    notices: dict[tuple[str, str], NoticeText]
    urgent: dict[tuple[str, str], Template]
    locales: tuple[str, ...]
    crisis: Answers = {}
    formats: dict[str, Formats] = {}
    rewards: Rewards = {}
    labels: dict[str, Labels] = {}
    chosen: dict[tuple[str, str, str], tuple[Chosen, ...]] = {}
    pages: dict[str, dict[str, Template]] = {}

    def rewards_in(self, locale: str) -> dict[str, Reward]:
        """What points buy, in the words of a locale."""
        return self.rewards.get(locale) or self.rewards.get(DEFAULT, {})

    @property
    def reply_names(self) -> frozenset[str]:
        """Every reply that a rule or the dialogue may ask for."""
        return frozenset(name for _, locale, name in self.replies if locale == DEFAULT)

    @property
    def template_names(self) -> frozenset[str]:
        """Every notification that a nudge may ask for."""
        return frozenset(name for locale, name in self.notices if locale == DEFAULT)

    @property
    def spoken(self) -> dict[str, dict[str, dict[str, tuple[str, ...]]]]:
        """Locale -> topic and reward -> each -> how people call it: what is listened for."""
        return {
            locale: {
                "topic": {one.id: (one.title, *one.names) for one in found.values()},
                "reward": {
                    one.id: (one.title, *one.names) for one in self.rewards_in(locale).values()
                },
            }
            for locale, found in self.topics.items()
        }

    def has_topic(self, topic_id: str) -> bool:
        return topic_id in self.topics[DEFAULT]

    def topic_title(self, topic_id: str, locale: str) -> str:
        """What a topic is called, or its id when it is gone."""
        topic = self.topics.get(locale, {}).get(topic_id) or self.topics[DEFAULT].get(topic_id)
        return topic.title if topic is not None else topic_id

    def topic_titles(self, locale: str) -> tuple[str, ...]:
        """Every topic's title, in catalog order."""
        return tuple(self.topic_title(topic_id, locale) for topic_id in self.topics[DEFAULT])

    def free_titles(self, locale: str) -> tuple[str, ...]:
        """The titles of the topics whose first lesson costs nothing, in catalog order."""
        own, first = self.topics.get(locale, {}), self.topics[DEFAULT]
        free = [topic for topic in first.values() if Tier.FREE in topic.texts]
        return tuple([own.get(topic.id, topic).title for topic in free])

    def course_lists(self, locale: str) -> tuple[dict[str, str], ...]:
        """Every course in the locale's words, with the titles of its topics."""
        own = self.courses.get(locale, {})
        courses = [own.get(name, course) for name, course in self.courses[DEFAULT].items()]
        return tuple(
            {
                "title": course.title,
                "about": course.about,
                "topics": ", ".join(self.topic_title(one, locale) for one in course.topics),
            }
            for course in courses
        )

    def title(self, sku: str, locale: str) -> str:
        """What an item is called: its topic and depth."""
        topic_id, _, depth = sku.rpartition(".")
        return f"{self.topic_title(topic_id, locale)} ({self.format(locale).word(depth)})"

    def format(self, locale: str) -> Formats:
        """How a locale writes dates, money and terms."""
        return self.formats.get(locale, ENGLISH)

    def label(self, locale: str) -> Labels:
        """What the widget says in a locale, or in the language of it (fi for fi-FI)."""
        return self.labels.get(locale[:2].lower()) or self.labels.get(DEFAULT, Labels())

    def is_told_in(self, sku: str, locale: str) -> bool:
        """Whether a lesson has words in that locale; else it is told in English."""
        item = self.items[sku]
        own = self.topics.get(locale, {}).get(item.topic)
        return own is not None and item.tier in own.texts

    def has_quiz_in(self, topic_id: str, locale: str) -> bool:
        """Whether a topic's quiz has words in that locale; else it is asked in English."""
        own = self.topics.get(locale, {}).get(topic_id)
        return own is not None and bool(own.quiz)

    def quiz(self, topic_id: str, locale: str) -> tuple[Question, ...]:
        """The questions of a topic; in English where the locale has none of its own."""
        own = self.topics.get(locale, {}).get(topic_id)
        if own is not None and own.quiz:
            return own.quiz
        first = self.topics[DEFAULT].get(topic_id)
        return first.quiz if first is not None else ()

    def course_of(self, topic_id: str, locale: str) -> Course | None:
        """The course a topic belongs to, in the locale's words where it has some."""
        for course in self.courses[DEFAULT].values():
            if topic_id in course.topics:
                return self.courses.get(locale, {}).get(course.id, course)
        return None

    def page_text(self, name: str, locale: str) -> Template:
        """A text of a person's page; in English where the locale has none of its own."""
        return self.pages.get(locale, {}).get(name) or self.pages[DEFAULT][name]

    def lesson(self, sku: str, locale: str) -> Template:
        """The text of an item; KeyError when there is no such item."""
        item = self.items[sku]
        own = self.topics.get(locale, {}).get(item.topic)
        if own is not None and item.tier in own.texts:
            return own.texts[item.tier]
        return self.topics[DEFAULT][item.topic].texts[item.tier]


def parse_content(
    files: Mapping[str, Node], prices: Prices, report: Report, is_fast: bool = True
) -> Content:
    """The content of all files (those under content/<locale>/ and personas/ are read).

    `is_fast` False leaves every template to jinja2, for comparison.
    """
    reading = texts.Reading(report, is_fast)
    locales = _locales(files)
    found: dict[str, dict[str, Topic]] = {DEFAULT: {}}
    for locale in locales:
        found[locale] = topics.parse_topics(files, locale, report, is_fast)
    taught = _courses(files, locales, found[DEFAULT], report)
    found[DEFAULT] = _as_taught(found[DEFAULT], taught[DEFAULT])
    topics.check_translations(found, DEFAULT, report)
    replies = texts.parse_replies(files, locales, reading)
    notices = texts.parse_notices(files, locales, reading)
    urgent = texts.parse_urgent(files, reading)
    answers = parse_crisis(files, DEFAULT, report)
    lint.check(files, policy.parse_policy(files, report), report)
    items = topics.items(found[DEFAULT], prices)
    formats = parse_formats(files, report)
    bought = parse_rewards(files, locales, DEFAULT, report)
    labels = parse_labels(files, report)
    shown = pages.parse_pages(files, locales, reading)
    return Content(
        items, found, taught, replies, notices, urgent, locales, answers, formats, bought, labels,
        pages=shown,
    )  # fmt: skip


def _courses(
    files: Mapping[str, Node],
    locales: tuple[str, ...],
    known: Mapping[str, Topic],
    report: Report,
) -> dict[str, dict[str, Course]]:
    found: dict[str, dict[str, Course]] = {DEFAULT: {}}
    for locale in locales:
        root = files.get(f"content/{locale}/courses.yaml")
        if root is not None:
            found[locale] = courses.parse_courses(root, known, report)
    return found


def _as_taught(known: dict[str, Topic], taught: Mapping[str, Course]) -> dict[str, Topic]:
    """The topics in the order of the courses; those of no course come after."""
    order = [topic for course in taught.values() for topic in course.topics]
    rest = [topic for topic in known if topic not in order]
    return {topic: known[topic] for topic in (*order, *rest)}


def _locales(files: Mapping[str, Node]) -> tuple[str, ...]:
    parts = (file.split("/") for file in files if file.startswith("content/"))
    spoken = [part for part in parts if len(part) > 2 and part[2] not in _UNSPOKEN]
    found = {part[1] for part in spoken if part[1] != "campaigns"}
    return (DEFAULT, *sorted(found - {DEFAULT}))
