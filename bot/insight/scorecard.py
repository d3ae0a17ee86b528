"""A scorecard: what each signal of leaving weighs, as rules/risk.yaml says."""

from collections.abc import Mapping

from msgspec import Struct

from bot.authored import Node, Report
from bot.insight.remedies import (
    CODE,
    Remedy,
    Way,
    parse_channels,
    parse_remedies,
)
from bot.model.risk import LEVELS, Level
from bot.people.locales import parse_words, worded

RULES = "rules-v1"  # R2: the label of documented rules; a learnt scorecard has its own
FIELDS = ("base", "parts", "levels", "hysteresis", "new_days", "confidence", "channels",
          "interventions")  # fmt: skip
MOST_WEIGHT = 10.0
# What a signal measures; each only grows while a person is away, so that the score does too.
SIGNALS = {
    "away": "ln(1 + whole local days since the last activity)",
    "rare": "1 - 1 / days between the latest active dates",
    "no_streak": "1 without a streak, else 0",
    "few_lessons": "e^(-finished lessons / 3)",
    "hard_quizzes": "share of the last ten quiz answers that were wrong",
}


class Scorecard(Struct, frozen=True):
    """Log-odds of leaving: `base` plus each signal times its weight."""

    label: str
    base: float
    weights: dict[str, float]


class RiskRule(Struct, frozen=True):
    """All of `risk:`. `cuts` are the scores from which a level holds.

    A stored level changes after `nights` nights that agree, and goes down only `points` below
    its cut-off. `texts` tell a signal, by locale; confidence is at most `most_sure` and half of
    that after `half_days` of acquaintance.
    """

    card: Scorecard
    texts: dict[str, dict[str, str]]
    cuts: dict[Level, int]
    points: int = 5
    nights: int = 2
    new_days: int = 3
    most_sure: float = 0.6
    half_days: float = 7.0
    channels: dict[Level, tuple[Way, ...]] = {}
    remedies: tuple[Remedy, ...] = ()

    def text(self, name: str, locale: str) -> str:
        """A signal in words; English where there are none in that language."""
        return worded(self.texts[name], locale)


def parse_risk(node: Node | None, report: Report) -> RiskRule | None:
    """The `risk` key of rules/risk.yaml; None without the file: nothing is reckoned."""
    if node is None:
        return None
    fields = report.fields(node, FIELDS, ("base", "parts", "levels", "interventions"), CODE)
    weights, texts = _parts(fields.get("parts"), report)
    still = _numbers(fields.get("hysteresis"), {"points": (5, 0, 20), "nights": (2, 1, 7)}, report)
    sure = _numbers(
        fields.get("confidence"), {"most": (0.6, 0, 1), "half_days": (7, 0.1, 365)}, report
    )
    return RiskRule(
        Scorecard(RULES, report.number(fields.get("base"), 0.0, -20.0, 20.0, CODE), weights),
        texts,
        _cuts(fields.get("levels"), report),
        int(still["points"]),
        int(still["nights"]),
        report.integer(fields.get("new_days"), 3, 3, 30, CODE),  # R4: never below three
        sure["most"],
        sure["half_days"],
        parse_channels(fields.get("channels"), report),
        parse_remedies(fields.get("interventions"), report),
    )


def _parts(
    node: Node | None, report: Report
) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    weights: dict[str, float] = {}
    texts: dict[str, dict[str, str]] = {}
    for name, body in ({} if node is None else report.fields(node, SIGNALS, code=CODE)).items():
        fields = report.fields(body, ("weight", "text"), ("weight", "text"), CODE)
        weights[name] = report.number(fields.get("weight"), 0.0, 0.0, MOST_WEIGHT, CODE)
        texts[name] = parse_words(fields.get("text"), report, CODE)
    return weights, texts


def _cuts(node: Node | None, report: Report) -> dict[Level, int]:
    """The cut-offs, ascending; those of R3 where the file says nothing."""
    cuts: dict[Level, int] = {"medium": 40, "high": 60, "critical": 80}
    if node is None:
        return cuts
    found = report.fields(node, LEVELS[1:], LEVELS[1:], CODE)
    for level in LEVELS[1:]:
        cuts[level] = report.integer(found.get(level), cuts[level], 1, 100, CODE)
    if not cuts["medium"] < cuts["high"] < cuts["critical"]:
        report.error(node, CODE, "levels must rise: medium below high below critical")
    return cuts


def _numbers(
    node: Node | None, known: Mapping[str, tuple[float, float, float]], report: Report
) -> dict[str, float]:
    """Numbers by name, each with its default and its range."""
    found = {} if node is None else report.fields(node, known, code=CODE)
    return {
        name: report.number(found.get(name), plain, low, high, CODE)
        for name, (plain, low, high) in known.items()
    }
