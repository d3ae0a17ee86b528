"""The HTTP feed against a real server that is slow, broken, huge, or fine."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.config import MarketFields, MarketHttp, Secret
from bot.errors import DeliveryError
from bot.feeds.http import MOST_BYTES, HttpFeed
from bot.feeds.markets import Markets
from tests.feeds.test_mapping import NOW, WHOLE

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Answer], Awaitable["Source"]]


class Source:
    """A server that answers `/price/ASSET` as the test says, and notes what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[web.Request] = []
        self._answer = answer
        app = web.Application()
        app.router.add_get("/price/{asset}", self._take)
        self.server = TestServer(app)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return await self._answer(request)

    def feed(self, **given: Any) -> HttpFeed:
        settings = {"timeout_s": 20.0, "backoff_s": 0.0, **given}
        url = str(self.server.make_url("/price/")) + "{asset}"
        return HttpFeed(MarketHttp(url, **settings), MarketFields())


@pytest.fixture
async def serve() -> Any:
    opened: list[Source] = []

    async def open_source(answer: Answer) -> Source:
        source = Source(answer)
        await source.server.start_server()
        opened.append(source)
        return source

    yield open_source
    for source in opened:
        await source.server.close()


async def fine(_: web.Request) -> web.Response:
    return web.json_response(WHOLE)


def broken(text: str, **given: Any) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text, **given)

    return answer


async def test_a_source_is_asked_for_each_asset_and_its_figures_are_taken(serve: Serve):
    source = await serve(fine)
    markets = Markets(source.feed().fetch, ["BTC", "ETH"], "http")
    await markets.refresh(NOW)
    assert sorted(one.path for one in source.asked) == ["/price/BTC", "/price/ETH"]
    found = markets.current("BTC")
    assert found is not None and found.current_price == 45_000


async def test_the_secret_goes_into_its_header(serve: Serve):
    source = await serve(fine)
    await source.feed(header="X-Key", secret=Secret("s3cret")).fetch("BTC", NOW)
    assert source.asked[0].headers["X-Key"] == "s3cret"
    await source.feed().fetch("BTC", NOW)
    assert "X-Key" not in source.asked[1].headers


async def test_a_source_that_stumbles_is_asked_again(serve: Serve):
    answers = iter([503, 500, 200])

    async def answer(request: web.Request) -> web.Response:
        status = next(answers)
        return await fine(request) if status == 200 else web.Response(status=status)

    source = await serve(answer)
    assert (await source.feed(retries=2).fetch("BTC", NOW)).current_price == 45_000
    assert len(source.asked) == 3


async def test_a_source_that_keeps_failing_is_given_up_after_its_retries(serve: Serve):
    source = await serve(broken("oh", status=500))
    with pytest.raises(DeliveryError, match="it answered 500"):
        await source.feed(retries=2).fetch("BTC", NOW)
    assert len(source.asked) == 3


@pytest.mark.parametrize("status", [301, 400, 401, 404])
async def test_a_refusal_that_will_not_pass_is_not_repeated(serve: Serve, status: int):
    headers = {"Location": "/price/ETH"} if status == 301 else {}
    source = await serve(broken("no", status=status, headers=headers))
    with pytest.raises(DeliveryError, match=f"it answered {status}"):
        await source.feed().fetch("BTC", NOW)
    assert len(source.asked) == 1


@pytest.mark.parametrize("text", ["{", "", "NaN", "<html>", "[" * 5_000, '{"current_price": NaN}'])
async def test_what_is_not_json_is_no_snapshot(serve: Serve, text: str):
    source = await serve(broken(text, content_type="application/json"))
    with pytest.raises(DeliveryError):
        await source.feed(retries=0).fetch("BTC", NOW)


@pytest.mark.parametrize("text", ["null", "[]", '"x"', "{}", '{"current_price": {}}'])
async def test_json_without_the_figures_names_the_first_one_missing(serve: Serve, text: str):
    source = await serve(broken(text, content_type="application/json"))
    with pytest.raises(DeliveryError, match="at '"):
        await source.feed().fetch("BTC", NOW)
    assert len(source.asked) == 1


async def test_a_slow_source_is_not_waited_for(serve: Serve):
    released = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        await released.wait()
        return web.Response()

    source = await serve(answer)
    with pytest.raises(DeliveryError, match="no answer"):
        await source.feed(timeout_s=0.05, retries=0).fetch("BTC", NOW)
    released.set()


async def test_a_body_without_end_is_cut_off(serve: Serve):
    sent = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while sent < 500 * MOST_BYTES:
                await response.write(b" " * 65_536)
                sent += 65_536
        except ConnectionError:
            pass
        return response

    source = await serve(answer)
    with pytest.raises(DeliveryError, match="longer than"):
        await source.feed().fetch("BTC", NOW)
    assert len(source.asked) == 1
    assert sent < 500 * MOST_BYTES


async def test_nobody_listening_is_a_failure_without_the_address_in_it():
    feed = HttpFeed(MarketHttp("http://127.0.0.1:9/{asset}", retries=0), MarketFields())
    with pytest.raises(DeliveryError) as caught:
        await feed.fetch("BTC", NOW)
    assert "127.0.0.1" not in str(caught.value)


async def test_a_failing_source_keeps_the_last_fact_with_its_age(serve: Serve):
    is_down = False

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=500) if is_down else await fine(request)

    source = await serve(answer)
    markets = Markets(source.feed(retries=0).fetch, ["BTC"], "http", stale_minutes=15)
    await markets.refresh(NOW)
    is_down = True
    later = NOW + 20 * 60_000_000
    assert await markets.refresh(later) == []
    known = markets.current("BTC")
    assert known is not None and known.current_price == 45_000
    assert markets.health(later)["assets"]["BTC"] == {
        "at": "2026-03-01T11:58:00Z",
        "age_minutes": 22,
        "is_stale": True,
        "problem": "it answered 500",
    }
