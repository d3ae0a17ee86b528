"""What comes together is served together, and all of it is answered."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.store.line import MOST, PASSES, Job, Line


class Served:
    """Echoes each payload and remembers the batches."""

    def __init__(self) -> None:
        self.batches: list[list[object]] = []

    def __call__(self, jobs: Sequence[Job]) -> None:
        self.batches.append([job.payload for job in jobs])
        for job in jobs:
            if job.payload == "bad":
                job.error = ValueError("bad")
            else:
                job.result = job.payload


async def test_what_is_asked_in_one_go_is_served_together() -> None:
    served = Served()
    line = Line("test", served)
    answers = await asyncio.gather(*(line.put(number) for number in range(40)))
    await line.close()
    assert answers == list(range(40)) and served.batches == [list(range(40))]


async def test_a_batch_has_a_most() -> None:
    served = Served()
    line = Line("test", served)
    answers = await asyncio.gather(*(line.put(number) for number in range(MOST + 10)))
    await line.close()
    assert answers == list(range(MOST + 10))
    assert [len(batch) for batch in served.batches] == [MOST, 10]


async def test_what_keeps_coming_is_handed_over_all_the_same() -> None:
    served = Served()
    line = Line("test", served)
    first = line.put("first")
    others = []
    for _ in range(1_000_000):  # it never pauses, and yet the first one is answered
        if first.done():
            break
        others.append(line.put("more"))
        await asyncio.sleep(0)
    assert first.done() and len(others) >= PASSES
    await asyncio.gather(*others)
    await line.close()


async def test_a_job_that_fails_fails_alone() -> None:
    line = Line("test", Served())
    answers = await asyncio.gather(
        line.put(1), line.put("bad"), line.put(2), return_exceptions=True
    )
    await line.close()
    assert answers[0] == 1 and answers[2] == 2 and isinstance(answers[1], ValueError)


async def test_who_went_away_disturbs_nobody() -> None:
    line = Line("test", Served())
    gone, waiting = line.put(1), line.put(2)
    gone.cancel()
    assert await waiting == 2
    await line.close()


async def test_closing_answers_what_waits_and_takes_no_more() -> None:
    line = Line("test", Served())
    waiting = line.put(1)
    await line.close()
    assert await waiting == 1
    with pytest.raises(AssertionError):
        line.put(2)
