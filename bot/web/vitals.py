"""How the service fares, over the wire: catalog, jobs, market, and who waits for a person."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from bot.web.wire import Instant


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
