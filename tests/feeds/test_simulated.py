"""Facts about the made-up market."""

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.simulated import LEVELS, REGIME_US, Simulated
from bot.people.calendar import DAY_US, HOUR_US

NOW = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z
moments = st.integers(NOW - 3000 * DAY_US, NOW + 3000 * DAY_US)
seeds = st.integers(0, 1 << 40)


@given(seeds, st.sampled_from(sorted(LEVELS)), moments)
def test_the_same_seed_asset_and_time_give_the_same_market(seed: int, asset: str, now: int):
    assert Simulated(seed).snapshot(asset, now) == Simulated(seed).snapshot(asset, now)


@given(seeds, st.sampled_from(sorted(LEVELS)), moments)
def test_every_value_is_in_its_declared_range(seed: int, asset: str, now: int):
    market = Simulated(seed).snapshot(asset, now)
    assert LEVELS[asset] / 4 < market.current_price < LEVELS[asset] * 4
    assert 0.0 <= market.volatility <= 1.0
    assert -100.0 <= market.change_pct <= 1000.0
    assert market.at == now
    assert market.source == "simulated"


@given(seeds, moments)
def test_the_price_moves_in_small_steps(seed: int, now: int):
    feed = Simulated(seed)
    before, after = feed.price("BTC", now), feed.price("BTC", now + 1_000_000)
    assert abs(after / before - 1.0) < 0.002


def test_change_is_that_of_the_price_over_24_hours():
    feed = Simulated(4)
    before, after = feed.price("ETH", NOW - DAY_US), feed.price("ETH", NOW)
    market = feed.snapshot("ETH", NOW)
    assert market.change_pct == round((after / before - 1) * 100, 2)


def test_seeds_and_assets_give_different_markets():
    prices = {Simulated(seed).snapshot("BTC", NOW).current_price for seed in range(20)}
    assert len(prices) == 20
    assert Simulated(1).trend("BTC", NOW) in ("up", "down", "sideways")


def test_each_trend_occurs_and_up_rises_more_often_than_down():
    feed = Simulated(2)
    moves: dict[str, list[float]] = {"up": [], "down": [], "sideways": []}
    for number in range(200):
        start = NOW // REGIME_US * REGIME_US + number * REGIME_US
        rise = feed.price("BTC", start + REGIME_US - 1) / feed.price("BTC", start) - 1
        moves[feed.trend("BTC", start)].append(rise)
    assert all(len(found) > 30 for found in moves.values())
    mean = {trend: sum(found) / len(found) for trend, found in moves.items()}
    assert mean["down"] < mean["sideways"] < mean["up"]


def test_five_per_cent_in_a_day_happens_but_not_most_days():
    feed = Simulated(1)
    days = [abs(feed.snapshot("BTC", NOW + day * DAY_US).change_pct) for day in range(200)]
    assert 0 < sum(change >= 5 for change in days) < 60


@given(seeds, moments)
def test_clusters_lie_on_their_side_of_the_price_and_whales_in_the_last_day(seed: int, now: int):
    market = Simulated(seed).snapshot("SOL", now)
    assert 1 <= len(market.liquidation_clusters) <= 4
    for cluster in market.liquidation_clusters:
        above = float(cluster["price"]) > market.current_price
        assert above == (cluster["side"] == "short")
        assert int(cluster["size"]) > 0
    for whale in market.whale_movements:
        assert now - DAY_US < int(whale["at"]) <= now
        assert whale["direction"] in ("to_exchange", "from_exchange")


def test_whales_stay_where_they_were_as_time_passes():
    feed = Simulated(3)
    early = {str(one) for one in feed.snapshot("BTC", NOW).whale_movements}
    later = feed.snapshot("BTC", NOW + HOUR_US).whale_movements
    old = {str(one) for one in later if int(one["at"]) <= NOW}
    assert old <= early


def test_an_asset_without_a_level_of_its_own_gets_one_and_keeps_it():
    feed = Simulated(1)
    prices = [feed.snapshot("DOGE", NOW + day * DAY_US).current_price for day in range(100)]
    assert max(prices) < 3 * min(prices)
    assert prices != [feed.snapshot("ADA", NOW + day * DAY_US).current_price for day in range(100)]
