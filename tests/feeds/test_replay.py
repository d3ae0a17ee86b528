"""Candles played again: deterministic, as old as they say, and never made up."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.candles import Candles, read_candles
from bot.feeds.replay import Replay
from bot.people.calendar import from_rfc3339
from tests.feeds.test_candles import REAL, needs_real

NOW = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_500_000_000_000_000


def hourly(*closes: float) -> Candles:
    times = [START + (number + 1) * HOUR for number in range(len(closes))]
    return Candles(times, closes, HOUR, {})


WEEK = hourly(*(100.0 + number % 10 for number in range(168)))


def test_each_candle_plays_in_its_turn_and_tells_its_age():
    replay = Replay(hourly(100, 101, 102), "BTC", NOW, speed=60)
    found = [replay.snapshot(NOW + second * 1_000_000) for second in (0, 59, 60, 90)]
    assert [one.current_price for one in found] == [100, 100, 101, 101]
    assert [one.at - NOW for one in found] == [0, 0, MINUTE, MINUTE]


def test_after_the_last_candle_it_stands_still_and_grows_old():
    replay = Replay(hourly(100, 101, 102), "BTC", NOW, speed=60, loop=False)
    late = replay.snapshot(NOW + DAY)
    assert (late.current_price, late.at) == (102, NOW + 2 * MINUTE)


def test_a_loop_starts_anew_and_its_figures_are_of_this_round():
    replay = Replay(hourly(100, 101, 102), "BTC", NOW, speed=60)
    again = replay.snapshot(NOW + 2 * MINUTE + 1)
    assert (again.current_price, again.at) == (100, NOW + 2 * MINUTE + 1)


def test_before_it_begins_the_first_candle_is_known():
    assert Replay(WEEK, "BTC", NOW).snapshot(NOW - DAY).current_price == 100.0


def test_it_can_begin_in_the_middle():
    replay = Replay(WEEK, "BTC", NOW, first=WEEK.times[30])
    assert replay.snapshot(NOW).current_price == WEEK.closes[30]


def test_change_is_that_of_24_candles_and_unknown_before_them():
    replay = Replay(WEEK, "BTC", NOW, speed=1)
    assert replay.snapshot(NOW + 23 * HOUR).change_pct is None
    assert replay.snapshot(NOW + 24 * HOUR).change_pct == 4.0
    assert replay.snapshot(NOW + 24 * HOUR).trend == "up"


def test_volatility_is_unknown_from_a_few_candles_and_a_share_from_a_day_of_them():
    replay = Replay(WEEK, "BTC", NOW, speed=1)
    assert replay.snapshot(NOW + 5 * HOUR).volatility is None
    found = replay.snapshot(NOW + 30 * HOUR).volatility
    assert found is not None and 0.0 < found <= 1.0


def test_a_gap_a_day_ago_leaves_the_change_unknown():
    times = [WEEK.times[0], *WEEK.times[20:]]
    replay = Replay(Candles(times, WEEK.closes[: len(times)], HOUR, {}), "BTC", NOW, speed=1)
    assert replay.snapshot(NOW + 36 * HOUR).change_pct is None


def test_what_candles_do_not_hold_is_not_made_up():
    market = Replay(WEEK, "BTC", NOW).snapshot(NOW + HOUR)
    assert (market.liquidation_clusters, market.whale_movements) == ((), ())
    assert market.source == "replay"


async def test_another_asset_than_that_of_the_candles_is_not_answered():
    with pytest.raises(ValueError, match="BTC"):
        await Replay(WEEK, "BTC", NOW).fetch("ETH", NOW)


@given(
    st.integers(0, 400 * DAY),
    st.integers(0, 200 * HOUR),
    st.floats(0.5, 5_000),
    st.booleans(),
)
def test_any_moment_gives_a_known_close_no_younger_than_now(
    passed: int, first: int, speed: float, loop: bool
):
    replay = Replay(WEEK, "BTC", NOW, START + first, speed, loop)
    market = replay.snapshot(NOW + passed)
    assert market.current_price in WEEK.closes
    assert NOW <= market.at <= NOW + passed
    assert market == replay.snapshot(NOW + passed)
    if loop:  # a candle is told for one step at most, and one more at the seam of two rounds
        assert NOW + passed - market.at <= 2 * HOUR / speed + 2


@given(st.integers(0, 30 * DAY), st.integers(0, DAY))
def test_time_that_passes_never_brings_older_figures(passed: int, more: int):
    replay = Replay(WEEK, "BTC", NOW, speed=60, loop=False)
    assert replay.snapshot(NOW + passed).at <= replay.snapshot(NOW + passed + more).at


@needs_real
def test_the_real_file_plays_the_crash_of_january_2018():
    first = from_rfc3339("2018-01-16T00:00:00Z")
    assert first is not None
    replay = Replay(read_candles(Path(REAL)), "BTC", NOW, first, speed=1)
    market = replay.snapshot(NOW + 24 * HOUR)
    assert (market.change_pct, market.trend) == (-14.86, "down")
    assert market.volatility is not None and market.volatility > 0.9
