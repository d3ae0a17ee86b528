"""Leaderboards over HTTP (letters L1-L6)."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.clock import FrozenClock
from tests.calls import got

HOUR = 3_600.0
DAY = 24 * HOUR
BOARD = "/api/engagement/leaderboard"
POINTS = "/api/v2/gamify/leaderboard"


async def posted(client: TestClient, path: str, **body: Any) -> dict[str, Any]:
    response = await client.post(path, json=body)
    assert response.status == 200, await response.text()
    return await response.json()  # type: ignore[no-any-return]


async def earned(client: TestClient, user_id: str, action: str = "lesson_complete") -> int:
    found = await posted(client, "/api/engagement/xp", user_id=user_id, action=action)
    return int(found["awarded"])


async def put(client: TestClient, user_id: str, **wish: Any) -> tuple[int, dict[str, Any]]:
    response = await client.put(f"/user/{user_id}", json={"leaderboard": wish})
    return response.status, await response.json()


async def joined(client: TestClient, user_id: str, **wish: Any) -> dict[str, Any]:
    status, body = await put(client, user_id, join=True, **wish)
    assert status == 200, body
    return dict(body["leaderboard"])


async def test_an_empty_board_says_how_to_join_and_tells_the_own_place_alone(
    client: TestClient,
) -> None:
    """L4: nobody is listed without joining."""
    await earned(client, "ada")
    found = await got(client, BOARD, period="daily", user_id="ada")
    assert found["leaderboard"] == found["neighbours"] == [] and found["listed"] == 0
    assert "leaderboard" in found["message"] and "join" in found["message"]
    own = found["own"]
    assert own["rank"] == 1 and own["people"] == 1 and own["score"] == 50
    assert own["percentile"] is own["topPercent"] is own["boardRank"] is None
    await client.put("/user/ada", json={"language": "fi"})
    assert "ei ole vielä ketään" in (await got(client, BOARD, user_id="ada"))["message"]
    assert "sarjassa" in (await got(client, BOARD, period="league", user_id="ada"))["message"]


async def test_an_empty_board_does_not_ask_those_to_join_who_have(client: TestClient) -> None:
    await joined(client, "ada")
    for path in (BOARD, POINTS):
        told = (await got(client, path, user_id="ada"))["message"]
        assert "You have joined" in told and "PUT" not in told
        assert "PUT" in (await got(client, path, user_id="bob"))["message"]
    await client.put("/user/ada", json={"language": "fi"})
    assert "Olet liittynyt" in (await got(client, BOARD, user_id="ada"))["message"]
    await earned(client, "ada")
    assert (await got(client, BOARD, user_id="ada"))["message"] is None


@pytest.mark.parametrize("period", ["daily", "weekly", "all_time"])
async def test_a_board_lists_who_joined_by_pseudonym_with_xp_level_and_rank(
    client: TestClient, period: str
) -> None:
    await earned(client, "ada")
    await earned(client, "ada", "quiz_perfect")
    await earned(client, "bob")
    await earned(client, "cid", "quiz_perfect")
    names = {one: (await joined(client, one))["name"] for one in ("ada", "bob")}
    found = await got(client, BOARD, period=period, user_id="bob", limit=10)
    lines = found["leaderboard"]
    assert [(one["name"], one["xp"], one["level"], one["rank"]) for one in lines] == [
        (names["ada"], 150, 2, 1), (names["bob"], 50, 1, 2),
    ]  # fmt: skip
    assert "ada" not in str(found) and "bob" not in str(found) and "cid" not in str(found)
    assert lines[0]["userId"] and lines[0]["image"].startswith("data:image/svg+xml,")
    assert found["own"]["rank"] == 3 and found["own"]["boardRank"] == 2
    assert found["own"]["people"] == 3 and found["message"] is None
    assert [one["name"] for one in found["neighbours"]] == [names["ada"], names["bob"]]
    assert len((await got(client, BOARD, period=period, limit=1))["leaderboard"]) == 1


async def test_equal_scores_share_a_rank(client: TestClient, clock: FrozenClock) -> None:
    """L2: 1224, and who came first is shown first."""
    for id, actions in (("a", 2), ("b", 1), ("c", 1), ("d", 0)):
        clock.move(1)
        for _ in range(actions):
            await earned(client, id)
        await earned(client, id, "quiz_perfect")
        await joined(client, id)
    found = await got(client, BOARD, period="daily", user_id="c")
    assert [one["rank"] for one in found["leaderboard"]] == [1, 2, 2, 4]
    handles = [(await joined(client, id))["userId"] for id in "abcd"]
    assert [one["userId"] for one in found["leaderboard"]] == handles
    assert [one["rank"] for one in found["neighbours"]] == [1, 2, 2, 4]


async def test_a_percentile_is_told_from_twenty_people_on(client: TestClient) -> None:
    """L3."""
    for number in range(19):
        await earned(client, f"p{number}")
    await earned(client, "best", "quiz_perfect")
    own = (await got(client, BOARD, period="weekly", user_id="best"))["own"]
    assert (own["rank"], own["percentile"], own["topPercent"]) == (1, 97.5, 3)
    own = (await got(client, BOARD, period="weekly", user_id="p1"))["own"]
    assert (own["rank"], own["percentile"], own["topPercent"]) == (2, 47.5, 53)
    own = (await got(client, BOARD, period="weekly", user_id="nobody"))["own"]
    assert own["rank"] is own["percentile"] is None and own["people"] == 20


async def test_a_name_may_be_chosen_changed_and_given_back(client: TestClient) -> None:
    await earned(client, "ada")
    made_up = await joined(client, "ada")
    assert made_up["joined"] and made_up == await joined(client, "ada")
    chosen = await joined(client, "ada", name="  Blue   Wren ")
    assert chosen["name"] == "Blue Wren" and chosen["userId"] == made_up["userId"]
    await joined(client, "ada", name="Blue Wren")
    assert await joined(client, "ada", name="") == made_up
    await joined(client, "bob", name="BLUE-WREN")
    status, body = await put(client, "ada", join=True, name="blue wren")
    assert status == 409 and body["error"]["field"] == "leaderboard.name"
    assert (await joined(client, "ada"))["name"] == made_up["name"], "nothing was half done"


@pytest.mark.parametrize("name", ["x", "a" * 25, "evil\u202ename", "see x.example", "staff", "\t"])
async def test_a_name_that_nobody_should_read_is_refused(client: TestClient, name: str) -> None:
    status, body = await put(client, "ada", join=True, name=name)
    assert status == 400 and body["error"]["field"] == "leaderboard.name"


async def test_who_leaves_is_gone_at_once_and_comes_back_as_somebody_new(
    client: TestClient,
) -> None:
    await earned(client, "ada")
    before = await joined(client, "ada", name="Wren")
    status, body = await put(client, "ada", join=False)
    assert status == 200 and body["leaderboard"] == {"joined": False, "name": "", "userId": ""}
    assert (await got(client, BOARD, period="daily"))["leaderboard"] == []
    assert (await got(client, BOARD, period="daily", user_id="ada"))["own"]["rank"] == 1
    after = await joined(client, "ada")
    assert after["userId"] != before["userId"]
    (line,) = (await got(client, BOARD, period="daily"))["leaderboard"]
    assert line["xp"] == 50, "what was earned meanwhile counts"
    await joined(client, "bob", name="Wren")


async def test_who_is_erased_leaves_the_open_boards(client: TestClient, service: Any) -> None:
    """L4."""
    for id in ("ada", "bob"):
        await earned(client, id)
        await joined(client, id)
    await service.erase("ada")
    found = await got(client, BOARD, period="all_time", user_id="bob")
    assert len(found["leaderboard"]) == 1 and found["own"]["people"] == 1


async def test_a_day_and_an_iso_week_end_in_the_boards_one_zone(
    client: TestClient, clock: FrozenClock
) -> None:
    """L1: 2026-03-01 is a Sunday."""
    await earned(client, "ada")
    await joined(client, "ada")
    found = await got(client, BOARD, period="weekly")
    assert (found["of"], found["zone"]) == ("2026-W09", "UTC")
    assert found["since"] == "2026-02-23T00:00:00Z" and found["until"] == "2026-03-02T00:00:00Z"
    assert found["closesAt"] == "2026-03-02T12:00:00Z" and not found["closed"]
    clock.move(12 * HOUR)
    assert (await got(client, BOARD, period="weekly"))["of"] == "2026-W10"
    assert (await got(client, BOARD, period="weekly"))["leaderboard"] == []
    last = await got(client, BOARD, period="weekly", of="2026-W09")
    assert [one["xp"] for one in last["leaderboard"]] == [50] and not last["closed"]
    assert [one["xp"] for one in (await got(client, BOARD))["leaderboard"]] == [50]


async def test_what_is_told_late_counts_in_its_own_day_while_that_is_open(
    client: TestClient, clock: FrozenClock
) -> None:
    """E3, L1."""
    await joined(client, "ada")
    await joined(client, "bob")
    clock.move(13 * HOUR)
    for id in ("ada", "bob"):
        if id == "bob":
            clock.move(11 * HOUR)  # 12:00 the next day: the day before is closed
        await posted(
            client, "/api/engagement/xp", user_id=id, action="lesson_complete",
            occurred_at="2026-03-01T20:00:00Z",
        )  # fmt: skip
    found = await got(client, BOARD, period="daily", of="2026-03-01")
    assert [one["xp"] for one in found["leaderboard"]] == [50] and found["closed"]
    assert (await got(client, BOARD, period="daily"))["leaderboard"] == []
    assert len((await got(client, BOARD))["leaderboard"]) == 2


async def test_the_board_of_points_has_the_described_fields(client: TestClient) -> None:
    """L6: habit points and nothing that was paid for."""
    body = {"category": "finance", "action": "paid_invoice", "value": 2.0}
    await posted(client, "/api/v2/gamify/event", user_id="ada", **body)
    me = await joined(client, "ada")
    found = await got(client, POINTS, limit=10, user_id="ada")
    assert found["leaderboard"] == [{
        "user_id": me["userId"], "name": me["name"], "lifetime_points": 4.0, "level": 1,
        "streak_days": 1, "rank": 1,
    }]  # fmt: skip
    assert found["own"]["score"] == 4.0 and found["own"]["boardRank"] == 1


async def test_paid_spending_never_scores(client: TestClient, operator: dict[str, str]) -> None:
    """L6: credits bought score nothing, and a lesson counts alike whatever it cost."""
    topup = {"credits": 20, "topup_id": "t1"}
    scores = []
    for id, tier, price in (("ada", "basic", 2), ("bob", "exclusive", 10)):
        body = {"user_id": id, **topup}
        response = await client.post("/v1/topups", json=body, headers=operator)
        assert response.status == 200
        await joined(client, id)
        for path in (BOARD, POINTS):
            assert (await got(client, path, user_id=id))["own"]["score"] == 0
        wish = {"user_id": id, "content_tier": tier, "credits_spent": price, "confirm": True}
        unlocked = await posted(client, "/unlock-premium", **wish)
        assert unlocked["outcome"] == "unlocked" and unlocked["price"] == price
        scores.append((await got(client, BOARD, user_id=id))["own"]["score"])
    assert scores[0] == scores[1], scores


async def test_the_rank_is_told_with_the_level(client: TestClient) -> None:
    await earned(client, "ada")
    await earned(client, "bob", "quiz_perfect")
    assert (await got(client, "/api/engagement/xp", userId="ada"))["rank"] == 2
    assert (await got(client, "/api/engagement/xp", userId="nobody"))["rank"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [({"period": "hourly"}, "period"), ({"limit": 0}, "limit"), ({"limit": 101}, "limit"),
     ({"of": "2026-W09"}, "of"), ({"period": "daily", "of": "2026-02-30"}, "of"),
     ({"period": "weekly", "of": "2026-W61"}, "of"), ({"who": "ada"}, "who")],
)  # fmt: skip
async def test_a_board_there_is_none_of_is_refused(
    client: TestClient, query: dict[str, Any], field: str
) -> None:
    response = await client.get(BOARD, params={k: str(v) for k, v in query.items()})
    assert response.status == 400
    assert (await response.json())["error"]["field"] == field
