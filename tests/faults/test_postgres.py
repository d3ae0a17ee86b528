"""PostgreSQL stopped, killed, frozen and cut off under load: 503, back soon, nothing twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import live
from tests.faults.cluster import Cluster, cluster, replica
from tests.faults.proxy import Proxy, proxy
from tests.faults.talkers import Crowd, crowd
from tests.live import LiveServer
from tests.sizes import size

TALKERS = size(6, 100)
ROUNDS = size(1, 10)
DOWN_S = 0.5


@dataclass
class Scene:
    """A server whose way to its database leads through a proxy."""

    server: LiveServer
    database: Cluster
    between: Proxy


@pytest.fixture(scope="module")
def database() -> object:
    with cluster() as made:
        yield made


@pytest.fixture
async def scene(database: Cluster, tmp_path: Path) -> AsyncIterator[Scene]:
    async with proxy(database.port) as between:
        schema = f"bot_{tmp_path.name[-20:].lower().strip('_')}"
        given = replica(between.port, schema)
        server = await asyncio.to_thread(live.start, tmp_path, given)
        try:
            yield Scene(server, database, between)
        finally:
            between.pass_on()
            await asyncio.to_thread(live.stop, server)


Fault = Callable[[Scene, Crowd], Awaitable[None]]


async def stopped(scene: Scene, people: Crowd) -> None:
    await asyncio.to_thread(scene.database.stop, "fast")
    await people.refused()
    await asyncio.sleep(DOWN_S)
    await asyncio.to_thread(scene.database.start)


async def lost_power(scene: Scene, people: Crowd) -> None:
    await asyncio.to_thread(scene.database.stop, "immediate")
    await people.refused()
    await asyncio.to_thread(scene.database.start)


async def refused(scene: Scene, people: Crowd) -> None:
    await scene.between.refuse()
    await people.refused()
    await asyncio.sleep(DOWN_S)
    await scene.between.listen()


async def cut_in_the_middle_of_answers(scene: Scene, people: Crowd) -> None:
    for after in (0, 1, 5, 40, 100, 333, 1000):
        scene.between.cut_after = after
        while scene.between.cut_after is not None:
            await asyncio.sleep(0.01)
        await people.all_answered()


async def half_closed(scene: Scene, people: Crowd) -> None:
    scene.between.half_close()


async def slow(scene: Scene, people: Crowd) -> None:
    scene.between.delay_s = 0.1
    await people.all_answered()
    scene.between.delay_s = 0.0


async def cable_pulled(scene: Scene, people: Crowd) -> None:
    scene.between.hold()
    await people.refused()
    scene.between.pass_on()


async def frozen(scene: Scene, people: Crowd) -> None:
    scene.database.freeze()
    await people.refused()
    scene.database.thaw()


FAULTS = (
    stopped, lost_power, refused, cut_in_the_middle_of_answers, half_closed, slow, cable_pulled,
    frozen,
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_after_a_fault_of_the_database_everything_was_done_once(
    scene: Scene, fault: Fault
) -> None:
    async with crowd(scene.server, TALKERS) as people:
        for _ in range(ROUNDS):
            await fault(scene, people)
            took_s = await people.all_answered()
            print(f"{fault.__name__}: all answered {took_s:.2f} s after; {dict(people.outcomes)}")
    await people.check()
