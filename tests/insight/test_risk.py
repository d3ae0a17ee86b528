"""The risk of leaving as a pure function (letters R2-R4)."""

import math
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.authored import Report, parse
from bot.insight import risk
from bot.insight.scorecard import RiskRule, parse_risk
from bot.model.person import Person
from bot.model.progress import Day, Progress, Streak
from bot.model.risk import Risk
from bot.people.calendar import DAY_US
from tests.builders import NOW, a_person

TODAY = date(2026, 3, 1).toordinal()
FILE = Path(__file__).parents[2] / "rules" / "risk.yaml"


def shipped() -> RiskRule:
    report = Report()
    root = parse(FILE.read_text("utf-8"), "rules/risk.yaml", report)
    assert root is not None
    rule = parse_risk(dict(root.items())["risk"], report)
    assert rule is not None and not report.mistakes, report.mistakes
    return rule


RULE = shipped()
PARTS = st.fixed_dictionaries(
    {
        "active": st.lists(st.integers(0, 60), max_size=5, unique=True),
        "lessons": st.integers(0, 30),
        "answers": st.lists(st.integers(0, 1), max_size=10),
        "known": st.integers(61, 400),
    }
)


def somebody(
    active: list[int], lessons: int = 0, answers: list[int] | None = None, known: int = 100
) -> Person:
    """Active so many days ago, on each of the days given; here since `known` days."""
    since = NOW - known * DAY_US
    return a_person(
        created_at=since,
        seen_at=NOW - min(active) * DAY_US if active else since,
        progress=Progress(
            lessons=tuple(f"l{n}" for n in range(lessons)),
            answers=tuple(answers or ()),
            days=tuple(Day(TODAY - n) for n in sorted(active, reverse=True)),
        ),
    )


def at(person: Person, days: int = 0, before: Risk | None = None, streak: int = 0) -> Risk:
    """The risk so many days on, while nothing happens."""
    return risk.reckoned(person, NOW + days * DAY_US, "UTC", streak, RULE, before)


def score_of(risk: Risk) -> int:
    assert risk.score is not None
    return risk.score


@given(PARTS)
def test_a_score_lies_between_0_and_100_and_a_confidence_between_0_and_1(given: Any) -> None:
    found = at(somebody(**given))
    assert 0 <= score_of(found) <= 100 and 0 <= found.confidence <= 1
    assert found.label == "rules-v1"


@given(PARTS)
def test_the_score_is_the_sum_of_its_parts_as_a_chance(given: Any) -> None:
    seen = risk.signals(somebody(**given), NOW, "UTC", 0, RULE)
    log_odds = RULE.card.base + sum(part.log_odds for part in risk.parts(seen, RULE.card))
    assert risk.score(seen, RULE.card) == round(100 / (1 + math.exp(-log_odds)))


@given(PARTS, st.integers(0, 200), st.integers(0, 60))
def test_nobody_is_at_less_risk_for_staying_away_longer(given: Any, first: int, more: int) -> None:
    person = somebody(**given)
    assert score_of(at(person, first)) <= score_of(at(person, first + more))


@given(PARTS)
def test_reasons_are_the_three_parts_that_raise_it_most(given: Any) -> None:
    seen = risk.signals(somebody(**given), NOW, "UTC", 0, RULE)
    told = risk.reasons(seen, RULE.card)
    assert len(told) <= 3 and all(part.log_odds > 0 for part in told)
    left = [part for part in risk.parts(seen, RULE.card) if part not in told]
    assert all(one.log_odds >= part.log_odds for one in told for part in left)


def test_a_daily_learner_is_at_low_risk_and_who_came_once_and_left_at_high() -> None:
    daily = somebody([0, 1, 2, 3, 4], lessons=10, answers=[1, 1])
    assert at(daily, streak=5).level == "low"
    assert at(somebody([6])).level == "high"
    assert at(somebody([40])).level == "critical"


def test_who_is_new_or_paused_has_no_score() -> None:
    new = at(somebody([0], known=2))
    assert (new.score, new.absence, new.reasons) == (None, "new", ())
    assert not new.is_at_risk
    resting = somebody([20])
    streak = Streak(pauses=((TODAY - 2, TODAY + 2),))
    resting = replace(resting, progress=replace(resting.progress, streaks=streak))
    assert (at(resting).score, at(resting).absence) == (None, "paused")
    assert at(resting, 3).score is not None, "the pause is over"


def test_history_that_was_brought_in_makes_nobody_new() -> None:
    person = somebody([0], known=0)
    streak = Streak(since=TODAY - 50)
    person = replace(person, progress=replace(person.progress, streaks=streak))
    assert at(person).score is not None


def kept(
    score: int, level: Any, night: int = TODAY - 1, leaning: Any = "", leaned: int = 1
) -> Risk:
    return Risk(
        "ada", NOW - DAY_US, night, score, level=level, leaning=level, leaned=1, since=night
    )


def stepped(days_away: int, before: Risk | None) -> Risk:
    return at(somebody([days_away], known=300), before=before)


def test_a_level_that_is_kept_changes_after_two_nights_that_agree() -> None:
    high = stepped(6, None)
    assert high.level == "high", "nothing is kept: the cut-offs alone decide"
    first = stepped(6, kept(50, "medium"))
    assert (first.level, first.leaning) == ("medium", "high")
    second = at(somebody([6], known=300), 1, before=first)
    assert (second.level, second.since) == ("high", TODAY + 1)


def test_a_level_goes_down_only_five_points_below_its_cut_off() -> None:
    near = [n for n in range(60) if 55 < score_of(stepped(n, None)) < 60]
    far = [n for n in range(60) if 40 <= score_of(stepped(n, None)) <= 55]
    for n in near:
        assert stepped(n, kept(62, "high")).leaning == "high"
    assert far
    for n in far:
        assert stepped(n, kept(62, "high")).leaning == "medium"


@given(st.integers(0, 40), st.integers(1, 5))
def test_a_night_reckoned_again_stands_where_it_stood(days_away: int, times: int) -> None:
    first = again = stepped(days_away, kept(50, "medium"))
    for _ in range(times):
        again = stepped(days_away, again)
    assert again == first


def test_a_level_nobody_reckoned_for_more_than_two_nights_is_not_held_on_to() -> None:
    assert stepped(40, kept(45, "medium", TODAY - 2)).level == "medium"
    assert stepped(40, kept(45, "medium", TODAY - 3)).level == "critical"
