"""Everything authors wrote about earning: actions, levels, habits, streaks."""

from msgspec import Struct, field

from bot.authored import Node, Report
from bot.progress.actions import Action, parse_actions
from bot.progress.habits import Habits, parse_habits
from bot.progress.levels import Ladder, parse_levels
from bot.progress.terms import PLAIN, StreakRule, parse_streaks

PARTS = ("actions", "levels", "streaks", "skill", "engagement")  # of rules/progress.yaml


class Rulebook(Struct, frozen=True):
    """The numbers of rules/progress.yaml and rules/habits.yaml."""

    actions: dict[str, Action] = {}
    ladder: Ladder = field(default_factory=Ladder)
    habits: Habits = field(default_factory=Habits)
    streaks: StreakRule = PLAIN


def parse_rulebook(progress: Node | None, habits: Node | None, report: Report) -> Rulebook:
    """The rulebook of the two files; what is misspelt in them is told."""
    parts = report.fields(progress, PARTS, code="R072") if progress is not None else {}
    return Rulebook(
        parse_actions(parts.get("actions"), report),
        parse_levels(parts.get("levels"), report),
        parse_habits(habits, report),
        parse_streaks(parts.get("streaks"), report),
    )
