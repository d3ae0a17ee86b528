"""What is answered over the wire: the shape of every body."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from bot.model.message import Block, Choice, Scalar, Trend
from bot.model.money import Tier
from bot.model.person import SkillName

Instant = Annotated[str, Meta(description="RFC 3339, UTC", examples=["2026-03-01T12:00:00Z"])]


class Said(Struct, frozen=True):
    """The answer to a chat message; `outcome` only where something was decided about money."""

    text: str
    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...]
    tier: Tier
    price: int
    persona: str
    state: str
    turn_id: str
    replayed: bool
    outcome: str | UnsetType = UNSET


class PerPeriod(Struct, frozen=True):
    """Credits in a day, a week, a month; null where there is no limit."""

    day: int | None
    week: int | None
    month: int | None


class UnlockAnswer(Struct, frozen=True):
    """What came of an attempt to unlock; `until` says when a refusal ends."""

    outcome: Literal["unlocked", "already_owned", "refused"]
    sku: str
    tier: Tier
    price: int
    balance: int
    remaining: PerPeriod
    text: str
    turn_id: str
    unlock_id: str = ""
    transfer_id: str = ""
    reason: str | None = None
    until: Instant | None = None
    content: str | None = None
    choices: tuple[Choice, ...] = ()


class SkillNow(Struct, frozen=True):
    """Skill by finished lessons and quizzes."""

    level: SkillName
    lessons: int
    quizzes: int


class Purse(Struct, frozen=True):
    """Credits that can be spent: all, those that were given, those that were paid for."""

    balance: int
    granted: int
    paid: int


class Consents(Struct, frozen=True):
    """What a person agreed to."""

    nudges: bool
    promotions: bool
    tracking: bool
    sms: bool


class Pending(Struct, frozen=True):
    """Higher limits that were asked for: they need a second yes between these times."""

    limits: dict[str, int | None]
    confirm_from: Instant
    lapses_at: Instant


class LimitsAnswer(Struct, frozen=True):
    """Limits in credits and what is left of them; null: no limit.

    `reason` and `until` say why a confirmation changed nothing, and when it would.
    """

    limits: PerPeriod
    remaining: PerPeriod
    pending: Pending | None
    paused_until: Instant | None
    resting_until: Instant | None
    care_until: Instant | None
    reason: str | UnsetType = UNSET
    until: Instant | UnsetType | None = UNSET
    turn_id: str | UnsetType = UNSET


class OnBoards(Struct, frozen=True):
    """Whether somebody is on the leaderboards, and as whom; `userId` is their id there."""

    joined: bool
    name: str
    userId: str


class StreakPaused(Struct, frozen=True):
    """Dates on which a streak rests, the last one included."""

    first: str = field(name="from")
    to: str


class UserAnswer(Struct, frozen=True):
    """All a host may know of a person."""

    user_id: str
    name: str
    time_zone: str | None
    language: str
    age: Literal["unknown", "adult", "minor"]
    learning_style: str
    skill: SkillNow
    engagement: Annotated[float, Meta(ge=0, le=1)]
    persona: str
    credits: Purse
    limits: PerPeriod
    remaining: PerPeriod
    paused_until: Instant | None
    resting_until: Instant | None
    care_until: Instant | None
    streak: int
    freezes: int
    day_start: str
    streak_pauses: tuple[StreakPaused, ...]
    owned: tuple[str, ...]
    consent: Consents
    watch: tuple[str, ...]
    leaderboard: OnBoards
    turns: int
    last_seen: Instant | None


class Accepted(Struct, frozen=True):
    """An alert was stored; so many people follow its asset."""

    alert_id: str
    followers: int


class MarketNow(Struct, frozen=True):
    """What the feed knows of one asset, as of `at`; null: it does not know that."""

    primary_asset: str
    current_price: float
    volatility: float | None
    trend: Trend | None
    change_pct: float | None
    liquidation_clusters: tuple[dict[str, Scalar], ...]
    whale_movements: tuple[dict[str, Scalar], ...]
    at: Instant
    source: str


class FeedLine(Struct, frozen=True):
    """One numbered line of a person's feed."""

    number: int
    author: Literal["person", "bot"]
    at: Instant
    text: str
    id: str
    persona: str
    kind: str
    choices: tuple[Choice, ...]
    blocks: tuple[Block, ...] = ()


class Feed(Struct, frozen=True):
    """Lines after the number asked for; ask again with `last`."""

    items: tuple[FeedLine, ...]
    last: int


class Fault(Struct, frozen=True):
    """What went wrong; `field` names the field to mend."""

    code: str
    message: str
    field: str | UnsetType = UNSET


class Refused(Struct, frozen=True):
    """Every answer that is not a success."""

    error: Fault


class ClockAnswer(Struct, frozen=True):
    """Whether the clock is trusted with limits."""

    is_clock_trusted: bool


class PostedAnswer(Struct, frozen=True):
    """What staff posted to a person's ledger; `of` is the transfer that was given back."""

    outcome: Literal["topped_up", "refunded", "voided", "refused"]
    transfer_id: str
    user_id: str
    balance: int
    turn_id: str
    credits: int | UnsetType = UNSET
    of: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    until: Instant | UnsetType = UNSET


class AlertStatus(Struct, frozen=True):
    """Who heard an alert: counts by state, and why the others did not (yet)."""

    id: str
    asset: str
    alert_type: str
    urgency: int
    message: str
    at: Instant
    followers: int
    states: dict[str, int]
    reasons: dict[str, int]
