"""Courses: topics in the order a teacher would take them."""

from collections.abc import Mapping

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean


class Course(Struct, frozen=True):
    """One course in one locale; the topics are those of the default locale, by id."""

    id: str
    title: str
    about: str
    topics: tuple[str, ...]


def parse_courses(root: Node, topics: Mapping[str, object], report: Report) -> dict[str, Course]:
    """The courses of one content/<locale>/courses.yaml, in the order of the file."""
    pairs = report.fields(root, ["courses"], ["courses"], "C001")
    found: dict[str, Course] = {}
    for node in report.items(pairs.get("courses"), "C001"):
        keys = ["id", "title", "about", "topics"]
        fields = report.fields(node, keys, ["id", "title", "topics"], "C001")
        if not {"id", "title", "topics"} <= fields.keys():
            continue
        course = Course(
            id=report.text(fields["id"], code="C001"),
            title=report.text(fields["title"], code="C001"),
            about=report.text(fields.get("about"), code="C001"),
            topics=tuple(_topics(fields["topics"], topics, report)),
        )
        if course.id in found:
            report.error(node, "C005", f"the course '{course.id}' stands twice")
        found.setdefault(course.id, course)
    _are_apart(root, found, report)
    return found


def _topics(node: Node, topics: Mapping[str, object], report: Report) -> list[str]:
    named = []
    for one in report.items(node, "C001"):
        topic = report.text(one, code="C001")
        if topic not in topics:
            hint = did_you_mean(topic, topics)
            report.error(one, "C006", f"'{topic}' is not a topic", hint)
        elif topic in named:
            report.error(one, "C005", f"the topic '{topic}' stands twice in this course")
        else:
            named.append(topic)
    return named


def _are_apart(root: Node, courses: Mapping[str, Course], report: Report) -> None:
    """A topic belongs to one course, so that finishing it counts once."""
    taken: dict[str, str] = {}
    for course in courses.values():
        for topic in course.topics:
            if topic in taken:
                problem = f"the topic '{topic}' is in '{taken[topic]}' and in '{course.id}'"
                report.error(root, "C005", problem)
            taken.setdefault(topic, course.id)
