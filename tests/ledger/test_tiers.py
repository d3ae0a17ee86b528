"""Prices of tiers."""

import pytest

from bot.authored import Report, parse
from bot.ledger.tiers import Prices, parse_tiers
from bot.model.money import Tier


def parsed(text: str) -> tuple[Prices, list[str]]:
    report = Report()
    node = parse(text, "rules/tiers.yaml", report)
    assert node is not None
    return parse_tiers(node, report), [str(mistake) for mistake in report.mistakes]


def test_shipped_prices_are_0_2_5_10() -> None:
    report = Report()
    prices = parse_tiers(None, report)
    assert [prices.of(tier) for tier in Tier] == [0, 2, 5, 10]


def test_the_version_changes_with_a_price() -> None:
    one, _ = parsed("{free: 0, basic: 2, premium: 5, exclusive: 10}")
    same, _ = parsed("{exclusive: 10, free: 0, basic: 2, premium: 5}")
    other, _ = parsed("{free: 0, basic: 3, premium: 5, exclusive: 10}")
    assert one == same
    assert one.version != other.version


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{free: 1, basic: 2, premium: 5, exclusive: 10}", "must cost 0"),
        ("{free: 0, basic: 5, premium: 5, exclusive: 10}", "'premium' must cost more"),
        ("{free: 0, basic: 2, premium: 5}", "'exclusive' is missing"),
        ("{free: 0, basic: 2, premum: 5, exclusive: 10}", "did you mean 'premium'?"),
        ("{free: 0, basic: 2.5, premium: 5, exclusive: 10}", "expected an integer"),
        ("{free: 0, basic: 2, premium: 5, exclusive: 1000001}", "outside 0..1000000"),
        ("[0, 2, 5, 10]", "expected a mapping"),
    ],
)
def test_a_wrong_price_is_told_with_its_place(text: str, problem: str) -> None:
    _, mistakes = parsed(text)
    assert any(problem in mistake for mistake in mistakes), mistakes
    assert all(mistake.startswith("rules/tiers.yaml:1:") for mistake in mistakes)
