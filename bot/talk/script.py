"""What every decision is made with: the compiled files, and the moment."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from bot.content.parse import Content
from bot.insight.scorecard import RiskRule
from bot.ledger.settings import LimitSettings
from bot.ledger.tiers import Prices
from bot.model.message import Market
from bot.model.team import Team
from bot.people.duty import Shift
from bot.people.engagement import EngagementRule
from bot.people.skill import SkillSteps
from bot.personas.parse import Personas
from bot.progress.downtime import Outages
from bot.progress.leaderboards import Seat
from bot.progress.rulebook import Rulebook
from bot.rules.engine import RuleSet
from bot.talk.dialogue import Dialogue
from bot.talk.tongues import Understanding


class Terms(Struct, frozen=True):
    """What the operator set in bot.toml and the core needs to know.

    `new_age`: demo mode counts new people as adults. `credit_price`: what one credit costs, in
    hundredths of `currency`; shown beside every price. `on_duty`: when staff is there, in
    `time_zone`.
    """

    bot_name: str = "Sam"
    time_zone: str = "UTC"
    new_age: Literal["unknown", "adult"] = "unknown"
    credit_price: int = 100
    currency: str = "EUR"
    starting_credits: int = 20
    granted_expire_days: int = 0
    points_expire_days: int = 0
    session_minutes: int = 30
    assets: tuple[str, ...] = ("BTC", "ETH", "SOL")
    stale_minutes: int = 15
    on_duty: tuple[Shift, ...] = ()
    has_handoff_hook: bool = False
    has_habit_hook: bool = False


class Script(Struct, frozen=True):
    """One catalog as the dialogue sees it; immutable."""

    version: str
    terms: Terms
    rules: RuleSet
    prices: Prices
    limits: LimitSettings
    skill: SkillSteps
    engagement: EngagementRule
    book: Rulebook
    content: Content
    personas: Personas
    understanding: Understanding
    dialogue: Dialogue
    risk: RiskRule | None = None


class LookedUp(Struct, frozen=True):
    """What one wish in a thousand needs from the store, looked up once the wish is known.

    `seats` are those on the boards of this week and of all time; `is_name_taken`: the name that
    was wished for there is somebody else's. `teams` holds the one that a wish is about,
    where there is one.
    """

    seats: tuple[Seat, Seat] | None = None
    teams: tuple[Team, ...] | None = None
    is_name_taken: bool = False


NOT_LOOKED_UP = LookedUp()


class Moment(Struct, frozen=True):
    """Now: microseconds, the dice, and what is known of the market; `wall` is the raw clock.

    `outages`: when nobody of us was up, of late.
    """

    turn_id: str
    now: int
    wall: int
    seed: int
    market: Callable[[str], Market | None]
    is_clock_trusted: bool = True
    outages: Outages = ()
    looked_up: LookedUp = NOT_LOOKED_UP
