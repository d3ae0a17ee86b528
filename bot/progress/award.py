"""What an action earns: its cap, base, weight and bonus, and the levels that are reached."""

from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from bot.model.progress import Award, Progress
from bot.progress import fold, streaks
from bot.progress.habits import Habit
from bot.progress.rulebook import Rulebook


class Happened(Struct, frozen=True):
    """One action as it counts: `day` is the local date in `zone` when it happened, `today` that
    of `heard`, when we learnt of it (0: at once).

    `value` is that of a habit; `more` are XP that rules add. `is_checkin`: the day counts for
    the streak whatever it earned.
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
    is_checkin: bool = False
    flags: tuple[str, ...] = ()


def award(
    progress: Progress, book: Rulebook, what: Happened
) -> tuple[Progress, tuple[Award, ...]]:
    """The progress after an action, and each award that led there; all of one transaction."""
    first = _levelled(progress, book, _earned(progress, book, what))
    return fold.applied(progress, first, book.streaks), (first,)


def _earned(progress: Progress, book: Rulebook, what: Happened) -> Award:
    """X4: cap, base, weight, bonus (a sum), floor."""
    is_old = "old" in what.flags
    on = what.today if is_old else what.day
    flags = what.flags
    counted = fold.count_on(progress, on, what.action)
    action, habit = book.actions.get(what.action), what.habit
    xp = 0
    if action is not None and (action.xp or what.more) and habit is None:
        is_capped = counted >= action.per_day
        flags = (*flags, "capped") if is_capped else flags
        xp = 0 if is_capped else action.xp + what.more
    if habit is not None and counted >= habit.per_day:
        habit, flags = None, (*flags, "capped")
    one = Award(
        progress.awards + 1, what.action, what.at, what.day, what.zone, what.heard, xp,
        flags=flags,
        is_day=(xp > 0 or habit is not None or what.is_checkin) and not is_old,
        capped_on=on if is_old else 0,
    )  # fmt: skip
    if what.habit is not None:
        one = replace(one, category=what.habit.category, value=float(what.value))
    return _pointed(progress, book, one, habit, what.value) if habit is not None else one


def _pointed(
    progress: Progress, book: Rulebook, one: Award, habit: Habit, value: Fraction
) -> Award:
    now, rule = one.heard or one.at, book.streaks
    streak = progress.streaks
    if one.is_day:
        streak = streaks.counted(streak, one.at, now, one.zone, rule).streak
    bonus = streaks.bonus_percent(streaks.current(streak, now, rule))
    base = value * book.habits.weights[habit.category]
    points = base * (100 + bonus) // 100
    return replace(one, base=base // 1, bonus=bonus, points=points)


def _levelled(progress: Progress, book: Rulebook, one: Award) -> Award:
    """X2: every level crossed, ascending, each once for ever."""
    reached = book.ladder.reached(progress.xp + one.xp)
    first = max(progress.level, 1) + 1
    return replace(one, levels=tuple(range(first, reached + 1))) if reached >= first else one
