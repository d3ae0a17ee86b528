"""Facts about the holder of snapshots."""

from bot.errors import DeliveryError
from bot.feeds.markets import Markets
from bot.feeds.simulated import Simulated
from bot.model.message import Market

NOW = 1_772_366_400_000_000


def test_nothing_is_known_before_the_first_refresh():
    assert Markets(Simulated(1).snapshot, ["BTC"]).current("BTC") is None


def test_a_refresh_brings_every_asset_to_now():
    markets = Markets(Simulated(1).snapshot, ["BTC", "ETH"])
    fresh = markets.refresh(NOW)
    assert [one.primary_asset for one in fresh] == ["BTC", "ETH"]
    assert markets.current("ETH") == Simulated(1).snapshot("ETH", NOW)
    assert markets.current("DOGE") is None


def test_an_asset_that_fails_keeps_its_last_snapshot_and_is_counted():
    feed = Simulated(1)

    def snapshot(asset: str, now: int) -> Market:
        if asset == "ETH" and now > NOW:
            raise DeliveryError("the feed is down")
        return feed.snapshot(asset, now)

    markets = Markets(snapshot, ["BTC", "ETH"])
    markets.refresh(NOW)
    fresh = markets.refresh(NOW + 1)
    assert [one.primary_asset for one in fresh] == ["BTC"]
    assert markets.current("ETH") == feed.snapshot("ETH", NOW)
    assert markets.failures == 1


def test_a_reader_of_all_never_sees_it_change():
    markets = Markets(Simulated(1).snapshot, ["BTC"])
    markets.refresh(NOW)
    held = markets.all()
    markets.refresh(NOW + 300_000_000)
    assert held["BTC"].at == NOW
