"""What an action earns: its cap, base, weight and bonus, and the levels that are reached."""

from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from bot.model.progress import Award, Progress, Streak
from bot.progress import fold, streaks
from bot.progress.actions import CAPPED, OLD
from bot.progress.habits import Habit
from bot.progress.rulebook import Rulebook

MILESTONE, ACHIEVED = "streak_milestone", "achievement_unlocked"  # what awards lead to
CORRECTED = "points_corrected"  # what is learnt late adds to points of dates after it


class Happened(Struct, frozen=True):
    """One action as it counts: `day` is the local date in `zone` when it happened, `today` that
    of `heard`, when we learnt of it (0: at once).

    `value` is that of a habit; `more` are XP that rules add, `points` hundredths beside those of a
    habit. `is_checkin`: the day counts for the streak whatever it earned.
    """

    action: str
    at: int
    day: int
    zone: str
    today: int
    heard: int = 0
    habit: Habit | None = None
    value: Fraction = Fraction(0)
    more: int = 0
    points: int = 0
    is_checkin: bool = False
    flags: tuple[str, ...] = ()


def award(
    progress: Progress, book: Rulebook, what: Happened
) -> tuple[Progress, tuple[Award, ...]]:
    """The progress after an action, and each award that led there; all of one transaction."""
    first = _levelled(progress, book, _earned(progress, book, what))
    chain = _Chain(progress, book, first)
    if first.is_day and first.day < what.today:
        for corrected in _corrections(chain, what):
            chain.add(corrected)
    for days in _milestones(progress, book, first):
        xp = book.actions[MILESTONE].xp if MILESTONE in book.actions else 0
        chain.add(replace(chain.caused(MILESTONE), xp=xp, milestones=(days,)))
    now = first.heard or first.at
    while reached := book.achievements.reached(
        chain.progress, streaks.current(chain.progress.streaks, now, book.streaks)
    ):
        for one in reached:
            caused = chain.caused(ACHIEVED)
            chain.add(
                replace(caused, points=one.points, achievement=one.id, free=one.free_rewards)
            )
    return chain.progress, tuple(chain.awards)


class _Chain:
    """An award, and those that it leads to at the same time."""

    def __init__(self, progress: Progress, book: Rulebook, first: Award) -> None:
        self.book, self.awards = book, [first]
        self.progress = fold.applied(progress, first, book.streaks)

    def caused(self, action: str) -> Award:
        first = self.awards[0]
        number = self.progress.awards + 1
        return Award(number, action, first.at, first.day, first.zone, first.heard)

    def add(self, one: Award) -> None:
        one = replace(one, number=self.progress.awards + 1)
        one = _levelled(self.progress, self.book, one)
        self.awards.append(one)
        self.progress = fold.applied(self.progress, one, self.book.streaks)


def _corrections(chain: _Chain, what: Happened) -> list[Award]:
    """E3: what was learnt late makes a streak longer, and so the bonus of dates after it."""
    now, book = what.heard or what.at, chain.book
    streak = chain.progress.streaks
    standing = streaks.standing(streak, now, book.streaks)
    found = []
    for date in chain.progress.days:
        if not what.day < date.day <= what.today:
            continue
        percent = 100 + streaks.bonus_percent(_length_on(streak, standing, date.day))
        for category, base in date.base.items():
            lacking = base * percent // 100 - date.points[category]
            if lacking > 0:
                one = replace(chain.caused(CORRECTED), day=date.day, category=category)
                found.append(replace(one, points=lacking))
    return found


def _milestones(progress: Progress, book: Rulebook, one: Award) -> tuple[int, ...]:
    """S8: lengths that the run of days reached just now."""
    if not one.is_day:
        return ()
    now = one.heard or one.at
    return streaks.counted(progress.streaks, one.at, now, one.zone, book.streaks).milestones


def _earned(progress: Progress, book: Rulebook, what: Happened) -> Award:
    """X4: cap, base, weight, bonus (a sum), floor."""
    is_old = OLD in what.flags
    on = what.today if is_old else what.day
    habit, action = what.habit, book.actions.get(what.action)
    one = Award(
        progress.awards + 1, what.action, what.at, what.day, what.zone, what.heard,
        points=what.points, capped_on=on if is_old else 0, flags=what.flags,
    )  # fmt: skip
    per_day = habit.per_day if habit is not None else action.per_day if action else 0
    if per_day and fold.count_on(progress, on, what.action) >= per_day:
        is_day = what.is_checkin and not is_old
        one = replace(one, flags=(*one.flags, CAPPED), is_day=is_day)
        habit = None
    else:
        xp = what.more + (action.xp if action is not None and habit is None else 0)
        is_day = (xp > 0 or habit is not None or what.is_checkin) and not is_old
        one = replace(one, xp=xp, is_day=is_day)
    if what.habit is not None:
        one = replace(one, category=what.habit.category, value=float(what.value))
    return one if habit is None else _pointed(progress, book, one, habit, what.value)


def _pointed(
    progress: Progress, book: Rulebook, one: Award, habit: Habit, value: Fraction
) -> Award:
    bonus = 0
    if one.is_day:
        now, rule = one.heard or one.at, book.streaks
        streak = streaks.counted(progress.streaks, one.at, now, one.zone, rule).streak
        standing = streaks.standing(streak, now, rule)
        bonus = streaks.bonus_percent(_length_on(streak, standing, one.day))
    base = value * book.habits.weights[habit.category]
    points = base * (100 + bonus) // 100
    return replace(one, base=base // 1, bonus=bonus, points=points)


def _length_on(streak: Streak, standing: streaks.Standing, day: int) -> int:
    """How long the run that stands now was on one of its latest dates."""
    if not standing.run or day < standing.run:
        return 0
    return standing.days - sum(one.day > day for one in streak.done)


def _levelled(progress: Progress, book: Rulebook, one: Award) -> Award:
    """X2: every level crossed, ascending, each once for ever; with what reaching them gives."""
    reached = book.ladder.reached(progress.xp + one.xp)
    first = max(progress.level, 1) + 1
    if reached < first:
        return one
    levels = tuple(range(first, reached + 1))
    return replace(one, levels=levels, freezes=sum(book.ladder.level(n).freezes for n in levels))
