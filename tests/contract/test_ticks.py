"""What ticks promise on every store, and between two replicas."""

import asyncio
import io

from bot.clock import FrozenClock
from bot.model.person import Profile
from bot.model.progress import Progress, Streak
from bot.progress.streaks import counted
from bot.store.store import Store
from tests.outreach.builders import DAY, HOUR, NOON
from tests.ticking import House

PEOPLE = [f"p{number:02}" for number in range(40)]


async def test_an_alert_is_held_and_delivered_once_on_every_store(
    store: Store, clock: FrozenClock
) -> None:
    house = House(store, clock, io.StringIO())
    await house.people("ada", "bob")
    await house.people("cid", profile=Profile(time_zone="Asia/Tokyo"))
    await house.alert("a1")
    await house.alert("a2")
    assert (await house.ticks.run("deliver"))["sent"] == 4
    clock.move(11.25 * 3600)
    assert (await house.ticks.run("deliver"))["sent"] == 2
    assert [await house.said(one) for one in ("ada", "bob", "cid")] == [["market_alert"] * 2] * 3
    line = (await store.feed("cid", 0, 10))[-1]
    assert line.at == clock.now()
    house.journal.close()


async def test_a_comeback_is_wanted_once_and_sent_once_on_every_store(
    store: Store, clock: FrozenClock
) -> None:
    house = House(store, clock, io.StringIO())
    await house.people("ada")
    assert (await house.ticks.run("nudges"))["wanted"] == 1
    assert "wanted" not in await house.ticks.run("nudges")
    assert (await house.ticks.run("deliver", NOON + 2 * HOUR))["sent"] == 1
    assert await house.said("ada") == ["comeback"]
    house.journal.close()


async def test_two_replicas_that_deliver_at_once_send_each_message_once(
    replicas: list[Store], clock: FrozenClock
) -> None:
    houses = [House(store, clock, io.StringIO()) for store in replicas]
    await houses[0].people(*PEOPLE)
    for number in range(3):
        await houses[number % 2].alert(f"a{number}")
    counts = await asyncio.gather(*(house.ticks.run("deliver") for house in houses))
    assert sum(one.get("sent", 0) for one in counts) == 3 * len(PEOPLE)
    for person_id in PEOPLE:
        assert await houses[0].said(person_id) == ["market_alert"] * 3
    for house in houses:
        house.journal.close()


async def test_two_replicas_that_ask_for_nudges_at_once_want_each_once(
    replicas: list[Store], clock: FrozenClock
) -> None:
    houses = [House(store, clock, io.StringIO()) for store in replicas]
    await houses[0].people(*PEOPLE)
    counts = await asyncio.gather(*(house.ticks.run("nudges") for house in houses))
    assert sum(one.get("wanted", 0) for one in counts) == len(PEOPLE)
    for house in houses:
        house.journal.close()


async def test_days_that_are_over_are_closed_once_on_every_store(
    store: Store, clock: FrozenClock
) -> None:
    house = House(store, clock, io.StringIO())
    await house.ticks.run("streaks")
    streak = Streak()
    for day in range(7):
        now = clock.now() - (6 - day) * DAY
        streak = counted(streak, now, now, "UTC").streak
    await house.people("ada", progress=Progress(streaks=streak), now=clock.now())
    clock.move(20 * 3600)
    assert "streak_frozen" not in await house.ticks.run("streaks")
    clock.move(24 * 3600)
    beats = [house.ticks.run("uptime") for _ in range(2)]
    assert [(await beat).get("outages") for beat in beats] == [1, None]
    down = house.ticks.down()[-1]
    assert down[1] == clock.now()
    clock.move(24 * 3600)
    counts = await house.ticks.run("streaks")
    assert (counts["streak_amnesty"], counts.get("streak_frozen")) == (2, None)
    assert "streak_amnesty" not in await house.ticks.run("streaks")
    kept = await store.events("ada", names=("streak_amnesty",))
    assert len(kept) == 2
    house.journal.close()
