"""The numbers of limits: tighter is fine, looser is a mistake."""

from pathlib import Path

import pytest

from bot.authored import Report, parse
from bot.ledger.settings import LimitSettings, parse_limits

RULES = Path(__file__).resolve().parents[2] / "rules"


def parsed(text: str) -> tuple[LimitSettings, list[str]]:
    report = Report()
    node = parse(text, "rules/limits.yaml", report)
    assert node is not None
    return parse_limits(node, report), [str(mistake) for mistake in report.mistakes]


def test_the_shipped_file_holds_the_shipped_numbers() -> None:
    report = Report()
    node = parse((RULES / "limits.yaml").read_text(), "rules/limits.yaml", report)
    assert node is not None and isinstance(node.value, dict)
    assert parse_limits(node.value["limits"], report) == LimitSettings()
    assert report.mistakes == []


def test_shipped_caps_are_on_at_20_60_120() -> None:
    assert LimitSettings().caps == {"day": 20, "week": 60, "month": 120}


def test_every_number_may_be_tightened() -> None:
    limits, mistakes = parsed(
        "{caps: {day: 12}, topup_caps: {day: 50}, ceilings: {month: 200}, count_granted: false,"
        " increase: {wait_h: 48, confirm_h: 24, every_d: 14}, cooling_off_h: 72,"
        " rest: {credits: 10, within_min: 120, cap_refusals: 2, hours: 4},"
        " reality_check: {minutes: 15, credits: 5}, no_limit_d: 90}"
    )
    assert mistakes == []
    assert limits == LimitSettings(
        caps={"day": 12, "week": 60, "month": 120},
        topup_caps={"day": 50, "week": 2000, "month": 4000},
        ceilings={"month": 200},
        count_granted=False,
        increase_wait_h=48,
        increase_confirm_h=24,
        increase_every_d=14,
        cooling_off_h=72,
        rest_credits=10,
        rest_within_min=120,
        rest_refusals=2,
        rest_h=4,
        check_min=15,
        check_credits=5,
        no_limit_d=90,
    )


@pytest.mark.parametrize(
    "looser",
    [
        "{rest: {credits: 16}}", "{rest: {within_min: 59}}", "{rest: {cap_refusals: 4}}",
        "{rest: {hours: 1}}", "{increase: {wait_h: 23}}", "{increase: {confirm_h: 73}}",
        "{increase: {every_d: 6}}", "{cooling_off_h: 0}", "{reality_check: {minutes: 31}}",
        "{reality_check: {credits: 11}}", "{no_limit_d: 366}",
    ],
)  # fmt: skip
def test_a_looser_number_is_refused_and_the_shipped_one_kept(looser: str) -> None:
    limits, mistakes = parsed(looser)
    assert len(mistakes) == 1
    assert "it may be tightened only" in mistakes[0]
    assert limits == LimitSettings()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{cap: {day: 1}}", "'cap' is not a key here; did you mean 'caps'?"),
        ("{caps: {daily: 1}}", "'daily' is not a key here"),
        ("{caps: {day: -1}}", "outside 0..1000000"),
        ("{caps: {day: lots}}", "expected an integer"),
        ("{count_granted: 1}", "expected true or false"),
        ("{rest: 15}", "expected a mapping"),
        ("{rest: {credits: 0}}", "outside 1.."),
    ],
)
def test_a_wrong_value_is_told(text: str, problem: str) -> None:
    limits, mistakes = parsed(text)
    assert any(problem in mistake for mistake in mistakes), mistakes
    assert limits == LimitSettings()
