"""A clock that is set under open sockets: talk goes on, money waits, tokens end when they say."""

from typing import Any

from aiohttp.test_utils import TestClient

from bot.app import Service
from bot.clock import FrozenClock
from bot.web import socket as wire
from tests.web.test_socket import closed, opened, say, session

MINUTE_US = 60_000_000


async def unlocked(client: TestClient, unlock_id: str, person_id: str) -> tuple[int, Any]:
    body = {"unlock_id": unlock_id, "sku": "leverage.basic", "expected_price": 2}
    response = await client.post(
        "/v1/unlocks", json={**body, "user_id": person_id, "confirm": True}
    )
    return response.status, await response.json()


async def test_a_jump_ahead_ends_tokens_and_closes_what_is_paid_until_confirmed(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    assert (await say(socket, "hello", "m1"))["type"] == "said"
    clock.set(clock.at + 120 * MINUTE_US)
    assert (await say(socket, "hello", "m2"))["type"] == "said"  # talking is free
    assert await closed(socket) == wire.NOT_AUTHENTIC
    refused = await client.ws_connect("/widget/socket")
    await refused.send_json({"type": "hello", "token": given["token"]})
    assert await closed(refused) == wire.NOT_AUTHENTIC

    status, told = await unlocked(client, "u1", given["user_id"])
    assert (status, told["error"]["code"]) == (503, "clock_jumped")
    again = await session(client, visitor=given["visitor"])
    assert again["user_id"] == given["user_id"]
    socket, ready = await opened(client, again["token"], after=again["number"])
    assert ready["number"] == again["number"]
    service.turn.confirm_clock()
    status, told = await unlocked(client, "u1", given["user_id"])
    assert (status, told["outcome"]) == (200, "unlocked")


async def test_a_jump_back_keeps_sockets_and_order_and_closes_what_is_paid(
    client: TestClient, clock: FrozenClock
) -> None:
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    numbers = [(await say(socket, "hello", "m1"))["number"]]
    status, told = await unlocked(client, "u1", given["user_id"])
    assert (status, told["outcome"]) == (200, "unlocked")
    clock.set(clock.at - 30 * MINUTE_US)
    numbers.append((await say(socket, "hello", "m2"))["number"])
    assert numbers == sorted(set(numbers))
    body = {"unlock_id": "u2", "sku": "volatility.basic", "expected_price": 2, "confirm": True}
    body["user_id"] = given["user_id"]
    response = await client.post("/v1/unlocks", json=body)
    assert response.status == 503
    assert (await response.json())["error"]["code"] == "clock_behind"
    clock.set(clock.at + 30 * MINUTE_US)
    response = await client.post("/v1/unlocks", json=body)
    assert (await response.json())["outcome"] == "unlocked"
    again = await say(socket, "hello", "m2")
    assert again["reply"]["replayed"] is True


async def test_a_token_of_a_clock_that_was_ahead_is_none_for_longer_than_it_says(
    client: TestClient, clock: FrozenClock
) -> None:
    clock.set(clock.at + 10 * MINUTE_US)
    given = await session(client)
    clock.set(clock.at - 10 * MINUTE_US)
    socket, ready = await opened(client, given["token"])
    assert ready["expires_at"] == given["expires_at"]
    clock.move(25 * 60)
    await socket.send_json({"type": "say", "id": "m1", "text": "hello"})
    assert await closed(socket) == wire.NOT_AUTHENTIC
