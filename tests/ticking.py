"""Ticks and their parts on a clock that stands still, without web and turns."""

import asyncio
import io
import json
from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace

from bot.clock import FrozenClock
from bot.config import Settings
from bot.feeds.markets import Markets
from bot.feeds.simulated import Simulated
from bot.logs import Journal, open_journal
from bot.model.message import Alert, Market
from bot.model.person import Consent, Profile
from bot.store.store import Store
from bot.tick import Ticks
from tests.builders import a_decision, a_person
from tests.outreach.builders import DAY, NOON, playbook


class House:
    """Ticks and their parts, without web and turns."""

    def __init__(self, store: Store, clock: FrozenClock, lines: io.StringIO) -> None:
        self.store, self.clock, self.lines = store, clock, lines
        self.journal: Journal = open_journal(clock.now, stream=lines)
        self.feed = Simulated(1)
        self.change: float | None = 0.0
        self.markets = Markets(self._snapshot, ["BTC", "ETH"])
        self.ticks = Ticks(
            store,
            lambda: SimpleNamespace(playbook=playbook()),
            clock,
            self.markets,
            Settings(),
            self.journal.log,
        )

    async def _snapshot(self, asset: str, now: int) -> Market:
        market = self.feed.snapshot(asset, now)
        is_moved = asset == "BTC" and self.change is not None
        return replace(market, change_pct=self.change if is_moved else 0.0)

    async def people(self, *ids: str, **fields: Any) -> None:
        for one in ids:
            base = a_person(
                one,
                profile=Profile(name=one, time_zone="UTC"),
                consent=Consent(nudges=True),
                watch=("BTC",),
            )
            person = replace(base, **{k: v for k, v in fields.items() if k != "now"})
            decision = a_decision(person=person, now=fields.get("now", NOON - 4 * DAY))
            assert (await self.store.commit(decision)).status == "committed"

    async def alert(self, id: str = "a1", **fields: Any) -> int:
        base = Alert(id, "BTC", "liquidation", 5, "a large cluster forms", self.clock.now())
        return await self.store.alert(replace(base, **fields))

    async def said(self, person_id: str) -> list[str]:
        """What the bot began, and nothing it answered."""
        feed = await self.store.feed(person_id, 0, 1000)
        return [one.kind for one in feed if one.author == "bot" and one.kind != "reply"]

    def logged(self, event: str) -> list[dict[str, Any]]:
        self.journal.flush()
        lines = [json.loads(line) for line in self.lines.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]


async def until(is_true: Any) -> None:
    """Give the event loop turns until a fact holds; the test's own limit ends it otherwise."""
    async with asyncio.timeout(30):
        while not is_true():
            await asyncio.sleep(0)
