"""What has been earned, from the awards one by one: live turns and the audit use the same sum."""

from msgspec.structs import replace

from bot.model.progress import Award, Day, Progress, Streak
from bot.progress import streaks
from bot.progress.terms import PLAIN, StreakRule

DAYS_KEPT = 5  # local dates; an event is late for up to 72 hours, which touch four of them


def applied(progress: Progress, award: Award, rule: StreakRule = PLAIN) -> Progress:
    """The progress after one more award; `rule` has the numbers of streaks."""
    assert award.number == progress.awards + 1, "awards are applied in order"
    if award.category:
        progress = _habit(progress, award)
    held, achievement = progress.achievements, award.achievement
    return replace(
        progress,
        streaks=_streak(progress.streaks, award, rule),
        xp=progress.xp + award.xp,
        level=max(progress.level, *award.levels) if award.levels else progress.level,
        points=progress.points + award.points,
        counts=_grown(progress.counts, award.action, 1),
        days=_days(progress.days, award),
        achievements=(*held, achievement) if achievement else held,
        free_rewards=progress.free_rewards + award.free,
        awards=award.number,
    )


def count_on(progress: Progress, day: int, action: str) -> int:
    """How often an action was counted on a local date of the last few."""
    for one in reversed(progress.days):
        if one.day == day:
            return one.counts.get(action, 0)
    return 0


def _habit(progress: Progress, award: Award) -> Progress:
    """A habit, which has a value; a correction of its points has none and is not one more."""
    by_category = _grown(progress.by_category, award.category, award.points)
    if not award.value:
        return replace(progress, by_category=by_category)
    return replace(
        progress,
        by_category=by_category,
        habits=_grown(progress.habits, award.category, 1),
        last_habit=max(progress.last_habit, award.at),
    )


def _grown(sums: dict[str, int], name: str, add: int) -> dict[str, int]:
    return {**sums, name: sums.get(name, 0) + add} if name else sums


def _streak(streak: Streak, award: Award, rule: StreakRule) -> Streak:
    heard = award.heard or award.at
    if award.is_day:
        streak = streaks.counted(streak, award.at, heard, award.zone, rule).streak
    if award.freezes:
        streak = streaks.granted(streak, award.freezes, heard, award.zone, rule).streak
    return streak


def _days(days: tuple[Day, ...], award: Award) -> tuple[Day, ...]:
    """The latest dates, with the award on the date whose caps it counts for."""
    on = award.capped_on or award.day
    found = next((one for one in days if one.day == on), Day(on))
    after = Day(
        on,
        _grown(found.counts, award.action, 1),
        _grown(found.base, award.category, award.base),
        _grown(found.points, award.category, award.points),
    )
    rest = [one for one in days if one.day != on]
    return tuple(sorted((*rest, after), key=lambda one: one.day)[-DAYS_KEPT:])
