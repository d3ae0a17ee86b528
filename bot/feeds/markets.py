"""The latest snapshot of every asset, for facts, pages and alerts."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from bot.errors import BotError
from bot.logs import Log
from bot.model.message import Market
from bot.people.calendar import MINUTE_US, rfc3339

Fetch = Callable[[str, int], Awaitable[Market]]


class Markets:
    """Refreshed by the market job, read by everybody; what fails keeps its last snapshot."""

    def __init__(
        self,
        fetch: Fetch,
        assets: Iterable[str],
        feed: str = "simulated",
        stale_minutes: int = 15,
        log: Log | None = None,
    ) -> None:
        self._fetch, self._log = fetch, log
        self.assets = tuple(assets)
        self.feed, self.stale_minutes = feed, stale_minutes
        self._latest: dict[str, Market] = {}
        self._problems: dict[str, str] = {}
        self.failures = 0

    def current(self, asset: str) -> Market | None:
        """The latest snapshot of an asset; None for one that no feed covers."""
        return self._latest.get(asset)

    def all(self) -> Mapping[str, Market]:
        """Every latest snapshot by asset; the mapping is replaced, never changed."""
        return self._latest

    async def refresh(self, now: int) -> list[Market]:
        """Fetch every asset anew, side by side; returns those that came."""
        found = await asyncio.gather(*(self._asked(asset, now) for asset in self.assets))
        fresh = [one for one in found if one is not None]
        self._latest = {**self._latest, **{one.primary_asset: one for one in fresh}}
        return fresh

    def stale(self, now: int) -> list[str]:
        """The assets of which nothing fresh enough is known."""
        return [asset for asset in self.assets if self._is_stale(asset, now)]

    def health(self, now: int) -> dict[str, Any]:
        """How old each asset's figures are and what is wrong with their source."""
        return {
            "feed": self.feed,
            "stale_minutes": self.stale_minutes,
            "failures": self.failures,
            "assets": {asset: self._asset_health(asset, now) for asset in self.assets},
        }

    async def _asked(self, asset: str, now: int) -> Market | None:
        try:
            fresh = await self._fetch(asset, now)
        except (BotError, OSError, ValueError) as error:
            self._lost(asset, str(error) or type(error).__name__)
            return None
        if self._problems.pop(asset, None) is not None and self._log is not None:
            self._log.info("market_back", asset=asset)
        held = self._latest.get(asset)
        is_older = held is not None and fresh.at < held.at <= now
        return None if is_older else fresh

    def _lost(self, asset: str, problem: str) -> None:
        """Said once in the log while it lasts, counted each time."""
        self.failures += 1
        if self._problems.get(asset) != problem and self._log is not None:
            self._log.warning("market_failed", asset=asset, problem=problem)
        self._problems[asset] = problem

    def _asset_health(self, asset: str, now: int) -> dict[str, Any]:
        held = self._latest.get(asset)
        return {
            "at": rfc3339(held.at) if held is not None else None,
            "age_minutes": max(0, now - held.at) // MINUTE_US if held is not None else None,
            "is_stale": self._is_stale(asset, now),
            "problem": self._problems.get(asset),
        }

    def _is_stale(self, asset: str, now: int) -> bool:
        held = self._latest.get(asset)
        return held is None or now - held.at > self.stale_minutes * MINUTE_US
