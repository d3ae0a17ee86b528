"""Facts about quiet hours, in zones whose clocks jump."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.person import Person, Profile
from bot.outreach.keys import jitter_us
from bot.outreach.policy import QuietHours
from bot.outreach.timing import Zone, is_quiet, open_from, zone_of
from bot.people.calendar import local_hour
from tests.builders import us

QUIET = QuietHours(21, 8)
MINUTE_US = 60_000_000
DAY_US = 86_400_000_000
TRICKY = Path(__file__).parents[3] / "shared" / "data" / "timezones.json"
ZONES = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Atlantic/Azores",
]


def utc(at: int) -> str:
    return datetime.fromtimestamp(at / 1e6, UTC).isoformat()


hours = st.integers(0, 23)
quiets = st.tuples(hours, hours).filter(lambda q: q[0] != q[1]).map(lambda q: QuietHours(*q))
moments = st.integers(us("2009-01-01T00:00:00+00:00"), us("2031-01-01T00:00:00+00:00"))
jitters = st.integers(0, 15 * MINUTE_US)


@given(moments, st.sampled_from(ZONES), quiets, jitters)
def test_nothing_leaves_in_quiet_hours_and_nothing_earlier(at, zone, quiet, jitter):
    moment = open_from(at, zone, quiet, jitter)
    assert moment >= at
    assert not is_quiet(moment, zone, quiet)
    assert moment - at <= 2 * DAY_US + jitter
    if not is_quiet(at, zone, quiet):
        assert moment == at


@pytest.mark.skipif(not TRICKY.exists(), reason="../shared/data/timezones.json is absent")
def test_around_every_tricky_clock_change_nothing_leaves_in_quiet_hours():
    for change in json.loads(TRICKY.read_text())["transitions"]:
        zone, instant = change["zone"], us(change["utc_instant"].replace("Z", "+00:00"))
        for minutes in range(-26 * 60, 26 * 60, 47):
            at = instant + minutes * MINUTE_US
            for quiet in (QUIET, QuietHours(23, 1), QuietHours(0, 3), QuietHours(2, 0)):
                moment = open_from(at, zone, quiet, 7 * MINUTE_US)
                assert moment >= at
                assert not is_quiet(moment, zone, quiet), (zone, utc(at), utc(moment), quiet)


def test_the_end_of_quiet_hours_is_exclusive_and_the_start_inclusive():
    assert is_quiet(us("2026-01-10T21:00:00+00:00"), "UTC", QUIET)
    assert is_quiet(us("2026-01-11T07:59:59+00:00"), "UTC", QUIET)
    assert not is_quiet(us("2026-01-11T08:00:00+00:00"), "UTC", QUIET)
    assert not is_quiet(us("2026-01-10T20:59:59+00:00"), "UTC", QUIET)


def test_held_to_the_end_and_the_jitter_more():
    at = us("2026-01-10T22:30:00+00:00")
    assert utc(open_from(at, "UTC", QUIET, 4 * MINUTE_US)) == "2026-01-11T08:04:00+00:00"
    before_dawn = us("2026-01-11T03:00:00+00:00")
    assert utc(open_from(before_dawn, "UTC", QUIET, 0)) == "2026-01-11T08:00:00+00:00"


def test_on_a_spring_night_the_end_is_by_the_clock_on_the_wall():
    at = us("2026-03-28T22:00:00+01:00")
    assert utc(open_from(at, "Europe/Berlin", QUIET, 0)) == "2026-03-29T06:00:00+00:00"


def test_an_end_inside_a_gap_is_the_first_moment_after_it():
    at = us("2026-03-29T00:30:00+01:00")
    moment = open_from(at, "Europe/Berlin", QuietHours(21, 2), 0)
    assert utc(moment) == "2026-03-29T01:00:00+00:00"
    assert local_hour(moment, "Europe/Berlin") == 3


def test_a_missing_date_has_no_end_of_its_own():
    at = us("2011-12-29T23:00:00-10:00")
    moment = open_from(at, "Pacific/Apia", QUIET, 0)
    assert utc(moment) == "2011-12-30T18:00:00+00:00"  # 08:00 on the 31st


def test_an_unknown_zone_is_the_bots_and_marked():
    nobody = Person("anna")
    assert zone_of(nobody, "Europe/Helsinki") == Zone("Europe/Helsinki", is_assumed=True)
    somebody = Person("anna", profile=Profile(time_zone="Asia/Tokyo"))
    assert zone_of(somebody, "Europe/Helsinki") == Zone("Asia/Tokyo")
    odd = Person("anna", profile=Profile(time_zone="Mars/Olympus"))
    assert zone_of(odd, "UTC").is_assumed


def test_jitter_is_spread_over_its_minutes_and_the_same_for_the_same_message():
    found = [jitter_us(f"message {number}", 15) for number in range(500)]
    assert found == [jitter_us(f"message {number}", 15) for number in range(500)]
    assert 0 <= min(found) < MINUTE_US
    assert 14 * MINUTE_US < max(found) <= 15 * MINUTE_US
    assert jitter_us("x", 0) == 0
