"""Credits: tiers, lots, caps, entries and the outcome of an unlock."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

NO_LIMIT = 1_000_000_000  # credits; a cap nobody reaches, stored when a person removed one


class Tier(StrEnum):
    """What a depth of content is called; prices are in rules/tiers.yaml."""

    FREE = "free"
    BASIC = "basic"
    PREMIUM = "premium"
    EXCLUSIVE = "exclusive"


TIERS = (Tier.FREE, Tier.BASIC, Tier.PREMIUM, Tier.EXCLUSIVE)

Period = Literal["day", "week", "month"]
PERIODS: tuple[Period, ...] = ("day", "week", "month")
CapOf = Literal["spend", "topup"]  # credits spent on unlocks, credits bought
Unit = Literal["credit", "point"]
PauseKind = Literal["pause", "rest", "care"]
Purse = Literal["granted", "paid", "earned"]  # the last holds points
EntryKind = Literal[
    "topup", "grant", "unlock", "void", "refund", "expire", "adjust",
    "redeem", "return", "hold", "capture", "release",  # these are of points
]  # fmt: skip


class Entry(Struct, frozen=True):
    """One append-only ledger line; a transfer's entries sum to 0.

    `account` is `wallet:paid`, `wallet:granted` or `sys:issued|revenue|refunds|expired`; of points
    `wallet:earned` and `sys:issued|held|rewards|expired`. `at` is microseconds, strictly
    increasing for a person. `amount` is signed, whole credits or hundredths of points.
    """

    id: str
    transfer_id: str
    person_id: str
    account: str
    unit: Unit
    amount: int
    kind: EntryKind
    at: int
    lot: str = ""
    sku: str = ""
    ref: str = ""
    price_version: str = ""
    actor: str = ""


class Lot(Struct, frozen=True, omit_defaults=True):
    """Credits that arrived together: spent by priority, then earliest expiry, then age. Points
    that expire together, in hundredths, are lots of their own.
    """

    id: str
    purse: Purse
    left: int
    at: int
    unit: Unit = "credit"
    expires_at: int | None = None
    priority: int = 0


class Spend(Struct, frozen=True, omit_defaults=True):
    """One unlock as the windows see it: `counted` falls only by a void, never by a refund.

    `zones` are those whose counters it was added to; `discount` is in hundredths of a credit.
    """

    transfer_id: str
    at: int
    sku: str
    tier: Tier
    amount: int
    counted: int
    given_back: int = 0
    lots: tuple[tuple[str, int], ...] = ()
    zones: tuple[str, ...] = ()
    discount: int = 0


class Redeemed(Struct, frozen=True, omit_defaults=True):
    """Points spent on a reward: the lots they came from, in hundredths; `is_free` cost none.

    `held_until`: staff may hand it over before then, else the points come back; 0: it is settled.
    """

    id: str
    redeem_id: str
    reward: str
    at: int
    parts: tuple[tuple[str, int], ...] = ()
    is_free: bool = False
    is_returned: bool = False
    held_until: int = 0


class TopUp(Struct, frozen=True, omit_defaults=True):
    """Credits bought, as the windows of the caps on buying see them."""

    transfer_id: str
    at: int
    counted: int


class Cap(Struct, frozen=True, omit_defaults=True):
    """The most credits a period may take, from `since` on; the lowest source wins."""

    period: Period
    amount: int
    since: int
    source: Literal["user", "default", "operator"] = "default"
    of: CapOf = "spend"


class CapRequest(Struct, frozen=True, omit_defaults=True):
    """An asked-for increase: may be confirmed in [confirm_from, lapses_at)."""

    amounts: dict[Period, int]
    requested_at: int
    confirm_from: int
    lapses_at: int


class Pause(Struct, frozen=True, omit_defaults=True):
    """Paid tiers are closed in [start, until): asked for (`pause`), imposed (`rest`), or for
    somebody who may not want to go on (`care`).
    """

    kind: PauseKind
    start: int
    until: int


class ZoneChange(Struct, frozen=True, omit_defaults=True):
    """The limits' own zone follows the person's only from `at` on; both are checked before."""

    zone: str
    at: int


class Spending(Struct, frozen=True, omit_defaults=True):
    """All a decision about money needs; derived from the ledger and checked against it.

    `spends` reaches back 62 days at least (a month and the longest rolling window).
    `owned` maps sku to the transfer that paid for it. `attempts` counts the ended attempts of
    a sku, `last_by_tier` the sku last unlocked by a call that named none.
    """

    lots: tuple[Lot, ...] = ()
    spends: tuple[Spend, ...] = ()
    caps: tuple[Cap, ...] = ()
    raised_at: int = 0
    request: CapRequest | None = None
    requests: tuple[int, ...] = ()
    pauses: tuple[Pause, ...] = ()
    refusals: tuple[int, ...] = ()
    limits_zone: str = "UTC"
    zone_change: ZoneChange | None = None
    zone_changed_at: int = 0
    owned: dict[str, str] = {}
    attempts: dict[str, int] = {}
    last_by_tier: dict[str, str] = {}
    asked: dict[str, int] = {}
    discount_hundredths: int = 0
    session_started: int = 0
    checked_at: int = 0
    last_at: int = 0
    highest_tier: Tier = Tier.FREE
    topups: tuple[TopUp, ...] = ()
    topup_request: CapRequest | None = None
    topup_raised_at: int = 0
    redeemed: tuple[Redeemed, ...] = ()


class Item(Struct, frozen=True):
    """One thing that can be unlocked; `sku` is `topic.depth`. `opens_on` is the date from which
    it is there for everybody (an ordinal, 0: it is).
    """

    sku: str
    topic: str
    tier: Tier
    price: int
    financial_promotion: bool = False
    opens_on: int = 0


class Remaining(Struct, frozen=True):
    """Credits that may still be spent in each period; None where there is no limit."""

    day: int | None
    week: int | None
    month: int | None


class Outcome(Struct, frozen=True, omit_defaults=False):
    """What an attempt to unlock came to; `is_final` ones are kept for ever under their id."""

    outcome: Literal["unlocked", "already_owned", "refused"]
    sku: str
    tier: Tier
    price: int
    balance: int
    remaining: Remaining
    reason: str | None = None
    until: int | None = None
    transfer_id: str = ""
    unlock_id: str = ""
    is_final: bool = True


class Counter(Struct, frozen=True):
    """A database guard: `spent` of one window grows by `add`, never past `lim` when it grows."""

    window: str
    add: int
    lim: int
