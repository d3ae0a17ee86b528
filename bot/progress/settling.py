"""The dates of a streak closed as of now, and what that changes."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bot.model.progress import Streak
from bot.people.calendar import HOUR_US
from bot.progress import days, runs
from bot.progress.downtime import Outages, amnesty
from bot.progress.runs import Note
from bot.progress.terms import StreakRule

LATE_US = 72 * HOUR_US  # E3: what happened no longer ago is counted still


class Change(Struct, frozen=True):
    """What became of a streak, and what is new to tell.

    `day` is the local date of what was counted, `is_counted` whether it counted for the first
    time, `is_too_late` whether it was closed for ever before. `milestones` reached are told once
    a run. Of freezes earned `lost` were not added, because enough are held. `frozen` are dates
    kept by a freeze, `given_back` those that need none any more; `broken` is the length of a run
    that broke, `repaired` that of one that was restored.
    """

    streak: Streak
    day: int = 0
    is_counted: bool = False
    is_too_late: bool = False
    milestones: tuple[int, ...] = ()
    earned: int = 0
    lost: int = 0
    frozen: tuple[int, ...] = ()
    amnesty: tuple[int, ...] = ()
    given_back: tuple[int, ...] = ()
    broken: tuple[int, int] | None = None
    repaired: int = 0
    is_healed: bool = False

    @property
    def is_news(self) -> bool:
        """True when something is to be kept besides the dates that were closed."""
        return replace(self, streak=Streak()) != Change(Streak())


def settled(before: Streak, after: Streak, now: int, rule: StreakRule, outages: Outages) -> Change:
    """`after` with its dates closed as of now, and what is new against `before`."""
    closable, today = bounds(after, now, rule)
    until = days.date_of(after.clocks, now - LATE_US) - 1  # nothing late changes it any more
    after = forgiven(after, closable, outages)
    if after is before and closable == before.told and until <= before.run.closed:
        return Change(after)  # nothing has happened since
    was = runs.recounted(before, before.told, today, rule).notes
    notes = runs.recounted(after, closable, today, rule).notes
    fresh, gone = _without(notes, was), _without(was, notes)
    reached = tuple(note.n for note in fresh if note.kind == "milestone")
    broken = [note for note in fresh if note.kind == "broken"]
    after = replace(after, told=closable, owed=(*after.owed, *reached))
    return Change(
        _compacted(after, min(until, closable), rule),
        milestones=reached,
        earned=sum(note.kind == "earned" for note in fresh),
        lost=sum(note.kind == "full" for note in fresh),
        frozen=_dates("frozen", fresh),
        amnesty=_dates("amnesty", fresh),
        given_back=_dates("frozen", gone),
        broken=(broken[-1].day, broken[-1].n) if broken else None,
        repaired=sum(note.n for note in fresh if note.kind == "repaired"),
        is_healed=any(note.kind == "broken" for note in gone) and not broken,
    )


def bounds(streak: Streak, now: int, rule: StreakRule) -> tuple[int, int]:
    """The last date that is closed by now, and today; a date closed once stays so."""
    closable = days.date_of(streak.clocks, now - rule.grace_h * HOUR_US) - 1
    return max(closable, streak.told), days.date_of(streak.clocks, now)


def forgiven(streak: Streak, closable: int, outages: Outages) -> Streak:
    """The streak with the dates on which we were down and nothing else kept it."""
    if not outages:
        return streak
    down = amnesty(streak.clocks, outages, streak.run.closed, closable)
    done = {one.day for one in streak.done}
    fresh = [day for day in down if day not in done and not runs.kept_free(streak, day)]
    if not fresh:
        return streak
    return replace(streak, amnesty=tuple(sorted({*streak.amnesty, *fresh})))


def _compacted(streak: Streak, until: int, rule: StreakRule) -> Streak:
    """The streak with every date up to `until` counted once for all."""
    if until <= streak.run.closed:
        return streak
    year = date.fromordinal(until).replace(month=1, day=1).toordinal()
    return replace(
        streak,
        run=runs.recounted(streak, until, until, rule).closed,
        done=tuple(one for one in streak.done if one.day > until),
        granted=tuple(one for one in streak.granted if one[0] > until),
        amnesty=tuple(day for day in streak.amnesty if day > until),
        pauses=tuple(pause for pause in streak.pauses if pause[1] >= year),
        clocks=days.kept(streak.clocks, until),
    )


def _without(notes: tuple[Note, ...], others: tuple[Note, ...]) -> list[Note]:
    """The notes that the others do not have; a milestone or a freeze is the same on any date."""
    left = Counter(map(_name, others))
    fresh = []
    for note in notes:
        left[_name(note)] -= 1
        if left[_name(note)] < 0:
            fresh.append(note)
    return fresh


def _name(note: Note) -> tuple[str, int]:
    is_by_length = note.kind in ("milestone", "earned", "full")
    return note.kind, note.n if is_by_length else note.day


def _dates(kind: str, notes: Iterable[Note]) -> tuple[int, ...]:
    return tuple(note.day for note in notes if note.kind == kind)
