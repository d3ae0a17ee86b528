"""The only reader of time and randomness: real, or frozen for tests and `bot try`."""

import os
import secrets
import struct
import time
from dataclasses import dataclass

BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
POOL_BYTES = 4096  # asking the machine for randomness costs up to 200 us, however much it is


class Clock:
    """The machine's own time, in microseconds since 1970 UTC."""

    def __init__(self) -> None:
        self._words: list[int] = []
        self._owner = 0
        self._offset_us = 0

    def now(self) -> int:
        return time.time_ns() // 1000 + self._offset_us

    def correct(self, by_us: int) -> None:
        """Follow another clock: replicas of one database all follow that of the database."""
        self._offset_us += by_us

    def monotonic(self) -> int:
        """Microseconds of a clock that counts sleep too and is never set."""
        return time.clock_gettime_ns(BOOT) // 1000

    def cpu_s(self) -> float:
        """Seconds for measuring durations."""
        return time.perf_counter()

    def seed(self) -> int:
        """A die: 62 random bits, stored with the turn so that a replay throws the same."""
        return self._word() >> 2

    def token(self) -> str:
        """128 random bits as hex, for ids nobody may guess."""
        return f"{self._word():016x}{self._word():016x}"

    def _word(self) -> int:
        """64 random bits that nobody else got: `pop` is whole, in whichever thread."""
        while True:
            if self._owner == os.getpid():
                try:
                    return self._words.pop()
                except IndexError:
                    pass
            self._fill()

    def _fill(self) -> None:
        """A new pool; a forked child fills one of its own."""
        self._words = list(struct.unpack(f"{POOL_BYTES // 8}Q", secrets.token_bytes(POOL_BYTES)))
        self._owner = os.getpid()


@dataclass
class FrozenClock(Clock):
    """A clock that moves only when told; ids and seeds count up from 1."""

    at: int = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z
    drawn: int = 0
    uptime: int = 0

    def now(self) -> int:
        return self.at

    def correct(self, by_us: int) -> None:
        """It moves only when told."""

    def monotonic(self) -> int:
        return self.uptime

    def cpu_s(self) -> float:
        return self.uptime / 1e6

    def seed(self) -> int:
        self.drawn += 1
        return self.drawn

    def token(self) -> str:
        self.drawn += 1
        return f"{self.drawn:032x}"

    def move(self, seconds: float) -> None:
        """Let time pass, on both clocks."""
        self.at += int(seconds * 1_000_000)
        self.uptime += int(seconds * 1_000_000)

    def set(self, at: int) -> None:
        """Set the wall clock alone, as an operator or a fault would."""
        self.at = at
