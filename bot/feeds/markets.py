"""The latest snapshot of every asset, for facts, pages and alerts."""

from collections.abc import Callable, Iterable, Mapping

from bot.errors import BotError
from bot.model.message import Market

Snapshot = Callable[[str, int], Market]


class Markets:
    """Refreshed by the market job, read by everybody; a snapshot that fails keeps the last one."""

    def __init__(self, snapshot: Snapshot, assets: Iterable[str]) -> None:
        self._snapshot = snapshot
        self.assets = tuple(assets)
        self._latest: dict[str, Market] = {}
        self.failures = 0

    def current(self, asset: str) -> Market | None:
        """The latest snapshot of an asset; None for one that no feed covers."""
        return self._latest.get(asset)

    def all(self) -> Mapping[str, Market]:
        """Every latest snapshot by asset; the mapping is replaced, never changed."""
        return self._latest

    def refresh(self, now: int) -> list[Market]:
        """Fetch every asset anew; returns those that came."""
        fresh: dict[str, Market] = {}
        for asset in self.assets:
            try:
                fresh[asset] = self._snapshot(asset, now)
            except (BotError, OSError, ValueError):
                self.failures += 1
        self._latest = {**self._latest, **fresh}
        return list(fresh.values())
