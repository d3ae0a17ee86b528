"""The actions that earn XP: how much, how often a day, and what they are about."""

from msgspec import Struct

from bot.authored import Node, Report

TRADING = "trading"
OLD = "old"  # the flag of what happened too long ago for closed days
CAPPED = "capped"  # the flag of what was done too often on a day
FIELDS = ("xp", "per_day", "tags", "about")
MOST_XP = 1_000  # for one action
MOST_A_DAY = 1_000
A_DAY = 20  # where an action says nothing else: X4, every action has a cap


class Action(Struct, frozen=True):
    """One action: its XP, and how often a local day it earns them."""

    name: str
    xp: int = 0
    per_day: int = A_DAY
    tags: tuple[str, ...] = ()


def parse_actions(node: Node | None, report: Report) -> dict[str, Action]:
    """The `actions` part of rules/progress.yaml; a trading action that earns is told (P07)."""
    return {
        name: _action(name, body, report) for name, body in report.mapping(node, "R072").items()
    }


def _action(name: str, body: Node, report: Report) -> Action:
    fields = report.fields(body, FIELDS, code="R072")
    action = Action(
        name,
        report.integer(fields.get("xp"), 0, 0, MOST_XP, "R072"),
        report.integer(fields.get("per_day"), A_DAY, 1, MOST_A_DAY, "R072"),
        report.texts(fields.get("tags"), "R072"),
    )
    if action.xp and TRADING in action.tags:
        problem = f"'{name}' is tagged {TRADING} and earns XP"
        report.error(fields["xp"], "R072", problem, "trading earns nothing: write 0")
    return action
