"""Everything authors wrote about earning: actions, levels, habits, achievements, challenges."""

from msgspec import Struct, field

from bot.authored import Node, Report
from bot.progress.achievements import Achievements, parse_achievements
from bot.progress.actions import Action, parse_actions
from bot.progress.challenges import Challenge, parse_challenges
from bot.progress.habits import Habits, parse_habits
from bot.progress.levels import Ladder, parse_levels
from bot.progress.terms import PLAIN, StreakRule, parse_streaks

PARTS = ("actions", "levels", "streaks", "achievements", "skill", "engagement")  # progress.yaml


class Rulebook(Struct, frozen=True):
    """The numbers of rules/progress.yaml, rules/habits.yaml and rules/challenges.yaml."""

    actions: dict[str, Action] = {}
    ladder: Ladder = field(default_factory=Ladder)
    habits: Habits = field(default_factory=Habits)
    streaks: StreakRule = PLAIN
    achievements: Achievements = field(default_factory=Achievements)
    challenges: dict[str, Challenge] = {}


def parse_rulebook(
    progress: Node | None, habits: Node | None, report: Report, challenges: Node | None = None
) -> Rulebook:
    """The rulebook of the three files; what is misspelt in them is told."""
    parts = report.fields(progress, PARTS, code="R072") if progress is not None else {}
    actions = parse_actions(parts.get("actions"), report)
    kept = parse_habits(habits, report)
    return Rulebook(
        actions,
        parse_levels(parts.get("levels"), report),
        kept,
        parse_streaks(parts.get("streaks"), report),
        parse_achievements(parts.get("achievements"), actions, kept, report),
        parse_challenges(challenges, actions, kept, report),
    )
