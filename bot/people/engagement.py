"""How engaged a person is, 0 to 1: recency, frequency, depth and decay."""

import math

from msgspec import Struct
from msgspec.structs import replace

from bot.authored import Node, Report
from bot.model.person import Activity
from bot.people.calendar import DAY_US


class EngagementRule(Struct, frozen=True):
    """The numbers of the formula.

    turns' = turns * 2^(-days / half_life_days) + 1 (decayed at every turn);
    frequency = 1 - e^(-turns' / frequency_scale); depth = 1 - e^(-steps / depth_scale), a step
    being a lesson or quiz finished the first time; recency = 2^(-idle days / half_life_days);
    score = recency * (w_recency + w_frequency * frequency + w_depth * depth).
    """

    half_life_days: float = 7.0
    frequency_scale: float = 10.0
    depth_scale: float = 6.0
    w_recency: float = 0.2
    w_frequency: float = 0.5
    w_depth: float = 0.3


def parse_engagement(node: Node | None, report: Report) -> EngagementRule:
    """The `engagement` part of rules/progress.yaml; the three weights must add up to 1."""
    if node is None:
        return EngagementRule()
    names = EngagementRule.__struct_fields__
    fields = report.fields(node, names, code="R061")
    plain = EngagementRule()
    values = {
        name: report.number(fields.get(name), getattr(plain, name), 0.0, 1_000.0) for name in names
    }
    rule = EngagementRule(**values)
    if min(rule.half_life_days, rule.frequency_scale, rule.depth_scale) <= 0:
        report.error(node, "R061", "half life and scales must be above 0")
        return plain
    if abs(rule.w_recency + rule.w_frequency + rule.w_depth - 1.0) > 1e-9:
        report.error(node, "R061", "the three weights must add up to 1")
    return rule


def score(activity: Activity, now: int, rule: EngagementRule) -> float:
    """The engagement at `now`, between 0 and 1; it decays while nothing happens."""
    if activity.turns == 0:
        return 0.0
    fading = _fading(activity.at, now, rule)
    return _score(activity.recent, activity.depth, fading, rule)


def counted(
    activity: Activity, now: int, rule: EngagementRule, is_new_session: bool, steps: int = 0
) -> Activity:
    """The activity after one more turn, with its score."""
    fading = _fading(activity.at, now, rule) if activity.turns else 0.0
    recent, depth = activity.recent * fading + 1.0, activity.depth + steps
    return Activity(
        round(_score(recent, depth, 1.0, rule), 4),
        max(now, activity.at),
        activity.turns + 1,
        activity.sessions + is_new_session,
        depth,
        recent,
    )


def deepened(activity: Activity, now: int, rule: EngagementRule) -> Activity:
    """The activity after one more step: a lesson or a quiz finished for the first time."""
    deeper = replace(activity, depth=activity.depth + 1)
    return replace(deeper, score=round(score(deeper, now, rule), 4))


def _score(recent: float, steps: int, fading: float, rule: EngagementRule) -> float:
    frequency = 1.0 - math.exp(-recent * fading / rule.frequency_scale)
    depth = 1.0 - math.exp(-steps / rule.depth_scale)
    whole = rule.w_recency + rule.w_frequency * frequency + rule.w_depth * depth
    return min(1.0, max(0.0, fading * whole))


def _fading(at: int, now: int, rule: EngagementRule) -> float:
    days = max(0, now - at) / DAY_US
    return float(2.0 ** (-days / rule.half_life_days))
