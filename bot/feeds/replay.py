"""Candles of the past, played again by the service's clock."""

from bisect import bisect_right

from bot.feeds import figures
from bot.feeds.candles import Candles
from bot.model.message import Market
from bot.people.calendar import DAY_US, HOUR_US

SOURCE = "replay"


class Replay:
    """The same candles, clock and settings give the same market.

    The candle known at `first` plays at `begins`, the others `speed` times as fast as they came.
    After the last one it starts anew, or stands still while its figures grow old. What only an
    exchange knows (clusters, whale moves) is not made up.
    """

    def __init__(
        self,
        candles: Candles,
        asset: str,
        begins: int,
        first: int = 0,
        speed: float = 60.0,
        loop: bool = True,
    ) -> None:
        self._candles, self._asset = candles, asset
        self._begins, self._speed, self._loop = begins, speed, loop
        self._first = min(max(first, candles.times[0]), candles.times[-1])

    async def fetch(self, asset: str, now: int) -> Market:
        """The snapshot; ValueError for an asset that the candles are not of."""
        if asset != self._asset:
            raise ValueError(f"the candles are of {self._asset}")
        return self.snapshot(now)

    def snapshot(self, now: int) -> Market:
        """What was known at the moment of the past that `now` stands for."""
        lap_at, moment = self._moment(now)
        times, closes = self._candles.times, self._candles.closes
        place = bisect_right(times, moment) - 1
        change = self._change(place)
        start = bisect_right(times, times[place] - self._window_us)
        known_at = lap_at + int((times[place] - self._first) / self._speed)
        return Market(
            primary_asset=self._asset,
            current_price=closes[place],
            volatility=figures.volatility(closes[start : place + 1], self._candles.step_us),
            trend=figures.trend(change),
            change_pct=change,
            liquidation_clusters=(),
            whale_movements=(),
            at=min(now, max(known_at, self._begins)),
            source=SOURCE,
        )

    def _moment(self, now: int) -> tuple[int, int]:
        """When this round began on our clock, and where in the past it stands."""
        span = self._candles.times[-1] - self._first
        lap_us = int(span / self._speed) + 1
        passed = max(0, now - self._begins)
        laps, within = divmod(passed, lap_us) if self._loop else (0, passed)
        moment = self._first + min(span, int(within * self._speed))
        return self._begins + laps * lap_us, moment

    @property
    def _window_us(self) -> int:
        """A day, or 24 candles where they are longer than an hour."""
        return max(DAY_US, 24 * self._candles.step_us)

    def _change(self, place: int) -> float | None:
        """Over 24 hours; None where the candles do not reach back, or have a gap there."""
        times, closes = self._candles.times, self._candles.closes
        wanted = times[place] - DAY_US
        before = bisect_right(times, wanted) - 1
        if before < 0 or wanted - times[before] > max(HOUR_US, self._candles.step_us):
            return None
        return figures.change(closes[before], closes[place])
