"""Local days, weeks and months, where clocks jump."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.people.calendar import (
    DAY_US,
    HOUR_US,
    MINUTE_US,
    SECOND_US,
    first_day,
    from_rfc3339,
    instant_at,
    is_zone,
    local_date,
    local_hour,
    local_minute_of_day,
    midnight,
    next_midnight,
    rfc3339,
    window_end,
    window_start,
)
from tests.builders import us
from tests.sizes import size

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "timezones.json"
DATA: dict[str, Any] = json.loads(SHARED.read_text()) if SHARED.exists() else {}
needs_data = pytest.mark.skipif(not DATA, reason=f"{SHARED} is not on this machine")
TRANSITIONS = DATA.get("transitions", [])
LOCAL_DATES = DATA.get("local_dates", [])

ZONES = sorted(zone for zone in available_timezones() if is_zone(zone))
TRICKY = (
    "UTC", "Europe/Helsinki", "America/New_York", "America/Havana", "America/St_Johns",
    "America/Santiago", "Asia/Beirut", "Asia/Amman", "Africa/Cairo", "Atlantic/Azores",
    "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia", "Pacific/Kwajalein",
    "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "Africa/El_Aaiun", "Europe/Dublin",
)  # fmt: skip

instants = st.integers(
    int(datetime(1990, 1, 1, tzinfo=UTC).timestamp()) * SECOND_US,
    int(datetime(2037, 1, 1, tzinfo=UTC).timestamp()) * SECOND_US,
)
zones = st.one_of(st.sampled_from(TRICKY), st.sampled_from(ZONES))


def wall(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at // SECOND_US, ZoneInfo(zone)).replace(tzinfo=None)


def plainly_first(day: date, zone: str) -> int:
    """The first second whose wall date is `day` or later, found by walking minute by minute."""
    at = us(f"{day.isoformat()}T00:00:00Z") - 28 * HOUR_US
    while wall(at, zone).date() < day:
        at += MINUTE_US
    while wall(at - SECOND_US, zone).date() >= day:
        at -= SECOND_US
    return at


@needs_data
@pytest.mark.parametrize("case", TRANSITIONS, ids=lambda c: f"{c['zone']}-{c['utc_instant']}")
def test_the_days_around_every_known_transition_begin_at_their_first_instant(
    case: dict[str, str],
) -> None:
    zone, at = case["zone"], us(case["utc_instant"])
    for days in (-1, 0, 1, 2):
        day = wall(at, zone).date() + timedelta(days=days)
        assert midnight(day, zone) == plainly_first(day, zone)


@needs_data
@pytest.mark.parametrize("case", TRANSITIONS, ids=lambda c: f"{c['zone']}-{c['utc_instant']}")
def test_the_date_never_goes_back_around_a_transition(case: dict[str, str]) -> None:
    at, zone = us(case["utc_instant"]), case["zone"]
    days = [local_date(at + m * MINUTE_US, zone) for m in range(-30 * 60, 30 * 60, 7)]
    assert days == sorted(days)


@needs_data
@pytest.mark.parametrize("case", LOCAL_DATES, ids=lambda c: c["zone"])
def test_events_fall_on_the_local_dates_that_are_known(case: dict[str, Any]) -> None:
    days = {local_date(us(text), case["zone"]).isoformat() for text in case["events_utc"]}
    assert sorted(days) == case["distinct_local_dates"]


@needs_data
@pytest.mark.parametrize(
    "case",
    [case for case in TRANSITIONS if case["kind"] == "midnight_gap"],
    ids=lambda c: f"{c['zone']}-{c['utc_instant']}",
)
def test_a_day_whose_midnight_does_not_exist_begins_when_its_clock_does(
    case: dict[str, str],
) -> None:
    day = date.fromisoformat(case["wall_after"][:10])
    at = midnight(day, case["zone"])
    assert local_date(at, case["zone"]) == day
    assert local_date(at - 1, case["zone"]) < day
    assert wall(at, case["zone"]) != datetime.combine(day, datetime.min.time())


def test_a_skipped_date_begins_with_the_date_after_it() -> None:
    skipped, after = date(2011, 12, 30), date(2011, 12, 31)
    assert midnight(skipped, "Pacific/Apia") == midnight(after, "Pacific/Apia")
    assert next_midnight(us("2011-12-30T09:00:00Z"), "Pacific/Apia") == us("2011-12-30T10:00:00Z")
    eve = window_end("day", us("2011-12-30T09:00:00Z"), "Pacific/Apia")
    assert local_date(eve, "Pacific/Apia") == after


@pytest.mark.parametrize(
    ("zone", "noon", "hours"),
    [
        ("Europe/Helsinki", "2026-03-29T09:00:00Z", 23),
        ("Europe/Helsinki", "2026-10-25T10:00:00Z", 25),
        ("Australia/Lord_Howe", "2025-10-05T01:00:00Z", 23.5),
        ("Australia/Lord_Howe", "2025-04-06T01:00:00Z", 24.5),
        ("UTC", "2026-03-29T12:00:00Z", 24),
    ],
)
def test_a_local_day_may_have_23_to_25_hours(zone: str, noon: str, hours: float) -> None:
    now = us(noon)
    length = window_end("day", now, zone) - window_start("day", now, zone)
    assert length == hours * HOUR_US


def test_a_clock_set_back_over_midnight_does_not_bring_yesterday_back() -> None:
    # St John's, 2010-11-07: at 00:01 the clock went back to 23:01 of the day before
    zone, turned = "America/St_Johns", us("2010-11-07T02:31:00Z")
    assert wall(turned, zone) == datetime(2010, 11, 6, 23, 1)
    assert local_date(turned, zone) == date(2010, 11, 7)
    assert window_start("day", turned, zone) == us("2010-11-07T02:30:00Z")


@given(instants, zones)
@settings(max_examples=size(100, 3000), deadline=None)
def test_a_midnight_is_the_first_instant_of_its_date(now: int, zone: str) -> None:
    day = local_date(now, zone)
    start = midnight(day, zone)
    assert start <= now < next_midnight(now, zone)
    assert wall(start, zone).date() >= day > wall(start - SECOND_US, zone).date()


@given(instants, zones, st.sampled_from(("day", "week", "month")))
@settings(max_examples=size(100, 3000), deadline=None)
def test_windows_cover_all_time_without_overlap(now: int, zone: str, period: Any) -> None:
    start, end = window_start(period, now, zone), window_end(period, now, zone)
    assert start <= now < end
    assert window_start(period, start, zone) == start
    assert window_end(period, end - 1, zone) == end
    assert window_start(period, end, zone) == end
    assert window_end(period, start - 1, zone) == start


@given(instants, st.integers(0, 40 * DAY_US), zones)
@settings(max_examples=size(100, 3000), deadline=None)
def test_later_is_never_an_earlier_date(now: int, later: int, zone: str) -> None:
    assert local_date(now, zone) <= local_date(now + later, zone)


@given(instants, zones, st.integers(0, 1439))
@settings(max_examples=size(100, 3000), deadline=None)
def test_a_wall_time_is_met_at_its_first_instant(now: int, zone: str, minute: int) -> None:
    day = local_date(now, zone)
    at = instant_at(day, minute, zone)
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    shown = wall(at, zone)
    assert shown >= wanted
    if shown == wanted:
        earlier = [at - m * MINUTE_US for m in (30, 60, 120)]
        assert all(wall(one, zone) != wanted for one in earlier)
    else:
        assert wall(at - SECOND_US, zone) < wanted


def test_a_wall_time_in_a_gap_is_the_first_instant_after_it() -> None:
    at = instant_at(date(2026, 3, 29), 3 * 60 + 30, "Europe/Helsinki")
    assert wall(at, "Europe/Helsinki") == datetime(2026, 3, 29, 4, 0)


def test_a_wall_time_that_comes_twice_is_its_first_coming() -> None:
    at = instant_at(date(2026, 10, 25), 3 * 60 + 30, "Europe/Helsinki")
    assert at == us("2026-10-25T00:30:00Z")


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    assert first_day("week", date(2026, 11, 22)) == date(2026, 11, 16)
    assert first_day("week", date(2026, 11, 16)) == date(2026, 11, 16)
    assert first_day("month", date(2026, 2, 28)) == date(2026, 2, 1)
    now = us("2026-12-15T12:00:00Z")
    assert window_end("month", now, "UTC") == us("2027-01-01T00:00:00Z")


def test_the_wall_clock_shows_hours_and_minutes() -> None:
    now = us("2026-11-21T20:45:00Z")
    assert local_hour(now, "Asia/Kathmandu") == 2
    assert local_minute_of_day(now, "Asia/Kathmandu") == 2 * 60 + 30


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Helsinki", "America/Argentina/Ushuaia", "EST5EDT"]
)
def test_iana_names_are_zones(zone: str) -> None:
    assert is_zone(zone)


@pytest.mark.parametrize(
    "name",
    [
        "", "Helsinki", "europe/helsinki2", "America", "../../etc/passwd", "/etc/localtime",
        "posix/UTC", "right/UTC", "localtime", "Europe/Helsinki\n", "Europe/\x00", "\ud800",
        "A" * 300, "tzdata.zi", "zone.tab", "+03:00", "Europe/Helsinki/", "Factory",
    ],
)  # fmt: skip
def test_anything_else_is_no_zone(name: str) -> None:
    assert not is_zone(name)


def test_times_on_the_wire_are_utc_with_a_z() -> None:
    assert rfc3339(us("2026-11-21T09:30:00Z")) == "2026-11-21T09:30:00Z"
    assert rfc3339(us("2026-11-21T09:30:00Z") + 1500) == "2026-11-21T09:30:00.001500Z"


@given(st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999))
def test_an_instant_survives_being_written_and_read(at: int) -> None:
    assert from_rfc3339(rfc3339(at)) == at
