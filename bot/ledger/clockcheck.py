"""Whether the machine's clock can be trusted with limits that count by the day."""

from typing import Literal

from msgspec import Struct

from bot.people.calendar import HOUR_US, MINUTE_US

BEHIND_US = 5 * MINUTE_US  # spec/money.md, Clock: further behind than this is a fault
JUMP_US = HOUR_US  # spec/money.md, Clock: forward without matching monotonic progress


class ClockSample(Struct, frozen=True):
    """The wall clock and one that is never set, read together; microseconds."""

    wall: int
    monotonic: int


def judge_clock(before: ClockSample, now: ClockSample) -> Literal["ok", "jumped"]:
    """`jumped` when the wall clock ran ahead of the other one by more than an hour."""
    ahead = (now.wall - before.wall) - (now.monotonic - before.monotonic)
    return "jumped" if ahead > JUMP_US else "ok"


def is_behind(now: int, last_at: int) -> bool:
    """True when the clock is so far behind a stored time that paid unlocks must wait."""
    return now < last_at - BEHIND_US
