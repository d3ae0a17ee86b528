"""Lanes: first come, first served for each person; what comes at once is decided abreast."""

import asyncio
from typing import cast

import pytest

from bot.errors import RequestError
from bot.lanes import LANE_DEPTH, PASSES, Abreast, Lanes
from bot.model.decision import Decision
from bot.talk.abreast import Hops


async def test_a_full_lane_answers_too_many_and_loses_nobody_else() -> None:
    lanes = Lanes()
    await lanes.enter("p")
    waiting = [asyncio.create_task(lanes.enter("p")) for _ in range(LANE_DEPTH)]
    await asyncio.sleep(0)
    with pytest.raises(RequestError) as refused:
        await lanes.enter("p")
    assert refused.value.code == "too_many"
    for task in waiting:
        lanes.leave("p")
        await task
    lanes.leave("p")
    assert len(lanes) == 0


async def test_somebody_who_gives_up_waiting_does_not_block_the_lane() -> None:
    lanes = Lanes()
    await lanes.enter("p")
    gone, next_one = asyncio.create_task(lanes.enter("p")), asyncio.create_task(lanes.enter("p"))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    lanes.leave("p")
    await asyncio.wait_for(next_one, 5)
    lanes.leave("p")
    assert len(lanes) == 0


async def test_a_lane_given_to_somebody_who_just_left_is_passed_on() -> None:
    lanes = Lanes()
    await lanes.enter("p")
    gone, next_one = asyncio.create_task(lanes.enter("p")), asyncio.create_task(lanes.enter("p"))
    await asyncio.sleep(0)
    lanes.leave("p")
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await asyncio.wait_for(next_one, 5)
    lanes.leave("p")
    assert len(lanes) == 0


def hops(name: str, walked: list[str]) -> Hops[Decision]:
    """Two hops of somebody, who comes to their own name."""
    walked.append(f"{name} 1")
    yield
    walked.append(f"{name} 2")
    if name == "bad":
        raise ValueError("bad")
    return cast("Decision", name)


async def test_what_comes_in_one_go_is_decided_abreast() -> None:
    walked: list[str] = []
    front = Abreast()
    decided = await asyncio.gather(*(front.decided(hops(name, walked)) for name in "abc"))
    assert decided == ["a", "b", "c"]
    assert walked == ["a 1", "b 1", "c 1", "a 2", "b 2", "c 2"]


async def test_what_keeps_coming_is_decided_all_the_same() -> None:
    front = Abreast()
    first = front.decided(hops("first", []))
    others = []
    for _ in range(1_000_000):
        if first.done():
            break
        others.append(front.decided(hops("more", [])))
        await asyncio.sleep(0)
    assert first.done() and len(others) >= PASSES
    await asyncio.gather(*others)


async def test_a_fault_is_told_to_whoever_asked_and_to_nobody_else() -> None:
    front = Abreast()
    asked = [front.decided(hops(name, [])) for name in ("a", "bad", "b")]
    decided = await asyncio.gather(*asked, return_exceptions=True)
    assert decided[0] == "a" and decided[2] == "b"
    assert isinstance(decided[1], ValueError)


async def test_somebody_who_goes_away_keeps_nobody_from_an_answer() -> None:
    front = Abreast()
    gone, stays = front.decided(hops("gone", [])), front.decided(hops("stays", []))
    gone.cancel()
    assert await stays == cast("Decision", "stays")
