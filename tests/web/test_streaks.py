"""Streaks over HTTP: days, freezes, repairs in the chat, pauses, starts of the day, downtime."""

from typing import Any

import pytest

from bot.app import Service
from bot.clock import FrozenClock
from bot.progress import rebuilt, streaks, telling
from bot.workbench import rebuild
from tests.calls import get, post
from tests.web.test_engagement import STREAK

DAY_S = 24 * 3600
ADA = {"user_id": "ada"}


async def put(client: Any, body: dict[str, Any], status: int = 200) -> Any:
    async with client.put("/user/ada", json=body) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def says(client: Any, text: str = "hello") -> None:
    await post(client, "/interact", {**ADA, "message": text})


async def streak(client: Any) -> int:
    return int((await get(client, "/user/ada"))["streak"])


async def test_a_week_of_check_ins_earns_a_freeze_that_keeps_a_missed_day(
    client: Any, clock: FrozenClock, service: Service
) -> None:
    for day in range(7):
        told = await post(client, STREAK, ADA)
        assert (told["streak"], told["isNewDay"]) == (day + 1, True)
        clock.move(DAY_S)
    assert told["freezes"] == 1
    clock.move(DAY_S)
    told = await post(client, STREAK, ADA)
    assert (told["streak"], told["freezes"]) == (8, 0)
    kept = await service.store.events("ada", names=("streak_frozen",))
    assert [event.props for event in kept] == [{"date": "2026-03-08"}]


async def test_a_second_message_within_48_hours_brings_a_broken_streak_back(
    client: Any, clock: FrozenClock, service: Service
) -> None:
    for _ in range(3):
        await says(client)
        clock.move(DAY_S)
    clock.move(DAY_S)
    assert await streak(client) == 0
    await says(client)
    assert await streak(client) == 1
    await says(client, "teach me about drawdown")
    assert await streak(client) == 4
    names = [event.name for event in await service.store.events("ada")]
    assert "streak_broken" in names


async def test_another_start_of_the_day_holds_from_the_next_one(
    client: Any, clock: FrozenClock
) -> None:
    await post(client, STREAK, ADA)
    assert (await put(client, {"day_start": "04:00"}))["day_start"] == "04:00"
    clock.move(DAY_S)
    await post(client, STREAK, ADA)
    clock.move(15 * 3600)  # 03:00
    assert (await post(client, STREAK, ADA))["isNewDay"] is False
    clock.move(3600)
    told = await post(client, STREAK, ADA)
    assert (told["isNewDay"], told["streak"]) == (True, 3)


async def test_a_planned_pause_keeps_a_streak(client: Any, clock: FrozenClock) -> None:
    await post(client, STREAK, ADA)
    asked = {"streak_pause": {"from": "2026-03-02", "days": 5}}
    shown = await put(client, asked)
    assert shown["streak_pauses"] == [{"from": "2026-03-02", "to": "2026-03-06"}]
    clock.move(6 * DAY_S)
    assert (await post(client, STREAK, ADA))["streak"] == 2


async def test_a_pause_can_be_ended(client: Any, clock: FrozenClock) -> None:
    await post(client, STREAK, ADA)
    await put(client, {"streak_pause": {"from": "2026-03-02", "days": 5}})
    clock.move(2 * DAY_S)
    ended = await put(client, {"streak_pause": None})
    assert ended["streak_pauses"] == []
    clock.move(2 * DAY_S)
    assert await streak(client) == 0


@pytest.mark.parametrize("start", ["06:01", "07:00", "7", "-1:00", "04:60", "\u0664:00", ""])
async def test_a_day_start_that_cannot_be_is_refused_in_words(client: Any, start: str) -> None:
    """S2: 00:00 to 06:00."""
    told = await put(client, {"day_start": start}, 400)
    assert "between 00:00 and 06:00" in told["error"]["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"day_start": "06:01"}, "day_start"),
        ({"day_start": "7"}, "day_start"),
        ({"streak_pause": {"from": "2026-02-28", "days": 1}}, "streak_pause"),
        ({"streak_pause": {"from": "2026-03-02", "days": 31}}, "streak_pause"),
        ({"streak_pause": {"from": "2027-03-31", "days": 1}}, "streak_pause"),
        ({"streak_pause": {"from": "2026-02-30", "days": 1}}, "streak_pause.from"),
        ({"streak_pause": {"from": "2026-03-02", "days": 0}}, "streak_pause.days"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    client: Any, body: dict[str, Any], field: str
) -> None:
    await post(client, STREAK, ADA)
    told = await put(client, body, 400)
    assert told["error"]["field"] == field
    assert (await get(client, "/user/ada"))["day_start"] == "00:00"


async def test_nobody_loses_a_streak_while_the_service_is_down(
    client: Any, clock: FrozenClock, service: Service
) -> None:
    await post(client, STREAK, ADA)
    clock.move(2 * DAY_S)
    await service.ticks.run("uptime")
    assert await streak(client) == 1
    assert (await post(client, STREAK, ADA))["streak"] == 2
    kept = await service.store.events("ada", names=("streak_amnesty",))
    assert [event.props["date"] for event in kept] == ["2026-03-02"]


async def test_our_downtime_is_known_wherever_a_streak_is_shown(
    client: Any, clock: FrozenClock, service: Service
) -> None:
    """Before the next turn or job has closed the day."""
    await put(client, {"leaderboard": {"join": True}})
    await post(client, STREAK, ADA)
    await post(
        client,
        "/api/v2/gamify/event",
        {**ADA, "category": "finance", "action": "paid_invoice", "value": 2.0},
    )
    clock.move(2 * DAY_S)
    await service.ticks.run("uptime")
    assert (await get(client, "/api/v2/gamify/balance/ada"))["streak_days"] == 1
    assert (await get(client, "/api/v2/gamify/stats/ada"))["current_streak"] == 1
    assert (await get(client, "/v1/progress?user_id=ada"))["streak"]["days"] == 1
    board = await get(client, "/api/v2/gamify/leaderboard?user_id=ada")
    assert [line["streak_days"] for line in board["leaderboard"]] == [1]


async def test_a_streak_is_made_again_from_the_events(
    client: Any, clock: FrozenClock, service: Service
) -> None:
    await says(client)
    await put(client, {"time_zone": "Asia/Tokyo", "day_start": "03:00"})
    clock.move(DAY_S)
    await post(client, STREAK, ADA)
    await put(client, {"streak_pause": {"from": "2026-03-04", "days": 2}})
    clock.move(4 * DAY_S)
    await service.ticks.run("uptime")
    await post(client, STREAK, ADA)
    clock.move(DAY_S)
    await put(client, {"time_zone": "America/New_York"})
    await says(client)
    person = await service.store.person("ada")
    assert person is not None
    rule = service.catalogs.current.script.book.streaks
    events = await service.reads.earned("ada")
    assert {telling.MOVED, telling.PLANNED, "streak_amnesty"} <= {one.name for one in events}
    assert rebuilt.differences(person.progress, events, clock.now(), rule) == []
    made = rebuilt.rebuilt(person.progress, events, rule).streaks
    both = [streaks.closed(one, clock.now()).streak for one in (made, person.progress.streaks)]
    assert both[0] == both[1]


async def test_a_day_may_be_moved_by_a_call_that_finds_days_to_close(
    client: Any, service: Service, clock: FrozenClock
) -> None:
    """An older clock is let go when dates are closed: that is no move, and clashes with none."""
    await says(client)
    for wish in (
        {"time_zone": "Europe/Helsinki"},
        {"day_start": "04:00"},
        {"time_zone": "Asia/Tokyo"},
        {"time_zone": "America/New_York"},  # within a day of the last: it counts later
        {"day_start": "05:00"},  # and then in the same turn as this
    ):
        response = await client.put("/user/ada", json=wish)
        assert response.status == 200, await response.text()
        clock.move(3_600 if wish.get("time_zone") == "Asia/Tokyo" else 5 * 86_400)
    moves = [one for one in await service.reads.earned("ada") if one.name == "streak_days_moved"]
    assert len({one.id for one in moves}) == 5
    assert (await rebuild.audit(service))[1] == []


async def test_a_pause_that_comes_before_anything_else_adds_up_again(
    client: Any, service: Service, clock: FrozenClock
) -> None:
    await says(client, "pause my streak for 5 days")
    for n in range(8):  # whatever the order of their ids
        wish = {"day_start": "04:00", "streak_pause": {"from": "2026-03-02", "days": 3}}
        assert (await client.put(f"/user/p{n}", json=wish)).status == 200
    clock.move(86_400)
    await says(client)
    count, wrong = await rebuild.audit(service)
    assert count >= 9 and wrong == []
