"""money.md, Decrease, Increase, Pause, Zone change: limits a person sets for themselves."""

import pytest

from bot.errors import RequestError
from bot.ledger import caps, windows
from bot.model.money import NO_LIMIT, CapRequest, Pause, Spending, ZoneChange
from tests.ledger.builders import DAY, HOUR, Purse, item, reason, us


def day_cap(purse: Purse) -> int | None:
    return windows.cap(purse.spending, "day", purse.now, purse.settings)


def test_a_decrease_holds_at_once() -> None:
    purse = Purse()
    purse.grant(20)
    purse.spend(5)
    done = purse.put(day=5)
    assert (done.lowered, done.pending) == (("day",), None)
    assert day_cap(purse) == 5
    assert reason(purse.unlock(item("coin.quiz"))) == "cap_day"


def test_a_decrease_below_what_was_spent_leaves_nothing_and_is_not_blocked() -> None:
    purse = Purse()
    purse.grant(20)
    purse.spend(10)
    purse.put(day=3, week=4, month=5)
    left = windows.remaining(purse.spending, purse.settings, purse.now)
    assert (left.day, left.week, left.month) == (0, 0, 0)
    assert purse.counters["day:2026-03-11@UTC"].lim == 10  # max(new cap, spent)


def test_an_increase_waits_24_hours_and_needs_a_second_yes() -> None:
    purse = Purse()
    done = purse.put(day=30)
    assert done.pending is not None
    asked = purse.spending.last_at
    assert done.pending == CapRequest({"day": 30}, asked, asked + DAY, asked + 4 * DAY)
    assert day_cap(purse) == 20
    purse.later(HOUR)
    early = purse.confirm()
    assert (early.reason, early.until) == ("too_early", asked + DAY)
    purse.now = asked + DAY
    assert purse.confirm().raised == ("day",)
    assert day_cap(purse) == 30


def test_an_increase_without_a_second_yes_never_happens() -> None:
    purse = Purse()
    asked = purse.put(day=30).spending.last_at
    purse.now = asked + 4 * DAY
    assert purse.confirm().reason == "nothing_pending"
    assert day_cap(purse) == 20


def test_the_last_moment_to_confirm_is_just_before_72_hours() -> None:
    purse = Purse()
    asked = purse.put(day=30).spending.last_at
    purse.now = asked + 4 * DAY - 1
    assert purse.confirm().raised == ("day",)


def test_a_new_request_replaces_the_old_and_restarts_the_wait() -> None:
    purse = Purse()
    first = purse.put(day=30).spending.last_at
    purse.later(23 * HOUR)
    second = purse.put(day=25)
    purse.now = first + DAY
    assert purse.confirm().reason == "too_early"
    assert second.pending is not None
    purse.now = second.pending.confirm_from
    purse.confirm()
    assert day_cap(purse) == 25


def test_a_decrease_while_an_increase_waits_cancels_it() -> None:
    purse = Purse()
    purse.put(day=30)
    purse.put(day=15)
    purse.later(2 * DAY)
    assert purse.confirm().reason == "nothing_pending"
    assert day_cap(purse) == 15


def test_keeping_the_limit_cancels_a_waiting_increase() -> None:
    purse = Purse()
    purse.put(day=30)
    assert purse.put(day=20).pending is None


def test_one_wish_may_lower_a_period_at_once_and_ask_to_raise_another() -> None:
    purse = Purse()
    done = purse.put(day=10, month=200)
    assert done.lowered == ("day",)
    assert done.pending is not None and done.pending.amounts == {"month": 200}


def test_at_most_one_increase_in_seven_days() -> None:
    purse = Purse()
    purse.put(day=30)
    purse.later(DAY + HOUR)
    purse.confirm()
    raised = purse.spending.raised_at
    again = purse.put(day=40)
    assert again.pending is not None
    assert again.pending.confirm_from == raised + 7 * DAY
    purse.now = raised + 7 * DAY - 1
    assert purse.confirm().reason == "too_early"
    purse.now = raised + 7 * DAY
    assert purse.confirm().raised == ("day",)


def test_removing_a_limit_is_an_increase_asked_for_explicitly() -> None:
    purse = Purse()
    purse.put(day=NO_LIMIT)
    assert day_cap(purse) == 20
    purse.later(DAY + HOUR)
    purse.confirm()
    assert day_cap(purse) is None
    purse.put(day=8)
    assert day_cap(purse) == 8


def test_a_limit_counts_what_was_spent_before_it_was_set() -> None:
    purse = Purse()
    purse.grant(20)
    purse.spend(5)
    purse.later(3 * HOUR)
    purse.put(day=6)
    assert reason(purse.unlock(item("coin.quiz"))) == "cap_day"


def test_each_request_to_raise_is_remembered_for_30_days() -> None:
    purse = Purse()
    for _ in range(3):
        purse.put(day=30)
    assert len(purse.spending.requests) == 3
    purse.later(31 * DAY)
    purse.put(day=30)
    assert len(purse.spending.requests) == 1


def test_limits_on_buying_have_a_request_of_their_own() -> None:
    purse = Purse()
    purse.put(day=30)
    done = purse.change(
        caps.put(purse.spending, {"day": 5000}, purse.now, purse.settings, "topup")
    )
    assert done.spending.request is not None and done.spending.topup_request is not None
    purse.later(DAY + HOUR)
    purse.change(caps.confirm(purse.spending, purse.now, purse.settings, "topup"))
    assert windows.cap(purse.spending, "day", purse.now, purse.settings, "topup") == 5000
    assert day_cap(purse) == 20
    purse.change(caps.put(purse.spending, {"day": 50}, purse.now, purse.settings, "topup"))
    assert windows.cap(purse.spending, "day", purse.now, purse.settings, "topup") == 50


@pytest.mark.parametrize("amounts", [{"day": -1}, {"day": 1_000_001}, {"year": 5}])
def test_a_limit_outside_0_to_a_million_or_of_another_period_is_bad_input(
    amounts: dict[str, int],
) -> None:
    with pytest.raises(RequestError) as caught:
        Purse().put(**amounts)
    assert caught.value.code == "bad_input"


def test_setting_limits_all_day_long_does_not_grow_without_bound() -> None:
    purse = Purse()
    for amount in range(200, 0, -1):
        purse.spending = purse.put(day=amount % 20 + 1).spending
    assert len(purse.spending.caps) <= caps.HISTORY + 3


def test_a_pause_begins_at_once_and_lasts_its_hours() -> None:
    purse = Purse()
    purse.pause(24)
    (pause,) = purse.spending.pauses
    assert pause == Pause("pause", purse.spending.last_at, purse.spending.last_at + DAY)


@pytest.mark.parametrize("hours", [0, 1, 23, 25, -24, 43 * 24, 365 * 24])
def test_a_pause_has_one_of_four_lengths(hours: int) -> None:
    with pytest.raises(RequestError) as caught:
        Purse().pause(hours)
    assert caught.value.code == "bad_input"


def test_a_pause_can_be_made_longer_and_never_shorter() -> None:
    purse = Purse()
    purse.pause(7 * 24)
    (long,) = purse.spending.pauses
    purse.later(HOUR)
    purse.pause(24)
    assert purse.spending.pauses == (long,)
    purse.pause(30 * 24)
    (longer,) = purse.spending.pauses
    assert longer.start == long.start
    assert longer.until == purse.spending.last_at + 30 * DAY


def test_no_change_of_limits_ends_a_pause() -> None:
    purse = Purse()
    purse.pause(24)
    before = purse.spending.pauses
    purse.put(day=NO_LIMIT)
    purse.put(day=1)
    purse.zone("Asia/Tokyo")
    assert purse.spending.pauses == before


def test_a_pause_after_a_pause_keeps_both() -> None:
    purse = Purse()
    purse.pause(24)
    purse.later(2 * DAY)
    purse.pause(24)
    assert len(purse.spending.pauses) == 2


def test_limits_follow_to_a_new_zone_at_the_end_of_the_old_month() -> None:
    purse = Purse(now=us("2026-03-11T12:00:00Z"))
    purse.zone("Asia/Tokyo")
    change = ZoneChange("Asia/Tokyo", us("2026-04-01T00:00:00Z"))
    assert purse.spending.zone_change == change
    assert purse.spending.limits_zone == "UTC"
    purse.at("2026-04-01T00:00:00Z")
    assert (purse.spending.limits_zone, purse.spending.zone_change) == ("Asia/Tokyo", None)


def test_limits_follow_to_a_new_zone_after_a_day_at_least() -> None:
    purse = Purse(now=us("2026-03-31T20:00:00Z"))
    purse.zone("Asia/Tokyo")
    change = purse.spending.zone_change
    assert change is not None and change.at == purse.spending.last_at + DAY


def test_asking_for_the_same_zone_again_does_not_restart_the_wait() -> None:
    purse = Purse(now=us("2026-03-31T20:00:00Z"))
    purse.zone("Asia/Tokyo")
    first = purse.spending.zone_change
    purse.later(20 * HOUR)
    purse.zone("Asia/Tokyo")
    assert purse.spending.zone_change == first


def test_going_back_to_the_old_zone_cancels_the_change() -> None:
    purse = Purse()
    purse.zone("Asia/Tokyo")
    purse.zone("UTC")
    assert purse.spending.zone_change is None


def test_a_third_zone_replaces_the_one_that_waited() -> None:
    purse = Purse()
    purse.zone("Asia/Tokyo")
    purse.zone("Europe/Paris")
    assert windows.zones(purse.spending, purse.now) == ("UTC", "Europe/Paris")


def test_an_unknown_zone_is_bad_input() -> None:
    with pytest.raises(RequestError) as caught:
        Purse().zone("Middle/Earth")
    assert caught.value.code == "bad_input"


def test_nothing_to_settle_is_the_same_object() -> None:
    purse = Purse()
    purse.grant(20)
    purse.spend(5)
    assert caps.settle(purse.spending, purse.now + DAY) is purse.spending


def test_old_records_are_dropped_once_no_window_can_reach_them() -> None:
    purse = Purse()
    purse.grant(2)
    purse.spend(2)
    purse.topup(5)
    purse.pause(24)
    purse.later(61 * DAY)
    assert purse.spending.spends
    purse.later(4 * DAY)
    left = purse.spending
    assert (left.spends, left.topups, left.pauses) == ((), (), ())
    assert [lot.left for lot in left.lots] == [5]
    assert len(left.owned) == 1


def test_a_lapsed_request_is_gone_after_settling() -> None:
    purse = Purse()
    purse.put(day=30)
    assert caps.settle(purse.spending, purse.now + 5 * DAY).request is None


def test_an_empty_spending_is_settled() -> None:
    assert caps.settle(Spending(), 0) == Spending()
