"""The facts of one turn or tick, computed from the nouns."""

from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from bot.insight import market, risk
from bot.insight.scorecard import RiskRule
from bot.ledger import windows
from bot.ledger.settings import LimitSettings
from bot.model.message import Alert, Fact, Intent, Market
from bot.model.money import NO_LIMIT, Item, PauseKind, Period
from bot.model.person import Person
from bot.people import calendar
from bot.people.calendar import DAY_US, HOUR_US, MINUTE_US
from bot.people.engagement import EngagementRule, score
from bot.progress import streaks
from bot.progress.downtime import Outages
from bot.progress.terms import PLAIN, StreakRule

NEVER_IDLE = 0
STALE_MINUTES = 15  # three refreshes missed, unless bot.toml says otherwise


class Scene(Struct, frozen=True):
    """Everything the facts of one moment are computed from; `zone` is the person's or ours."""

    person: Person
    now: int
    zone: str
    kind: str
    limits: LimitSettings
    engagement: EngagementRule
    intent: Intent | None = None
    item: Item | None = None
    price: int = 0
    is_confirmed: bool = False
    is_repeated: bool = False
    is_question: bool = False
    market: Market | None = None
    alert: Alert | None = None
    action: str = "none"
    tags: tuple[str, ...] = ()
    stale_minutes: int = STALE_MINUTES
    streaks: StreakRule = PLAIN
    outages: Outages = ()
    risk: RiskRule | None = None


Provider = Callable[[Scene], Fact | None]


def gather(scene: Scene, reads: frozenset[str]) -> dict[str, Fact]:
    """Every fact in `reads` that a provider knows; the others keep their declared default."""
    facts: dict[str, Fact] = {}
    for name, provider in _providers(reads):
        value = provider(scene)
        if value is not None:
            facts[name] = value
    return facts


@lru_cache(maxsize=16)
def _providers(reads: frozenset[str]) -> "tuple[tuple[str, Provider], ...]":
    return tuple((name, PROVIDERS[name]) for name in sorted(reads) if name in PROVIDERS)


def _hour(scene: Scene) -> int:
    return calendar.local_hour(scene.now, scene.zone)


def _spent(period: Period) -> Callable[[Scene], int]:
    def provider(scene: Scene) -> int:
        spending = scene.person.spending
        if not spending.spends:
            return 0
        return windows.spent(spending, period, scene.now, spending.limits_zone)

    return provider


def _cap(period: Period) -> Callable[[Scene], int]:
    def provider(scene: Scene) -> int:
        cap = windows.cap(scene.person.spending, period, scene.now, scene.limits)
        return NO_LIMIT if cap is None else cap

    return provider


def _remaining_today(scene: Scene) -> int:
    left = windows.remaining(scene.person.spending, scene.limits, scene.now).day
    return NO_LIMIT if left is None else left


def _is_closed(kind: PauseKind) -> Callable[[Scene], bool]:
    def provider(scene: Scene) -> bool:
        spending = scene.person.spending
        if not spending.pauses:
            return False
        return windows.closed_until(spending, kind, scene.now) is not None

    return provider


def _hours_since_buy(scene: Scene) -> int | None:
    spends = scene.person.spending.spends
    return (scene.now - spends[-1].at) // HOUR_US if spends else None


def _hours_since_refusal(scene: Scene) -> int | None:
    refusals = scene.person.spending.refusals
    return max(0, scene.now - refusals[-1]) // HOUR_US if refusals else None


def _engagement(scene: Scene) -> float:
    """The score; in the turn that has just counted it, it need not be reckoned again."""
    activity = scene.person.activity
    if activity.at == scene.now and activity.turns:
        return activity.score
    return score(activity, scene.now, scene.engagement)


def _quiz_share(scene: Scene) -> float | None:
    answers = scene.person.progress.answers
    return sum(answers) / len(answers) if answers else None


def _unlocks_today(scene: Scene) -> int:
    spends = scene.person.spending.spends
    if not spends:
        return 0
    start = calendar.window_start("day", scene.now, scene.zone)
    return sum(1 for spend in spends if spend.at >= start)


def _within_30d(times: Callable[[Scene], tuple[int, ...]]) -> Callable[[Scene], int]:
    def provider(scene: Scene) -> int:
        recent = times(scene)
        return sum(1 for at in recent if at > scene.now - 30 * DAY_US) if recent else 0

    return provider


def _days_idle(scene: Scene) -> int:
    seen_at = scene.person.seen_at
    return max(0, scene.now - seen_at) // DAY_US if seen_at else NEVER_IDLE


def _streak(scene: Scene) -> int:
    own = scene.person.progress.streaks
    return streaks.current(own, scene.now, scene.streaks, scene.outages)


def _risk(scene: Scene) -> int | None:
    """The risk of leaving at this moment; the default for who is new or paused."""
    if scene.risk is None:
        return None
    found = risk.reckoned(scene.person, scene.now, scene.zone, _streak(scene), scene.risk)
    return found.score


def _asset(scene: Scene) -> str:
    if scene.alert is not None:
        return scene.alert.asset
    return scene.market.primary_asset if scene.market else ""


def _is_stale(scene: Scene) -> bool | None:
    if scene.market is None:
        return None
    return market.is_stale(scene.market, scene.now, scene.stale_minutes)


def _market(read: Callable[[Market], Fact | None]) -> Callable[[Scene], Fact | None]:
    def provider(scene: Scene) -> Fact | None:
        return read(scene.market) if scene.market is not None else None

    return provider


def _intent(read: Callable[[Intent], Fact]) -> Callable[[Scene], Fact | None]:
    def provider(scene: Scene) -> Fact | None:
        return read(scene.intent) if scene.intent is not None else None

    return provider


PROVIDERS: dict[str, Provider] = {
    "msg.intent": _intent(lambda intent: intent.name),
    "msg.kind": lambda s: s.kind,
    "msg.tier_asked": lambda s: s.item.tier.value if s.item else "none",
    "msg.hour": _hour,
    "msg.urgency": _intent(lambda intent: intent.urgency),
    "msg.sentiment": _intent(lambda intent: intent.sentiment),
    "msg.repeated": lambda s: s.is_repeated,
    "msg.is_question": lambda s: s.is_question,
    "user.skill": lambda s: s.person.skill.level,
    "user.engagement": _engagement,
    "user.risk": _risk,
    "user.days_idle": _days_idle,
    "user.turns": lambda s: s.person.activity.turns,
    "user.sessions": lambda s: s.person.activity.sessions,
    "user.lessons": lambda s: len(s.person.progress.lessons),
    "user.quiz_share": _quiz_share,
    "user.streak": _streak,
    "user.opted_in": lambda s: s.person.consent.nudges,
    "user.promotions": lambda s: s.person.consent.promotions,
    "user.age": lambda s: s.person.profile.age,
    "user.language": lambda s: s.person.profile.language,
    "user.learning_style": lambda s: s.person.profile.learning_style,
    "user.is_new": lambda s: s.person.activity.turns == 0,
    "user.watches": lambda s: s.person.watch,
    "user.persona_pinned": lambda s: s.person.persona,
    "ledger.price": lambda s: s.price,
    "ledger.balance": lambda s: windows.balance(s.person.spending, s.now),
    "ledger.granted": lambda s: windows.granted(s.person.spending, s.now),
    "ledger.spent_today": _spent("day"),
    "ledger.spent_week": _spent("week"),
    "ledger.spent_month": _spent("month"),
    "ledger.daily_cap": _cap("day"),
    "ledger.weekly_cap": _cap("week"),
    "ledger.monthly_cap": _cap("month"),
    "ledger.remaining_today": _remaining_today,
    "ledger.paused": _is_closed("pause"),
    "ledger.resting": _is_closed("rest"),
    "ledger.in_care": _is_closed("care"),
    "ledger.cap_hits_30d": _within_30d(lambda s: s.person.spending.refusals),
    "ledger.hours_since_refusal": _hours_since_refusal,
    "ledger.increase_requests_30d": _within_30d(lambda s: s.person.spending.requests),
    "ledger.hours_since_buy": _hours_since_buy,
    "ledger.unlocks_today": _unlocks_today,
    "ledger.owned": lambda s: s.item is not None and s.item.sku in s.person.spending.owned,
    "ledger.item_promotional": lambda s: s.item is not None and s.item.financial_promotion,
    "ledger.confirmed": lambda s: s.is_confirmed,
    "market.known": lambda s: s.market is not None,
    "market.primary_asset": _asset,
    "market.current_price": _market(lambda m: m.current_price),
    "market.change_pct": _market(lambda m: m.change_pct),
    "market.volatility": _market(lambda m: m.volatility),
    "market.trend": _market(lambda m: m.trend),
    "market.age_minutes": lambda s: (
        max(0, s.now - s.market.at) // MINUTE_US if s.market is not None else None
    ),
    "market.is_stale": _is_stale,
    "market.at": _market(lambda m: calendar.rfc3339(m.at)),
    "market.source": _market(lambda m: m.source),
    "market.symbol_watched": lambda s: _asset(s) in s.person.watch,
    "market.liquidation_clusters": _market(lambda m: len(m.liquidation_clusters)),
    "market.whale_movements": _market(lambda m: len(m.whale_movements)),
    "market.alert_urgency": lambda s: s.alert.urgency if s.alert else None,
    "market.alert_type": lambda s: s.alert.alert_type if s.alert else None,
    "dialogue.state": lambda s: s.person.state.name,
    "dialogue.topic": lambda s: s.person.state.topic,
    "progress.action": lambda s: s.action,
    "progress.tags": lambda s: s.tags,
}
