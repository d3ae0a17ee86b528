"""Which periods a score counts in, who is before whom, and what a rank says (letters L1-L6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.progress import Boards
from bot.people.calendar import HOUR_US
from bot.progress import leaderboards
from bot.progress.leaderboards import Place
from tests.builders import NOW  # 2026-03-01, a Sunday, 12:00 UTC

DAY = 24 * HOUR_US


def test_a_score_counts_in_its_day_its_iso_week_and_for_ever() -> None:
    boards, scores = leaderboards.scored(Boards(), 50, 400, 50, NOW, NOW, "UTC")
    assert {(one.board, one.period, one.after) for one in scores} == {
        ("daily", "2026-03-01", 50), ("weekly", "2026-W09", 50),
        ("all_time", "ever", 50), ("points", "ever", 400),
    }  # fmt: skip
    boards, scores = leaderboards.scored(boards, 60, 400, 10, NOW + DAY, NOW + DAY, "UTC")
    found = {one.board: (one.period, one.before, one.after) for one in scores}
    assert found == {
        "daily": ("2026-03-02", 0, 10), "weekly": ("2026-W10", 0, 10),
        "all_time": ("ever", 50, 60),
    }  # fmt: skip


def test_points_alone_move_only_the_board_of_points() -> None:
    _, scores = leaderboards.scored(Boards(), 0, 400, 0, NOW, NOW, "UTC")
    assert [(one.board, one.after) for one in scores] == [("points", 400)]


def test_a_late_event_counts_in_its_own_day_until_twelve_hours_after_its_end() -> None:
    """L1, E3: closed boards never change."""
    ends = NOW + DAY // 2
    for now, counts in ((ends + 12 * HOUR_US - 1, True), (ends + 12 * HOUR_US, False)):
        _, scores = leaderboards.scored(Boards(), 50, 0, 50, NOW, now, "UTC")
        boards = {one.board for one in scores}
        assert ("daily" in boards) is counts
        assert "all_time" in boards, "what is late counts for ever all the same"
    _, scores = leaderboards.scored(Boards(), 50, 0, 50, NOW - 5 * DAY, NOW, "UTC")
    assert {one.board for one in scores} == {"weekly", "all_time"}, "the week is open still"


def test_scores_of_closed_periods_are_carried_no_further() -> None:
    boards, _ = leaderboards.scored(Boards(), 50, 0, 50, NOW, NOW, "UTC")
    later, _ = leaderboards.scored(boards, 60, 0, 10, NOW + 9 * DAY, NOW + 9 * DAY, "UTC")
    assert set(leaderboards.closed_of(boards, later)) == {
        ("daily", "2026-03-01"), ("weekly", "2026-W09"),
    }  # fmt: skip


def test_a_correction_lowers_a_score_but_not_below_nothing() -> None:
    """X3."""
    boards, _ = leaderboards.scored(Boards(), 50, 0, 50, NOW, NOW, "UTC")
    _, scores = leaderboards.scored(boards, 20, 0, -80, NOW, NOW, "UTC")
    assert {one.board: one.after for one in scores} == {"daily": 0, "weekly": 0, "all_time": 20}


def test_the_period_is_that_of_the_boards_one_zone() -> None:
    """L1: 2026-03-01 is a Sunday; in Helsinki the next week has begun at 22:00 UTC."""
    late = NOW + 11 * HOUR_US
    assert leaderboards.period_of("weekly", late, "UTC") == "2026-W09"
    assert leaderboards.period_of("weekly", late, "Europe/Helsinki") == "2026-W10"
    assert leaderboards.period_of("daily", late, "Europe/Helsinki") == "2026-03-02"


def test_the_days_around_new_year_are_of_the_iso_week_of_their_thursday() -> None:
    new_year = 1_767_225_600_000_000  # 2026-01-01, a Thursday
    assert leaderboards.period_of("weekly", new_year, "UTC") == "2026-W01"
    assert leaderboards.period_of("weekly", new_year - 3 * DAY, "UTC") == "2026-W01"
    assert leaderboards.period_of("weekly", new_year - 4 * DAY, "UTC") == "2025-W52"


@given(
    at=st.integers(0, 4_000_000_000_000_000),
    board=st.sampled_from(leaderboards.PERIODIC),
    zone=st.sampled_from(["UTC", "Europe/Helsinki", "America/New_York", "Pacific/Apia"]),
)
def test_every_instant_lies_in_the_span_of_its_period(at: int, board: str, zone: str) -> None:
    period = leaderboards.period_of(board, at, zone)  # type: ignore[arg-type]
    span = leaderboards.span_of(board, period, zone)  # type: ignore[arg-type]
    assert span is not None and span[0] <= at < span[1]


@pytest.mark.parametrize("text", ["", "2026", "2026-13-01", "2026-W60", "ever", "2026-W9", "x"])
def test_a_text_that_names_no_period_has_no_span(text: str) -> None:
    assert leaderboards.span_of("daily", text, "UTC") is None
    assert leaderboards.span_of("weekly", text, "UTC") is None


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/New_York"])
@pytest.mark.parametrize("text", ["9999-12-31", "9999-W52", "0001-01-01", "0001-W01"])
def test_the_edges_of_the_calendar_are_no_fault(text: str, zone: str) -> None:
    board = "weekly" if "W" in text else "daily"
    span = leaderboards.span_of(board, text, zone)  # type: ignore[arg-type]
    assert span is None or span[0] < span[1]


def test_equal_scores_share_a_rank_and_the_next_one_is_skipped() -> None:
    """L2."""
    assert leaderboards.ranked([50, 40, 40, 30]) == [1, 2, 2, 4]
    assert leaderboards.ranked([7, 7, 5], first=3) == [3, 3, 5]


def test_a_percentile_is_shown_from_twenty_people_on() -> None:
    """L3."""
    assert Place(0, 1, 19, 0, 0).percentile is None and Place(0, 1, 19, 0, 0).top_percent is None
    best = Place(0, 1, 20, 0, 0)
    assert (best.rank, best.percentile, best.top_percent) == (1, 97.5, 3)
    middle = Place(40, 21, 101, 0, 0)
    assert (middle.rank, middle.percentile, middle.top_percent) == (41, 50.0, 50)


@given(scores=st.lists(st.integers(1, 9), min_size=20, max_size=60), mine=st.integers(1, 9))
def test_a_percentile_is_the_formula_and_top_never_claims_too_much(
    scores: list[int], mine: int
) -> None:
    scores.append(mine)
    above = sum(score > mine for score in scores)
    equal = scores.count(mine)
    place = Place(above, equal, len(scores), 0, 0)
    below = len(scores) - above - equal
    exact = 100 * (below + equal / 2) / len(scores)
    assert place.percentile == pytest.approx(exact, abs=0.051)
    assert place.top_percent is not None and 100 >= place.top_percent >= 100 - exact - 1e-9
    assert place.top_percent < 100 - exact + 1
