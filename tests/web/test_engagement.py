"""The doors of the learner and of the habit economy, over HTTP."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.app import Service, build
from bot.clock import FrozenClock
from bot.config import Settings
from bot.web.server import make_app
from tests.calls import get, post
from tests.conftest import shipped_catalog
from tests.web.test_socket import opened, session

XP, TRACK, STREAK = "/api/engagement/xp", "/api/engagement/track", "/api/engagement/streak"
HABIT = "/api/v2/gamify/event"
INVOICE = {
    "user_id": "user_123",
    "category": "finance",
    "action": "paid_invoice",
    "value": 2.0,
    "metadata": {"invoice_amount": 150.00},
}


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


async def test_the_balance_has_every_described_field(client: TestClient) -> None:
    """Level N spans (N-1) x 100 to N x 100 lifetime points."""
    await get(client, "/api/v2/gamify/balance/user_123", 404)
    await post(client, HABIT, INVOICE)
    told = await get(client, "/api/v2/gamify/balance/user_123")
    assert told == {
        "user_id": "user_123",
        "total_points": 4.0,
        "lifetime_points": 4.0,
        "streak_days": 1,
        "last_event": "2026-03-01T12:00:00Z",
        "level": 1,
        "next_level_points": 100.0,
        "achievements": ["first_step"],
        "free_rewards": 0,
    }
    for _ in range(24):
        await post(client, HABIT, INVOICE)
    told = await get(client, "/api/v2/gamify/balance/user_123")
    assert (told["lifetime_points"], told["level"], told["next_level_points"]) == (100.0, 2, 200.0)
    assert told["achievements"] == ["first_step", "points_100"]


async def test_the_latest_events_and_the_statistics_have_every_described_field(
    client: TestClient, clock: FrozenClock
) -> None:
    first = await post(client, HABIT, INVOICE)
    clock.move(60)
    task = {"category": "productivity", "action": "completed_task", "user_id": "user_123"}
    second = await post(client, HABIT, {**task, "metadata": {"priority": "high"}})
    assert (second["value"], second["points"]) == (3.0, 3.0)
    await post(client, XP, {"user_id": "user_123", "action": "lesson_complete"})
    assert await get(client, "/api/v2/gamify/events/user_123?limit=10") == [second, first]
    assert await get(client, "/api/v2/gamify/events/user_123?limit=1") == [second]
    assert await get(client, "/api/v2/gamify/stats/user_123") == {
        "user_id": "user_123",
        "total_events": 2,
        "events_by_category": {"finance": 1, "productivity": 1},
        "points_by_category": {"finance": 4.0, "productivity": 3.0},
        "best_streak": 1,
        "current_streak": 1,
        "achievements": ["first_step"],
    }


@pytest.mark.parametrize(
    ("category", "action", "metadata", "value"),
    [
        ("finance", "scanned_receipt", {"merchant": "x"}, 1.0),
        ("finance", "paid_invoice", {"amount": 150}, 1.5),
        ("finance", "paid_invoice", {"amount": 5000}, 5.0),
        ("productivity", "completed_task", {"priority": "high"}, 3.0),
        ("productivity", "completed_task", {"priority": "medium"}, 2.0),
        ("productivity", "completed_task", {"priority": "low"}, 1.0),
        ("learning", "completed_lesson", {"duration": 45}, 1.5),
    ],
)
async def test_the_described_integrations_make_their_value_of_metadata(
    client: TestClient, category: str, action: str, metadata: dict[str, Any], value: float
) -> None:
    body = {"user_id": "ada", "category": category, "action": action, "metadata": metadata}
    assert (await post(client, HABIT, body))["value"] == value


@pytest.mark.parametrize(
    ("action", "metadata", "wanted"),
    [
        ("completed_task", {"priority": "HIGH"}, "one of high, medium, low"),
        ("completed_task", {"priority": ["high"]}, "one of high, medium, low"),
        ("completed_task", {}, "one of high, medium, low"),
        ("paid_invoice", {"amount": "150"}, "a number"),
        ("paid_invoice", {"amount": {}}, "a number"),
        ("paid_invoice", {"amount": -5}, "must be above 0"),
    ],
)
async def test_metadata_that_makes_no_value_is_told_what_is_wanted(
    client: TestClient, action: str, metadata: dict[str, Any], wanted: str
) -> None:
    category = "finance" if action == "paid_invoice" else "productivity"
    body = {"user_id": "ada", "category": category, "action": action, "metadata": metadata}
    error = (await post(client, HABIT, body, 400))["error"]
    assert wanted in error["message"] and error["field"].startswith("metadata.")


async def rich(client: TestClient, events: int = 13) -> None:
    """Somebody with 10 points an event."""
    for _ in range(events):
        await post(client, HABIT, {**INVOICE, "user_id": "ada", "value": 5})


async def test_a_reward_is_paid_once_under_its_id(client: TestClient) -> None:
    """P3, P4."""
    await rich(client)
    listed = await get(client, "/api/v2/gamify/rewards")
    assert {"id": "study_guide", "points": 100.0}.items() <= listed["rewards"][1].items()
    body = {"user_id": "ada", "reward_id": "study_guide", "redeem_id": "r-1"}
    first = await post(client, "/api/v2/gamify/redeem", body)
    assert (first["outcome"], first["points"], first["total_points"]) == ("redeemed", 100.0, 30.0)
    assert await post(client, "/api/v2/gamify/redeem", body) == first
    await post(client, "/api/v2/gamify/redeem", {**body, "reward_id": "certificate"}, 409)
    poor = await post(client, "/api/v2/gamify/redeem", {**body, "redeem_id": "r-2"})
    assert (poor["outcome"], poor["reason"]) == ("refused", "insufficient_points")
    told = await get(client, "/api/v2/gamify/balance/ada")
    assert (told["total_points"], told["lifetime_points"]) == (30.0, 130.0)


async def test_points_of_a_reward_go_back_to_the_lots_they_came_from(
    service: Service, client: TestClient
) -> None:
    await rich(client)
    body = {"user_id": "ada", "reward_id": "study_guide", "redeem_id": "r-1"}
    await post(client, "/api/v2/gamify/redeem", body)
    back = {"user_id": "ada", "redeem_id": "r-1"}
    key = {"Authorization": f"Bearer {service.key_file.read_text().strip()}"}
    for _ in range(2):
        async with client.post("/v1/rewards/return", json=back, headers=key) as answer:
            assert (await answer.json())["total_points"] == 130.0
    person = await service.store.person("ada")
    assert person is not None
    assert [lot.left for lot in person.spending.lots if lot.unit == "point"] == [130_00]
    assert await service.reads.audit() == []


async def test_staff_confirms_once_what_it_handed_over(
    service: Service, client: TestClient
) -> None:
    """P3, P4: held, then captured; the same confirmation again is answered as the first time."""
    for _ in range(2):
        await rich(client)
        service.clock.move(86_400)  # type: ignore[attr-defined]  # a frozen clock
    await rich(client)
    body = {"user_id": "ada", "reward_id": "ask_the_teacher", "redeem_id": "r-1"}
    held = await post(client, "/api/v2/gamify/redeem", body)
    assert held["outcome"] == "held" and held["held_until"]
    key = {"Authorization": f"Bearer {service.key_file.read_text().strip()}"}
    given = {"user_id": "ada", "redeem_id": "r-1"}
    for _ in range(2):
        async with client.post("/v1/rewards/confirm", json=given, headers=key) as answer:
            told = await answer.json()
            assert (told["outcome"], told["points"]) == ("handed_over", 300.0)
    async with client.post("/v1/rewards/confirm", json=given) as answer:
        assert answer.status == 401
    given["redeem_id"] = "r-2"
    async with client.post("/v1/rewards/confirm", json=given, headers=key) as answer:
        assert answer.status == 404
    assert await service.reads.audit() == []


async def test_points_are_no_credits(service: Service, client: TestClient) -> None:
    """P1: neither the balance nor any window of credits moves."""
    await rich(client)
    user = await get(client, "/user/ada")
    assert user["credits"] == {"balance": 20, "granted": 20, "paid": 0}
    assert user["remaining"] == user["limits"]


async def test_what_is_refused_is_counted(client: TestClient) -> None:
    """Negative and zero values, unknown actions and categories, and numbers that are none."""
    for value in (0, -1):
        await post(client, HABIT, {**INVOICE, "value": value}, 400)
    await post(client, XP, {"action": "dance"}, 400)
    async with client.get("/metrics") as answer:
        told = await answer.text()
    assert f'bot_calls_total{{route="POST {HABIT}",status="400"}} 2.0' in told
    assert f'bot_calls_total{{route="POST {XP}",status="400"}} 1.0' in told


async def test_tracking_earns_nothing_whatever_the_event_is_called(
    service: Service, client: TestClient
) -> None:
    for event in ("page_view", "lesson_start", "quiz_complete", "course_complete"):
        told = await post(client, TRACK, {"user_id": "ada", "event": event, "props": {"page": 1}})
        assert told["event"] == event
    assert (await get(client, f"{XP}?userId=ada"))["xp"] == 0
    kept = await service.store.events("ada")
    assert [event.name for event in kept] == [
        "page_view", "lesson_start", "quiz_complete", "course_complete",
    ]  # fmt: skip
    assert kept[0].props == {"props": {"page": 1}}


async def test_a_day_is_that_of_the_persons_zone_when_it_happened(
    client: TestClient, clock: FrozenClock
) -> None:
    """S1: 22:30 UTC is tomorrow in Helsinki."""
    async with client.put("/user/ada", json={"time_zone": "Europe/Helsinki"}) as answer:
        assert answer.status == 200
    for at in ("2026-02-28T21:30:00Z", "2026-02-28T22:30:00Z"):
        told = await post(client, STREAK, {"user_id": "ada", "occurred_at": at})
    assert told["streak"] == 2


async def test_an_event_id_stays_answered_when_the_events_themselves_are_gone(
    settings: Settings, clock: FrozenClock, aiohttp_client: Callable[..., Awaitable[TestClient]]
) -> None:
    """E1: for ever, also after a restart and a clean-up of old events."""
    body = {"user_id": "ada", "action": "lesson_complete", "event_id": "e-1"}
    told = []
    for _ in range(2):
        service = await build(settings, clock, catalog=shipped_catalog())
        client = await aiohttp_client(make_app(service))
        told.append(await post(client, XP, body))
        await post(client, XP, {**body, "action": "quiz_complete"}, 409)
        await client.close()
        await service.stop()
        with closing(sqlite3.connect(settings.data / "bot.db")) as database, database:
            database.execute("DELETE FROM events")
    assert told[0] == told[1]


async def test_an_achievement_reaches_the_open_socket(
    service: Service, client: TestClient, clock: FrozenClock
) -> None:
    given = await session(client, user_id="demo_novice")
    socket, _ = await opened(client, given["token"], after=1)
    await post(client, XP, {"action": "lesson_complete"})
    clock.move(1)
    await service.ticks.run("deliver")
    frame = await socket.receive_json(timeout=10)
    assert "First step" in str(frame)


async def test_a_check_in_needs_no_body(client: TestClient) -> None:
    async with client.post(STREAK) as answer:
        assert answer.status == 200
        assert (await answer.json())["userId"] == "demo_novice"


async def test_a_widget_checks_in_now_and_claims_no_day_that_was_missed(
    client: TestClient,
) -> None:
    """What a browser says of yesterday would make streaks, freezes and points of nothing."""
    token = {"Authorization": f"Bearer {(await session(client))['token']}"}
    late = {"occurred_at": "2026-02-28T12:00:00Z"}
    async with client.post(STREAK, json=late, headers=token) as refused:
        assert refused.status == 403, await refused.text()
        assert (await refused.json())["error"]["field"] == "occurred_at"
    async with client.post(STREAK, json={}, headers=token) as answer:
        assert (await answer.json())["streak"] == 1
    assert (await post(client, STREAK, {"user_id": "ada", **late}))["isNewDay"]
