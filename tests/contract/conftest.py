"""The three stores, empty, on a frozen clock."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import FrozenClock
from bot.store.notebook import Notebook
from bot.store.store import Store, open_store
from tests.postgres import a_schema, postgres_url


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(params=["sqlite", "postgres", "notebook"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock
) -> AsyncIterator[Store]:
    made: Store
    if request.param == "notebook":
        made = Notebook(tmp_path / "notebook.json", clock)
        yield made
    elif request.param == "sqlite":
        made = await open_store("sqlite", tmp_path, clock)
        yield made
        await made.close()
    else:
        with a_schema() as schema:
            made = await open_store(postgres_url(), tmp_path, clock, schema=schema)
            yield made
            await made.close()


@pytest.fixture
async def replicas(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[list[Store]]:
    """Two processes' stores on one PostgreSQL database."""
    with a_schema() as schema:
        made = [await open_store(postgres_url(), tmp_path, clock, schema=schema) for _ in "ab"]
        yield made
        for one in made:
            await one.close()
