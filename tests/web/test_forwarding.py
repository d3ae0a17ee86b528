"""Habits go on to the operator's hook: signed, once, and nobody waits for it."""

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
from bot.config import Settings
from bot.settings import HabitSettings, Secret
from bot.web.server import make_app
from tests.channels.test_hook import SECRET
from tests.hooks import Told
from tests.web.conftest import Client, say

EVENT = "/api/v2/gamify/event"
HABIT = {"user_id": "ada", "category": "finance", "action": "paid_invoice", "value": 2.0}


@pytest.fixture
async def told() -> Told:
    return Told()


@pytest.fixture
async def service(settings: Settings, clock: FrozenClock, told: Told) -> AsyncIterator[Service]:
    app = web.Application()
    app.router.add_post("/habits", told.receive)
    async with TestServer(app) as server:
        url = str(server.make_url("/habits"))
        habits = HabitSettings(forward_url=url, secret=Secret(SECRET))
        service = await build(replace(settings, habits=habits), clock)
        await service.prepare()
        yield service
        await service.stop()


@pytest.fixture
async def client(service: Service, aiohttp_client: Any) -> Client:
    client: Client = await aiohttp_client(make_app(service))
    return client


async def test_a_habit_goes_on_as_it_was_answered_signed_and_once(
    client: Client, service: Service, told: Told, clock: FrozenClock
) -> None:
    answer = await client.post(EVENT, json={**HABIT, "event_id": "e-1"})
    assert answer.status == 200 and told.got == []  # the answer waits for nobody
    counted = await answer.json()
    again = await client.post(EVENT, json={**HABIT, "event_id": "e-1"})
    assert again.headers["Idempotency-Replayed"] == "true"
    clock.move(1)
    await service.ticks.run("deliver")
    ((headers, body),) = told.got
    message = json.loads(body)
    assert message["type"] == "habit.counted"
    assert message["data"] == {**counted, "id": "e-1", "points": 4.0}
    expected = signed(
        signing_key(SECRET), headers["webhook-id"], int(headers["webhook-timestamp"]), body
    )
    assert headers["webhook-signature"] == expected["webhook-signature"]
    clock.move(60)
    assert "sent" not in await service.ticks.run("deliver") and len(told.got) == 1


async def test_each_habit_of_many_goes_on_and_nothing_else(
    client: Client, service: Service, told: Told, clock: FrozenClock
) -> None:
    await say(client, "hello", "ada")
    await client.post("/api/engagement/xp", json={"user_id": "ada", "action": "note_taken"})
    lines = [
        {**HABIT, "event_id": f"b{number}", "occurred_at": "2026-03-01T11:00:00Z"}
        for number in range(3)
    ]
    body = "\n".join(map(json.dumps, lines))
    answer = await client.post("/v1/events", data=body)
    assert (await answer.text()).count('"accepted"') == 3
    clock.move(1)
    await service.ticks.run("deliver")
    assert sorted(json.loads(body)["data"]["id"] for _, body in told.got) == ["b0", "b1", "b2"]


async def test_a_receiver_that_stumbles_hears_of_it_again_with_the_same_id(
    client: Client, service: Service, told: Told, clock: FrozenClock
) -> None:
    await client.post(EVENT, json=HABIT)
    told.status = 500
    assert (await service.ticks.run("deliver"))["held"] == 1
    clock.move(6)
    told.status = 204
    assert (await service.ticks.run("deliver"))["sent"] == 1
    assert len({headers["webhook-id"] for headers, _ in told.got}) == 1 and len(told.got) == 2


async def test_history_that_is_brought_in_goes_nowhere(
    client: Client, service: Service, told: Told, operator: dict[str, str]
) -> None:
    line = {**HABIT, "event_id": "h1", "occurred_at": "2025-03-01T11:00:00Z"}
    answer = await client.post("/v1/events?backfill=true", data=json.dumps(line), headers=operator)
    assert answer.status == 200, await answer.text()
    assert "due" not in await service.ticks.run("deliver") and told.got == []
