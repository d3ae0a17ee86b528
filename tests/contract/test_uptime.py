"""When nobody was up is known on every store, and to every process."""

import asyncio

from bot.store.store import Store

NOW = 1_772_366_400_000_000
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE


async def test_beats_a_minute_apart_are_no_outage(store: Store) -> None:
    for minute in (0, 1, 2, 11):
        assert await store.beat(NOW + minute * MINUTE) == ()


async def test_an_outage_is_from_the_last_beat_to_the_next(store: Store) -> None:
    await store.beat(NOW)
    down = (NOW, NOW + 90 * MINUTE)
    assert await store.beat(down[1]) == (down,)
    assert await store.beat(down[1] + MINUTE) == (down,)
    again = (down[1] + MINUTE, down[1] + 30 * MINUTE)
    assert await store.beat(again[1]) == (down, again)


async def test_a_clock_that_is_set_back_is_no_outage(store: Store) -> None:
    await store.beat(NOW)
    assert await store.beat(NOW - DAY) == ()
    assert await store.beat(NOW + MINUTE) == ()


async def test_an_outage_of_long_ago_is_not_told_any_more(store: Store) -> None:
    await store.beat(NOW)
    now = NOW + DAY
    await store.beat(now)
    while now < NOW + 62 * DAY:
        now += 9 * MINUTE * 100
        told = await store.beat(now)
    assert (NOW, NOW + DAY) not in told


async def test_of_two_processes_after_an_outage_one_notes_it(replicas: list[Store]) -> None:
    await replicas[0].beat(NOW)
    back = NOW + 2 * 60 * MINUTE
    told = await asyncio.gather(*(one.beat(back) for one in replicas))
    assert set(told) == {((NOW, back),)}
