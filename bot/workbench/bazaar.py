"""The market of a story: simulated, until the story moves it or it falls silent."""

from typing import Any

from msgspec.structs import replace

from bot.errors import BotError
from bot.feeds.simulated import Simulated
from bot.model.message import Market


class Bazaar:
    """A feed that a story steers: figures it sets hold until it sets others."""

    def __init__(self, seed: int) -> None:
        self._feed = Simulated(seed)
        self._set: dict[str, dict[str, Any]] = {}
        self.is_silent = False

    def move(self, asset: str, **figures: Any) -> None:
        """From now on this asset has these figures, whatever the simulation says."""
        self._set[asset] = figures

    async def fetch(self, asset: str, now: int) -> Market:
        """The snapshot, as feeds are asked for it."""
        if self.is_silent:
            raise BotError("the feed is silent")
        return replace(self._feed.snapshot(asset, now), **self._set.get(asset, {}))
