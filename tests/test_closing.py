"""Boards close on time and stay as they were; leagues are made for the week (L1, L4, L5)."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from msgspec.structs import replace

from bot.app import Service
from bot.clock import FrozenClock
from bot.people import calendar
from tests.builders import a_decision
from tests.calls import got
from tests.web.test_boards import BOARD, DAY, HOUR, earned, joined, put


async def test_a_board_is_closed_twelve_hours_after_its_end_and_never_changes(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    """L1."""
    for id, name in (("ada", "Wren"), ("bob", ""), ("hidden", None)):
        await earned(client, id)
        if name is not None:
            await joined(client, id, name=name)
    await earned(client, "ada", "quiz_perfect")
    clock.move(24 * HOUR)
    assert not (await service.ticks.run("boards")).get("closed"), (
        "one minute is left to late commits"
    )
    before = await got(client, BOARD, period="daily", of="2026-03-01")
    clock.move(61)
    assert (await service.ticks.run("boards"))["closed"] == 2, "the day and the week"
    after = await got(client, BOARD, period="daily", of="2026-03-01", user_id="ada")
    assert after["leaderboard"] == before["leaderboard"] and after["closed"]
    assert [one["xp"] for one in after["leaderboard"]] == [150, 50] and after["listed"] == 2
    await earned(client, "bob", "quiz_perfect")
    await joined(client, "ada", name="Lark")
    await joined(client, "hidden")
    assert not (await service.ticks.run("boards")).get("closed")
    again = await got(client, BOARD, period="daily", of="2026-03-01", user_id="ada")
    assert again == after, "neither scores nor names nor who joins later change it"


@pytest.mark.parametrize("down_h", [0, 48])
async def test_who_acts_before_a_board_is_written_down_stays_on_it(
    client: TestClient, service: Service, clock: FrozenClock, down_h: int
) -> None:
    """L1: a board is over at its close; the job that keeps it may come later, or much later."""
    for id in ("ada", "bob", "cleo"):
        await earned(client, id)
        await joined(client, id)
    clock.move(36 * HOUR + 60 + down_h * HOUR)
    await earned(client, "ada", "quiz_perfect")
    await put(client, "cleo", join=False)
    assert await service.reads.audit() == []
    assert (await service.ticks.run("boards"))["closed"] == 2
    for period, of in (("daily", "2026-03-01"), ("weekly", "2026-W09")):
        found = await got(client, BOARD, period=period, of=of)
        assert [(one["rank"], one["xp"]) for one in found["leaderboard"]] == [(1, 50)] * 3
        names = [one["name"] for one in found["leaderboard"]]
        assert found["listed"] == 3 and names.count("removed user") == 1
    clock.move(4 * DAY)
    await earned(client, "ada")
    person = await service.store.person("ada")
    assert person is not None and "daily 2026-03-01" not in person.boards.open
    assert await service.reads.audit() == []


@pytest.mark.parametrize("how", ["erased", "left"])
async def test_a_closed_board_keeps_the_line_of_a_removed_user_without_a_name(
    client: TestClient, service: Service, clock: FrozenClock, how: str
) -> None:
    """L4."""
    for id in ("ada", "bob"):
        await earned(client, id)
        await joined(client, id)
    clock.move(1.5 * DAY)
    await service.ticks.run("boards")
    if how == "erased":
        await service.erase("ada")
    else:
        await put(client, "ada", join=False)
    found = await got(client, BOARD, period="daily", of="2026-03-01")
    removed, bob = found["leaderboard"]
    assert removed["name"] == "removed user" and removed["userId"] == "" and removed["xp"] == 50
    assert removed["image"] is None and bob["name"] != "removed user" and bob["rank"] == 1


async def _league(client: TestClient, id: str, **query: Any) -> dict[str, Any]:
    return await got(client, BOARD, period="league", user_id=id, **query)


async def test_a_league_is_made_of_those_who_joined_and_were_active(
    client: TestClient, service: Service
) -> None:
    """L5."""
    for number in range(26):
        await earned(client, f"p{number}")
        if number < 5:
            await earned(client, f"p{number}", "quiz_perfect")
        await joined(client, f"p{number}")
    await earned(client, "hidden", "quiz_perfect")
    assert "league" in (await _league(client, "p0"))["message"]
    assert (await service.ticks.run("boards"))["enrolled"] == 26
    found = await _league(client, "p0", limit=100)
    assert found["listed"] == 13 and found["own"]["rank"] == 1
    assert [one["rank"] for one in found["leaderboard"]][:6] == [1, 1, 1, 1, 1, 6]
    assert (await _league(client, "p20"))["own"]["people"] == 13
    await joined(client, "hidden")
    await joined(client, "idle")
    assert (await service.ticks.run("boards"))["enrolled"] == 1
    assert (await _league(client, "hidden"))["own"]["people"] == 14
    assert (await _league(client, "idle"))["own"] is None


async def test_a_league_is_kept_with_its_week_and_the_next_is_made_of_it(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    for id in ("ada", "bob"):
        await earned(client, id)
        await joined(client, id)
    await service.ticks.run("boards")
    clock.move(1.5 * DAY)
    assert (await service.ticks.run("boards"))["closed"] == 3
    last = await _league(client, "ada", of="2026-W09")
    assert last["closed"] and [one["xp"] for one in last["leaderboard"]] == [50, 50]
    now = await _league(client, "ada")
    assert now["of"] == "2026-W10" and [one["xp"] for one in now["leaderboard"]] == [0, 0]
    assert now["own"]["rank"] is None
    await earned(client, "bob")
    assert [one["xp"] for one in (await _league(client, "ada"))["leaderboard"]] == [50, 0]


async def test_nobody_is_demoted_for_a_week_that_was_paused(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    """L5: of two who do nothing for a week, the one who paused keeps the place among equals."""
    for id in ("ada", "bob", "cid"):
        await earned(client, id, "quiz_perfect")
        await joined(client, id)
    await service.ticks.run("boards")
    ada = await service.store.person("ada")
    assert ada is not None
    clock.move(1.5 * DAY)
    await service.ticks.run("boards")
    today = calendar.local_date(clock.now(), "UTC").toordinal()
    streaks = replace(ada.progress.streaks, pauses=((today, today + 10),))
    paused = replace(ada, progress=replace(ada.progress, streaks=streaks))
    done = await service.store.commit(a_decision(ada, person=paused, now=clock.now()))
    assert done.status == "committed"
    await earned(client, "cid")
    clock.move(7 * DAY)
    await service.ticks.run("boards")
    members = await service.store.boards.members("2026-W11")
    assert {one.person_id: one.activity for one in members} == {"ada": 100, "cid": 50}
