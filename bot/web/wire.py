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


class CatalogState(Struct, frozen=True):
    """The authored files that are in force, and the mistakes of an edit that is not.

    `stranded` counts the conversations in each state that is gone; they go on by themselves.
    """

    version: str
    files: int
    mistakes: tuple[str, ...]
    stranded: dict[str, int]


class ClassifierState(Struct, frozen=True):
    """The classifier: `model` is the one that hears; `problem` says why a newer one is not.

    `accuracy` is that of sentences held back in turn; it and `seconds` are of a training since
    the start.
    """

    state: Literal["none", "training", "ready", "failed"]
    model: str | None
    intents: int
    sentences: int
    seconds: float | None
    accuracy: float | None
    problem: str | None


class JobState(Struct, frozen=True):
    """A timed job: when it runs next, and how it fared since the start."""

    every_s: float
    next_run: Instant | None
    last_run: Instant | None
    runs: int
    errors: int
    missed: int
    last_error: str | None
    last_ms: float
    counts: dict[str, int]


class AssetState(Struct, frozen=True):
    """How old the figures of one asset are, and what is wrong with their source."""

    at: Instant | None
    age_minutes: int | None
    is_stale: bool
    problem: str | None


class MarketState(Struct, frozen=True):
    """The market feed; `failures` counts since the start."""

    feed: Literal["simulated", "replay", "http"]
    stale_minutes: int
    failures: int
    assets: dict[str, AssetState]


class HandoffLine(Struct, frozen=True):
    """Somebody who waits for a person of staff."""

    id: str
    user_id: str
    since: Instant


class Handoffs(Struct, frozen=True):
    """Everybody who waits, the longest first."""

    waiting: tuple[HandoffLine, ...]


class HandoffClosed(Struct, frozen=True):
    """A wish for a person of staff was ended; `not_waiting`: it had been."""

    outcome: Literal["closed", "not_waiting"]
    id: str
    user_id: str
    turn_id: str


class HandoffState(Struct, frozen=True):
    """How many wait for a person of staff, and the oldest since when."""

    waiting: int
    oldest: Instant | None


class Health(Struct, frozen=True, omit_defaults=True):
    """How the house is; in key mode, without a key, only the first three."""

    status: Literal["ok", "degraded"]
    mode: Literal["demo", "key"]
    version: str
    at: Instant | UnsetType = UNSET
    catalog: CatalogState | UnsetType = UNSET
    classifier: ClassifierState | UnsetType = UNSET
    store: dict[str, str] | UnsetType = UNSET
    is_clock_trusted: bool | UnsetType = UNSET
    jobs: dict[str, JobState] | UnsetType = UNSET
    market: MarketState | UnsetType = UNSET
    handoffs: HandoffState | UnsetType = UNSET
    counts: dict[str, int] | UnsetType = UNSET
    busy_lanes: int | UnsetType = UNSET


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
