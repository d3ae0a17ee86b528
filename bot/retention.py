"""Events kept for long enough are folded into one opening event a person."""

from collections import Counter

from bot.people.calendar import DAY_US
from bot.progress import rebuilt
from bot.progress.terms import StreakRule
from bot.store.protocol import Store

PAGE = 200  # people at once


class Retention:
    """Folds what is older than so many days; 0: everything is kept. Safe to run again."""

    def __init__(self, store: Store, days: int) -> None:
        self._store, self._days = store, days
        self._done_until = 0

    async def run(self, now: int, rule: StreakRule, counts: Counter[str]) -> None:
        """Once a UTC day: whoever has events learnt before that many days."""
        until = (now // DAY_US - self._days) * DAY_US
        if not self._days or until <= self._done_until:
            return
        after = ""
        while people := await self._store.overdue(until, after, PAGE):
            after = people[-1]
            for person_id in people:
                counts["people"] += 1
                counts["folded"] += await self._fold(person_id, until, rule)
        self._done_until = until

    async def _fold(self, person_id: str, until: int, rule: StreakRule) -> int:
        events = await self._store.reads.earned(person_id)
        old = [one for one in events if one.received_at < until]
        return await self._store.fold(person_id, until, rebuilt.opening(person_id, old, rule))
