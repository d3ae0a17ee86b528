"""A streak counts consecutive local days, each once."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model.person import Progress
from bot.progress.streaks import counted, current


def test_the_next_day_lengthens_and_a_gap_begins_anew() -> None:
    progress = Progress()
    for day in (100, 101, 101, 102):
        progress = counted(progress, day)
    assert progress.streak == 3
    assert counted(progress, 104).streak == 1


def test_yesterday_still_counts_today() -> None:
    progress = counted(Progress(), 100)
    assert [current(progress, day) for day in (100, 101, 102)] == [1, 1, 0]


@given(st.lists(st.integers(1, 60)))
def test_no_day_is_counted_twice(days: list[int]) -> None:
    progress = Progress()
    for day in days:
        progress = counted(progress, day)
    assert progress.streak <= len(set(days))
