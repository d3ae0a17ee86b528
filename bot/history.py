"""Events of the past, brought in by batches beside the turns that come now."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from bot.errors import RequestError, StoreError
from bot.intake import PEOPLE_AT_ONCE, Asked, Kept, Verdict, answered_before
from bot.logs import Log
from bot.model.message import Event, Inbound
from bot.people.calendar import DAY_US
from bot.store.protocol import Store
from bot.talk.importing import Imported
from bot.turn import TRIES, Turn

BATCH = 5_000  # events in one transaction
AROUND_US = 2 * DAY_US  # of an event: its local date lies within, in any zone
MOST_PAST = 1_000_000  # events of a person around those of a batch
HOPS_TOGETHER = 16  # lines between two looks at what else there is to do

Told = Callable[[int, Verdict], None]
People = dict[str, list[Asked]]


class History:
    """Takes history: no rules, no notices, no messages; one batch at a time.

    Live turns of the same people wait in their lanes, those of other replicas are seen by the
    version of the person: what was decided for another one is decided again.
    """

    def __init__(self, turn: Turn, store: Store, log: Log) -> None:
        self._turn, self._store, self._log = turn, store, log
        self._alone = asyncio.Lock()

    async def take(self, asked: Sequence[Asked], has_points: bool, told: Told) -> None:
        """Tell what becomes of each, by its place; a batch that fails is told as unknown."""
        for at in range(0, len(asked), BATCH):
            batch = asked[at : at + BATCH]
            try:
                async with self._alone:
                    await self._batch(batch, has_points, told)
            except StoreError as error:
                self._log.error("import_broke_off", code=error.code, left=len(asked) - at)
                for one in asked[at:]:
                    told(one.place, Verdict("unknown", error=error))
                return

    async def _batch(self, batch: Sequence[Asked], has_points: bool, told: Told) -> None:
        people: People = {}
        for one in batch:
            people.setdefault(one.inbound.person_id, []).append(one)
        async with self._lanes(people, told):
            for _ in range(TRIES):
                if not people:
                    return
                await self._tried(people, has_points, told)
        raise StoreError("these people are too busy on other replicas; retry with the same ids")

    @asynccontextmanager
    async def _lanes(self, people: People, told: Told) -> AsyncIterator[None]:
        """The lane of everybody, entered in one order; who has a full one is refused."""
        entered = []
        try:
            for person_id in sorted(people):
                try:
                    await self._turn.lanes.enter(person_id)
                except RequestError as error:
                    for one in people.pop(person_id):
                        told(one.place, Verdict("refused", error=error))
                else:
                    entered.append(person_id)
            yield
        finally:
            for person_id in entered:
                self._turn.lanes.leave(person_id)

    async def _tried(self, people: People, has_points: bool, told: Told) -> None:
        """Decide for everybody and commit it all; who is done leaves `people`."""
        known = await self._store.outcomes([one.kept for some in people.values() for one in some])
        made: dict[str, Imported] = {}
        waiting = list(people.items())
        for at in range(0, len(waiting), PEOPLE_AT_ONCE):
            some = waiting[at : at + PEOPLE_AT_ONCE]
            found = await asyncio.gather(
                *(self._decided(who, _fresh(asked, known), has_points) for who, asked in some)
            )
            made.update(zip((who for who, _ in some), found, strict=True))
        decisions = [it.decision for it in made.values() if it.decision is not None]
        receipts = await self._store.commit_all(decisions) if decisions else []
        for decision, receipt in zip(decisions, receipts, strict=True):
            if receipt.status == "committed":
                self._turn.spread(decision, has_messages=False)
            else:
                del made[decision.person.id]
        for person_id, imported in made.items():
            _tell(people.pop(person_id), known, imported, told)

    async def _decided(self, person_id: str, fresh: Sequence[Asked], has_points: bool) -> Imported:
        """What comes of a person's lines, made without holding up everybody else."""
        if not fresh:
            return Imported(None, ())
        person = await self._store.person(person_id)
        past: list[Event] = []
        if person is not None:
            since = min(_at(one.inbound) for one in fresh) - AROUND_US
            past = await self._store.events(person_id, since, limit=MOST_PAST)
        hops = self._turn.importing(person, [one.inbound for one in fresh], past, has_points)
        count = 0
        while True:
            try:
                next(hops)
            except StopIteration as end:
                found: Imported = end.value
                return found
            count += 1
            if count % HOPS_TOGETHER == 0:
                await asyncio.sleep(0)


def _fresh(asked: Sequence[Asked], known: Kept) -> list[Asked]:
    """Lines that were not taken before, each id once."""
    fresh: dict[tuple[str, str], Asked] = {}
    for one in asked:
        if one.kept not in known:
            fresh.setdefault(one.kept, one)
    return list(fresh.values())


def _at(inbound: Inbound) -> int:
    return int(inbound.props.get("occurred_at", inbound.at))


def _tell(asked: Sequence[Asked], known: Kept, imported: Imported, told: Told) -> None:
    """Every line of a person: what is new, what was there, and what stands twice in the call."""
    said, known = iter(imported.said), dict(known)
    refused: dict[tuple[str, str], RequestError] = {}
    for one in asked:
        verdict = answered_before(one, known)
        if verdict is None and one.kept in refused:
            verdict = Verdict("refused", error=refused[one.kept])
        if verdict is None:
            found = next(said)
            if isinstance(found, RequestError):
                refused[one.kept] = found
                verdict = Verdict("refused", error=found)
            else:
                known[one.kept] = (one.inbound.fingerprint, found)
                verdict = Verdict("accepted", found)
        told(one.place, verdict)
