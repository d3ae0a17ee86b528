"""Local dates follow each other without gap or overlap, whatever clocks, zones and people do."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.progress import DayClock, Streak
from bot.people.calendar import is_zone
from bot.progress import days, streaks
from bot.progress.terms import StreakRule
from tests.progress.lived import HOUR_US, MINUTE_US, us
from tests.sizes import size

TRICKY = Path(__file__).parents[3] / "shared" / "data" / "timezones.json"
needs_data = pytest.mark.skipif(not TRICKY.exists(), reason="../shared/data is absent")
ZONES = sorted(zone for zone in available_timezones() if is_zone(zone))
STARTS = (0, 30, 90, 120, 180, 360)
SECOND_US = 1_000_000
DAY_US = 24 * HOUR_US
BARE = StreakRule(freezes=(), repair_from_days=366)

zones = st.sampled_from(ZONES)
starts = st.sampled_from(STARTS)
instants = st.integers(us("1990-01-02T00:00Z"), us("2040-12-30T00:00Z"))


def ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def one(zone: str, start: int = 0) -> tuple[DayClock, ...]:
    return days.moved((), 0, zone, start)


def known(name: str) -> list[dict[str, str]]:
    return json.loads(TRICKY.read_text())[name]


@needs_data
@pytest.mark.parametrize("start", STARTS)
def test_around_every_tricky_change_dates_follow_each_other(start):  # S2, S4
    for change in known("transitions"):
        clocks, instant = one(change["zone"], start), us(change["utc_instant"])
        told = [days.date_of(clocks, instant + h * 30 * MINUTE_US) for h in range(-120, 120)]
        missing = {"Pacific/Kwajalein", "Pacific/Apia", "Pacific/Fakaofo"}
        steps = {later - before for before, later in pairwise(told)}
        assert steps == ({0, 1, 2} if change["zone"] in missing else {0, 1}), change
        for day in range(told[0] + 1, told[-1]):
            begins, ends = days.begins(clocks, day), days.ends(clocks, day)
            if begins == ends:
                assert change["kind"] == "skipped_day" and day not in told
                continue
            assert {days.date_of(clocks, begins), days.date_of(clocks, ends - 1)} == {day}
            assert 20 * HOUR_US <= ends - begins <= 27 * HOUR_US


@needs_data
def test_the_known_instants_have_the_known_dates():  # S1
    for case in known("local_dates"):
        told = {days.date_of(one(case["zone"]), us(at)) for at in case["events_utc"]}
        assert sorted(told) == [ordinal(day) for day in case["distinct_local_dates"]], case


@needs_data
def test_a_streak_lives_through_every_tricky_change():  # S3, S4
    places = {(change["zone"], us(change["utc_instant"])) for change in known("transitions")}
    places |= {(one["zone"], us("2026-03-01T12:00Z")) for one in known("static_offsets")}
    for zone, instant in sorted(places):
        for offset in (-5, 0, 5):
            streak, dates = Streak(), set()
            for day in range(-4, 5):
                now = instant + day * DAY_US + offset * HOUR_US
                change = streaks.counted(streak, now, now, zone, BARE)
                streak = change.streak
                dates.add(change.day)
            length = streaks.current(streak, now, BARE)
            whole = max(dates) - min(dates) + 1
            gone = [
                day
                for day in range(min(dates), max(dates))
                if days.begins(streak.clocks, day) == days.ends(streak.clocks, day)
            ]
            assert length == len(dates) <= whole, zone
            assert len(dates) + len(gone) == whole, zone


YEARS = range(1990, 2041)


@pytest.mark.parametrize("number", range(2))
def test_in_every_zone_dates_follow_each_other_from_1990_to_2040(number):  # S1, S2, S4
    """Half of the zones, one year and start of the day each; the whole size walks through all
    zones and years, once from midnight and once from 03:00.
    """
    is_whole = bool(size(0, 1))
    for place, zone in enumerate(ZONES):
        if not is_whole and place % 2 != number:
            continue
        clocks = one(zone, 180 * number if is_whole else STARTS[place % len(STARTS)])
        for year in YEARS if is_whole else [YEARS[place % len(YEARS)]]:
            first = date(year, 1, 1).toordinal()
            ends = days.begins(clocks, first)
            for day in range(first, date(year, 12, 31).toordinal() + 1):
                begins, ends = ends, days.ends(clocks, day)
                if begins == ends:
                    assert zone.startswith(("Pacific/", "Kwajalein")), (zone, day)
                    continue
                assert 17 * HOUR_US <= ends - begins <= 31 * HOUR_US, (zone, day)  # Vostok, 1994
                told = days.date_of(clocks, begins), days.date_of(clocks, ends - 1)
                assert told == (day, day), (zone, day)


def test_a_date_that_the_calendar_skips_is_kept_free():  # S5
    streak = Streak()
    for at in ("2011-12-28T20:00Z", "2011-12-29T20:00Z", "2011-12-30T20:00Z"):
        streak = streaks.counted(streak, us(at), us(at), "Pacific/Apia", BARE).streak
    now = us("2011-12-30T20:00Z")
    assert streaks.current(streak, now, BARE) == 3
    week = {one.day: one.state for one in streaks.week(streak, now, "Pacific/Apia", BARE)}
    assert week[ordinal("2011-12-30")] == "skipped"
    assert week[ordinal("2011-12-31")] == "done"


def test_a_day_starts_when_its_start_does_by_the_wall_clock():  # S2, S4
    late = one("Europe/Berlin", 180)
    assert days.date_of(late, us("2026-01-11T02:59+01:00")) == ordinal("2026-01-10")
    assert days.date_of(late, us("2026-01-11T03:00+01:00")) == ordinal("2026-01-11")
    gap = one("Europe/Berlin", 150)
    assert days.begins(gap, ordinal("2026-03-29")) == us("2026-03-29T03:00+02:00")
    assert days.begins(gap, ordinal("2026-10-25")) == us("2026-10-25T02:30+02:00")


@pytest.mark.parametrize(("start", "until"), [(360, "2026-01-12T06:00"), (120, None)])
def test_another_start_of_the_day_holds_from_the_next_day_on(start, until):  # S2
    clocks = one("UTC", 0)
    now = us("2026-01-10T12:00Z")
    moved = days.moved(clocks, now, "UTC", start)
    assert days.ends(moved, ordinal("2026-01-10")) == us("2026-01-11T00:00Z")
    assert days.date_of(moved, us("2026-01-11T00:30Z")) == ordinal("2026-01-11")
    end = us(f"{until or '2026-01-12T02:00'}Z")
    assert days.ends(moved, ordinal("2026-01-11")) == end
    back = days.moved(moved, us("2026-01-11T12:00Z"), "UTC", 0)
    assert days.ends(back, ordinal("2026-01-11")) == end
    assert days.ends(back, ordinal("2026-01-12")) == us("2026-01-13T00:00Z")


def test_the_day_in_progress_ends_at_the_later_midnight():  # S5
    leaving = us("2026-01-10T20:00-05:00")
    east = days.moved(one("America/New_York"), leaving, "Asia/Tokyo", 0)
    assert days.date_of(east, leaving) == ordinal("2026-01-10")
    assert days.ends(east, ordinal("2026-01-10")) == us("2026-01-11T00:00-05:00")
    assert days.ends(east, ordinal("2026-01-11")) == us("2026-01-12T00:00+09:00")
    west = days.moved(one("Asia/Tokyo"), us("2026-01-11T10:00+09:00"), "America/New_York", 0)
    assert days.ends(west, ordinal("2026-01-11")) == us("2026-01-12T00:00-05:00")


def test_over_the_date_line_the_missing_date_is_kept_free():  # S5
    here, there = us("2026-01-10T12:00-10:00"), us("2026-01-12T12:00+14:00")
    streak = streaks.counted(Streak(), here, here, "Pacific/Honolulu", BARE).streak
    change = streaks.counted(streak, there, there, "Pacific/Kiritimati", BARE)
    assert change.day == ordinal("2026-01-11")  # moved there: the date goes on to its midnight
    landed = us("2026-01-11T14:00+14:00")
    streak = streaks.moved(streak, landed, "Pacific/Kiritimati")
    change = streaks.counted(streak, there, there, "Pacific/Kiritimati", BARE)
    assert change.day == ordinal("2026-01-12")
    assert streaks.current(change.streak, there, BARE) == 2
    week = streaks.week(change.streak, there, "Pacific/Kiritimati", BARE)
    assert [one.state for one in week][-3:] == ["done", "skipped", "done"]


def test_a_second_zone_within_24_hours_does_not_count_yet():  # S5
    now = us("2026-01-10T12:00Z")
    streak = streaks.counted(Streak(), now, now, "UTC").streak
    streak = streaks.moved(streak, now + HOUR_US, "Asia/Tokyo")
    assert streaks.moved(streak, now + 20 * HOUR_US, "Europe/Paris") == streak
    later = streaks.moved(streak, now + 25 * HOUR_US, "Europe/Paris")
    assert later.clocks[-1].zone == "Europe/Paris"


moves = st.tuples(zones, starts)
steps = st.lists(
    st.tuples(
        st.integers(0, 60 * 60), st.sampled_from(["act", "act", "act", "move", "sweep"]), moves
    ),
    min_size=2,
    max_size=40,
)


@settings(max_examples=size(150, 6000), deadline=None)
@given(instants, moves, steps)
def test_no_date_is_told_twice_and_none_is_skipped(begun, home, story):  # S1-S5
    zone, start = home
    streak, now, told = streaks.moved(Streak(), begun, zone, start), begun, []
    for minutes, what, (other, other_start) in story:
        now += minutes * MINUTE_US
        if what == "move":
            zone, start = other, other_start
            streak = streaks.moved(streak, now, zone, start)
        elif what == "sweep":
            streak = streaks.closed(streak, now, BARE).streak
        else:
            change = streaks.counted(streak, now, now, zone, BARE)
            is_new = change.day not in told
            assert change.is_counted == is_new
            streak, told = change.streak, told + [change.day] * is_new
        today = days.date_of(streak.clocks, now)
        assert days.begins(streak.clocks, today) <= now < days.ends(streak.clocks, today)
        assert days.ends(streak.clocks, today) - now <= 76 * HOUR_US
    assert told == sorted(told)
    assert streaks.current(streak, now, BARE) <= len(told)


@settings(max_examples=size(150, 6000), deadline=None)
@given(instants, moves, st.lists(st.tuples(st.integers(0, 30 * 60), moves), max_size=8))
def test_days_touch_and_every_instant_has_one(begun, home, changes):  # S4, S5
    clocks, now = one(*home), begun
    for minutes, (zone, start) in changes:
        now += minutes * MINUTE_US
        before = days.date_of(clocks, now)
        clocks = days.moved(clocks, now, zone, start)
        assert days.date_of(clocks, now) == before
    first = days.date_of(clocks, begun)
    for day in range(first, days.date_of(clocks, now) + 3):
        begins, ends = days.begins(clocks, day), days.ends(clocks, day)
        assert begins <= ends
        if begins < ends:
            inside = {begins, (begins + ends) // 2, ends - 1}
            assert {days.date_of(clocks, at) for at in inside} == {day}


lives = st.lists(st.tuples(st.integers(60, 60 * 60), st.booleans()), min_size=1, max_size=60)
outages = st.lists(st.tuples(st.integers(0, 60 * DAY_US), st.integers(MINUTE_US, DAY_US)))


@settings(max_examples=size(150, 4000), deadline=None)
@given(instants, moves, lives, outages, st.integers(0, 9), st.integers(0, 90 * 24))
def test_closing_lazily_or_by_sweeps_gives_the_same(begun, home, story, down, gifts, rest):  # S9
    zone, start = home
    gaps = tuple((begun + since, begun + since + lasting) for since, lasting in down)
    lazy = swept = streaks.moved(Streak(), begun, zone, start)
    now, told = begun, {"lazy": [], "swept": []}
    for minutes, is_swept in story:
        known = tuple(gap for gap in gaps if gap[1] <= now)
        lazy_change = streaks.counted(lazy, now, now, zone, outages=known)
        swept_change = streaks.counted(swept, now, now, zone, outages=known)
        told["lazy"] += [(m, lazy_change.day) for m in lazy_change.milestones]
        told["swept"] += [(m, swept_change.day) for m in swept_change.milestones]
        lazy, swept = lazy_change.streak, swept_change.streak
        assert lazy == swept
        if gifts:
            gifts -= 1
            lazy = streaks.granted(lazy, 1, now, zone).streak
            swept = streaks.granted(swept, 1, now, zone).streak
        now += minutes * MINUTE_US
        if is_swept:
            known = tuple(gap for gap in gaps if gap[1] <= now)
            swept = streaks.closed(swept, now, outages=known).streak
    assert told["lazy"] == told["swept"]
    now += rest * HOUR_US
    known = tuple(gap for gap in gaps if gap[1] <= now)
    once = streaks.closed(lazy, now, outages=known).streak
    assert streaks.closed(swept, now, outages=known).streak == once
    assert streaks.closed(once, now, outages=known).streak == once
    reading = streaks.standing(lazy, now, outages=known)
    assert reading == streaks.standing(once, now, outages=known)


@settings(max_examples=size(150, 4000), deadline=None)
@given(instants, moves, st.lists(st.integers(0, 20 * 24 * 60), min_size=1, max_size=30), st.data())
def test_what_is_late_ends_where_it_would_have_been_in_time(begun, home, minutes, data):  # E3
    zone, start = home
    times = sorted(begun + m * MINUTE_US for m in minutes)
    delays = data.draw(st.lists(st.integers(0, 72 * 60), min_size=len(times), max_size=len(times)))
    in_time = late = streaks.moved(Streak(), begun, zone, start)
    for at in times:
        in_time = streaks.counted(in_time, at, at, zone).streak
    learnt = sorted((at + delay * MINUTE_US, at) for at, delay in zip(times, delays, strict=True))
    for now, at in learnt:
        late = streaks.counted(late, at, now, zone).streak
    now = max(learnt)[0]
    mine = streaks.closed(in_time, now)
    theirs = streaks.closed(late, now)
    assert streaks.week(mine.streak, now, zone) == streaks.week(theirs.streak, now, zone)
    assert streaks.standing(mine.streak, now) == streaks.standing(theirs.streak, now)
