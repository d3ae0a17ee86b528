"""The database's own guard: names and limits of its counters."""

from datetime import date

from bot.ledger import counters
from bot.ledger.settings import LimitSettings
from bot.model.money import NO_LIMIT, Cap, Counter, Spending
from tests.ledger.builders import us

NOW = us("2026-11-21T22:30:00Z")


def test_a_counter_is_named_by_its_window_and_zone() -> None:
    day = date(2026, 11, 22)
    assert counters.name("day", day, "Europe/Helsinki") == "day:2026-11-22@Europe/Helsinki"
    assert counters.name("week", day, "UTC") == "week:2026-11-16@UTC"
    assert counters.name("month", day, "UTC", "topup") == "topup.month:2026-11-01@UTC"


def test_the_local_date_names_the_window() -> None:
    spending = Spending(limits_zone="Europe/Helsinki")
    made = counters.count(spending, 2, NOW, LimitSettings())
    assert made[0] == Counter("day:2026-11-22@Europe/Helsinki", 2, 20)


def test_a_removed_limit_is_counted_under_one_nobody_reaches() -> None:
    spending = Spending(caps=(Cap("day", NO_LIMIT, 0, "user"),))
    made = counters.count(spending, 2, 5, LimitSettings())
    assert made[0].lim == NO_LIMIT


def test_a_changed_cap_adds_nothing_and_tells_the_limit() -> None:
    made = counters.relimit(Spending(), ("week",), NOW, LimitSettings())
    assert made == (Counter("week:2026-11-16@UTC", 0, 60),)


def test_a_void_takes_the_same_windows_down_again() -> None:
    up = counters.count(Spending(), 5, NOW, LimitSettings())
    down = counters.uncount(("UTC",), 5, NOW)
    assert [c.window for c in up] == [c.window for c in down]
    assert {c.add for c in down} == {-5}


def test_nothing_counted_writes_no_counter() -> None:
    assert counters.count(Spending(), 0, NOW, LimitSettings()) == ()
    assert counters.uncount(("UTC",), 0, NOW) == ()
