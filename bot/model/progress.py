"""What a person has earned: streak, XP, points, counts, achievements; a score on a board."""

from typing import Literal

from msgspec import Struct

Board = Literal["daily", "weekly", "all_time", "team", "league"]


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


class Progress(Struct, frozen=True, omit_defaults=True):
    """What has been earned.

    `quizzes` and `courses` are those finished, by topic and course; `answers` the latest answers
    to quiz questions, 1 right and 0 wrong, the newest last. `points` are hundredths, all that were
    ever earned; those to spend are lots of the ledger. `counts` are counters behind achievements
    and caps by name, `today` those of the local date `on`.
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
    today: dict[str, int] = {}
    on: int = 0
    achievements: tuple[str, ...] = ()


class Score(Struct, frozen=True):
    """What a Decision adds to a person's score on one board in one period; `at` microseconds."""

    board: Board
    period: str
    add: int
    at: int
