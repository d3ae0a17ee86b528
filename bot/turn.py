"""One Inbound: lane, load, decide, commit, reply."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from bot.catalog import Catalog
from bot.clock import Clock
from bot.errors import RequestError, StoreError
from bot.lanes import Abreast, Lanes
from bot.ledger.clockcheck import ClockSample, judge_clock
from bot.logs import Log
from bot.model.decision import Decision
from bot.model.message import Event, Inbound, Market, Reply
from bot.model.person import Person
from bot.pace import Pace
from bot.progress.downtime import Outages
from bot.progress.leaderboards import Seat
from bot.store.protocol import Receipt, Store
from bot.store.seats import seats_of
from bot.talk.abreast import Hops
from bot.talk.answers import kept_id
from bot.talk.decide import deciding
from bot.talk.importing import Imported, imported
from bot.talk.script import NOT_LOOKED_UP, LookedUp, Moment

FAREWELLS_KEPT = 256  # answers to people erased, in memory, for a retry whose answer was lost
TRIES = 40  # two replicas that race for one person lose every second time; never all of these


class Answer(Struct, frozen=True):
    """The reply to an Inbound; `is_replay` when it had been answered before.

    `number` is that of its lines in the person's feed; 0 where it is not known any more.
    `language` is the one it is in; empty where it was answered before.
    """

    reply: Reply
    is_replay: bool = False
    number: int = 0
    language: str = ""


class Markets(Protocol):
    """What is known of an asset now."""

    def current(self, asset: str) -> Market | None: ...


class Turn:
    """Takes Inbounds, one at a time for a person, in the order they came."""

    def __init__(
        self,
        store: Store,
        catalog: Callable[[], Catalog],
        clock: Clock,
        markets: Markets,
        log: Log,
        wake: Callable[[], None],
        pace: Pace | None = None,
        outages: Callable[[], Outages] = tuple,
    ) -> None:
        self.lanes, self.pace = Lanes(), pace or Pace()
        self._abreast = Abreast()
        self._store, self._catalog, self._clock = store, catalog, clock
        self._markets, self._log, self._wake = markets, log, wake
        self._outages = outages
        self._in_flight: set[tuple[str, str]] = set()
        self._farewells: dict[str, Reply] = {}
        self._listening: list[Callable[[str, int], None]] = []
        self._sample: ClockSample | None = None
        self._is_clock_trusted = True

    async def take(self, inbound: Inbound) -> Answer:
        """Answer one Inbound; the same id gets the same answer, whatever happened meanwhile.

        Raises RequestError (too_many, in_progress, idempotency_mismatch, bad input found late)
        and StoreError when the outcome is unknown: retry with the same id.
        """
        own_id = kept_id(inbound)
        if not own_id:
            return await self._in_lane(inbound)
        key = (inbound.person_id, own_id)
        if key in self._in_flight:
            raise RequestError("in_progress", "this id is being answered now", retry_after_s=1)
        self._in_flight.add(key)
        try:
            return await self._in_lane(inbound)
        finally:
            self._in_flight.discard(key)

    def listen(self, told: Callable[[str, int], None]) -> None:
        """Call `told` with the person and the number of the new lines, after each commit."""
        self._listening.append(told)

    def deciding(
        self, person: Person | None, inbound: Inbound, looked_up: LookedUp = NOT_LOOKED_UP
    ) -> Hops[Decision]:
        """What would be committed, in hops: for whoever holds the lane of this person."""
        moment = self._moment(turn_id_of(inbound), inbound, looked_up)
        return deciding(self._catalog().script, person, inbound, moment)

    def importing(
        self,
        person: Person | None,
        inbounds: Sequence[Inbound],
        past: Sequence[Event],
        has_points: bool,
    ) -> Hops[Imported]:
        """History of a person as it would be committed: for whoever holds their lane."""
        script = self._catalog().script
        moment = self._moment("", inbounds[0])
        return imported(script, person, inbounds, past, moment, has_points)

    def spread(self, decision: Decision, has_messages: bool) -> None:
        """After a commit: wake what delivers, tell who listens to the feed."""
        if has_messages:
            self._wake()
        for told in self._listening:
            told(decision.person.id, decision.person.version)

    async def _in_lane(self, inbound: Inbound) -> Answer:
        person_id = inbound.person_id
        if not self.lanes.try_enter(person_id):
            await self.lanes.enter(person_id)
        try:
            return await self._answer(inbound)
        except RequestError:
            raise
        except Exception:
            self.pace.errors += 1
            raise
        finally:
            self.lanes.leave(person_id)

    async def _answer(self, inbound: Inbound) -> Answer:
        started = self._clock.cpu_s()
        if inbound.fingerprint and (kept := await self._kept(inbound)) is not None:
            return Answer(kept, is_replay=True)
        if self._farewells and (said := self._farewells.get(turn_id_of(inbound))) is not None:
            return Answer(said, is_replay=True)
        looked_up = NOT_LOOKED_UP
        for _ in range(TRIES):
            person = await self._store.person(inbound.person_id)
            decision = await self._abreast.decided(self.deciding(person, inbound, looked_up))
            if decision.lacks:
                looked_up = await self._looked_up(decision, looked_up)
                hops = self.deciding(person, inbound, looked_up)
                decision = await self._abreast.decided(hops)
            if decision.is_erasing:
                return await self._erased(decision)
            receipt = await self._store.commit(decision)
            if receipt.status == "committed":
                self._tell(decision, started)
                after = decision.person
                return Answer(decision.reply, False, after.version, after.profile.language)
            if receipt.status == "taken" and inbound.kind == "message":
                looked_up = replace(looked_up, is_name_taken=True)
                continue
            if receipt.status == "taken":
                message = "somebody else has this name, or one just like it"
                raise RequestError("conflict", message, "leaderboard.name")
            if receipt.status == "duplicate":
                return Answer(await self._repeated(inbound, receipt), is_replay=True)
            looked_up = replace(looked_up, teams=None)  # others may have come or gone
        raise StoreError("the person is too busy on other replicas; retry with the same id")

    async def _erased(self, decision: Decision) -> Answer:
        """Erasing is the commit: of this turn only the answer is kept, for a while, in memory."""
        await self._store.erase(decision.person.id)
        while len(self._farewells) >= FAREWELLS_KEPT:
            del self._farewells[next(iter(self._farewells))]
        self._farewells[decision.turn_id] = decision.reply
        return Answer(decision.reply)

    async def _looked_up(self, decision: Decision, looked_up: LookedUp) -> LookedUp:
        """What the decision lacks, beside what is known already."""
        if decision.lacks == "seats":
            return replace(looked_up, seats=await self._seats(decision))
        team = decision.before.team if decision.before is not None else None
        code = decision.inbound.props.get("code") or (team.code if team is not None else "")
        found = await self._store.teams.team(str(code))
        return replace(looked_up, teams=(found,) if found is not None else ())

    async def _seats(self, decision: Decision) -> tuple[Seat, Seat]:
        """Where somebody stands on the boards, before this turn."""
        person = decision.before or Person(decision.person.id)
        script, boards = self._catalog().script, self._store.boards
        zone, rule = script.terms.time_zone, script.book.streaks
        return await seats_of(boards, person, decision.now, zone, rule, self._outages())

    def _moment(
        self, turn_id: str, inbound: Inbound, looked_up: LookedUp = NOT_LOOKED_UP
    ) -> Moment:
        wall = self._clock.now()
        self._watch_clock(wall)
        return Moment(
            turn_id=turn_id,
            now=max(wall, inbound.at),
            wall=wall,
            seed=self._clock.seed(),
            market=self._markets.current,
            is_clock_trusted=self._is_clock_trusted,
            outages=self._outages(),
            looked_up=looked_up,
        )

    async def _kept(self, inbound: Inbound) -> Reply | None:
        """The permanent answer under the caller's own id, if there is one."""
        outcome_id = kept_id(inbound)
        if not outcome_id:
            return None
        found = await self._store.outcome(inbound.person_id, outcome_id)
        if found is None:
            return None
        fingerprint, reply = found
        if fingerprint != inbound.fingerprint:
            message = "this id was used before with other fields"
            raise RequestError("idempotency_mismatch", message)
        return reply

    async def _repeated(self, inbound: Inbound, receipt: Receipt) -> Reply:
        turn_id = turn_id_of(inbound)
        reply = await self._kept(inbound) or await self._store.replied(inbound.person_id, turn_id)
        if reply is None:
            raise StoreError("the recorded answer could not be read; retry with the same id")
        return reply

    def _tell(self, decision: Decision, started: float) -> None:
        self.spread(decision, bool(decision.outbox))
        ms = int((self._clock.cpu_s() - started) * 100_000) / 100
        self.pace.note(ms)
        self._log.info(
            "turn_answered",
            turn=decision.turn_id,
            kind=decision.inbound.kind,
            intent=decision.trace.intent,
            outcome=decision.reply.outcome,
            persona=decision.reply.persona,
            faults=len(decision.trace.faults),
            ms=ms,
        )

    def _watch_clock(self, wall: int) -> None:
        """A jump of the wall clock alone closes paid unlocks until an operator confirms it."""
        sample = ClockSample(wall, self._clock.monotonic())
        if self._sample is not None and judge_clock(self._sample, sample) == "jumped":
            self._is_clock_trusted = False
            self._log.error("clock_jumped", wall=wall)
        self._sample = sample

    @property
    def is_clock_trusted(self) -> bool:
        return self._is_clock_trusted

    def confirm_clock(self) -> None:
        """An operator looked at the clock and says it is right."""
        self._is_clock_trusted = True
        self._log.info("clock_confirmed")


def turn_id_of(inbound: Inbound) -> str:
    """Derived from channel, person, kind and the caller's id, so a retry is the same turn."""
    text = f"{inbound.channel}|{inbound.person_id}|{inbound.kind}|{inbound.id}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def known(person: Person | None, person_id: str) -> Person:
    """The person, or 404 for somebody never seen."""
    if person is None:
        raise RequestError("unknown", f"nobody called '{person_id[:80]}' was here yet", "user_id")
    return person
