"""Engagement stays in 0..1, grows with use and fades with absence."""

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.authored import Report, parse
from bot.model.person import Activity
from bot.people.engagement import (
    DAY_US,
    EngagementRule,
    counted,
    deepened,
    parse_engagement,
    score,
)

RULE = EngagementRule()
gaps = st.lists(st.integers(0, 60 * DAY_US), max_size=40)


def after(gaps_us: list[int], steps: int = 0) -> Activity:
    activity, now = Activity(), 1_000_000
    for gap in gaps_us:
        now += gap
        activity = counted(activity, now, RULE, is_new_session=gap > DAY_US, steps=steps)
    return activity


@given(gaps, st.integers(0, 3), st.integers(0, 400 * DAY_US))
def test_engagement_is_between_0_and_1(gaps_us: list[int], steps: int, later: int) -> None:
    activity = after(gaps_us, steps)
    assert 0.0 <= score(activity, activity.at + later, RULE) <= 1.0


@given(gaps.filter(bool), st.integers(1, 100 * DAY_US))
def test_engagement_fades_while_nothing_happens(gaps_us: list[int], later: int) -> None:
    activity = after(gaps_us)
    assert score(activity, activity.at + later, RULE) <= score(activity, activity.at, RULE)


@given(gaps.filter(bool))
def test_one_more_turn_now_never_lowers_engagement(gaps_us: list[int]) -> None:
    activity = after(gaps_us)
    more = counted(activity, activity.at, RULE, is_new_session=False)
    assert more.score >= round(score(activity, activity.at, RULE), 4)


def test_somebody_who_never_wrote_has_none() -> None:
    assert score(Activity(), 10**15, RULE) == 0.0


def test_half_of_it_is_gone_after_the_half_life_at_most() -> None:
    activity = after([0] * 20)
    later = activity.at + int(RULE.half_life_days * DAY_US)
    assert score(activity, later, RULE) <= 0.5 * score(activity, activity.at, RULE)


def test_weights_that_do_not_add_up_are_a_mistake() -> None:
    report = Report()
    parse_engagement(parse("w_depth: 0.9\n", "rules/progress.yaml", report), report)
    assert "add up to 1" in report.errors[0].problem


@given(gaps, st.integers(0, 60 * DAY_US))
def test_a_step_never_lowers_engagement(gaps_us: list[int], later: int) -> None:
    activity = after(gaps_us)
    now = activity.at + later
    assert deepened(activity, now, RULE).score >= round(score(activity, now, RULE), 4)


@given(gaps.filter(bool), st.integers(0, 20))
def test_it_does_not_matter_when_within_a_visit_the_steps_were_done(
    gaps_us: list[int], steps: int
) -> None:
    first = last = after(gaps_us)
    for _ in range(steps):
        first = deepened(first, first.at, RULE)
    first = counted(first, first.at, RULE, is_new_session=False)
    last = counted(last, last.at, RULE, is_new_session=False)
    for _ in range(steps):
        last = deepened(last, last.at, RULE)
    assert first == last


@given(gaps.filter(bool), st.integers(0, 30 * DAY_US))
def test_who_comes_more_often_is_at_least_as_engaged(gaps_us: list[int], later: int) -> None:
    less, more = after(gaps_us), after([0, *gaps_us])
    now = max(less.at, more.at) + later
    assert score(more, now, RULE) >= score(less, now, RULE) - 1e-9


@given(gaps.filter(bool), st.integers(0, 10**6))
def test_a_clock_that_went_back_raises_nothing(gaps_us: list[int], back: int) -> None:
    activity = after(gaps_us)
    assert score(activity, activity.at - back, RULE) == score(activity, activity.at, RULE)


def test_the_formula_is_the_documented_one() -> None:
    activity = Activity(at=0, turns=3, depth=2, recent=3.0)
    fading = 2 ** (-3 / 7)
    frequency, depth = 1 - math.exp(-3 * fading / 10), 1 - math.exp(-2 / 6)
    expected = fading * (0.2 + 0.5 * frequency + 0.3 * depth)
    assert abs(score(activity, 3 * DAY_US, RULE) - expected) < 1e-12
