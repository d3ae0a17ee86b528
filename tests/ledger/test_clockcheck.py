"""money.md, Clock: when the machine's time cannot be trusted."""

from bot.ledger.clockcheck import ClockSample, is_behind, judge_clock
from tests.ledger.builders import DAY, HOUR, MINUTE

NOW = 1_772_366_400_000_000


def test_time_that_passes_on_both_clocks_is_fine_however_much_it_is() -> None:
    assert judge_clock(ClockSample(NOW, 0), ClockSample(NOW + 3 * DAY, 3 * DAY)) == "ok"


def test_a_wall_clock_set_forward_a_day_is_seen() -> None:
    assert judge_clock(ClockSample(NOW, 0), ClockSample(NOW + DAY, MINUTE)) == "jumped"


def test_an_hour_ahead_is_still_fine_and_more_is_not() -> None:
    before = ClockSample(NOW, 0)
    assert judge_clock(before, ClockSample(NOW + HOUR, 0)) == "ok"
    assert judge_clock(before, ClockSample(NOW + HOUR + 1, 0)) == "jumped"


def test_five_minutes_behind_a_stored_time_is_bridged_and_more_refuses() -> None:
    assert not is_behind(NOW - 5 * MINUTE, NOW)
    assert is_behind(NOW - 5 * MINUTE - 1, NOW)
