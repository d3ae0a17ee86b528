"""The doors of the learner and of the habit economy, over HTTP."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.app import Service
from bot.clock import FrozenClock

XP, TRACK, STREAK = "/api/engagement/xp", "/api/engagement/track", "/api/engagement/streak"
HABIT = "/api/v2/gamify/event"
INVOICE = {
    "user_id": "user_123",
    "category": "finance",
    "action": "paid_invoice",
    "value": 2.0,
    "metadata": {"invoice_amount": 150.00},
}


async def post(client: TestClient, path: str, body: dict[str, Any], status: int = 200) -> Any:
    async with client.post(path, json=body) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def get(client: TestClient, path: str, status: int = 200) -> Any:
    async with client.get(path) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def test_a_first_lesson_is_worth_fifty_xp(client: TestClient) -> None:
    told = await post(client, XP, {"user_id": "ada", "action": "lesson_complete"})
    assert (told["newXP"], told["newLevel"], told["leveledUp"]) == (50, 1, False)
    assert told["progress"] == 50.0


async def test_a_call_without_a_user_is_that_of_the_demo_person(client: TestClient) -> None:
    await post(client, XP, {"action": "lesson_complete"})
    state = await get(client, f"{XP}?userId=demo_novice")
    assert (state["xp"], state["currentLevel"], state["nextLevel"]) == (50, 1, 2)
    assert state["progressPercentage"] == 50.0


async def test_the_three_described_calls_for_one_lesson_award_it_once(client: TestClient) -> None:
    who = {"user_id": "ada"}
    await post(client, XP, {**who, "action": "lesson_complete"})
    await post(client, TRACK, {**who, "event": "lesson_complete"})
    streak = await post(client, STREAK, who)
    assert (streak["streak"], streak["newXP"], streak["isNewDay"]) == (1, 50, False)
    assert (await get(client, f"{XP}?userId=ada"))["xp"] == 50


async def test_a_finance_event_of_value_two_gives_four_points(client: TestClient) -> None:
    told = await post(client, HABIT, INVOICE)
    wanted = {"user_id": "user_123", "category": "finance", "action": "paid_invoice"}
    assert told.items() >= {**wanted, "value": 2.0, "points": 4.0}.items()
    assert told["id"].startswith("evt_") and told["created_at"] == "2026-03-01T12:00:00Z"


@pytest.mark.parametrize("path", [XP, TRACK, STREAK, HABIT])
async def test_an_event_id_is_answered_once_and_for_ever(client: TestClient, path: str) -> None:
    """E1: the same body is replayed, another one is a conflict."""
    bodies: dict[str, dict[str, Any]] = {
        XP: {"action": "lesson_complete"}, TRACK: {"event": "page_view"}, STREAK: {},
        HABIT: INVOICE,
    }  # fmt: skip
    body = {"user_id": "ada", **bodies[path], "event_id": "e-1"}
    body["user_id"] = "ada"
    first = await post(client, path, body)
    async with client.post(path, json=body) as again:
        assert again.status == 200 and again.headers["Idempotency-Replayed"] == "true"
        assert await again.json() == first
    other = {**body, "occurred_at": "2026-03-01T11:00:00Z"}
    refused = await post(client, path, other, 409)
    assert refused["error"]["code"] == "idempotency_mismatch"
    assert (await get(client, f"{XP}?userId=ada"))["xp"] == (50 if path == XP else 0)


async def test_a_time_far_ahead_is_that_of_arrival_and_says_so(
    client: TestClient, clock: FrozenClock
) -> None:
    """E2: five minutes ahead are believed, more are not."""
    told = await post(client, TRACK, {"event": "x", "occurred_at": "2026-03-01T12:05:00Z"})
    assert (told["created_at"], told["flags"]) == ("2026-03-01T12:05:00Z", [])
    told = await post(client, TRACK, {"event": "x", "occurred_at": "2026-03-01T12:05:01Z"})
    assert told["created_at"].startswith("2026-03-01T12:00:00") and told["flags"] == ["future"]


async def test_a_value_above_the_most_is_clamped_and_says_so(client: TestClient) -> None:
    told = await post(client, HABIT, {**INVOICE, "value": 50})
    assert (told["value"], told["points"], told["flags"]) == (5.0, 10.0, ["clamped"])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"value": 0}, "value"),
        ({"value": -1}, "value"),
        ({"category": "gambling"}, "category"),
        ({"action": "placed_bet"}, "action"),
        ({"action": "exercised"}, "action"),
    ],
)
async def test_what_cannot_be_counted_is_refused_by_field(
    client: TestClient, changed: dict[str, Any], field: str
) -> None:
    refused = await post(client, HABIT, {**INVOICE, **changed}, 400)
    assert (refused["error"]["code"], refused["error"]["field"]) == ("bad_input", field)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_is_none_is_refused(client: TestClient, number: str) -> None:
    body = f'{{"category": "finance", "action": "paid_invoice", "value": {number}}}'
    async with client.post(HABIT, data=body) as answer:
        assert answer.status == 400, await answer.text()


async def test_an_unknown_action_is_refused_with_the_nearest_word(client: TestClient) -> None:
    refused = await post(client, XP, {"action": "leson_complete"}, 400)
    assert "lesson_complete" in refused["error"]["message"]


async def test_a_level_and_an_achievement_reach_the_feed_of_who_acted_elsewhere(
    service: Service, client: TestClient, clock: FrozenClock
) -> None:
    """X2: told once, in the transaction of what led to it."""
    for _ in range(3):
        told = await post(client, XP, {"user_id": "ada", "action": "lesson_complete"})
    assert (told["newXP"], told["newLevel"], told["levelName"]) == (150, 2, "Learner")
    clock.move(1)
    await service.ticks.run("deliver")
    feed = await service.store.feed("ada", 0, 10)
    said = [item.text for item in feed if item.kind == "achievement_unlocked"]
    assert len(said) == 2 and "First step" in said[0] + said[1]
    assert "Learner" in said[0] + said[1]
