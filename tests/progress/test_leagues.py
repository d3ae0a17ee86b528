"""Leagues of at most thirty, by recent activity (letter L5)."""

import itertools

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.model.progress import Member, Streak
from bot.people import calendar
from bot.people.calendar import DAY_US
from bot.progress import leagues, streaks
from bot.progress.terms import StreakRule
from tests.builders import NOW

ACTIVITY = st.integers(1, 500)
PEOPLE = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=6), ACTIVITY, max_size=200)


@given(PEOPLE)
def test_the_first_of_a_week_are_dealt_by_activity_into_leagues_of_one_size(
    coming: dict[str, int],
) -> None:
    members = leagues.placed([], coming)
    assert {one.person_id: one.activity for one in members} == coming
    sizes = [sum(one.league == n for one in members) for n in {one.league for one in members}]
    assert all(size <= leagues.AT_START for size in sizes)
    assert not sizes or max(sizes) - min(sizes) <= 1
    ordered = sorted(members, key=lambda one: one.league)
    assert all(
        one.activity >= other.activity
        for one, other in itertools.pairwise(ordered)
        if one.league != other.league
    )


@given(PEOPLE, PEOPLE)
def test_nobody_is_moved_and_no_league_has_more_than_thirty(
    first: dict[str, int], later: dict[str, int]
) -> None:
    there = leagues.placed([], first)
    coming = {id: xp for id, xp in later.items() if id not in first}
    members = [*there, *leagues.placed(there, coming)]
    assert len(members) == len(first) + len(coming)
    for number in {one.league for one in members}:
        assert sum(one.league == number for one in members) <= leagues.MOST


def test_whoever_comes_later_goes_to_those_who_were_about_as_active() -> None:
    there = [Member("a", 0, 900), Member("b", 1, 100), Member("c", 2, 10)]
    members = leagues.placed(there, {"x": 95, "y": 1_000, "z": 12})
    assert {one.person_id: one.league for one in members} == {"x": 1, "y": 0, "z": 2}


def test_who_did_less_is_placed_by_it_unless_a_day_was_frozen_or_paused() -> None:
    """L5: freeze and pause do not demote."""
    rule = StreakRule()
    began = NOW - 10 * DAY_US
    active = streaks.counted(Streak(), began, began, "UTC", rule).streak
    today = calendar.local_date(NOW, "UTC").toordinal()
    resting = replace(active, pauses=((today - 5, today - 1),))
    assert leagues.activity(0, 300, active, NOW, "UTC", rule) == 0
    assert leagues.activity(0, 300, resting, NOW, "UTC", rule) == 300
    assert leagues.activity(500, 300, resting, NOW, "UTC", rule) == 500
