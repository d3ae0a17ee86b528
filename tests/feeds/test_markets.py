"""Facts about the holder of snapshots."""

import asyncio
import io
import json

from msgspec.structs import replace

from bot.errors import DeliveryError
from bot.feeds.markets import Markets
from bot.feeds.simulated import Simulated
from bot.logs import open_journal
from bot.model.message import Market

NOW = 1_772_366_400_000_000
MINUTE = 60_000_000


class Shaky:
    """A feed of which one asset fails while `problem` says so."""

    def __init__(self) -> None:
        self.feed = Simulated(1)
        self.problem = ""

    async def fetch(self, asset: str, now: int) -> Market:
        if asset == "ETH" and self.problem:
            raise DeliveryError(self.problem)
        return self.feed.snapshot(asset, now)


async def test_nothing_is_known_before_the_first_refresh():
    markets = Markets(Simulated(1).fetch, ["BTC"])
    assert markets.current("BTC") is None
    assert markets.stale(NOW) == ["BTC"]
    assert markets.health(NOW)["assets"]["BTC"]["at"] is None


async def test_a_refresh_brings_every_asset_to_now():
    markets = Markets(Simulated(1).fetch, ["BTC", "ETH"])
    fresh = await markets.refresh(NOW)
    assert [one.primary_asset for one in fresh] == ["BTC", "ETH"]
    assert markets.current("ETH") == Simulated(1).snapshot("ETH", NOW)
    assert markets.current("DOGE") is None
    assert markets.stale(NOW) == []


async def test_an_asset_that_fails_keeps_its_last_snapshot_and_is_counted():
    shaky = Shaky()
    markets = Markets(shaky.fetch, ["BTC", "ETH"])
    await markets.refresh(NOW)
    shaky.problem = "the feed is down"
    fresh = await markets.refresh(NOW + 1)
    assert [one.primary_asset for one in fresh] == ["BTC"]
    assert markets.current("ETH") == shaky.feed.snapshot("ETH", NOW)
    assert markets.failures == 1


async def test_health_tells_the_age_and_the_problem_of_each_asset():
    shaky = Shaky()
    markets = Markets(shaky.fetch, ["BTC", "ETH"], "http", stale_minutes=15)
    await markets.refresh(NOW)
    shaky.problem = "it answered 500"
    await markets.refresh(NOW + 16 * MINUTE)
    found = markets.health(NOW + 16 * MINUTE)
    assert (found["feed"], found["failures"]) == ("http", 1)
    assert found["assets"]["ETH"] == {
        "at": "2026-03-01T12:00:00Z",
        "age_minutes": 16,
        "is_stale": True,
        "problem": "it answered 500",
    }
    assert found["assets"]["BTC"]["problem"] is None
    assert markets.stale(NOW + 16 * MINUTE) == ["ETH"]


async def test_a_problem_is_logged_once_while_it_lasts_and_so_is_its_end():
    lines, shaky = io.StringIO(), Shaky()
    journal = open_journal(lambda: NOW, stream=lines)
    markets = Markets(shaky.fetch, ["ETH"], log=journal.log)
    for problem in ("down", "down", "slow", "", ""):
        shaky.problem = problem
        await markets.refresh(NOW)
    journal.close()
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(one["event"], one.get("problem")) for one in logged] == [
        ("market_failed", "down"),
        ("market_failed", "slow"),
        ("market_back", None),
    ]


async def test_older_figures_do_not_replace_newer_ones():
    feed = Simulated(1)
    ages = iter([0, 10, 2])

    async def fetch(asset: str, now: int) -> Market:
        return replace(feed.snapshot(asset, now), at=now - next(ages) * MINUTE)

    markets = Markets(fetch, ["BTC"])
    await markets.refresh(NOW)
    assert await markets.refresh(NOW + MINUTE) == []
    assert markets.all()["BTC"].at == NOW
    await markets.refresh(NOW + 3 * MINUTE)
    assert markets.all()["BTC"].at == NOW + MINUTE


async def test_assets_are_asked_side_by_side():
    waiting: list[str] = []
    all_asked = asyncio.Event()

    async def fetch(asset: str, now: int) -> Market:
        waiting.append(asset)
        if len(waiting) == 3:
            all_asked.set()
        await all_asked.wait()
        return Simulated(1).snapshot(asset, now)

    async with asyncio.timeout(30):
        assert len(await Markets(fetch, ["BTC", "ETH", "SOL"]).refresh(NOW)) == 3


async def test_a_reader_of_all_never_sees_it_change():
    markets = Markets(Simulated(1).fetch, ["BTC"])
    await markets.refresh(NOW)
    held = markets.all()
    await markets.refresh(NOW + 300_000_000)
    assert held["BTC"].at == NOW
