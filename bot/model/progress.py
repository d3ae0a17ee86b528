"""What a person has earned: streak, XP, points, counts, achievements; a score on a board."""

from typing import Literal

from msgspec import Struct

Board = Literal["daily", "weekly", "all_time", "points"]  # the last: habit points, for ever


class Broken(Struct, frozen=True, omit_defaults=True):
    """A run that broke: what a repair would restore, and the date on which it broke."""

    run: int
    days: int
    day: int
    at: int
    milestones: tuple[int, ...] = ()


class Streak(Struct, frozen=True, omit_defaults=True):
    """A run of local days on which something was done; dates are ordinals, times microseconds.

    `run` numbers the runs of a person, `days` counts the qualifying dates of this one, the latest
    being `day`; every date up to `closed` is decided for ever. `freezes` are the dates on which
    those held were earned, oldest first; `kept` the latest dates kept by a freeze, a pause, our
    own downtime or a date that the calendar skipped. `ends_at` is when the day in progress ends
    where a change of zone made it longer.
    """

    run: int = 0
    days: int = 0
    day: int = 0
    closed: int = 0
    best: int = 0
    freezes: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    pauses: tuple[tuple[int, int], ...] = ()
    milestones: tuple[int, ...] = ()
    broken: Broken | None = None
    repaired: int = 0
    zone: str = ""
    zone_at: int = 0
    ends_at: int = 0


class Day(Struct, frozen=True, omit_defaults=True):
    """One of the latest local dates: what was counted on it, by action, and its points.

    `base` are the hundredths of points before the bonus of the streak, `points` those with it.
    """

    day: int
    counts: dict[str, int] = {}
    base: int = 0
    points: int = 0


class Award(Struct, frozen=True, omit_defaults=True):
    """What one event was decided to earn; its row keeps it, so that the sum can be made again.

    `number` counts the awards of a person from 1. `day` is the local date in `zone` when it
    happened, `capped_on` the date whose caps it counts for (0: `day`). `value` is a
    habit's own, `base` and `points` are hundredths, `bonus` per cent. `levels`, `milestones` and
    `achievement` are what it reached; `flags` say what is unusual (future, old, clamped, capped).
    """

    number: int
    action: str
    at: int
    day: int
    zone: str = "UTC"
    xp: int = 0
    category: str = ""
    value: float = 0.0
    base: int = 0
    bonus: int = 0
    points: int = 0
    is_day: bool = False
    capped_on: int = 0
    levels: tuple[int, ...] = ()
    milestones: tuple[int, ...] = ()
    achievement: str = ""
    flags: tuple[str, ...] = ()


class Progress(Struct, frozen=True, omit_defaults=True):
    """What has been earned.

    `quizzes` and `courses` are those finished, by topic and course; `answers` the latest answers
    to quiz questions, 1 right and 0 wrong, the newest last. `level` is the highest ever reached,
    from 1 (0: none yet). `points` are hundredths, all that were ever earned; those to spend are
    lots of the ledger. `counts` are counters behind achievements by name, `by_category` the
    points of each category, `days` the latest local dates, the newest last; `awards` is the
    number of the latest award.
    """

    streaks: Streak = Streak()
    lessons: tuple[str, ...] = ()
    xp: int = 0
    quizzes: tuple[str, ...] = ()
    answers: tuple[int, ...] = ()
    courses: tuple[str, ...] = ()
    level: int = 0
    points: int = 0
    counts: dict[str, int] = {}
    by_category: dict[str, int] = {}
    days: tuple[Day, ...] = ()
    achievements: tuple[str, ...] = ()
    awards: int = 0


class Boards(Struct, frozen=True, omit_defaults=True):
    """Where a person stands on boards: `open` are the scores that may still change, by place.

    A place is "board period". `name` and `handle` are all that others see; empty: not joined.
    `has_own_name` tells a name the person chose from one that was made up for them.
    """

    name: str = ""
    handle: str = ""
    has_own_name: bool = False
    joined_at: int = 0
    open: dict[str, int] = {}

    @property
    def is_listed(self) -> bool:
        return bool(self.name)


class Score(Struct, frozen=True):
    """What a Decision does to a person's score on one board in one period.

    `at` is when what is scored happened (microseconds); `before` and `after` may be the same
    where somebody joins or leaves the board. A score of 0 is on no board.
    """

    board: Board
    period: str
    before: int
    after: int
    at: int


class Line(Struct, frozen=True):
    """One line of a board as others see it; without a name the user was removed."""

    rank: int
    score: int
    level: int
    streak: int
    name: str
    handle: str
