"""The risk that somebody leaves, as it was reckoned one night: score, level, reasons."""

from typing import Literal

from msgspec import Struct

Level = Literal["low", "medium", "high", "critical"]
Absence = Literal["", "new", "paused"]  # why there is no score
LEVELS: tuple[Level, ...] = ("low", "medium", "high", "critical")
AT_RISK: tuple[Level, ...] = ("critical", "high")


class Part(Struct, frozen=True):
    """What one signal adds to the log-odds of leaving: its value times its weight."""

    name: str
    value: float
    log_odds: float


class Night(Struct, frozen=True):
    """The night before: its date, score and level, where it leaned, for how long."""

    night: int
    score: int
    level: Level
    leaning: Level
    leaned: int
    since: int


class Risk(Struct, frozen=True, omit_defaults=True):
    """Somebody's risk as of `at`; `night` is the local date of it, an ordinal.

    `score` is 0-100, None where there is none: `absence` says why. `label` names the scorecard,
    `reasons` are the parts that raised it most. `level` holds since the date `since`; `leaning`
    is the one that this night's score asks for, `leaned` for how many nights in a row; `before` is
    the night before.
    """

    person_id: str
    at: int
    night: int
    score: int | None = None
    confidence: float = 0.0
    label: str = ""
    days_away: int = 0
    reasons: tuple[Part, ...] = ()
    level: Level = "low"
    leaning: Level = "low"
    leaned: int = 0
    since: int = 0
    absence: Absence = ""
    before: Night | None = None

    @property
    def is_at_risk(self) -> bool:
        return self.score is not None and self.level in AT_RISK


class Distribution(Struct, frozen=True):
    """How many people are at each level; `people` are all there are, reckoned or not."""

    people: int
    levels: dict[Level, int]
    absent: int


class Run(Struct, frozen=True):
    """One reckoning of everybody: begun `at`, last heard of `touched_at`, over at `ended_at`."""

    id: str
    at: int
    touched_at: int
    ended_at: int | None = None
    people: int = 0
    scored: int = 0
    at_risk: int = 0
