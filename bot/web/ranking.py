"""Leaderboards over the wire: the shape of what is asked, and of a board that is answered."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from bot.web.asked import Line as Text
from bot.web.asked import UserId
from bot.web.teams import TeamBoard
from bot.web.wire import Instant

MOST_LINES = 100

Limit = Annotated[int, Meta(ge=1, le=MOST_LINES)]
Period = Literal["daily", "weekly", "all_time", "league", "team"]


class BoardQuery(Struct, frozen=True):
    """Which board, how many lines; `of` is a date or an ISO week that is over, like 2026-W09.

    Of `team`, `of` is a challenge; that of one's own team, or the first, unless it is named.
    """

    period: Period = "all_time"
    limit: Limit = 10
    of: Text | UnsetType = UNSET
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET


class PointsQuery(Struct, frozen=True):
    """How many lines."""

    limit: Limit = 10
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET


class BoardLine(Struct, frozen=True):
    """One who joined; `userId` is their id on the boards only, `image` a picture made for it."""

    userId: str
    name: str
    image: str | None
    xp: int
    level: int
    rank: int


class Own(Struct, frozen=True):
    """One's own place, for oneself alone, among all who have a score.

    `rank` is null before the first XP; `percentile` and `topPercent` are null below 20 people.
    `boardRank` is the rank on the board that others see; null for who has not joined.
    """

    joined: bool
    score: float
    rank: int | None
    people: int
    percentile: float | None
    topPercent: int | None
    boardRank: int | None


class BoardAnswer(Struct, frozen=True):
    """A board; `until` and `closesAt` are null for one without end.

    Events that come late count until `closesAt`; a closed board never changes. `message` says how
    to come onto it where nobody is. Of `team` there is `team` alone.
    """

    period: Period
    of: str
    zone: str
    since: Instant | None
    until: Instant | None
    closesAt: Instant | None
    closed: bool
    listed: int
    leaderboard: tuple[BoardLine, ...]
    neighbours: tuple[BoardLine, ...]
    own: Own | None
    message: str | None
    team: TeamBoard | UnsetType = UNSET


class PointsLine(Struct, frozen=True):
    """One who joined; `user_id` is their id on the boards only."""

    user_id: str
    name: str
    lifetime_points: float
    level: int
    streak_days: int
    rank: int


class PointsAnswer(Struct, frozen=True):
    """The board of points ever earned; `own.score` is in points."""

    listed: int
    leaderboard: tuple[PointsLine, ...]
    neighbours: tuple[PointsLine, ...]
    own: Own | None
    message: str | None
