"""What may be done for somebody who drifts away: proposals by a table, which sends nothing."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from bot.authored import Node, Report
from bot.model.person import Consent, Person
from bot.model.risk import LEVELS, Level
from bot.people.locales import parse_words, worded

CODE = "R080"
Kind = Literal[
    "gentle_reminder", "streak_warning", "achievement_unlocked", "milestone_celebration",
    "personalized_content", "discount_offer", "peer_comparison", "human_outreach",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "gentle_reminder", "streak_warning", "achievement_unlocked", "milestone_celebration",
    "personalized_content", "discount_offer", "peer_comparison", "human_outreach",
)  # fmt: skip
Way = Literal["in_app", "email", "push", "sms", "staff"]  # staff: a task for a person
WAYS: tuple[Way, ...] = ("in_app", "email", "push", "sms", "staff")
Purpose = Literal["nudges", "promotions", "sms", "none"]
PURPOSES: tuple[Purpose, ...] = ("nudges", "promotions", "sms", "none")
FIELDS = ("kind", "levels", "away", "streak_from", "lessons_from", "style", "earned", "board",
          "consent", "channels", "why")  # fmt: skip
MOST = 1_000_000
EMERGENCY_AWAY_D = 14  # an SMS is for who is critical and silent for so long


class Remedy(Struct, frozen=True):
    """One row: proposed where everything it names holds; `away` are days, [from, below).

    Without `channels` the level's are used. `needs_*` ask for a learning style, an achievement, a
    place on the leaderboards.
    """

    kind: Kind
    why: dict[str, str]
    levels: tuple[Level, ...] = LEVELS
    away: tuple[int, int] = (0, MOST)
    streak_from: int = 0
    lessons_from: int = 0
    needs_style: bool = False
    needs_earned: bool = False
    needs_board: bool = False
    consent: Purpose = "nudges"
    channels: tuple[Way, ...] = ()


class Situation(Struct, frozen=True):
    """What a row asks about."""

    person: Person
    level: Level
    days_away: int
    streak: int
    lessons: int
    is_flagged: bool


class Proposal(Struct, frozen=True):
    """Something that may be done, by which ways, and why, in the person's language."""

    kind: Kind
    channels: tuple[Way, ...]
    why: str


def proposed(
    case: Situation, remedies: tuple[Remedy, ...], ways: Mapping[Level, tuple[Way, ...]]
) -> tuple[Proposal, ...]:
    """Every row that holds, in the order of the file."""
    locale = case.person.profile.language
    return tuple(
        Proposal(one.kind, one.channels or ways[case.level], worded(one.why, locale))
        for one in remedies
        if _holds(one, case)
    )


def _holds(one: Remedy, case: Situation) -> bool:
    person = case.person
    if one.kind == "discount_offer" and case.is_flagged:
        return False  # never sold to at spending risk
    return (
        case.level in one.levels
        and one.away[0] <= case.days_away < one.away[1]
        and case.streak >= one.streak_from
        and case.lessons >= one.lessons_from
        and (not one.needs_style or bool(person.profile.learning_style))
        and (not one.needs_earned or bool(person.progress.achievements))
        and (not one.needs_board or person.boards.is_listed)
        and _agreed(person.consent, one.consent)
    )


def _agreed(consent: Consent, purpose: Purpose) -> bool:
    return purpose == "none" or bool(getattr(consent, purpose))


def parse_channels(node: Node | None, report: Report) -> dict[Level, tuple[Way, ...]]:
    """The ways of each level: the more urgent, the more."""
    plain: tuple[Way, ...] = ("in_app",)
    found = {} if node is None else report.fields(node, LEVELS, LEVELS, CODE)
    ways = {level: _ways(found.get(level), report) or plain for level in LEVELS}
    for level, node in found.items():
        if "sms" in ways[next(one for one in LEVELS if one == level)]:
            report.error(node, CODE, "an SMS is for emergencies: only a row may name it")
    return ways


def parse_remedies(node: Node | None, report: Report) -> tuple[Remedy, ...]:
    """The rows of `interventions`."""
    return tuple(_remedy(one, report) for one in report.items(node, CODE))


def _remedy(node: Node, report: Report) -> Remedy:
    fields = report.fields(node, FIELDS, ("kind", "why"), CODE)
    levels = [
        report.choice(one, LEVELS, code=CODE) for one in report.items(fields.get("levels"), CODE)
    ]
    away = (
        {} if "away" not in fields else report.fields(fields["away"], ("from", "below"), (), CODE)
    )
    kind = report.choice(fields.get("kind"), KINDS, KINDS[0], CODE)
    purpose = report.choice(fields.get("consent"), PURPOSES, "nudges", CODE)
    remedy = Remedy(
        next(one for one in KINDS if one == kind),
        parse_words(fields.get("why"), report, CODE),
        tuple(one for one in LEVELS if one in levels) or LEVELS,
        (
            report.integer(away.get("from"), 0, 0, MOST, CODE),
            report.integer(away.get("below"), MOST, 1, MOST, CODE),
        ),
        report.integer(fields.get("streak_from"), 0, 0, MOST, CODE),
        report.integer(fields.get("lessons_from"), 0, 0, MOST, CODE),
        report.boolean(fields.get("style")),
        report.boolean(fields.get("earned")),
        report.boolean(fields.get("board")),
        next(one for one in PURPOSES if one == purpose),
        _ways(fields.get("channels"), report),
    )
    _check(remedy, node, fields, report)
    return remedy


def _check(remedy: Remedy, node: Node, fields: Mapping[str, Node], report: Report) -> None:
    """R6: an offer by days away alone; an SMS only in an emergency; days in order."""
    if remedy.away[0] >= remedy.away[1]:
        report.error(fields["away"], CODE, "'from' must be less than 'below'")
    if remedy.kind == "discount_offer":
        if "levels" in fields:
            problem = "a discount is chosen by days away, never by the risk of leaving"
            report.error(fields["levels"], CODE, problem, "remove 'levels'")
        for name in ("away", "channels"):
            if name not in fields:
                report.error(node, CODE, f"a discount needs '{name}' of its own")
        if remedy.consent != "promotions":
            report.error(node, CODE, "a discount needs consent: promotions")
    if "sms" in remedy.channels and not (
        remedy.levels == ("critical",)
        and remedy.away[0] >= EMERGENCY_AWAY_D
        and remedy.consent == "sms"
    ):
        problem = f"an SMS needs levels: [critical], away from {EMERGENCY_AWAY_D}, consent: sms"
        report.error(fields["channels"], CODE, problem)


def _ways(node: Node | None, report: Report) -> tuple[Way, ...]:
    found = [report.choice(one, WAYS, WAYS[0], CODE) for one in report.items(node, CODE)]
    return tuple(one for one in WAYS if one in found)
