"""What the market feed leads to: answers, sentences, health."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from msgspec.structs import replace

from bot.app import build
from bot.clock import FrozenClock
from bot.config import MarketHttp, MarketReplay, MarketSettings, Settings
from bot.errors import BotError
from bot.web.server import make_app
from tests.feeds.test_candles import REAL, needs_real
from tests.feeds.test_mapping import WHOLE
from tests.web.conftest import Client, say

ASK = "What do you see in BTC?"


async def text_of(client: Client) -> str:
    return str((await say(client, ASK))["text"])


async def test_fresh_figures_are_told_with_their_age_and_their_source(
    client: Client, clock: FrozenClock
) -> None:
    clock.move(180)
    text = await text_of(client)
    assert "3 minutes old and simulated" in text and "over a day" in text
    assert "no fresh figures" not in text


@pytest.mark.parametrize(
    ("seconds", "age"),
    [(16 * 60, "16 minutes"), (5 * 3600, "5 hours"), (3 * 86400, "3 days")],
)
async def test_old_figures_say_that_they_are_old(
    client: Client, clock: FrozenClock, seconds: int, age: str
) -> None:
    clock.move(seconds)
    text = await text_of(client)
    assert "no fresh figures for BTC" in text and f"{age} old" in text
    assert "over a day" not in text
    health = await (await client.get("/health")).json()
    assert health["status"] == "degraded"
    assert health["market"]["assets"]["BTC"]["is_stale"]


async def test_the_snapshot_on_the_wire_has_the_described_keys_and_dated_whale_moves(
    client: Client, clock: FrozenClock, service: Any
) -> None:
    for _ in range(40):
        body = await (await client.get("/market?asset=BTC")).json()
        if body["whale_movements"]:
            break
        clock.move(3600)
        await service.ticks.run("market")
    assert {
        "primary_asset", "current_price", "volatility", "trend", "liquidation_clusters",
        "whale_movements", "at", "source",
    } <= body.keys()  # fmt: skip
    assert all(row["at"].endswith("Z") for row in body["whale_movements"])


@needs_real
async def test_a_replay_of_the_real_file_answers_in_the_chat(
    settings: Settings, clock: FrozenClock, aiohttp_client: Any
) -> None:
    replay = MarketReplay(str(REAL), first="2018-01-16T00:00:00Z", speed=3600)
    service = await build(
        replace(settings, market=MarketSettings("replay"), market_replay=replay), clock
    )
    await service.prepare()
    client = await aiohttp_client(make_app(service))
    clock.move(24)
    await service.ticks.run("market")
    text = await text_of(client)
    assert "11,570" in text and "-14.9 %" in text and "replayed from the past" in text
    body = await (await client.get("/market")).json()
    assert (body["source"], body["liquidation_clusters"]) == ("replay", [])
    assert (await client.get("/market?asset=ETH")).status == 404
    assert (
        "The markets I look at are BTC." in (await say(client, "What do you see in ETH?"))["text"]
    )
    await service.stop()


async def test_a_file_of_candles_that_is_not_there_ends_the_start_with_a_sentence(
    settings: Settings, clock: FrozenClock
) -> None:
    lost = replace(
        settings, market=MarketSettings("replay"), market_replay=MarketReplay("no/such.csv")
    )
    with pytest.raises(BotError, match=r"such\.csv cannot be read"):
        await build(lost, clock)


async def test_a_source_that_fails_is_seen_in_health_while_turns_go_on(
    settings: Settings, clock: FrozenClock, aiohttp_client: Any
) -> None:
    is_down = True

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=500) if is_down else web.json_response(WHOLE)

    app = web.Application()
    app.router.add_get("/{asset}", answer)
    async with TestServer(app) as server:
        source = MarketHttp(str(server.make_url("/")) + "{asset}", retries=0)
        service = await build(
            replace(settings, market=MarketSettings("http"), market_http=source), clock
        )
        await service.prepare()
        client = await aiohttp_client(make_app(service))
        assert "I have no figures for BTC" in await text_of(client)
        health = await (await client.get("/health")).json()
        assert health["market"]["assets"]["ETH"]["problem"] == "it answered 500"
        is_down = False
        await service.ticks.run("market")
        assert "45,000" in await text_of(client)
        assert (await (await client.get("/health")).json())["status"] == "ok"
        await service.stop()
