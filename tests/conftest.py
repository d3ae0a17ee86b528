"""A whole service on a frozen clock, and a client that talks to it over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient
from msgspec.structs import replace

from bot import config
from bot.app import Service, build
from bot.catalog import Catalog, load
from bot.clock import FrozenClock
from bot.config import Settings
from bot.talk.script import Terms
from bot.web.server import make_app
from tests.projects import ROOT, copied


@lru_cache(maxsize=1)
def shipped_catalog() -> Catalog:
    """The shipped files, compiled once for every test that leaves them as they are."""
    return load(ROOT, Terms())


@pytest.fixture
def clock() -> FrozenClock:
    """2026-03-01, a Sunday, 12:00 UTC, until a test moves it."""
    return FrozenClock()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the shipped project that a test may spoil."""
    return copied(tmp_path / "project")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The shipped bot.toml with a data folder of the test's own."""
    shipped = config.load(ROOT / "bot.toml", {})
    quiet = replace(shipped.logs, file=str(tmp_path / "log.jsonl"))
    shipped = replace(shipped, logs=quiet)
    return config.override(shipped, data=str(tmp_path / "data"))


@pytest.fixture
async def service(settings: Settings, clock: FrozenClock) -> AsyncIterator[Service]:
    """A service on SQLite whose jobs run only when a test says so."""
    built = await build(settings, clock, catalog=shipped_catalog())
    await built.prepare()
    yield built
    await built.stop()


@pytest.fixture
async def client(
    service: Service, aiohttp_client: Callable[..., Awaitable[TestClient]]
) -> TestClient:
    """HTTP to that service."""
    return await aiohttp_client(make_app(service))
