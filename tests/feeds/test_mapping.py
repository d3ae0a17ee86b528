"""The answer of a source: figures are found, checked, or named as missing."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import MarketFields
from bot.errors import DeliveryError
from bot.feeds.mapping import market_of
from bot.people.calendar import from_rfc3339

NOW = 1_772_366_400_000_000
SUITE = Path(__file__).resolve().parents[3] / "shared/data/adversarial/json_test_parsing"
WHOLE: dict[str, Any] = {
    "current_price": 45_000,
    "change_pct": -2.5,
    "volatility": 0.8,
    "trend": "down",
    "liquidation_clusters": [{"side": "long", "price": "43200", "size": 5e6}],
    "whale_movements": [{"direction": "to_exchange", "amount": 120, "at": "2026-03-01T11:00:00Z"}],
    "at": "2026-03-01T11:58:00Z",
}
PLAIN = MarketFields()
ONLY_PRICE = MarketFields(
    current_price="data.{asset}.1",
    change_pct="",
    volatility="",
    trend="",
    liquidation_clusters="",
    whale_movements="",
    at="",
)


def test_every_figure_is_taken_from_where_it_lies():
    market = market_of(WHOLE, "BTC", NOW, PLAIN)
    assert (market.primary_asset, market.current_price, market.change_pct) == ("BTC", 45000, -2.5)
    assert (market.volatility, market.trend, market.source) == (0.8, "down", "http")
    assert market.liquidation_clusters == ({"side": "long", "price": 43200.0, "size": 5e6},)
    assert market.whale_movements[0]["at"] == from_rfc3339("2026-03-01T11:00:00Z")
    assert market.at == from_rfc3339("2026-03-01T11:58:00Z")


def test_a_source_that_has_only_a_price_leaves_the_rest_unknown():
    market = market_of({"data": {"ETH": ["x", "2500.5"]}}, "ETH", NOW, ONLY_PRICE)
    assert (market.current_price, market.at) == (2500.5, NOW)
    assert (market.volatility, market.trend, market.change_pct) == (None, None, None)


def test_a_trend_that_is_not_given_follows_the_change():
    fields = msgspec.structs.replace(PLAIN, trend="")
    assert market_of(WHOLE, "BTC", NOW, fields).trend == "down"


def test_figures_of_the_future_are_of_now():
    assert market_of({**WHOLE, "at": NOW // 1_000_000 + 600}, "BTC", NOW, PLAIN).at == NOW


@pytest.mark.parametrize("name", list(WHOLE))
def test_a_missing_figure_is_named(name: str):
    with pytest.raises(DeliveryError, match=f"no {name} at '{name}'") as caught:
        market_of({key: value for key, value in WHOLE.items() if key != name}, "BTC", NOW, PLAIN)
    assert caught.value.permanent


WRONG: list[tuple[str, Any]] = [
    ("current_price", 0),
    ("current_price", -1),
    ("current_price", "lots"),
    ("current_price", True),
    ("current_price", None),
    ("current_price", "Infinity"),
    ("current_price", 10**400),
    ("change_pct", -101),
    ("change_pct", [1]),
    ("volatility", 80),
    ("volatility", {}),
    ("trend", "UP"),
    ("trend", 1),
    ("liquidation_clusters", {}),
    ("liquidation_clusters", [1]),
    ("liquidation_clusters", [{"side": "both", "price": 1, "size": 1}]),
    ("whale_movements", [{"direction": "to_exchange", "amount": 1}]),
    ("at", "yesterday"),
    ("at", 1e300),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda value: str(value)[:30])
def test_a_figure_of_the_wrong_kind_is_named(name: str, value: Any):
    with pytest.raises(DeliveryError, match=f"^{name} at"):
        market_of({**WHOLE, name: value}, "BTC", NOW, PLAIN)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(list(WHOLE)), anything))
def test_any_answer_gives_a_snapshot_in_range_or_a_reason(changed: dict[str, Any]):
    try:
        market = market_of({**WHOLE, **changed}, "BTC", NOW, PLAIN)
    except DeliveryError as error:
        assert error.permanent and " at '" in error.message
    else:
        assert 0 < market.current_price <= 1e12 and market.at <= NOW
        assert market.volatility is not None and 0 <= market.volatility <= 1


@pytest.mark.skipif(not SUITE.exists(), reason="the shared JSON suite is not here")
def test_no_body_of_the_json_test_suite_is_a_snapshot_or_a_fault():
    files = sorted(SUITE.glob("*.json"))
    assert len(files) > 200
    for file in files:
        try:
            body = msgspec.json.decode(file.read_bytes())
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            continue
        with pytest.raises(DeliveryError):
            market_of(body, "BTC", NOW, PLAIN)


def test_the_whole_example_is_what_the_documentation_shows():
    page = (Path(__file__).resolve().parents[2] / "docs" / "market.md").read_text()
    shown = page.split("```json\n")[1].split("```")[0]
    assert market_of(json.loads(shown), "BTC", NOW, PLAIN).current_price == 45_000
