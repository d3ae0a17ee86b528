"""What a tick decides with: one catalog as the ticks see it, and the hour they run in."""

from collections.abc import Mapping

from msgspec import Struct

from bot.content.parse import Content
from bot.insight.scorecard import RiskRule
from bot.ledger.settings import LimitSettings
from bot.model.message import Market
from bot.outreach.policy import OutreachPolicy
from bot.people.engagement import EngagementRule
from bot.personas.parse import Personas
from bot.progress.downtime import Outages
from bot.progress.terms import PLAIN, StreakRule
from bot.rules.engine import RuleSet


class Playbook(Struct, frozen=True):
    """One catalog as the ticks see it; immutable. The last three are of bot.toml."""

    version: str
    policy: OutreachPolicy
    rules: RuleSet
    content: Content
    personas: Personas
    limits: LimitSettings
    engagement: EngagementRule
    bot: str = "Sam"
    zone: str = "UTC"
    stale_minutes: int = 15
    streaks: StreakRule = PLAIN
    risk: RiskRule | None = None


class Hour(Struct, frozen=True):
    """What a tick knows besides the person: now, the catalog, the market, when we were down."""

    now: int
    playbook: Playbook
    markets: Mapping[str, Market] = {}
    outages: Outages = ()
