"""Leaderboards: the periods a score counts in, who is before whom, what a rank says."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.model.person import Person
from bot.model.progress import Board, Boards, Line, Progress, Score
from bot.people import calendar
from bot.people.calendar import DAY_US, HOUR_US
from bot.progress import streaks
from bot.progress.downtime import Outages
from bot.progress.terms import StreakRule

CLOSE_AFTER_US = 12 * HOUR_US  # L1: late events count for so long after a period has ended
CARRIED_US = 3 * DAY_US  # past its close: the job that writes a board down may be late, we be down
LEAST_PEOPLE = 20  # L3: a percentile of fewer says more of chance, and of others, than of you
EVER = "ever"  # the period of a board that never closes
LEVEL_POINTS = 100_00  # hundredths: level N spans (N - 1) x 100 to N x 100 lifetime points
PERIODIC: tuple[Board, ...] = ("daily", "weekly")
_DAY = timedelta(days=1)


class Place(Struct, frozen=True):
    """How many of a board are above a score, how many have just that, and how many there are.

    `listed` and `listed_above` count only those who joined the board.
    """

    above: int
    equal: int
    people: int
    listed_above: int
    listed: int

    @property
    def rank(self) -> int:
        """L2: standard competition rank, 1224."""
        return self.above + 1

    @property
    def percentile(self) -> float | None:
        """L3: 100 * (below + equal / 2) / n, to a tenth; None where too few are compared."""
        if self.people < LEAST_PEOPLE:
            return None
        return round(100 - 100 * self._before_half / (2 * self.people), 1)

    @property
    def top_percent(self) -> int | None:
        """The x of "top x %", rounded up."""
        if self.people < LEAST_PEOPLE:
            return None
        return max(1, -(-100 * self._before_half // (2 * self.people)))

    @property
    def _before_half(self) -> int:
        """Twice those above, and those alike once: doubled so that it stays whole."""
        return 2 * self.above + self.equal


class Seat(Struct, frozen=True):
    """Where somebody stands on one board: `place` is None without a score, `near` who is around.

    `near` is empty for who did not join, and holds their own line too.
    """

    score: int = 0
    place: Place | None = None
    near: tuple[Line, ...] = ()


def settled(
    before: Person | None, after: Person, at: int, now: int, zone: str
) -> tuple[Boards, tuple[Score, ...]]:
    """A person's boards after a turn, and what to write of it; `at`: when what it counts happened.

    A turn that earns nothing and neither joins nor leaves costs two comparisons.
    """
    had = Progress() if before is None else before.progress
    was_listed = before is not None and before.boards.is_listed
    boards, progress = after.boards, after.progress
    is_moved = boards.is_listed != was_listed
    if progress.xp == had.xp and progress.points == had.points and not is_moved:
        return boards, ()
    gained = progress.xp - had.xp
    boards, scores = scored(boards, progress.xp, progress.points, gained, at, now, zone)
    if is_moved:
        changed = {(one.board, one.period) for one in scores}
        stay = [
            one for one in relisted(boards, now, zone) if (one.board, one.period) not in changed
        ]
        scores = (*scores, *stay)
    return boards, scores


def scored(
    boards: Boards, xp: int, points: int, gained: int, at: int, now: int, zone: str
) -> tuple[Boards, tuple[Score, ...]]:
    """The boards after somebody came to `xp` and `points`, and what to write of it.

    `gained` is the XP of what happened at `at` (E3): it counts in that day and week unless they
    are closed at `now`. What is closed is carried on until it is surely written down.
    """
    kept_at = now - CARRIED_US
    held = {key: score for key, score in boards.open.items() if _is_open(key, kept_at, zone)}
    lasting: tuple[tuple[Board, int], ...] = (("all_time", xp), ("points", points))
    scores = [
        Score(board, EVER, held.get(_key(board, EVER), 0), after, at) for board, after in lasting
    ]
    for board in PERIODIC:
        period = period_of(board, at, zone)
        before = held.get(_key(board, period), 0)
        if gained and _is_open(_key(board, period), now, zone):
            scores.append(Score(board, period, before, max(0, before + gained), at))
    changes = tuple(one for one in scores if one.before != one.after)
    held |= {_key(one.board, one.period): one.after for one in changes}
    return replace(boards, open=held), changes


def relisted(boards: Boards, now: int, zone: str) -> tuple[Score, ...]:
    """What to write when somebody joins or leaves: every open score, as it is."""
    found = []
    for key, score in boards.open.items():
        if score and _is_open(key, now, zone):
            board, period = place_of(key)
            found.append(Score(board, period, score, score, now))
    return tuple(found)


def closed_of(before: Boards, after: Boards) -> tuple[tuple[Board, str], ...]:
    """The places whose scores a person need not carry any more."""
    return tuple(place_of(key) for key in before.open if key not in after.open)


def period_of(board: Board, at: int, zone: str) -> str:
    """The period that an instant lies in: a date, an ISO week, or ever."""
    if board not in PERIODIC:
        return EVER
    day = calendar.local_date(at, zone)
    if board == "daily":
        return day.isoformat()
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def span_of(board: Board, period: str, zone: str) -> tuple[int, int] | None:
    """The first instant of a period and the first one after it; None for a text that is none."""
    if board not in PERIODIC:
        return None
    try:
        first = date.fromisoformat(period if board == "daily" else f"{period}-1")
        last = first + (_DAY if board == "daily" else 7 * _DAY)
        start, until = calendar.midnight(first, zone), calendar.midnight(last, zone)
        is_written_so = period_of(board, start, zone) == period
    except (ValueError, OverflowError):  # no date, or one at the edge of the calendar
        return None
    return (start, until) if is_written_so else None


def closes_at(board: Board, period: str, zone: str) -> int | None:
    """When a period's scores are final; None for a board that never closes."""
    span = span_of(board, period, zone)
    return None if span is None else span[1] + CLOSE_AFTER_US


def lines(
    board: Board,
    people: Sequence[tuple[Person, int]],
    ranks: Sequence[int],
    now: int,
    rule: StreakRule,
    outages: Outages = (),
) -> list[Line]:
    """Lines as others see them, of people in display order."""
    return [
        line_of(board, person, score, rank, now, rule, outages)
        for (person, score), rank in zip(people, ranks, strict=True)
    ]


def ranked(scores: Sequence[int], first: int = 1) -> list[int]:
    """L2: standard competition ranks of scores that fall: equal scores share the better one."""
    ranks: list[int] = []
    for number, score in enumerate(scores):
        is_tied = number > 0 and scores[number - 1] == score
        ranks.append(ranks[-1] if is_tied else first + number)
    return ranks


def line_of(
    board: Board,
    person: Person,
    score: int,
    rank: int,
    now: int,
    rule: StreakRule,
    outages: Outages = (),
) -> Line:
    """One line: what a person shows of themselves by joining."""
    progress, boards = person.progress, person.boards
    return Line(
        rank=rank,
        score=score,
        level=habit_level(score) if board == "points" else progress.shown_level,
        streak=streaks.current(progress.streaks, now, rule, outages),
        name=boards.name,
        handle=boards.handle,
    )


def score_of(person: Person, board: Board, period: str) -> int:
    """What a person has on a board that is open to them; 0: nothing yet."""
    if board == "all_time":
        return person.progress.xp
    if board == "points":
        return person.progress.points
    return person.boards.open.get(_key("weekly" if board == "league" else board, period), 0)


def habit_level(points: int) -> int:
    """The level that so many hundredths of a point amount to."""
    return points // LEVEL_POINTS + 1


def league_of(week: str, number: int) -> str:
    """The period under which a league of a week is kept once it is closed."""
    return f"{week}.{number}"


def place_of(key: str) -> tuple[Board, str]:
    """Board and period of a place."""
    board, _, period = key.partition(" ")
    return board, period  # type: ignore[return-value]  # made by _key


def _key(board: Board, period: str) -> str:
    return f"{board} {period}"


def _is_open(key: str, now: int, zone: str) -> bool:
    end = closes_at(*place_of(key), zone)
    return end is None or now < end
