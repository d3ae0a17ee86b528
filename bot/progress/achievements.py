"""Achievements: a condition over counters each, a badge, points, and their words."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from bot.authored import Node, Report
from bot.language import source
from bot.language.check import check
from bot.language.compile import Found, Group, finder
from bot.language.lexer import Problem
from bot.language.syntax import Tree, names
from bot.language.types import FactType, Types
from bot.model.progress import Progress
from bot.people.locales import parse_words, worded
from bot.progress.actions import Action
from bot.progress.habits import HUNDRED, Habits

FIELDS = ("when", "badge", "points", "free_rewards", "name", "text")
MOST_POINTS = 10_000
MOST_COUNT = 2_000_000_000

Read = Callable[[Progress, int], int]  # the progress, and how long its streak is now


class Achievement(Struct, frozen=True):
    """One achievement; `points` are hundredths, `names` and `texts` by locale."""

    id: str
    badge: str
    points: int = 0
    free_rewards: int = 0
    names: dict[str, str] = {}
    texts: dict[str, str] = {}

    def name(self, locale: str) -> str:
        """What it is called; in English where the locale has no name for it."""
        return worded(self.names, locale, self.id)

    def text(self, locale: str) -> str:
        """What it is for."""
        return worded(self.texts, locale)


class Achievements(Struct, frozen=True):
    """All of them, and one function that finds those whose condition holds."""

    all: tuple[Achievement, ...] = ()
    reads: tuple[Read, ...] = ()
    found: Found | None = None

    def reached(self, progress: Progress, streak: int) -> list[Achievement]:
        """Those that hold now and are not held yet, in the order of the file."""
        if self.found is None:
            return []
        held = self.found([read(progress, streak) for read in self.reads])
        reached = (self.all[number] for number in held)
        return [one for one in reached if one.id not in progress.achievements]

    def one(self, id: str) -> Achievement | None:
        """The achievement with this id; None when it is gone."""
        return next((one for one in self.all if one.id == id), None)


def parse_achievements(
    node: Node | None, actions: Mapping[str, Action], habits: Habits, report: Report
) -> Achievements:
    """The `achievements` part of rules/progress.yaml; conditions read counters only."""
    readers = _readers(actions, habits)
    types: Types = {name: FactType("int", low=0, high=MOST_COUNT) for name in readers}
    found: list[Achievement] = []
    conditions: list[tuple[int, Tree]] = []
    for id, body in report.mapping(node, "R074").items():
        fields = report.fields(body, FIELDS, ("when", "badge", "name", "text"), "R074")
        tree = source.read(fields["when"], report) if "when" in fields else None
        problems: list[Problem] = []
        tree = None if tree is None else check(tree, types, {}, problems)
        if "when" in fields:
            source.tell(fields["when"], problems, report)
        one = _achievement(id, fields, report)
        if tree is not None:
            conditions.append((len(found), tree))
            found.append(one)
    used = sorted({name for _, tree in conditions for name in names(tree)})
    if not found:
        return Achievements()
    search = finder([Group(tuple(conditions))], used, types)
    return Achievements(tuple(found), tuple(readers[name] for name in used), search)


def _achievement(id: str, fields: dict[str, Node], report: Report) -> Achievement:
    return Achievement(
        id,
        report.text(fields.get("badge"), code="R074"),
        report.integer(fields.get("points"), 0, 0, MOST_POINTS, "R074") * HUNDRED,
        report.integer(fields.get("free_rewards"), 0, 0, 10, "R074"),
        parse_words(fields.get("name"), report, "R074"),
        parse_words(fields.get("text"), report, "R074"),
    )


def _readers(actions: Mapping[str, Action], habits: Habits) -> dict[str, Read]:
    """Every counter a condition may read: did.<action>, tagged.<tag>, earned.<sum>,
    points.<category>.
    """
    readers: dict[str, Read] = {
        "earned.xp": lambda p, _: p.xp,
        "earned.level": lambda p, _: p.shown_level,
        "earned.points": lambda p, _: p.points // HUNDRED,
        "earned.streak": lambda _, streak: streak,
        "earned.achievements": lambda p, _: len(p.achievements),
        "earned.habits": _summed(habits.actions),
    }
    readers |= {f"did.{name}": _count(name) for name in (*actions, *habits.actions)}
    tags = {tag for one in actions.values() for tag in one.tags}
    for tag in tags:
        of = [name for name, one in actions.items() if tag in one.tags]
        readers[f"tagged.{tag}"] = _summed(of)
    return readers | {f"points.{name}": _category(name) for name in habits.weights}


def _count(name: str) -> Read:
    return lambda progress, _: progress.counts.get(name, 0)


def _summed(names: Iterable[str]) -> Read:
    wanted = tuple(names)
    return lambda progress, _: sum(progress.counts.get(name, 0) for name in wanted)


def _category(name: str) -> Read:
    return lambda progress, _: progress.by_category.get(name, 0) // HUNDRED
