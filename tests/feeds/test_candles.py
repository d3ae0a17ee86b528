"""Files of candles, the real one too, dirt included."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BotError
from bot.feeds.candles import instant, parse_candles, read_candles
from bot.people.calendar import from_rfc3339, rfc3339

REAL = Path(__file__).resolve().parents[3] / "shared/data/market/coinbase_btcusd_1h.csv"
HOUR = 3_600_000_000
HEAD = "date,open,close"

needs_real = pytest.mark.skipif(not REAL.exists(), reason="the shared market data is not here")


@needs_real
def test_the_real_file_is_read_whole():
    candles = read_candles(REAL)
    assert len(candles.times) == len(candles.closes) == 20_111
    assert candles.step_us == HOUR
    assert rfc3339(candles.times[0]) == "2017-07-01T12:00:00Z"
    assert rfc3339(candles.times[-1]) == "2019-10-17T10:00:00Z"
    assert (candles.closes[0], candles.closes[-1]) == (2509.17, 8035.88)
    assert list(candles.times) == list(range(candles.times[0], candles.times[-1] + 1, HOUR))


@needs_real
def test_the_lines_that_stand_out_of_order_in_the_real_file_are_counted():
    assert dict(read_candles(REAL).dirt) == {"out_of_order": 5}


def test_dirt_is_counted_and_left_out():
    lines = [
        "a line about where this is from",
        HEAD,
        "2017-07-01 12-AM,1,100",
        "2017-07-01 01-AM,1,101",
        "2017-07-01 01-AM,1,999",
        "2017-07-01 13-PM,1,5",
        "2017-07-01 03-AM,1,nan",
        "2017-07-01 03-AM,1,-3",
        "2017-07-01 03-AM,1,1e999",
        "2017-07-01 03-AM,1",
        "",
        "2017-07-01 04-AM,1,104",
        "2017-07-01 02-AM,1,102",
    ]
    candles = parse_candles(lines, "x.csv")
    assert list(candles.closes) == [100, 101, 102, 104]
    assert dict(candles.dirt) == {"unreadable": 6, "repeated": 1, "out_of_order": 1, "gaps": 1}


def test_noon_and_midnight_are_told_apart():
    assert instant("2017-07-01 12-AM") == from_rfc3339("2017-07-01T00:00:00Z")
    assert instant("2017-07-01 12-PM") == from_rfc3339("2017-07-01T12:00:00Z")
    assert instant("2017-07-01 01-PM") == from_rfc3339("2017-07-01T13:00:00Z")
    assert instant("2017-07-01 00-PM") is None


@given(st.integers(0, 4_000_000_000))
def test_a_time_means_the_same_in_every_form(seconds: int):
    at = seconds * 1_000_000
    assert instant(rfc3339(at)) == at
    assert instant(str(seconds)) == at
    if seconds >= 100_000_000:
        assert instant(str(seconds * 1000)) == at


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(text: str):
    found = instant(text)
    assert found is None or rfc3339(found)


@given(st.lists(st.text(max_size=30), max_size=12))
def test_any_lines_give_candles_or_a_reason(rows: list[str]):
    lines = [HEAD, *(row.replace("\n", " ").replace("\r", " ") for row in rows)]
    try:
        candles = parse_candles(lines, "x.csv")
    except BotError as error:
        assert "x.csv" in str(error)
    else:
        assert list(candles.times) == sorted(set(candles.times))
        assert all(price > 0 for price in candles.closes)


def test_a_file_without_candles_says_so(tmp_path: Path):
    with pytest.raises(BotError, match="cannot be read"):
        read_candles(tmp_path / "none.csv")
    with pytest.raises(BotError, match="names a date and a close"):
        parse_candles(["nothing", "at", "all"], "x.csv")
    with pytest.raises(BotError, match="fewer than two"):
        parse_candles([HEAD, "2017-07-01 01-PM,1,2"], "x.csv")
