"""Rewards as staff sees them: who waits for what, and what was had."""

from typing import Any

from bot.clock import FrozenClock
from tests.web.conftest import Client, refusal

REWARDS, REDEEM = "/v1/rewards", "/api/v2/gamify/redeem"
DAY = 86_400
Key = dict[str, str]


async def earns(client: Client, who: str, times: int) -> None:
    """Ten points each."""
    for _ in range(times):
        body = {"user_id": who, "category": "finance", "action": "paid_invoice", "value": 5}
        response = await client.post("/api/v2/gamify/event", json=body)
        assert response.status == 200, await response.text()


async def asks(client: Client, who: str, reward: str, redeem_id: str) -> dict[str, Any]:
    body = {"user_id": who, "reward_id": reward, "redeem_id": redeem_id}
    response = await client.post(REDEEM, json=body)
    assert response.status == 200, await response.text()
    found: dict[str, Any] = await response.json()
    return found


async def listed(client: Client, key: Key, **asked: str) -> list[tuple[str, str]]:
    response = await client.get(REWARDS, params=asked, headers=key)
    assert response.status == 200, await response.text()
    body = await response.json()
    assert body["count"] >= len(body["rewards"])
    return [(one["user_id"], one["reward_id"]) for one in body["rewards"]]


async def rich(client: Client, clock: FrozenClock, *people: str) -> None:
    for _ in range(2):
        for who in people:
            await earns(client, who, 20)
        clock.move(DAY)


async def test_staff_sees_who_waits_until_it_is_handed_over(
    client: Client, operator: Key, clock: FrozenClock
) -> None:
    await rich(client, clock, "ada", "ben", "cleo")
    assert await listed(client, operator) == []
    asked = await asks(client, "ben", "ask_the_teacher", "b-1")
    assert asked["outcome"] == "held"
    clock.move(60)
    await asks(client, "ada", "ask_the_teacher", "a-1")
    await asks(client, "cleo", "study_guide", "c-1")
    response = await client.get(REWARDS, headers=operator)
    first = (await response.json())["rewards"][0]
    assert first == {
        "user_id": "ben", "redeem_id": "b-1", "reward_id": "ask_the_teacher",
        "title": "A question to the teacher", "points": 300.0, "is_free": False,
        "since": asked["created_at"], "held_until": asked["held_until"],
    }  # fmt: skip
    waiting = [("ben", "ask_the_teacher"), ("ada", "ask_the_teacher")]
    assert await listed(client, operator) == waiting
    assert await listed(client, operator, limit="1") == waiting[:1]
    assert await listed(client, operator, state="redeemed") == [("cleo", "study_guide")]
    done = {"user_id": "ben", "redeem_id": "b-1"}
    answer = await client.post("/v1/rewards/confirm", json=done, headers=operator)
    assert (await answer.json())["outcome"] == "handed_over"
    assert await listed(client, operator) == waiting[1:]
    had = await listed(client, operator, state="redeemed")
    assert sorted(had) == [("ben", "ask_the_teacher"), ("cleo", "study_guide")]


async def test_what_lapsed_or_went_back_and_who_is_erased_are_not_listed(
    client: Client, operator: Key, clock: FrozenClock, service: Any
) -> None:
    await rich(client, clock, "ada", "ben", "cleo")
    for who in ("ada", "ben", "cleo"):
        await asks(client, who, "ask_the_teacher", "r-1")
    await service.erase("ben")
    back = {"user_id": "cleo", "redeem_id": "r-1"}
    assert (await client.post("/v1/rewards/return", json=back, headers=operator)).status == 200
    assert await listed(client, operator) == [("ada", "ask_the_teacher")]
    clock.move(15 * DAY)
    assert await listed(client, operator) == []
    assert await listed(client, operator, state="redeemed") == []


async def test_only_operators_may_look(client: Client, service: Any) -> None:
    await refusal(await client.get(REWARDS), 401, "not_authentic")
    key = {"Authorization": f"Bearer {service.studio.add_key('host', 'server')}"}
    await refusal(await client.get(REWARDS, headers=key), 403, "not_allowed")


async def test_a_host_may_call_its_events_as_it_likes(client: Client, operator: Key) -> None:
    body = {"user_id": "ada", "event": "reward_redeemed", "props": {"held_until": "never"}}
    assert (await client.post("/api/engagement/track", json=body)).status == 200
    assert await listed(client, operator) == []
