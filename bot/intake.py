"""Many Inbounds of many people: those of one person in one lane slot, committed together."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from bot.errors import BotError, RequestError, StoreError
from bot.logs import Log
from bot.model.decision import Chain, Decision
from bot.model.message import Inbound, Reply
from bot.model.person import Person
from bot.store.protocol import Store
from bot.talk.abreast import alone
from bot.talk.answers import kept_id
from bot.turn import TRIES, Turn

PEOPLE_AT_ONCE = 64  # each waits for the same group commit; more would not make it cheaper
TOGETHER = 64  # turns of one person in one transaction; others wait no longer than for these

Status = Literal["accepted", "replayed", "conflict", "refused", "unknown"]
Kept = dict[tuple[str, str], tuple[str, Reply]]


class Verdict(Struct, frozen=True):
    """What became of one Inbound. `unknown`: nobody knows; send it again with the same id."""

    status: Status
    reply: Reply | None = None
    error: BotError | None = None


class Asked(Struct, frozen=True):
    """An Inbound with an id of its caller's own, and its place in the call."""

    place: int
    inbound: Inbound

    @property
    def kept(self) -> tuple[str, str]:
        return self.inbound.person_id, kept_id(self.inbound)


class Intake:
    """One call of many Inbounds; `told` hears what became of each, by its place.

    Cancelled, it ends between two transactions: what was committed stays, and a retry is told so.
    """

    def __init__(
        self, turn: Turn, store: Store, log: Log, told: Callable[[int, Verdict], None]
    ) -> None:
        self._turn, self._store, self._log, self._told = turn, store, log, told
        self._is_retry = False

    async def take(self, inbounds: Sequence[Asked]) -> None:
        """A person's in the order they stand, different people side by side."""
        people: dict[str, list[Asked]] = {}
        for one in inbounds:
            people.setdefault(one.inbound.person_id, []).append(one)
        waiting = iter(people.values())
        async with asyncio.TaskGroup() as group:
            for _ in range(min(PEOPLE_AT_ONCE, len(people))):
                group.create_task(self._work(waiting))

    async def _work(self, waiting: Iterator[list[Asked]]) -> None:
        """One person after the other; a fault at one of them is not the others'."""
        for asked in waiting:
            left = list(asked)
            (fault,) = await asyncio.gather(self._one_person(left), return_exceptions=True)
            if fault is not None:
                code = fault.code if isinstance(fault, BotError) else type(fault).__name__
                self._log.error("bulk_broke_off", code=code, left=len(left))
                error = StoreError("not known to have happened; send it again with the same id")
                for one in left:
                    self._told(one.place, Verdict("unknown", error=error))

    async def _one_person(self, left: list[Asked]) -> None:
        """E4: everything of a person in one slot of their lane; what was told leaves `left`."""
        lanes, person_id = self._turn.lanes, left[0].inbound.person_id
        try:
            await lanes.enter(person_id)
        except RequestError as error:
            self._tell(left, [Verdict("refused", error=error)] * len(left))
            return
        try:
            while left:
                await self._together(left, TOGETHER)
        finally:
            lanes.leave(person_id)

    async def _together(self, left: list[Asked], most: int) -> None:
        """Decide the next few turns, each for the person the last one left; commit them as one."""
        asked, known = left[:most], Kept()
        if self._is_retry:
            known = await self._store.outcomes([one.kept for one in asked])
        for _ in range(TRIES):
            person = await self._store.person(asked[0].inbound.person_id)
            decisions, verdicts = self._decided(person, asked, known)
            try:
                status = await self._committed(decisions)
            except RequestError as error:  # a text that no database holds
                if len(asked) > 1:
                    await self._together(left, 1)
                    return
                status, verdicts = "committed", [Verdict("refused", error=error)]
            if status == "committed":
                self._tell(left, verdicts)
                return
            if status == "duplicate":
                self._is_retry = True
                known = await self._store.outcomes([one.kept for one in asked])
        raise StoreError("the person is too busy on other replicas; retry with the same id")

    def _decided(
        self, person: Person | None, asked: Sequence[Asked], known: Kept
    ) -> tuple[list[Decision], list[Verdict]]:
        decisions: list[Decision] = []
        verdicts = []
        known = dict(known)
        for one in asked:
            verdict = answered_before(one, known)
            if verdict is None:
                try:
                    decision = alone(self._turn.deciding(person, one.inbound))
                except RequestError as error:
                    verdict = Verdict("refused", error=error)
                else:
                    decisions.append(decision)
                    person, reply = decision.person, decision.reply
                    known[one.kept] = (one.inbound.fingerprint, reply)
                    verdict = Verdict("accepted", reply)
            verdicts.append(verdict)
        return decisions, verdicts

    async def _committed(self, decisions: list[Decision]) -> str:
        if not decisions:
            return "committed"
        receipt = await self._store.commit(Chain(tuple(decisions)))
        if receipt.status == "committed":
            self._turn.spread(decisions[-1], any(one.outbox for one in decisions))
        return receipt.status

    def _tell(self, left: list[Asked], verdicts: list[Verdict]) -> None:
        for one, verdict in zip(left, verdicts, strict=False):
            self._told(one.place, verdict)
        del left[: len(verdicts)]


def answered_before(one: Asked, known: Kept) -> Verdict | None:
    """E1: the same id and the same body is a replay, another body a conflict."""
    found = known.get(one.kept)
    if found is None:
        return None
    fingerprint, reply = found
    if fingerprint == one.inbound.fingerprint:
        return Verdict("replayed", reply)
    message = "this id was used before with other fields"
    return Verdict("conflict", error=RequestError("idempotency_mismatch", message))
