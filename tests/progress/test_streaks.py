"""A streak counts consecutive local days, each once."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model.progress import Streak
from bot.progress.streaks import counted, current


def test_the_next_day_lengthens_and_a_gap_begins_anew() -> None:
    streak = Streak()
    for day in (100, 101, 101, 102):
        streak = counted(streak, day)
    assert streak.days == 3
    assert counted(streak, 104).days == 1


def test_yesterday_still_counts_today() -> None:
    streak = counted(Streak(), 100)
    assert [current(streak, day) for day in (100, 101, 102)] == [1, 1, 0]


@given(st.lists(st.integers(1, 60)))
def test_no_day_is_counted_twice(days: list[int]) -> None:
    streak = Streak()
    for day in days:
        streak = counted(streak, day)
    assert streak.days <= len(set(days))
