"""Token buckets: how often an address or a person may call."""

import math

from bot.clock import Clock
from bot.errors import RequestError

KEPT = 20_000  # buckets; above it the full ones are forgotten, they say nothing


class Buckets:
    """One bucket a name; each holds `burst` tokens and gains `per_minute` a minute."""

    def __init__(self, clock: Clock, per_minute: float, burst: int) -> None:
        self._clock, self._per_s, self._burst = clock, per_minute / 60, burst
        self._buckets: dict[str, tuple[float, float]] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, name: str) -> None:
        """Take one token, or raise too_many with the seconds until there is one."""
        now = self._clock.cpu_s()
        tokens, at = self._buckets.get(name, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - at) * self._per_s)
        if tokens < 1:
            wait_s = math.ceil((1 - tokens) / self._per_s)
            raise RequestError("too_many", "too many calls", retry_after_s=wait_s)
        self._buckets[name] = (tokens - 1, now)
        if len(self._buckets) > KEPT:
            self._forget_full(now)

    def _forget_full(self, now: float) -> None:
        """Full buckets go; where all are in use, the ones used longest ago go."""
        used = {
            name: (tokens, at)
            for name, (tokens, at) in self._buckets.items()
            if tokens + (now - at) * self._per_s < self._burst
        }
        by_age = sorted(used.items(), key=lambda item: item[1][1])
        self._buckets = dict(by_age[-KEPT // 2 :])
