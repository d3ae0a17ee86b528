"""What a person has earned: streak, XP, points, counts, achievements; a score on a board."""

from typing import Literal

from msgspec import Struct

Board = Literal["daily", "weekly", "all_time", "points", "league"]


class DayClock(Struct, frozen=True, omit_defaults=True):
    """How local dates are told from `at` on: a zone, and the minute at which a day starts.

    `after` is the last date told by the clock before; it ends at `at`.
    """

    zone: str = "UTC"
    start: int = 0
    at: int = 0
    after: int = 0


class Done(Struct, frozen=True, omit_defaults=True):
    """A local date on which something was done: the first time, and the second if any."""

    day: int
    at: int
    again_at: int = 0


class Broken(Struct, frozen=True):
    """A run that broke: its first date, its length, the date that was missed, the instant."""

    start: int
    days: int
    day: int
    at: int


class Run(Struct, frozen=True, omit_defaults=True):
    """A run of dates as it stood when the date `closed` was closed; dates are ordinals.

    `start`, the first date of a run, names it. `days` counts the dates on which something was
    done, the latest being `last`. `freezes` are the dates on which those held were earned, oldest
    first; `repaired` is when a repair was last used; `marks` one letter for each of the latest
    closed dates, the newest last.
    """

    closed: int = 0
    start: int = 0
    days: int = 0
    last: int = 0
    best: int = 0
    freezes: tuple[int, ...] = ()
    broken: Broken | None = None
    repaired: int = 0
    marks: str = ""


class Streak(Struct, frozen=True, omit_defaults=True):
    """Local days in a row; what can still change is kept as it happened, and counted anew.

    `run` is the state of some days ago, which nothing late can change; `done`, `granted` (date,
    freezes) and `amnesty` (dates on which we were down) came after it, and with the pauses (first
    and last date) they say how it stands now. `told`: the last date whose closing was noted;
    `owed`: milestones that a closing reached while nobody was there; `since`: the first date of
    all; `zone_at`: when the zone last changed.
    """

    run: Run = Run()
    done: tuple[Done, ...] = ()
    granted: tuple[tuple[int, int], ...] = ()
    amnesty: tuple[int, ...] = ()
    pauses: tuple[tuple[int, int], ...] = ()
    told: int = 0
    owed: tuple[int, ...] = ()
    since: int = 0
    clocks: tuple[DayClock, ...] = ()
    zone_at: int = 0


class Day(Struct, frozen=True, omit_defaults=True):
    """One of the latest local dates: what was counted on it, by action, and its points.

    `base` are the hundredths of points of each category before the bonus of the streak, `points`
    those with it.
    """

    day: int
    counts: dict[str, int] = {}
    base: dict[str, int] = {}
    points: dict[str, int] = {}


class Award(Struct, frozen=True, omit_defaults=True):
    """What one event was decided to earn; its row keeps it, so that the sum can be made again.

    `number` counts the awards of a person from 1; we learnt of it at `heard` (0: at once). `day`
    is the local date in `zone` when it happened, `capped_on` the date whose caps it counts for
    (0: `day`). `value` is a habit's own, `base` and `points` are hundredths, `bonus` per cent.
    `levels`, `milestones` and `achievement` are what it reached, `freezes` and `free` the freezes
    and free rewards it brought (or used, below 0); `flags` say what is unusual (future, old,
    clamped, capped).
    """

    number: int
    action: str
    at: int
    day: int
    zone: str = "UTC"
    heard: int = 0
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
    freezes: int = 0
    free: int = 0
    flags: tuple[str, ...] = ()


class Progress(Struct, frozen=True, omit_defaults=True):
    """What has been earned.

    `quizzes` and `courses` are those finished, by topic and course; `answers` the latest answers
    to quiz questions, 1 right and 0 wrong, the newest last. `level` is the highest ever reached,
    from 1 (0: none yet). `points` are hundredths, all that were ever earned; those to spend are
    lots of the ledger. `counts` are counters behind achievements by name, `by_category` the
    points of each category, `habits` how often it was, `last_habit` when for the last time;
    `days` the latest local dates, the newest last; `awards` is the number of the latest award.
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
    habits: dict[str, int] = {}
    last_habit: int = 0
    days: tuple[Day, ...] = ()
    achievements: tuple[str, ...] = ()
    free_rewards: int = 0
    awards: int = 0

    @property
    def shown_level(self) -> int:
        """The number of the level that is shown: the first until another is reached."""
        return max(1, self.level)


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


class Closed(Struct, frozen=True):
    """A board that ended, as it stood: it never changes, but for names of users removed.

    `people` had a score; `listed` of them had joined. `lines` are the first thousand.
    """

    board: Board
    period: str
    at: int
    people: int
    listed: int
    lines: tuple[Line, ...] = ()


class Member(Struct, frozen=True):
    """Somebody in a league of a week; `activity` is the XP that placed them there."""

    person_id: str
    league: int
    activity: int
