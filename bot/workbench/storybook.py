"""A whole conversation as authors write it: who, when, what happens, and what is expected."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean, parse
from bot.errors import AuthorError
from bot.model.person import Person
from bot.people.calendar import (
    DAY_US,
    HOUR_US,
    MINUTE_US,
    SECOND_US,
    from_rfc3339,
    instant_at,
    is_zone,
)
from bot.workbench.expected import EXPECTED
from bot.workbench.names import FIXED, Names

ACTIONS = {
    "say": "text", "choose": "text", "call": "mapping", "alert": "mapping",
    "market": "market", "tick": "texts", "expect_feed": "list", "restart": "flag",
    "together": "list", "edit": "mapping",
}  # fmt: skip
CALLS = {
    "unlock": ("sku", "unlock_id", "expected_price", "confirm"),
    "unlock_premium": ("content_tier", "sku", "unlock_id", "expected_price", "confirm"),
    "limits": ("day", "week", "month"),
    "confirm_limits": (),
    "pause": ("hours",),
    "profile": ("name", "time_zone", "language", "age_confirmed", "learning_style", "consent",
                "watch"),
    "topup": ("credits", "topup_id"),
    "refund": ("unlock_id", "amount"),
    "void": ("unlock_id",),
    "xp": ("action", "event_id"),
    "habit": ("category", "action", "value", "event_id"),
    "team": ("challenge", "name"),
    "leave_team": (),
    "export": (),
    "erase": (),
}  # fmt: skip
WHO = {
    "credits": "integer", "age": "text", "name": "text", "goal": "text", "experience": "text",
    "zone": "text", "language": "text", "learning_style": "text", "skill": "text",
    "persona": "text", "nudges": "flag", "promotions": "flag", "owned": "texts",
    "lessons": "texts", "quizzes": "texts", "watch": "texts",
}  # fmt: skip
FIELDS = {
    "alert": ("asset", "type", "urgency", "message", "id"),
    "market": ("asset", "change_pct", "current_price", "volatility", "trend"),
    "edit": ("file", "find", "put"),
    "expect_feed": ("kind", "text", "not_text"),
}
NEEDED = {"alert": 2, "market": 1, "edit": 3}  # so many of these fields
SPANS = {"s": SECOND_US, "m": MINUTE_US, "h": HOUR_US, "d": DAY_US, "w": 7 * DAY_US}
_SPAN = re.compile(r"(\d+)([smhdw])\Z")
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\Z")
_SORTS: dict[str, tuple[type, ...]] = {
    "text": (str,), "texts": (str, list), "integer": (int,), "flag": (bool,),
    "mapping": (dict,), "list": (list,), "market": (str, dict),
}  # fmt: skip

Line = tuple[str, Node]  # what is expected of one thing


class Step(Struct, frozen=True):
    """One thing that happens, after `wait_us` or at a time, and what is expected of it.

    `at_us` is an instant, `minute` the next time the story's clock shows that minute of a day.
    """

    node: Node
    action: str = ""
    given: Any = None
    person: str = ""
    id: str = ""
    wait_us: int = 0
    at_us: int = 0
    minute: int | None = None
    expect: tuple[Line, ...] = ()
    parts: tuple["Step", ...] = ()


class Story(Struct, frozen=True):
    """One whole conversation; times without a zone are of `zone`."""

    node: Node
    name: str
    at: int
    zone: str
    who: dict[str, Any]
    steps: tuple[Step, ...]

    @property
    def file(self) -> str:
        return self.node.file

    @property
    def edits(self) -> bool:
        """Whether it changes the authored files on the way."""
        return any(step.action == "edit" for step in self.steps)


def read(paths: list[Path], root: Path, names: Names) -> list[Story]:
    """The stories of these files; AuthorError carries every mistake found."""
    report = Report()
    found = [_story(path, root, names, report) for path in paths]
    if report.errors:
        raise AuthorError(report.mistakes)
    return [story for story in found if story is not None]


def _story(path: Path, root: Path, names: Names, report: Report) -> Story | None:
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    node = parse(path.read_text("utf-8", "replace"), file, report)
    if node is None:
        return None
    keys = ["story", "about", "at", "zone", "who", "steps"]
    pairs = report.fields(node, keys, ["story", "at", "steps"], "W001")
    zone = report.text(pairs.get("zone"), "UTC")
    if not is_zone(zone):
        report.error(pairs["zone"], "W002", f"'{zone}' is not an IANA time zone")
        return None
    nodes = report.items(pairs.get("steps"), "W001")
    if any("edit" in dict(one.items()) for one in nodes):  # it may name what it makes itself
        names = Names({sort: known for sort, known in names.of.items() if sort in FIXED})
    reader = _Reader(zone, names, report)
    return Story(
        node=node,
        name=report.text(pairs.get("story")),
        at=reader.instant(pairs["at"]) if "at" in pairs else 0,
        zone=zone,
        who=reader.who(pairs.get("who")),
        steps=tuple(reader.step(one) for one in nodes),
    )


class _Reader:
    """Reads the steps of one story; mistakes go into the report."""

    def __init__(self, zone: str, names: Names, report: Report) -> None:
        self.zone, self.names, self.report = zone, names, report

    def who(self, node: Node | None) -> dict[str, Any]:
        if node is None:
            return {}
        pairs = self.report.fields(node, WHO, code="W001")
        for key, value in pairs.items():
            self.sorted(key, WHO[key], value)
        named = {"owned": "items", "lessons": "items", "persona": "personas", "skill": "skills",
                 "quizzes": "topics"}  # fmt: skip
        for key, sort in (*named.items(), ("age", "ages")):
            if key in pairs:
                self.names.check(sort, pairs[key], self.report)
        return {key: value.plain() for key, value in pairs.items()}

    def step(self, node: Node, is_part: bool = False) -> Step:
        """One member of `steps`, or of `together`."""
        keys = [*ACTIONS, "expect", "as", "id", *(() if is_part else ("wait", "at"))]
        pairs = self.report.fields(node, keys, code="W001")
        actions = [key for key in pairs if key in ACTIONS]
        if len(actions) > 1:
            problem = f"one thing at a time: this step has {' and '.join(actions)}"
            self.report.error(node, "W004", problem)
        action = actions[0] if actions else ""
        if action:
            self.sorted(action, ACTIONS[action], pairs[action])
            self.inside(action, pairs[action])
        at_us, minute = self.moment(pairs.get("at"))
        parts = pairs[action].value if action == "together" else []
        return Step(
            node=node,
            action=action,
            given=pairs[action].plain() if action else None,
            person=self.report.text(pairs.get("as")),
            id=self.report.text(pairs.get("id")),
            wait_us=self.span(pairs.get("wait")),
            at_us=at_us,
            minute=minute,
            expect=self.expected(pairs.get("expect")),
            parts=tuple(self.step(one, is_part=True) for one in _members(parts)),
        )

    def inside(self, action: str, node: Node) -> None:
        """The fields of an action that has some."""
        report = self.report
        if action == "call":
            calls = report.fields(node, CALLS, code="W001")
            for name, fields in calls.items():
                report.fields(fields, CALLS[name], code="W001")
        elif action in ("tick", "market") and not isinstance(node.value, dict):
            self.names.check("jobs" if action == "tick" else "words of the market", node, report)
        elif action == "expect_feed":
            for one in _members(node.value):
                report.fields(one, FIELDS[action], code="W001")
        elif action in FIELDS:
            needed = FIELDS[action][: NEEDED[action]]
            report.fields(node, FIELDS[action], needed, "W001")

    def expected(self, node: Node | None) -> tuple[Line, ...]:
        if node is None:
            return ()
        pairs = self.report.fields(node, EXPECTED, code="W001")
        for key, value in pairs.items():
            self.sorted(key, EXPECTED[key].sort, value)
            self.names.check(EXPECTED[key].names, value, self.report)
            if key == "person":
                self.person(value)
        return tuple(pairs.items())

    def person(self, node: Node) -> None:
        """Paths like profile.name begin with a part of the person."""
        for path, _ in node.items():
            first = path.partition(".")[0]
            if first not in Person.__struct_fields__:
                hint = did_you_mean(first, Person.__struct_fields__)
                place = node.keys.get(path, node)
                self.report.error(place, "W003", f"a person has no '{first}'", hint)

    def sorted(self, key: str, sort: str, node: Node) -> None:
        value = node.value
        is_flag = isinstance(value, bool)
        if not isinstance(value, _SORTS[sort]) or (is_flag and sort != "flag"):
            self.report.error(node, "W005", f"'{key}' takes {_WORDS[sort]}", _quoted(value, sort))

    def span(self, node: Node | None) -> int:
        """Microseconds of a text like 1d 10m."""
        total = 0
        for word in self.report.text(node).split():
            match = _SPAN.match(word)
            if match is None:
                assert node is not None
                self.report.error(node, "W006", f"'{word}' is no time like 10m, 2h, 1d or 1w")
                return 0
            total += int(match[1]) * SPANS[match[2]]
        return total

    def moment(self, node: Node | None) -> tuple[int, int | None]:
        """An instant, or a minute of the day that comes next."""
        if node is None:
            return 0, None
        if match := _HOUR.match(self.report.text(node)):
            return 0, int(match[1]) * 60 + int(match[2])
        return self.instant(node), None

    def instant(self, node: Node) -> int:
        """Microseconds of a time like 2026-03-02T20:00, in the story's zone unless it says so."""
        text = self.report.text(node)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.report.error(node, "W006", f"'{text}' is no time like 2026-03-02T20:00 or 20:00")
            return 0
        if moment.tzinfo is not None:
            return from_rfc3339(text) or 0
        minute = moment.hour * 60 + moment.minute
        return instant_at(moment.date(), minute, self.zone) + moment.second * SECOND_US


_WORDS = {
    "text": "a text", "texts": "a text or a list of texts", "integer": "a whole number",
    "flag": "true or false", "mapping": "a mapping", "list": "a list",
    "market": "silent, back, or the figures of an asset",
}  # fmt: skip


def _quoted(value: object, sort: str) -> str:
    return "put it in quotes" if sort.startswith("text") and isinstance(value, int) else ""


def _members(value: object) -> list[Node]:
    return value if isinstance(value, list) else []
