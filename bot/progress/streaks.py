"""Consecutive local days on which a person came by: counted, closed, frozen, repaired."""

from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.model.progress import Broken, Done, Run, Streak
from bot.people.calendar import HOUR_US
from bot.progress import days, runs
from bot.progress.downtime import Outages
from bot.progress.settling import LATE_US, Change, bounds, forgiven, settled
from bot.progress.terms import PLAIN, StreakRule

ZONE_REST_US = 24 * HOUR_US  # S5: one change of zone in so long counts
BONUS_FROM_DAY, BONUS_PERCENT, MOST_BONUS_PERCENT = 3, 5, 50  # S11, the described habit economy
STRIP_DAYS = 7
COUNTED_KEPT = 64  # an award asks for the same one several times

DayState = Literal[
    "none", "done", "frozen", "paused", "amnesty", "missed", "repaired", "skipped", "open", "today"
]
_STATES: dict[str, DayState] = {
    runs.DONE: "done",
    runs.FROZEN: "frozen",
    runs.PAUSED: "paused",
    runs.AMNESTY: "amnesty",
    runs.MISSED: "missed",
    runs.REPAIRED: "repaired",
    runs.SKIPPED: "skipped",
}


class Standing(Struct, frozen=True):
    """A streak at an instant; `today` is the local date, `run` names the run by its first date.

    `repairable` is a run that comes back when something is done twice on one date, soon enough;
    `pauses` are those that are not over, `start_min` the minute at which days start.
    """

    today: int = 0
    is_today_done: bool = False
    days: int = 0
    best: int = 0
    run: int = 0
    freezes: int = 0
    repairable: Broken | None = None
    pauses: tuple[tuple[int, int], ...] = ()
    start_min: int = 0


class DayShown(Struct, frozen=True):
    """One date of the week strip."""

    day: int
    state: DayState


@lru_cache(maxsize=COUNTED_KEPT)
def counted(
    streak: Streak,
    at: int,
    now: int,
    zone: str,
    rule: StreakRule = PLAIN,
    outages: Outages = (),
) -> Change:
    """The streak after something that qualifies was done at `at`, learnt of `now`.

    What happened up to 72 hours ago counts on its own date, whatever that one was closed as.
    """
    at = min(at, now)
    before = _begun(moved(streak, now, zone), now)
    day = days.date_of(before.clocks, at)
    if at < now - LATE_US or day <= before.run.closed:
        return replace(settled(before, before, now, rule, outages), day=day, is_too_late=True)
    done, after = _with(before.done, day, at), before
    if done != before.done:
        after = replace(before, done=done, since=min(before.since, day))
    change = settled(before, after, now, rule, outages)
    is_counted = all(one.day != day for one in before.done)
    milestones = change.streak.owed
    kept = replace(change.streak, owed=())
    return replace(change, streak=kept, day=day, is_counted=is_counted, milestones=milestones)


def closed(streak: Streak, now: int, rule: StreakRule = PLAIN, outages: Outages = ()) -> Change:
    """The streak with every date closed that ended more than the grace ago; again, the same.

    Milestones that this reaches are owed until something is counted.
    """
    return settled(streak, streak, now, rule, outages) if streak.since else Change(streak)


def granted(streak: Streak, n: int, now: int, zone: str, rule: StreakRule = PLAIN) -> Change:
    """The streak with `n` freezes more, as far as so many may be held."""
    before = _begun(moved(streak, now, zone), now)
    today = days.date_of(before.clocks, now)
    after = replace(before, granted=(*before.granted, (today, n)))
    return settled(before, after, now, rule, ())


def moved(streak: Streak, now: int, zone: str, start_min: int | None = None) -> Streak:
    """The streak of somebody who lives in `zone` now, their days starting at that minute.

    A second zone within 24 hours does not count yet.
    """
    held = streak.clocks[-1] if streak.clocks else None
    if held is not None and zone != held.zone:
        is_resting = streak.zone_at and now - streak.zone_at < ZONE_REST_US
        zone = held.zone if is_resting else zone
    start = start_min if start_min is not None else (held.start if held else 0)
    clocks = days.moved(streak.clocks, now, zone, start)
    if clocks == streak.clocks:
        return streak
    is_moved = held is not None and zone != held.zone
    return replace(streak, clocks=clocks, zone_at=now if is_moved else streak.zone_at)


def current(streak: Streak, now: int, rule: StreakRule = PLAIN, outages: Outages = ()) -> int:
    """How many days the streak is long at this instant; today counts once it is done."""
    return _counted_at(streak, now, rule, outages).shown.days if streak.since else 0


def is_done(streak: Streak, day: int) -> bool:
    """True once something counts on this date, one of the latest few."""
    return any(one.day == day for one in streak.done)


def standing(
    streak: Streak, now: int, rule: StreakRule = PLAIN, outages: Outages = ()
) -> Standing:
    """All that may be said about the streak at this instant; nothing is closed by reading."""
    if not streak.clocks:
        return Standing()
    run = _counted_at(streak, now, rule, outages).shown if streak.since else streak.run
    today = days.date_of(streak.clocks, now)
    return Standing(
        today=today,
        is_today_done=is_done(streak, today),
        days=run.days,
        best=run.best,
        run=run.start if run.days else 0,
        freezes=len(run.freezes),
        repairable=_repairable(run, today, now, rule),
        pauses=tuple(pause for pause in streak.pauses if pause[1] >= today),
        start_min=streak.clocks[-1].start,
    )


def week(
    streak: Streak, now: int, zone: str, rule: StreakRule = PLAIN, outages: Outages = ()
) -> tuple[DayShown, ...]:
    """The last seven local dates, today last, each with what became of it."""
    clocks = streak.clocks or days.moved((), now, zone, 0)
    today = days.date_of(clocks, now)
    run = _counted_at(streak, now, rule, outages).shown if streak.since else streak.run
    marks = dict(zip(range(run.closed, 0, -1), reversed(run.marks), strict=False))
    done = {one.day for one in streak.done}
    return tuple(
        DayShown(day, _state(streak, day, today, marks, done))
        for day in range(today - STRIP_DAYS + 1, today + 1)
    )


def bonus_percent(length: int) -> int:
    """What a streak of so many days adds to base points (S11)."""
    if length < BONUS_FROM_DAY:
        return 0
    return min(MOST_BONUS_PERCENT, BONUS_PERCENT * length)


def _begun(streak: Streak, now: int) -> Streak:
    """The streak of somebody new; what happens late may come before its first date."""
    if streak.since:
        return streak
    last = days.date_of(streak.clocks, now - LATE_US) - 1
    today = days.date_of(streak.clocks, now)
    return replace(streak, run=replace(streak.run, closed=last), told=last, since=today)


def _repairable(run: Run, today: int, now: int, rule: StreakRule) -> Broken | None:
    broken = run.broken
    if broken is None or now >= broken.at + rule.repair_h * HOUR_US:
        return None
    return broken if runs.may_repair(run, broken, today, rule) else None


def _counted_at(streak: Streak, now: int, rule: StreakRule, outages: Outages) -> runs.Counted:
    closable, today = bounds(streak, now, rule)
    return runs.recounted(forgiven(streak, closable, outages), closable, today, rule)


def _with(done: tuple[Done, ...], day: int, at: int) -> tuple[Done, ...]:
    """The dates with one more time on `day`; of each the two earliest are kept."""
    times = [t for one in done if one.day == day for t in (one.at, one.again_at) if t]
    first, *more = sorted([*times, at])
    here = Done(day, first, more[0] if more else 0)
    others = [one for one in done if one.day != day]
    return tuple(sorted([*others, here], key=lambda one: one.day))


def _state(
    streak: Streak, day: int, today: int, marks: dict[int, str], done: set[int]
) -> DayState:
    if day in done:
        return "done"
    if day == today:
        return "today"
    if not streak.since or day < streak.since:
        return "none"
    mark = marks.get(day) or runs.kept_free(streak, day)
    return _STATES[mark] if mark else "open"
