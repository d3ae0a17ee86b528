"""A run of days counted anew from what happened: kept, frozen, broken, repaired."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.model.progress import Broken, Done, Run, Streak
from bot.people.calendar import HOUR_US
from bot.progress import days
from bot.progress.terms import StreakRule

MARKS_KEPT = 7  # closed dates of the week strip
DONE, FROZEN, PAUSED, AMNESTY, MISSED, REPAIRED, SKIPPED = "dfpamrs"

NoteKind = Literal[
    "counted", "frozen", "amnesty", "broken", "repaired", "milestone", "earned", "full"
]


class Note(Struct, frozen=True):
    """One thing that happened to a run on a date; `n` is a length where there is one."""

    kind: NoteKind
    day: int
    n: int = 0


class Counted(Struct, frozen=True):
    """A streak counted: `closed` after the last closed date, `shown` with what is done since."""

    closed: Run
    shown: Run
    notes: tuple[Note, ...]


def recounted(streak: Streak, closable: int, today: int, rule: StreakRule) -> Counted:
    """The run with every date up to `closable` closed, and open ones up to `today` as done.

    An open date on which nothing was done yet holds back those after it: it may still be done.
    """
    tally = _Tally(streak, rule)
    closed = tally.close(closable)
    return Counted(closed, tally.look_on(closable + 1, today), tuple(tally.notes))


class _Tally:
    """One pass over the dates of a streak; the notes grow with it."""

    def __init__(self, streak: Streak, rule: StreakRule) -> None:
        self.streak, self.rule, self.run = streak, rule, streak.run
        self.done = {one.day: one for one in streak.done}
        self.notes: list[Note] = []

    def close(self, until: int) -> Run:
        """Close date after date; where nothing can happen any more, only the latest."""
        granted = [day for day, _ in self.streak.granted]
        last = max((*self.done, *granted), default=0)
        day = self.run.closed + 1
        while day <= until:
            latest = until - MARKS_KEPT + 1
            if not self.run.days and last < day < latest:
                self.run, day = replace(self.run, marks=""), latest
            self._grant(day)
            mark = self._mark(day)
            marks = (self.run.marks + mark)[-MARKS_KEPT:]
            self.run = replace(self.run, closed=day, marks=marks)
            day += 1
        return self.run

    def look_on(self, first: int, today: int) -> Run:
        """Count what was done on dates that are still open."""
        for day in range(first, today + 1):
            self._grant(day)
            if day in self.done:
                self._lengthen(self.done[day])
            elif self.run.days and not kept_free(self.streak, day):
                break
        return self.run

    def _grant(self, day: int) -> None:
        for _ in range(sum(n for date, n in self.streak.granted if date == day)):
            self._earn(day, 0)

    def _mark(self, day: int) -> str:
        """How the date is closed, and what that does to the run."""
        if day in self.done:
            self._lengthen(self.done[day])
            return DONE
        if free := kept_free(self.streak, day):
            if free == AMNESTY:  # also where no run is: one may come to be by what is late
                self._note("amnesty", day)
            return free
        run = self.run
        if not run.days:
            return MISSED
        if run.freezes:
            self.run = replace(run, freezes=run.freezes[1:])
            self._note("frozen", day, len(run.freezes) - 1)
            return FROZEN
        at = days.ends(self.streak.clocks, day) + self.rule.grace_h * HOUR_US
        self.run = replace(run, days=0, broken=Broken(run.start, run.days, day, at))
        self._note("broken", day, run.days)
        return MISSED

    def _lengthen(self, one: Done) -> None:
        run, was = self.run, self.run.days
        start = run.start if run.days else one.day
        run = replace(run, start=start, days=run.days + 1, last=one.day)
        self._note("counted", one.day)
        broken = run.broken
        if broken is not None and is_repaired(run, broken, one, self.rule):
            was, run = broken.days, _restored(run, broken, one.day)
            self._note("repaired", one.day, broken.days)
        self.run = replace(run, best=max(run.best, run.days))
        for reached in range(was + 1, run.days + 1):
            if reached in self.rule.milestones:
                self._note("milestone", one.day, reached)
            if reached in self.rule.freezes:
                self._earn(one.day, reached)

    def _earn(self, day: int, reached: int) -> None:
        """A freeze more; above the most that are held nothing is added, and the notes say so."""
        is_full = len(self.run.freezes) >= self.rule.most_held
        if not is_full:
            self.run = replace(self.run, freezes=(*self.run.freezes, day))
        self._note("full" if is_full else "earned", day, reached)

    def _note(self, kind: NoteKind, day: int, n: int = 0) -> None:
        self.notes.append(Note(kind, day, n))


def kept_free(streak: Streak, day: int) -> str:
    """The mark of a date without a need to do anything: missing, paused, or we were down."""
    if days.begins(streak.clocks, day) == days.ends(streak.clocks, day):
        return SKIPPED
    if any(first <= day <= last for first, last in streak.pauses):
        return PAUSED
    return AMNESTY if day in streak.amnesty else ""


def is_repaired(run: Run, broken: Broken, one: Done, rule: StreakRule) -> bool:
    """True when what was done on this date, twice and soon enough, mends the break (S7)."""
    return bool(
        one.again_at
        and one.again_at < broken.at + rule.repair_h * HOUR_US
        and may_repair(run, broken, one.day, rule)
    )


def may_repair(run: Run, broken: Broken, day: int, rule: StreakRule) -> bool:
    """True when no repair was used lately, and there is something to restore."""
    is_rested = not run.repaired or day - run.repaired >= rule.repair_every_days
    return is_rested and broken.days >= rule.repair_from_days


def _restored(run: Run, broken: Broken, day: int) -> Run:
    """The broken run goes on; the missed dates in between are marked as repaired."""
    place = max(0, len(run.marks) - (run.closed - broken.day + 1))
    marks = run.marks[:place] + run.marks[place:].replace(MISSED, REPAIRED)
    return replace(
        run,
        start=broken.start,
        days=broken.days + run.days,
        broken=None,
        repaired=day,
        marks=marks,
    )
