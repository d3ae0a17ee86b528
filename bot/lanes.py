"""Who waits for whom: a lane for each person, and those at the head of theirs go abreast."""

import asyncio
from collections import deque

from bot.errors import RequestError
from bot.model.decision import Decision
from bot.talk.abreast import Hops, abreast

LANE_DEPTH = 100  # waiting Inbounds of one person; the next is answered 429 with a text
MOST = 256  # decisions for which more are not waited for
PASSES = 16  # of the event loop that they may gather for while more keep coming


class Lanes:
    """First come, first served for each person; holds nothing for people who wait for nothing."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[asyncio.Future[None]] | None] = {}
        self._drained: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def try_enter(self, person_id: str) -> bool:
        """Enter at once; False when somebody is in the lane of this person."""
        if person_id in self._waiting:
            return False
        self._waiting[person_id] = None
        return True

    async def enter(self, person_id: str) -> None:
        """Wait until every earlier Inbound of this person has left."""
        if self.try_enter(person_id):
            return
        queue = self._waiting[person_id]
        if queue is None:
            queue = self._waiting[person_id] = deque()
        if len(queue) >= LANE_DEPTH:
            raise RequestError("too_many", "one moment, please: still answering", retry_after_s=1)
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(person_id)
            raise

    def leave(self, person_id: str) -> None:
        """Let the next one in."""
        queue = self._waiting[person_id]
        while queue:
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._waiting[person_id]
        if self._drained is not None and not self._waiting and not self._drained.done():
            self._drained.set_result(None)

    async def drained(self) -> None:
        """Wait until nobody is being answered."""
        while self._waiting:
            self._drained = asyncio.get_running_loop().create_future()
            await self._drained


class Abreast:
    """Those whose turn it is: all that come in one go of the event loop are decided abreast.

    There is no timer: one that comes alone is decided in the next pass of the loop.
    """

    def __init__(self) -> None:
        self._coming: list[tuple[Hops[Decision], asyncio.Future[Decision]]] = []

    def decided(self, hops: Hops[Decision]) -> "asyncio.Future[Decision]":
        """A future of what the hops come to."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Decision] = loop.create_future()
        if not self._coming:
            loop.call_soon(self._go, loop, 0, PASSES)
        self._coming.append((hops, future))
        return future

    def _go(self, loop: asyncio.AbstractEventLoop, seen: int, passes: int) -> None:
        """Decide for all who came, unless the loop is still busy bringing more."""
        if passes and seen < len(self._coming) < MOST:
            loop.call_soon(self._go, loop, len(self._coming), passes - 1)
            return
        coming, self._coming = self._coming, []
        outcomes = abreast([hops for hops, _ in coming])
        for (_, future), outcome in zip(coming, outcomes, strict=True):
            if future.done():
                continue  # whoever asked went away
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
