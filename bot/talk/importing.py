"""History of one person that is brought in: counted as one, without rules, news or messages."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import RequestError
from bot.ledger.postings import derived_id
from bot.model.decision import Decision, Trace
from bot.model.message import Event, Inbound, Reply
from bot.model.person import Person
from bot.model.progress import Award, Day
from bot.progress import fold, leaderboards
from bot.progress.rebuilt import awards_of
from bot.talk import acting, arrivals, earning
from bot.talk.abreast import Hops
from bot.talk.answers import kept_id
from bot.talk.arrivals import IMPORT, Arrival
from bot.talk.case import Done
from bot.talk.script import Moment, Script

Counts = dict[int, Counter[str]]  # by local date: how often each action was counted


class Imported(Struct, frozen=True):
    """What comes of it: nothing to commit where no line was taken; what was said to each line."""

    decision: Decision | None
    said: tuple[Reply | RequestError, ...]


def imported(
    script: Script,
    found: Person | None,
    inbounds: Sequence[Inbound],
    past: Iterable[Event],
    moment: Moment,
    has_points: bool = False,
) -> Hops[Imported]:
    """E3: each counts on its own day and for ever; what is closed stays as it is.

    `past` are the person's events around that time. With `has_points` habit points can be spent.
    Rests after each line.
    """
    person_id = inbounds[0].person_id
    now = moment.now if found is None else max(moment.now, found.last_at + 1)
    turn_id = derived_id(person_id, IMPORT, *map(kept_id, inbounds))
    moment = replace(moment, turn_id=turn_id, now=now)
    whole = Inbound(turn_id, person_id, "action", now, IMPORT, IMPORT)
    pile = _Pile(script, arrivals.arrived(script, found, whole, moment), moment, past)
    said: list[Reply | RequestError] = []
    for inbound in inbounds:
        said.append(pile.add(inbound, has_points))
        yield
    decision = pile.decision(found, whole) if pile.kept else None
    return Imported(decision, tuple(said))


class _Pile:
    """A person with the history so far, and what it leaves behind."""

    def __init__(
        self, script: Script, arrival: Arrival, moment: Moment, past: Iterable[Event]
    ) -> None:
        self.script, self.moment, self.arrival = script, moment, arrival
        self.person, self.posted = arrival.person, arrival.posted
        self.counts: Counts = {}
        self._count(awards_of(past))
        self.events: list[Event] = []
        self.kept: list[tuple[str, str, Reply]] = []

    def add(self, inbound: Inbound, has_points: bool) -> Reply | RequestError:
        """One line more, or why it is none."""
        try:
            done = self._done(inbound)
        except RequestError as error:
            return error
        awards, progress = awards_of(done.events), self.person.progress
        for one in awards:
            progress = fold.applied(progress, one, self.script.book.streaks)
        self.person = replace(self.person, progress=progress)
        if has_points:
            self.person = replace(self.person, spending=done.person.spending)
            self.posted += done.posted
        self._count(awards)
        self.events += done.events
        reply = Reply(self.moment.turn_id, "", body=done.body)
        self.kept.append((kept_id(inbound), inbound.fingerprint, reply))
        return reply

    def decision(self, found: Person | None, whole: Inbound) -> Decision:
        """All of it as one turn; on boards it counts for ever only."""
        person, now, zone = self.person, self.moment.now, self.script.terms.time_zone
        xp, points = person.progress.xp, person.progress.points
        boards, scores = leaderboards.scored(person.boards, xp, points, 0, now, now, zone)
        return Decision(
            turn_id=whole.id,
            inbound=whole,
            now=now,
            before=found,
            person=replace(person, boards=boards) if scores else person,
            reply=Reply(whole.id, "", body={"events": len(self.kept)}),
            trace=Trace(self.script.version, self.moment.seed, step=IMPORT),
            entries=self.posted.entries,
            counters=self.posted.counters,
            events=tuple(self.events),
            scores=scores,
            kept=tuple(self.kept),
        )

    def _done(self, inbound: Inbound) -> Done:
        """As the call for one would answer, with the caps of its own day and nobody told."""
        turn_id = derived_id(self.moment.turn_id, kept_id(inbound))
        moment = replace(self.moment, turn_id=turn_id)
        arrival = replace(self.arrival, person=self.person)
        case = acting.opened(self.script, arrival, inbound, moment)
        clocks = self.person.progress.streaks.clocks
        zone = clocks[-1].zone if clocks else case.zone
        case = replace(case, is_import=True, zone=zone)
        day = earning.happened(case, case.action).day
        case = replace(case, person=self._on(day))
        return acting.counted(case)

    def _on(self, day: int) -> Person:
        """The person with the counts of that day, which may be long gone from memory."""
        counts = self.counts.get(day, Counter[str]())
        progress = replace(self.person.progress, days=(Day(day, dict(counts)),))
        return replace(self.person, progress=progress)

    def _count(self, awards: Iterable[Award]) -> None:
        for one in awards:
            self.counts.setdefault(one.capped_on or one.day, Counter())[one.action] += 1
