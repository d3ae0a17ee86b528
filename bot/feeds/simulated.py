"""A made-up market that is the same for the same seed, asset and time.

A logarithm of the price is the sum of a slow pull back to the asset's own level, regimes of two
days (up, down, sideways) and noise on scales from a month to five minutes. Nothing is stored.
"""

import hashlib
import math

from bot.feeds import figures
from bot.model.message import Market, Scalar, Trend
from bot.people.calendar import DAY_US, HOUR_US, MINUTE_US

SOURCE = "simulated"
LEVELS = {"BTC": 45_000.0, "ETH": 2_500.0, "SOL": 100.0}  # plausible prices, not today's
WILDNESS = {"BTC": 1.0, "ETH": 1.2, "SOL": 1.6}  # how much more than BTC an asset moves

REGIME_US = 2 * DAY_US
MEMORY = 30  # regimes looked back at; the oldest weighs e^-10
FADING_US = 6 * DAY_US
DRIFT = 0.07  # the most one regime moves the logarithm of the price
SCALES_US = (30 * DAY_US, 7 * DAY_US, DAY_US, 4 * HOUR_US, HOUR_US, 15 * MINUTE_US, 5 * MINUTE_US)
NOISE_A_DAY = 0.018  # spread of the noise on the scale of a day; it grows with the root of time
WHALE_ONE_IN = 12  # hours

TRENDS: tuple[Trend, ...] = ("up", "down", "sideways")
_SIGN = {"up": 1.0, "down": -1.0, "sideways": 0.0}


class Simulated:
    """A feed for tests, demos and development; it never claims to be a real market."""

    def __init__(self, seed: int = 1) -> None:
        self.seed = seed

    async def fetch(self, asset: str, now: int) -> Market:
        """The snapshot, as feeds are asked for it."""
        return self.snapshot(asset, now)

    def snapshot(self, asset: str, now: int) -> Market:
        """The market of one asset at `now`; an asset without a level of its own gets one."""
        price = self.price(asset, now)
        before = self.price(asset, now - DAY_US)
        return Market(
            primary_asset=asset,
            current_price=round(price, 2),
            volatility=self._volatility(asset, now),
            trend=self.trend(asset, now),
            change_pct=figures.change(before, price),
            liquidation_clusters=self._clusters(asset, now, price),
            whale_movements=self._whales(asset, now),
            at=now,
            source=SOURCE,
        )

    def price(self, asset: str, now: int) -> float:
        """Quote units for one unit of the asset."""
        lifted = self._lifted(asset, now) + self._noise(asset, now)
        return self._level(asset) * math.exp(WILDNESS.get(asset, 1.4) * lifted)

    def trend(self, asset: str, now: int) -> Trend:
        """The regime in force: it lasts two days and then changes or goes on."""
        return TRENDS[self._draw(asset, "regime", now // REGIME_US) % len(TRENDS)]

    def _lifted(self, asset: str, now: int) -> float:
        """What the regimes of the last weeks leave: each moves the price, then fades."""
        total = 0.0
        newest = now // REGIME_US
        for number in range(newest - MEMORY, newest + 1):
            sign = _SIGN[self.trend(asset, number * REGIME_US)]
            if sign:
                age = now - number * REGIME_US
                grown = min(age, REGIME_US) / REGIME_US
                fading = math.exp(-max(0, age - REGIME_US) / FADING_US)
                strength = 0.5 + 0.5 * self._share(asset, "strength", number)
                total += sign * strength * DRIFT * grown * fading
        return total

    def _noise(self, asset: str, now: int) -> float:
        """Smooth random hills on every scale, as high as the root of their length."""
        total = 0.0
        for scale in SCALES_US:
            number, rest = divmod(now, scale)
            left = self._bell(asset, scale, number)
            right = self._bell(asset, scale, number + 1)
            share = rest / scale
            eased = share * share * (3.0 - 2.0 * share)
            height = NOISE_A_DAY * math.sqrt(min(scale, 7 * DAY_US) / DAY_US)
            total += height * (left + (right - left) * eased)
        return total

    def _volatility(self, asset: str, now: int) -> float | None:
        """Of the last day, hour by hour."""
        prices = [self.price(asset, now - hour * HOUR_US) for hour in range(24, -1, -1)]
        return figures.volatility(prices, HOUR_US)

    def _clusters(self, asset: str, now: int, price: float) -> tuple[dict[str, Scalar], ...]:
        """Levels where many positions would be closed: longs below the price, shorts above."""
        hour = now // (4 * HOUR_US)
        found: list[dict[str, Scalar]] = []
        for number in range(1 + self._draw(asset, "clusters", hour) % 4):
            name = f"cluster{number}"
            is_long = self._draw(asset, name, hour) % 2 == 0
            distance = 0.01 + 0.07 * self._share(asset, name + "far", hour)
            level = price * (1.0 - distance if is_long else 1.0 + distance)
            size = 2_000_000 + int(self._share(asset, name + "size", hour) * 60_000_000)
            side = "long" if is_long else "short"
            found.append({"side": side, "price": _round_level(level), "size": size})
        return tuple(sorted(found, key=lambda cluster: float(cluster["price"])))

    def _whales(self, asset: str, now: int) -> tuple[dict[str, Scalar], ...]:
        """Large transfers of the last 24 hours, oldest first."""
        newest = now // HOUR_US
        found: list[dict[str, Scalar]] = []
        for hour in range(newest - 24, newest + 1):
            if self._draw(asset, "whale", hour) % WHALE_ONE_IN:
                continue
            at = hour * HOUR_US + self._draw(asset, "minute", hour) % 60 * MINUTE_US
            if now - DAY_US < at <= now:
                worth = 5_000_000 + self._share(asset, "worth", hour) * 95_000_000
                to = ("to_exchange", "from_exchange")[self._draw(asset, "way", hour) % 2]
                amount = round(worth / self._level(asset), 1)
                found.append({"direction": to, "amount": amount, "at": at})
        return tuple(found)

    def _level(self, asset: str) -> float:
        """The price an asset comes back to: its own, or between 1 and 1,000 by its name."""
        return LEVELS.get(asset) or round(10.0 ** (3.0 * self._share(asset, "level", 0)), 2)

    def _draw(self, asset: str, what: str, number: int) -> int:
        """48 bits that only the seed, the asset, the purpose and the number decide."""
        text = f"{self.seed}|{asset}|{what}|{number}".encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=6).digest(), "big")

    def _share(self, asset: str, what: str, number: int) -> float:
        return self._draw(asset, what, number) / float(1 << 48)

    def _bell(self, asset: str, scale: int, number: int) -> float:
        """About a standard normal: the sum of four shares of one draw, centred and scaled."""
        draw = self._draw(asset, f"noise{scale}", number)
        total = sum((draw >> shift) & 0xFFF for shift in (0, 12, 24, 36))
        return (total / 4095.0 - 2.0) * math.sqrt(3.0)


def _round_level(price: float) -> float:
    """A level as traders say it: three or four leading digits."""
    step = 10.0 ** (math.floor(math.log10(price)) - 2) / 2
    return round(round(price / step) * step, 2)
