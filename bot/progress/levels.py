"""The ladder of XP: ten levels, and what reaching one brings."""

from bisect import bisect_right
from itertools import pairwise

from msgspec import Struct, field

from bot.authored import Node, Report

FIELDS = ("name", "xp", "freezes", "discount", "early_days")
MOST_XP = 100_000_000
MOST_FREEZES = 9
MOST_DISCOUNT = 30  # per cent; as rules/effects.yaml bounds `price`
MOST_EARLY_D = 60


class Level(Struct, frozen=True):
    """From `xp` on. Freezes are given once; a discount in per cent and early days stay."""

    name: str
    xp: int
    freezes: int = 0
    discount: int = 0
    early_days: int = 0


SHIPPED = (
    Level("Novice", 0),
    Level("Learner", 100),
    Level("Student", 250),
    Level("Scholar", 500, freezes=1),
    Level("Expert", 1_000),
    Level("Master", 2_000, freezes=2),
    Level("Sage", 4_000),
    Level("Guru", 7_000, discount=5),
    Level("Legend", 12_000, freezes=3),
    Level("Grandmaster", 20_000, discount=10, early_days=7),
)


class Ladder(Struct, frozen=True):
    """Every level, ascending; they are numbered from 1."""

    levels: tuple[Level, ...] = SHIPPED
    thresholds: tuple[int, ...] = field(default_factory=lambda: _thresholds(SHIPPED))

    def reached(self, xp: int) -> int:
        """X2: the number of the highest level whose threshold is at most `xp`."""
        return bisect_right(self.thresholds, max(0, xp))

    def level(self, number: int) -> Level:
        """The level with this number; one that is gone counts as the last there is."""
        return self.levels[min(max(1, number), len(self.levels)) - 1]

    def after(self, number: int) -> Level | None:
        """The level above; None at the top."""
        return self.levels[number] if number < len(self.levels) else None

    def share(self, number: int, xp: int) -> float:
        """Per cent of the way from a level to the one above; 100 at the top."""
        above = self.after(number)
        if above is None:
            return 100.0
        below = self.level(number).xp
        done = min(max(0, xp - below), above.xp - below)
        return done * 10_000 // (above.xp - below) / 100

    def discount(self, number: int) -> int:
        """Per cent off for whoever reached a level: the best of it and those below."""
        return max(level.discount for level in self.levels[: max(1, number)])

    def early_days(self, number: int) -> int:
        """How many days before others new content opens."""
        return max(level.early_days for level in self.levels[: max(1, number)])


def parse_levels(node: Node | None, report: Report) -> Ladder:
    """The `levels` part of rules/progress.yaml: a list, the first from 0 XP on."""
    if node is None:
        return Ladder()
    levels = tuple(_level(one, report) for one in report.items(node, "R073"))
    if not levels or levels[0].xp != 0:
        report.error(node, "R073", "the first level begins at 0 XP")
        return Ladder()
    if any(above.xp <= below.xp for below, above in pairwise(levels)):
        report.error(node, "R073", "each level must need more XP than the one before")
    if len({level.name for level in levels}) < len(levels):
        report.error(node, "R073", "two levels have the same name")
    return Ladder(levels, _thresholds(levels))


def _level(node: Node, report: Report) -> Level:
    fields = report.fields(node, FIELDS, ("name", "xp"), "R073")
    return Level(
        report.text(fields.get("name"), code="R073"),
        report.integer(fields.get("xp"), 0, 0, MOST_XP, "R073"),
        report.integer(fields.get("freezes"), 0, 0, MOST_FREEZES, "R073"),
        report.integer(fields.get("discount"), 0, 0, MOST_DISCOUNT, "R073"),
        report.integer(fields.get("early_days"), 0, 0, MOST_EARLY_D, "R073"),
    )


def _thresholds(levels: tuple[Level, ...]) -> tuple[int, ...]:
    return tuple(level.xp for level in levels)
