"""What may stand in rules/risk.yaml (letter R6), and what is proposed by it."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.authored import Report, parse
from bot.insight.remedies import KINDS, Proposal, Situation, proposed
from bot.insight.scorecard import parse_risk
from bot.model.person import Consent, Profile
from bot.model.progress import Boards, Progress
from tests.builders import a_person
from tests.insight.test_risk import FILE, RULE

YES = Consent(nudges=True, promotions=True, sms=True)


def mistakes(old: str, new: str) -> list[str]:
    text = FILE.read_text("utf-8")
    assert old in text
    report = Report()
    root = parse(text.replace(old, new, 1), "rules/risk.yaml", report)
    assert root is not None
    parse_risk(dict(root.items())["risk"], report)
    return [str(one) for one in report.mistakes]


def proposals(level: Any, days_away: int, **given: Any) -> dict[str, list[Proposal]]:
    plain: dict[str, Any] = {"consent": YES, "profile": Profile(learning_style="examples")}
    case = Situation(
        a_person(**(plain | given.pop("person", {}))), level, days_away,
        given.pop("streak", 0), given.pop("lessons", 0), given.pop("is_flagged", False),
    )  # fmt: skip
    found: dict[str, list[Proposal]] = {}
    for one in proposed(case, RULE.remedies, RULE.channels):
        found.setdefault(one.kind, []).append(one)
    return found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("weight: 1.25", "weight: -1", "rules/risk.yaml:10:15  error R080  -1 is outside"),
        ("rare:", "rarely:", "'rarely' is not a key here; did you mean 'rare'?"),
        ("{en: No activity for some days, ", "{", "the English words are missing"),
        ("critical: 80", "critical: 50", "levels must rise"),
        ("new_days: 3", "new_days: 2", "2 is outside 3..30"),
        ("most: 0.6", "most: 1.5", "1.5 is outside"),
        ("kind: gentle_reminder", "kind: gentle", "'gentle' is not one of"),
        ("high: [in_app, push]", "high: [sms]", "an SMS is for emergencies"),
        ("consent: sms", "consent: nudges", "an SMS needs"),
        ("away: {from: 14}", "away: {from: 7}", "an SMS needs"),
        ("away: {from: 1, below: 3}", "away: {from: 3, below: 3}", "'from' must be less"),
        ("consent: promotions", "consent: nudges", "a discount needs consent: promotions"),
        (
            "kind: discount_offer # by",
            "kind: discount_offer\n      levels: [high] # by",
            "a discount is chosen by days away, never by the risk of leaving",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, told: str) -> None:
    found = mistakes(old, new)
    assert any(told in one for one in found), found
    assert all(one.startswith("rules/risk.yaml:") for one in found)


def test_there_are_the_eight_described_kinds() -> None:
    assert {one.kind for one in RULE.remedies} == set(KINDS) and len(KINDS) == 8


def test_the_more_urgent_the_more_channels() -> None:
    assert RULE.channels["medium"] == ("in_app",)
    assert RULE.channels["high"] == ("in_app", "push")
    assert RULE.channels["critical"] == ("in_app", "email", "push")


def test_nothing_but_a_task_for_staff_is_proposed_without_consent() -> None:
    found = proposals("critical", 20, person={"consent": Consent()}, lessons=50)
    assert [one.channels for one in found.pop("human_outreach")] == [("staff",)]
    assert found == {}


def test_a_gentle_reminder_waits_two_days_and_ends_after_two_weeks() -> None:
    days = [n for n in range(30) if "gentle_reminder" in proposals("high", n)]
    assert days == list(range(2, 14))


def test_a_streak_warning_is_for_a_streak_that_runs() -> None:
    assert "streak_warning" in proposals("low", 1, streak=3)
    assert "streak_warning" not in proposals("low", 1, streak=2)
    assert "streak_warning" not in proposals("critical", 3, streak=9)


def test_personal_content_needs_a_learning_style() -> None:
    assert "personalized_content" in proposals("medium", 1)
    assert "personalized_content" not in proposals("medium", 1, person={"profile": Profile()})


def test_achievements_and_milestones_are_of_what_was_done() -> None:
    earned = {"progress": Progress(achievements=("first_step",))}
    assert "achievement_unlocked" in proposals("high", 3, person=earned)
    assert "achievement_unlocked" not in proposals("high", 3)
    assert "milestone_celebration" in proposals("high", 3, lessons=10)
    assert "milestone_celebration" not in proposals("high", 3, lessons=9)


def test_peers_are_compared_only_among_those_who_joined() -> None:
    joined = {"boards": Boards(name="Otter 12", handle="h")}
    assert "peer_comparison" in proposals("high", 3, person=joined)
    assert "peer_comparison" not in proposals("high", 3)


def test_a_discount_follows_days_away_alone_and_never_flagged_people() -> None:
    """R6: whoever was away as long is offered the same, whatever the score says."""
    for level in ("low", "medium", "high", "critical"):
        days = [n for n in range(80) if "discount_offer" in proposals(level, n)]
        assert days == list(range(14, 60))
        offer = proposals(level, 20)["discount_offer"][0]
        assert offer == proposals("low", 20)["discount_offer"][0]
    assert "discount_offer" not in proposals("high", 20, is_flagged=True)
    refused = {"consent": replace(YES, promotions=False)}
    assert "discount_offer" not in proposals("high", 20, person=refused)


def test_an_sms_is_for_the_critical_who_are_silent_for_two_weeks_and_agreed() -> None:
    def ways(level: Any, days: int, **given: Any) -> set[str]:
        found = proposals(level, days, **given).values()
        return {way for ones in found for one in ones for way in one.channels}

    assert "sms" in ways("critical", 14)
    assert "sms" not in ways("critical", 13) and "sms" not in ways("high", 30)
    refused = {"consent": replace(YES, sms=False)}
    assert "sms" not in ways("critical", 30, person=refused)


def test_why_is_told_in_the_persons_language() -> None:
    finnish = {"profile": Profile(language="fi")}
    assert "Todennäköisesti" in proposals("critical", 1, person=finnish)["human_outreach"][0].why
    assert proposals("critical", 1)["human_outreach"][0].why.startswith("Likely")
