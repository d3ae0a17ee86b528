"""A store of one's own on SQLite or PostgreSQL, and a frozen clock."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.clock import FrozenClock
from bot.store.store import Database, open_store
from tests.postgres import a_schema, postgres_url


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def sqlite(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[Database]:
    made = await open_store("sqlite", tmp_path, clock)
    yield made
    await made.close()


@pytest.fixture
def schema() -> Iterator[str]:
    with a_schema() as name:
        yield name


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Url and schema of each kind of database."""
    if request.param == "sqlite":
        yield "sqlite", ""
        return
    with a_schema() as name:
        yield postgres_url(), name
