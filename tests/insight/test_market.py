"""A snapshot in words."""

import pytest

from bot.content.allowed import NOTIFICATION, REPLIES
from bot.feeds.simulated import Simulated
from bot.insight.market import WORDS, is_stale, price
from bot.model.message import Market

NOW = 1_772_366_400_000_000
MINUTE = 60_000_000
BARE = Market("BTC", 0.081234, None, None, None, (), (), NOW, "http")


def words(market: Market, now: int = NOW) -> dict[str, object]:
    return {name: read(market, now, 15) for name, read in WORDS.items()}


def test_templates_may_use_every_word():
    assert set(WORDS) <= REPLIES["market"] and set(WORDS) <= NOTIFICATION


@pytest.mark.parametrize(
    ("value", "told"),
    [(45_123.6, "45,124"), (1_000, "1,000"), (98.4, "98.40"), (1, "1.00"), (0.081234, "0.08123")],
)
def test_a_price_has_the_digits_that_count(value: float, told: str):
    assert price(value) == told


def test_what_a_feed_does_not_know_is_empty():
    told = words(BARE)
    assert (told["trend"], told["clusters"], told["whales"]) == ("", (), ())


def test_figures_are_old_after_the_minutes_allowed_and_not_at_them():
    assert not is_stale(BARE, NOW + 15 * MINUTE, 15)
    assert is_stale(BARE, NOW + 15 * MINUTE + 1, 15)


def test_the_age_is_told_in_minutes_hours_and_days():
    told = words(BARE, NOW + 50 * 60 * MINUTE)
    assert (told["age_minutes"], told["age_hours"], told["age_days"]) == (3000, 50, 2)
    assert words(BARE, NOW - MINUTE)["age_minutes"] == 0


def test_where_the_figures_come_from_is_told():
    assert words(Simulated(1).snapshot("BTC", NOW))["is_simulated"]
    assert not words(BARE)["is_simulated"] and not words(BARE)["is_replayed"]
