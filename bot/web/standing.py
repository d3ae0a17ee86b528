"""Where a person stands: the shape of everything their page shows, as one answer."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from bot.model.progress import Board
from bot.progress.streaks import DayState
from bot.web.teams import TeamNow
from bot.web.wire import Instant, LimitsAnswer, Purse

Date = Annotated[str, Meta(description="a local date", examples=["2026-03-01"])]


class NextStep(Struct, frozen=True):
    """The one thing to do next: a free lesson or a quiz by title; `rest`: nothing at all."""

    kind: Literal["lesson", "quiz", "free", "rest"]
    title: str


class DayNow(Struct, frozen=True):
    """One local date: what became of it for the streak, and the XP earned on it."""

    date: Date
    state: DayState
    xp: int


class Span(Struct, frozen=True):
    """From one local date to another, both included."""

    first: Date
    last: Date


class Repair(Struct, frozen=True):
    """A run that comes back when something is done twice on one date, before `until`."""

    days: int
    until: Instant


class StreakNow(Struct, frozen=True):
    """Days in a row, the freezes held, and the numbers of the rule behind both."""

    days: int
    best: int
    is_today_done: bool
    freezes: int
    most_freezes: int
    freezes_at: tuple[int, ...]
    milestones: tuple[int, ...]
    repair_hours: int
    pause_days_a_year: int
    repairable: Repair | None
    pauses: tuple[Span, ...]
    day_start: str


class LevelLine(Struct, frozen=True):
    """One rung of the ladder, and what reaching it brings."""

    number: int
    name: str
    xp: int
    freezes: int
    discount: int
    early_days: int


class XpNow(Struct, frozen=True):
    """XP and level; `next_xp` is null at the top of the ladder."""

    total: int
    today: int
    level: int
    name: str
    next_name: str | None
    next_xp: int | None
    share: float
    ladder: tuple[LevelLine, ...]


class Latest(Struct, frozen=True):
    """One of the latest things done, with what it earned."""

    at: Instant
    action: str
    category: str
    xp: int
    points: float


class PointsNow(Struct, frozen=True):
    """Points to spend, all that were ever earned, and the level these amount to.

    So many `free_rewards` cost nothing.
    """

    balance: float
    free_rewards: int
    lifetime: float
    level: int
    next_level_points: float
    by_category: dict[str, float]


class RewardNow(Struct, frozen=True):
    """One thing that points buy; `reason` says why it cannot be had now."""

    id: str
    title: str
    text: str
    points: float
    reason: Literal["had_before", "insufficient_points"] | None


class AchievementNow(Struct, frozen=True):
    """One achievement, earned or to come."""

    id: str
    badge: str
    name: str
    text: str
    is_earned: bool


class PlaceNow(Struct, frozen=True):
    """Where one's own score stands; the person alone sees it. Null: too few to compare."""

    board: Board
    score: int
    rank: int
    people: int
    top_percent: int | None


class Neighbour(Struct, frozen=True):
    """A line of the week's board near one's own, or one's own."""

    rank: int
    name: str
    score: int
    level: int
    is_self: bool


class BoardsNow(Struct, frozen=True):
    """Own places, and, for who joined, the people around on this week's board."""

    is_joined: bool
    name: str
    places: tuple[PlaceNow, ...]
    near: tuple[Neighbour, ...]


class MessagesNow(Struct, frozen=True):
    """Whether and when the bot may write first."""

    nudges: bool
    quiet_from: int | None
    quiet_to: int | None


class Standing(Struct, frozen=True):
    """All of it; `number` grows with everything that happens to the person."""

    user_id: str
    number: int
    name: str
    language: str
    languages: tuple[str, ...]
    time_zone: str
    at: Instant
    next: NextStep
    streak: StreakNow
    days: tuple[DayNow, ...]
    xp: XpNow
    points: PointsNow
    rewards: tuple[RewardNow, ...]
    latest: tuple[Latest, ...]
    achievements: tuple[AchievementNow, ...]
    boards: BoardsNow
    team: TeamNow | None
    credits: Purse
    limits: LimitsAnswer
    messages: MessagesNow
