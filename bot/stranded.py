"""Conversations that stand in a state the dialogue no longer has."""

import asyncio
from collections.abc import Callable, Collection

from bot.catalog import Catalog
from bot.clock import Clock
from bot.errors import StoreError
from bot.logs import Log
from bot.people.calendar import DAY_US
from bot.store.protocol import Reads

SEEN_SINCE_D = 60  # who was here before is not looked at
FOLLOW_S = 5  # seconds between two looks whether the catalog was reloaded


async def stranded(reads: Reads, states: Collection[str], now: int) -> dict[str, int]:
    """Where conversations stand that is no state (any more), and how many stand there."""
    standing = await reads.standing(now - SEEN_SINCE_D * DAY_US)
    return {name: count for name, count in sorted(standing.items()) if name not in states}


class Stranded:
    """Looks for them at the start and whenever states came or went; /health shows what it found.

    Nobody has to do anything: such a conversation goes on in the dialogue's `resume` state.
    """

    def __init__(
        self, reads: Reads, catalog: Callable[[], Catalog], clock: Clock, log: Log
    ) -> None:
        self.found: dict[str, int] = {}
        self._reads, self._catalog, self._clock, self._log = reads, catalog, clock, log

    async def follow(self) -> None:
        """Look whenever the live catalog has other states than before."""
        looked_at: frozenset[str] = frozenset()
        while True:
            states = frozenset(self._catalog().script.dialogue.story.states)
            if states != looked_at and await self.look():
                looked_at = states
            await asyncio.sleep(FOLLOW_S)

    async def look(self) -> bool:
        """One look, told in the log state by state; False when the database did not answer."""
        states = self._catalog().script.dialogue.story.states
        try:
            self.found = await stranded(self._reads, states, self._clock.now())
        except StoreError as error:
            self._log.error("standing_unknown", reason=error.message)
            return False
        for name, count in self.found.items():
            self._log.warning("conversations_stranded", state=name, people=count)
        return True
