"""Somebody wants a person: noted once, shown to staff, told to the hook, ended by staff."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from msgspec.structs import replace

from bot.app import Service, build
from bot.channels.hook import signed, signing_key
from bot.clock import FrozenClock
from bot.config import Auth, Settings
from bot.settings import Handoff, Secret
from bot.web.server import make_app
from tests.channels.test_hook import SECRET
from tests.hooks import Told
from tests.web.conftest import Client, Open, refusal, say

WISH = "Can I talk to a human?"


async def wait_lines(client: Client, operator: dict[str, str]) -> list[dict[str, Any]]:
    body = await (await client.get("/v1/handoffs", headers=operator)).json()
    found: list[dict[str, Any]] = body["waiting"]
    return found


async def test_a_wish_is_noted_once_and_shown_in_health(
    client: Client, operator: dict[str, str], clock: FrozenClock
) -> None:
    first = await say(client, WISH)
    assert "on the list" in first["text"] and "I do not know when they look" in first["text"]
    clock.move(3600)
    again = await say(client, WISH)
    assert "already" in again["text"]
    await say(client, WISH, "ben")
    lines = await wait_lines(client, operator)
    assert [(one["user_id"], one["since"]) for one in lines] == [
        ("anna", "2026-03-01T12:00:00Z"),
        ("ben", lines[1]["since"]),
    ]
    health = await (await client.get("/health")).json()
    assert health["handoffs"] == {"waiting": 2, "oldest": "2026-03-01T12:00:00Z"}


async def test_staff_ends_a_wish_once_and_the_person_may_ask_again(
    client: Client, operator: dict[str, str], clock: FrozenClock
) -> None:
    await say(client, WISH)
    (line,) = await wait_lines(client, operator)
    address = f"/v1/handoffs/{line['id']}/close"
    clock.move(60)
    closed = await client.post(address, headers=operator)
    assert closed.status == 200 and (await closed.json())["outcome"] == "closed"
    again = await client.post(address, headers=operator)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await wait_lines(client, operator) == []
    assert (await (await client.get("/health")).json())["handoffs"]["oldest"] is None
    clock.move(60)
    assert "already" not in (await say(client, WISH))["text"]
    (second,) = await wait_lines(client, operator)
    assert second["id"] != line["id"]


async def test_a_wish_nobody_had_cannot_be_ended(client: Client, operator: dict[str, str]) -> None:
    await refusal(await client.post("/v1/handoffs/nope/close", headers=operator), 404, "unknown")


async def test_only_staff_sees_and_ends_wishes(opened: Open, service: Service) -> None:
    client = await opened(auth=Auth("key"))
    key = {"Authorization": f"Bearer {service.studio.add_key('host', 'server')}"}
    assert (await client.get("/v1/handoffs")).status == 401
    await refusal(await client.get("/v1/handoffs", headers=key), 403, "not_allowed")
    await refusal(await client.post("/v1/handoffs/x/close", headers=key), 403, "not_allowed")


async def test_who_is_erased_waits_no_more(
    client: Client, operator: dict[str, str], service: Service
) -> None:
    await say(client, WISH)
    await service.erase("anna")
    assert await wait_lines(client, operator) == []


@pytest.fixture
async def told() -> Told:
    return Told()


@pytest.fixture
async def hooked(settings: Settings, clock: FrozenClock, told: Told) -> AsyncIterator[Service]:
    """A service with a hook and office hours in Helsinki."""
    app = web.Application()
    app.router.add_post("/hook", told.receive)
    async with TestServer(app) as server:
        handoff = Handoff(str(server.make_url("/hook")), Secret(SECRET), ("mon-fri 09:00-17:00",))
        bot = replace(settings.bot, time_zone="Europe/Helsinki")
        service = await build(replace(settings, handoff=handoff, bot=bot), clock)
        await service.prepare()
        yield service
        await service.stop()


async def test_the_hook_is_told_who_and_when_and_nothing_that_was_said(
    hooked: Service, told: Told, clock: FrozenClock, aiohttp_client: Any
) -> None:
    client = await aiohttp_client(make_app(hooked))
    await say(client, "My name is Anna and I lost my house")
    await say(client, WISH)
    clock.move(1)
    counts = await hooked.ticks.run("deliver")
    assert counts["sent"] == 1
    ((headers, body),) = told.got
    message = json.loads(body)
    assert message["type"] == "handoff.wanted"
    assert set(message["data"]) == {"id", "user_id", "since", "language"}
    assert (message["data"]["user_id"], message["data"]["language"]) == ("anna", "en")
    assert b"house" not in body and b"human" not in body
    seconds = int(headers["webhook-timestamp"])
    expected = signed(signing_key(SECRET), headers["webhook-id"], seconds, body)
    assert headers["webhook-signature"] == expected["webhook-signature"]
    assert seconds == clock.now() // 1_000_000
    clock.move(60)
    assert "sent" not in await hooked.ticks.run("deliver") and len(told.got) == 1


async def test_a_hook_that_stumbles_is_told_again_with_the_same_id(
    hooked: Service, told: Told, clock: FrozenClock, aiohttp_client: Any
) -> None:
    client = await aiohttp_client(make_app(hooked))
    await say(client, WISH)
    told.status = 500
    assert (await hooked.ticks.run("deliver"))["held"] == 1
    clock.move(4)
    assert "due" not in await hooked.ticks.run("deliver")
    clock.move(2)
    told.status = 204
    assert (await hooked.ticks.run("deliver"))["sent"] == 1
    assert len({headers["webhook-id"] for headers, _ in told.got}) == 1 and len(told.got) == 2


async def test_a_hook_that_is_gone_is_not_told_again(
    hooked: Service, told: Told, aiohttp_client: Any
) -> None:
    client = await aiohttp_client(make_app(hooked))
    await say(client, WISH)
    told.status = 410
    assert (await hooked.ticks.run("deliver"))["failed"] == 1
    assert len((await (await client.get("/health")).json())["handoffs"]) == 2


async def test_the_answer_says_when_somebody_is_there_again(
    hooked: Service, clock: FrozenClock, aiohttp_client: Any
) -> None:
    client = await aiohttp_client(make_app(hooked))
    sunday = (await say(client, WISH))["text"]
    assert "Nobody is on duty now" in sunday and "2 March 2026, 09:00" in sunday
    clock.move(20 * 3600)  # Monday, 10:00 in Helsinki
    monday = (await say(client, WISH, "ben"))["text"]
    assert "on duty until 2 March 2026, 17:00" in monday
