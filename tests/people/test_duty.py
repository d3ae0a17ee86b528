"""Hours of duty: read strictly, right across clock changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.calendar import from_rfc3339, rfc3339
from bot.people.duty import DAYS, Shift, next_on_duty, on_duty_until, parse_shifts

NOW = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z, a Sunday
MINUTE = 60_000_000
OFFICE = parse_shifts("mon-fri 09:00-17:00") or ()
zones = st.sampled_from(["UTC", "Europe/Helsinki", "America/New_York", "Australia/Lord_Howe"])
shifts = st.lists(
    st.builds(Shift, st.integers(0, 6), st.integers(0, 700), st.integers(701, 1440)), max_size=5
)


def at(text: str) -> int:
    found = from_rfc3339(text)
    assert found is not None
    return found


def test_days_and_hours_are_read():
    assert parse_shifts("Sat 10:00-24:00") == (Shift(5, 600, 1440),)
    assert [one.weekday for one in parse_shifts("fri-mon 08:00-09:30") or ()] == [4, 5, 6, 0]


@pytest.mark.parametrize(
    "text",
    ["", "mon", "mon 9-17", "mon 17:00-09:00", "mon 09:00-09:00", "moon 09:00-17:00",
     "mon-foo 09:00-17:00", "mon 09:60-17:00", "mon 09:00-24:01", "mon 09:00-17:00 x"],
)  # fmt: skip
def test_what_is_no_hours_is_not_guessed(text: str):
    assert parse_shifts(text) is None


def test_somebody_is_there_from_the_first_minute_and_gone_at_the_last():
    monday = at("2026-03-02T09:00:00Z")
    assert on_duty_until(OFFICE, monday - 1, "UTC") is None
    assert on_duty_until(OFFICE, monday, "UTC") == at("2026-03-02T17:00:00Z")
    assert on_duty_until(OFFICE, at("2026-03-02T17:00:00Z"), "UTC") is None


def test_the_next_shift_is_that_of_the_zone():
    assert rfc3339(next_on_duty(OFFICE, NOW, "Europe/Helsinki") or 0) == "2026-03-02T07:00:00Z"
    friday = at("2026-03-06T18:00:00Z")
    assert rfc3339(next_on_duty(OFFICE, friday, "UTC") or 0) == "2026-03-09T09:00:00Z"


def test_without_hours_nobody_ever_comes():
    assert next_on_duty((), NOW, "UTC") is None and on_duty_until((), NOW, "UTC") is None


def test_shifts_that_meet_at_midnight_are_one():
    night = (Shift(6, 1200, 1440), Shift(0, 0, 360))
    assert on_duty_until(night, at("2026-03-01T21:00:00Z"), "UTC") == at("2026-03-02T06:00:00Z")


@given(shifts, st.integers(0, 400 * 24 * 60), zones)
def test_at_the_moment_told_somebody_is_there_and_not_a_minute_before(
    hours: list[Shift], minutes: int, zone: str
):
    now = NOW + minutes * MINUTE
    if on_duty_until(hours, now, zone) is not None:
        return
    comes = next_on_duty(hours, now, zone)
    if comes is None:
        assert not hours
        return
    assert now < comes <= now + 8 * 24 * 60 * MINUTE
    assert on_duty_until(hours, comes, zone) is not None
    assert on_duty_until(hours, comes - 1, zone) is None


@given(shifts, st.integers(0, 400 * 24 * 60), zones)
def test_who_is_there_goes_at_the_moment_told(hours: list[Shift], minutes: int, zone: str):
    now = NOW + minutes * MINUTE
    until = on_duty_until(hours, now, zone)
    if until is not None:
        assert until > now
        assert on_duty_until(hours, until - 1, zone) == until


@given(st.sampled_from(DAYS), st.integers(0, 1439), st.integers(0, 1440))
def test_any_hours_of_a_day_are_read_as_written(day: str, start: int, end: int):
    text = f"{day} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    expected = (Shift(DAYS.index(day), start, end),) if start < end else None
    assert parse_shifts(text) == expected
