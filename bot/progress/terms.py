"""The numbers of streaks: grace, freezes, repairs, pauses, milestones."""

from msgspec import Struct

from bot.authored import Node, Report

MOST_DAYS = 36_500


class StreakRule(Struct, frozen=True):
    """What rules/progress.yaml says about streaks.

    A date may be done until `grace_h` hours after its end. Freezes are earned when a run reaches
    `freezes` days, at most `most_held` are held. A run of `repair_from_days` or more is repaired
    within `repair_h` hours of its break, once in `repair_every_days`.
    """

    grace_h: int = 2
    freezes: tuple[int, ...] = (7, 30, 100)
    most_held: int = 9
    repair_h: int = 48
    repair_every_days: int = 30
    repair_from_days: int = 2
    pause_days_a_year: int = 30
    milestones: tuple[int, ...] = (7, 14, 30, 60, 100, 365)


PLAIN = StreakRule()

_RANGES = {
    "grace_h": (0, 12),
    "most_held": (0, 99),
    "repair_h": (0, 168),
    "repair_every_days": (1, 366),
    "repair_from_days": (1, 366),
    "pause_days_a_year": (0, 366),
}


def parse_streaks(node: Node | None, report: Report) -> StreakRule:
    """The `streaks` part of rules/progress.yaml; what is left out is as described."""
    if node is None:
        return PLAIN
    fields = report.fields(node, StreakRule.__struct_fields__, code="R063")
    numbers = {
        name: report.integer(fields.get(name), getattr(PLAIN, name), low, high, "R063")
        for name, (low, high) in _RANGES.items()
    }
    return StreakRule(
        **numbers,
        freezes=_lengths(fields.get("freezes"), PLAIN.freezes, report),
        milestones=_lengths(fields.get("milestones"), PLAIN.milestones, report),
    )


def _lengths(node: Node | None, plain: tuple[int, ...], report: Report) -> tuple[int, ...]:
    """Lengths of a run in days, ascending."""
    if node is None:
        return plain
    members = report.items(node, "R063")
    found = tuple(report.integer(member, 1, 1, MOST_DAYS, "R063") for member in members)
    for member, before, here in zip(members[1:], found, found[1:], strict=False):
        if here <= before:
            report.error(member, "R063", f"{here} must be more than the {before} before it")
    return found
