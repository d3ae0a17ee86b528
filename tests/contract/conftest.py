"""The three stores, empty, on a frozen clock."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import FrozenClock
from bot.store.notebook import Notebook
from bot.store.store import Store, open_store


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(params=["sqlite", "notebook"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock
) -> AsyncIterator[Store]:
    made: Store
    if request.param == "notebook":
        made = Notebook(tmp_path / "notebook.json", clock)
    else:
        made = await open_store("sqlite", tmp_path, clock)
    yield made
    await made.close()
