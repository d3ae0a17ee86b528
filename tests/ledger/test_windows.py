"""money.md, Two windows: what counts when, and what is left."""

from bot.ledger import windows
from bot.ledger.settings import LimitSettings
from bot.model.money import NO_LIMIT, Cap, Remaining, Spending, Tier
from bot.people.calendar import window_end
from tests.ledger.builders import DAY, HOUR, MINUTE, Purse, item, us


def test_a_new_person_has_the_whole_default_left() -> None:
    purse = Purse()
    assert windows.remaining(purse.spending, purse.settings, purse.now) == Remaining(20, 60, 120)


def test_spending_leaves_less_in_every_period() -> None:
    purse = Purse()
    purse.grant(20)
    purse.spend(5, 2)
    assert windows.remaining(purse.spending, purse.settings, purse.now) == Remaining(13, 53, 113)


def test_a_rolling_day_still_counts_yesterday_evening_after_midnight() -> None:
    purse = Purse(now=us("2026-03-11T23:00:00Z"))
    purse.grant(20)
    purse.spend(10)
    purse.later(2 * HOUR)
    assert windows.spent(purse.spending, "day", purse.now, "UTC") == 0
    assert windows.rolling(purse.spending, "day", purse.now) == 10
    assert windows.remaining(purse.spending, purse.settings, purse.now).day == 10


def test_a_rolling_window_is_half_open() -> None:
    purse = Purse()
    purse.grant(20)
    purse.spend(5)
    at = purse.spending.spends[0].at
    assert windows.rolling(purse.spending, "day", at + DAY - 1) == 5
    assert windows.rolling(purse.spending, "day", at + DAY) == 0


def test_a_fixed_day_of_25_hours_counts_what_the_rolling_day_forgot() -> None:
    zone = "Europe/Helsinki"
    purse = Purse(now=us("2026-10-24T21:05:00Z"), spending=Spending(limits_zone=zone))
    purse.grant(20)
    purse.spend(10)  # at 00:05 on the day the clock goes back
    purse.now = us("2026-10-25T21:30:00Z")  # 23:30 of the same day, 24 h 25 min later
    assert windows.rolling(purse.spending, "day", purse.now) == 0
    assert windows.spent(purse.spending, "day", purse.now, zone) == 10
    assert windows.remaining(purse.spending, purse.settings, purse.now).day == 10


def test_while_a_zone_change_waits_the_fuller_day_of_both_zones_counts() -> None:
    purse = Purse(now=us("2026-03-11T12:00:00Z"))
    purse.grant(20)
    purse.spend(10)
    purse.zone("Pacific/Kiritimati")  # there it is already 02:00 of the 12th
    assert windows.zones(purse.spending, purse.now) == ("UTC", "Pacific/Kiritimati")
    purse.later(26 * HOUR)
    purse.spend(5)
    assert windows.spent(purse.spending, "day", purse.now, "UTC") == 5
    due = purse.spending.zone_change
    assert due is not None and due.at == us("2026-04-01T00:00:00Z")
    assert windows.zones(purse.spending, due.at) == ("Pacific/Kiritimati",)


def test_the_lowest_of_own_operator_and_ceiling_applies() -> None:
    purse = Purse(settings=LimitSettings(ceilings={"day": 15}))
    assert windows.cap(purse.spending, "day", purse.now, purse.settings) == 15
    imposed = (Cap("day", 9, 0, "operator"), Cap("day", 12, 0, "user"))
    spending = Spending(caps=imposed)
    assert windows.cap(spending, "day", purse.now, purse.settings) == 9


def test_a_cap_that_has_not_begun_does_not_hold_yet() -> None:
    purse = Purse()
    spending = Spending(caps=(Cap("day", 3, purse.now + 1, "user"),))
    assert windows.cap(spending, "day", purse.now, purse.settings) == 20
    assert windows.cap(spending, "day", purse.now + 1, purse.settings) == 3


def test_a_removed_limit_shows_as_none_and_is_asked_about_again_after_a_year() -> None:
    purse = Purse()
    spending = Spending(caps=(Cap("day", NO_LIMIT, purse.now, "user"),))
    assert windows.remaining(spending, purse.settings, purse.now).day is None
    assert windows.cap(spending, "day", purse.now + 365 * DAY, purse.settings) == 20


def test_a_lower_cap_than_what_was_spent_leaves_nothing_and_never_less() -> None:
    purse = Purse()
    purse.grant(20)
    purse.spend(10)
    purse.put(day=3)
    assert windows.remaining(purse.spending, purse.settings, purse.now).day == 0


def test_an_asked_for_pause_is_named_before_a_rest() -> None:
    purse = Purse()
    purse.grant(20)
    purse.spend(10, 5)
    assert windows.closed(purse.spending, purse.now).kind == "rest"  # type: ignore[union-attr]  # it is closed
    purse.pause(24)
    assert windows.closed(purse.spending, purse.now).kind == "pause"  # type: ignore[union-attr]  # it is closed


def test_a_clock_that_went_back_does_not_reopen_what_was_closed() -> None:
    purse = Purse()
    purse.pause(24)
    assert windows.closed(purse.spending, purse.now - HOUR) is not None


def test_expired_credits_are_no_balance() -> None:
    purse = Purse()
    purse.grant(5, expires_at=purse.now + HOUR)
    purse.topup(7)
    assert windows.balance(purse.spending, purse.now) == 12
    assert windows.granted(purse.spending, purse.now) == 5
    assert windows.balance(purse.spending, purse.now + HOUR) == 7


def test_a_cap_frees_when_the_last_of_its_windows_does() -> None:
    purse = Purse()
    purse.grant(40)
    purse.spend(10)
    first = purse.spending.spends[0].at
    free = windows.frees_at(purse.spending, "day", 12, 20, purse.now)
    assert free == max(first + DAY, window_end("day", purse.now, "UTC"))
    assert windows.frees_at(purse.spending, "day", 21, 20, purse.now) is None


def test_a_reality_check_is_due_after_30_minutes_or_10_credits() -> None:
    purse = Purse()
    purse.grant(40)
    start = purse.now
    purse.spending = Spending(lots=purse.spending.lots, session_started=start)
    assert not windows.reality(purse.spending, purse.settings, start + 29 * MINUTE).is_due
    assert windows.reality(purse.spending, purse.settings, start + 30 * MINUTE).is_due
    purse.spend(5, 5)
    told = windows.reality(purse.spending, purse.settings, purse.now)
    assert told == windows.Reality(True, 0, 10)


def test_yesterdays_credits_do_not_bring_a_reality_check_today() -> None:
    purse = Purse()
    purse.grant(40)
    purse.spend(5, 5)
    purse.later(2 * DAY)
    assert not windows.reality(purse.spending, purse.settings, purse.now).is_due


def test_a_cooling_off_runs_24_hours_from_asking() -> None:
    purse = Purse()
    purse.grant(40)
    purse.unlock(item("coin.offer", Tier.PREMIUM, promotion=True))
    assert windows.is_cooling(purse.spending, purse.settings, purse.now)
    assert not windows.is_cooling(purse.spending, purse.settings, purse.now + DAY + 1)


def test_the_new_zones_month_counts_while_it_waits() -> None:
    purse = Purse(now=us("2026-02-28T12:00:00Z"))
    purse.grant(20)
    purse.spend(10)  # on 1 March in Kiritimati
    purse.at("2026-03-20T12:00:00Z")
    purse.zone("Pacific/Kiritimati")
    purse.at("2026-03-31T05:00:00Z")
    assert windows.rolling(purse.spending, "month", purse.now) == 0
    assert windows.spent(purse.spending, "month", purse.now, "UTC") == 0
    assert windows.used(purse.spending, "month", purse.now) == 10


def test_a_month_of_31_days_frees_later_than_30_days_do() -> None:
    purse = Purse(now=us("2026-03-01T00:30:00Z"))
    purse.grant(20)
    purse.spend(10)
    free = windows.frees_at(purse.spending, "month", 5, 12, purse.now)
    assert free == us("2026-04-01T00:00:00Z")


def test_an_old_zones_month_frees_when_that_zone_stops_to_bind() -> None:
    purse = Purse(now=us("2026-04-30T12:00:00Z"))
    purse.grant(20)
    purse.zone("Pacific/Kiritimati")
    purse.at("2026-05-01T05:00:00Z")
    purse.spend(10)
    free = windows.frees_at(purse.spending, "month", 5, 12, purse.now)
    assert free == us("2026-05-31T10:00:00Z")  # 1 June there; in UTC it would be 14 hours later
