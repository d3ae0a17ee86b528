"""Builds every part once and hands each what it needs."""

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, assert_never

from bot.catalog import Catalog, terms_of
from bot.clock import Clock
from bot.config import Settings
from bot.errors import RequestError, StoreError
from bot.feeds.candles import read_candles
from bot.feeds.http import HttpFeed
from bot.feeds.markets import Fetch, Markets
from bot.feeds.replay import Replay
from bot.feeds.simulated import Simulated
from bot.history import History
from bot.keeper import CatalogKeeper
from bot.logs import Journal, Log, open_journal
from bot.model.message import Inbound
from bot.pace import Pace
from bot.people.calendar import from_rfc3339
from bot.store.protocol import Reads, Store
from bot.store.reads import open_reads_only
from bot.store.store import open_store
from bot.store.studio import Studio
from bot.stranded import Stranded
from bot.tick import Ticks
from bot.training.tutor import Tutor
from bot.turn import Turn

DEMO_PEOPLE = ("demo_novice", "demo_expert")
MODELS = "models"  # a folder of the data folder
KEY_FILE = "operator.key"
CLOCK_S = 60  # seconds between two looks at the database's clock
FIRST_LOOK_S = 1.0  # a start waits no longer for the market; the job asks again


@dataclass(frozen=True)
class Service:
    """Every part of a running bot."""

    settings: Settings
    clock: Clock
    journal: Journal
    tutor: Tutor
    catalogs: CatalogKeeper
    store: Store
    studio: Studio
    markets: Markets
    turn: Turn
    ticks: Ticks
    stranded: Stranded
    history: History
    following: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def log(self) -> Log:
        return self.journal.log

    @property
    def reads(self) -> Reads:
        return self.store.reads

    async def start(self) -> None:
        """Teach the classifier unless it is kept, begin to watch the files and run the jobs."""
        await self.prepare()
        await self.catalogs.teach()
        self.catalogs.start()
        self.ticks.start()
        self.following.append(asyncio.create_task(self._follow_clock()))
        self.following.append(asyncio.create_task(self.stranded.follow()))

    async def prepare(self) -> None:
        """A first look at the market, the first key, demo people; nothing runs by itself."""
        await asyncio.to_thread(self._first_key)
        self.clock.correct(await self.store.clock_offset())
        await self.look_at_market()
        await self.ticks.run("uptime")
        if self.settings.auth.mode == "demo":
            for person_id in DEMO_PEOPLE:
                await self._demo(person_id)

    async def look_at_market(self) -> None:
        """What the feed knows now, unless it takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_LOOK_S):
                await self.markets.refresh(self.clock.now())

    async def stop(self) -> None:
        """Answer what is in the lanes, then close everything."""
        for task in self.following:
            task.cancel()
        await asyncio.gather(*self.following, return_exceptions=True)
        await self.ticks.stop()
        await self.catalogs.stop()
        await self.turn.lanes.drained()
        await self.store.close()
        self.journal.close()

    async def export(self, person_id: str) -> dict[str, Any]:
        """Everything kept about a person; 404 for one never seen."""
        if await self.store.person(person_id) is None:
            raise RequestError("unknown", f"nobody called '{person_id[:80]}' was here yet")
        return await self.store.export(person_id)

    async def erase(self, person_id: str) -> dict[str, Any]:
        """Erase a person between two of their turns; the receipt counts what went."""
        await self.turn.lanes.enter(person_id)
        try:
            if await self.store.person(person_id) is None:
                raise RequestError("unknown", f"nobody called '{person_id[:80]}' was here yet")
            return await self.store.erase(person_id)
        finally:
            self.turn.lanes.leave(person_id)

    async def _follow_clock(self) -> None:
        """Replicas count limits by one clock, that of their database."""
        while True:
            await asyncio.sleep(CLOCK_S)
            try:
                self.clock.correct(await self.store.clock_offset())
            except StoreError:
                continue  # the next minute asks again

    @property
    def key_file(self) -> Path:
        """Where the operator key made at first start lies (0600)."""
        return self.settings.data / KEY_FILE

    def _first_key(self) -> None:
        kept = self.studio.keys()
        scopes = {one.scope for one in kept}
        if "operator" in scopes:
            return
        key = self.studio.add_key("first start", "operator")
        handle = os.open(self.key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"{key}\n")

    async def _demo(self, person_id: str) -> None:
        if await self.store.person(person_id) is None:
            now = self.clock.now()
            made = Inbound("demo", person_id, "staff", now, name="demo", actor="start")
            await self.turn.take(made)


async def build(
    settings: Settings,
    clock: Clock | None = None,
    store: Store | None = None,
    catalog: Catalog | None = None,
    fetch: Fetch | None = None,
) -> Service:
    """A service ready to start; AuthorError when its files hold mistakes.

    `catalog`: that of the same files, when it is compiled already; `fetch`: another feed than the
    one of bot.toml.
    """
    clock = clock or Clock()
    settings.data.mkdir(parents=True, exist_ok=True)
    journal = _journal(settings, clock)
    terms = terms_of(settings)
    tutor = Tutor(settings.data / MODELS, journal.log, clock)
    catalogs = CatalogKeeper(settings.root, terms, journal.log, catalog, tutor)
    store = store or await open_store(
        settings.store.url.value,
        settings.data,
        clock,
        settings.store.master_key.value,
        settings.store.schema,
    )
    market = settings.market
    if fetch is None:
        fetch = await asyncio.to_thread(_feed, settings, clock, journal.log)
    markets = Markets(fetch, settings.assets, market.feed, market.stale_minutes, journal.log)
    log, pace = journal.log, Pace()
    ticks = Ticks(store, lambda: catalogs.current, clock, markets, settings, log, pace.look)
    turn = Turn(store, lambda: catalogs.current, clock, markets, log, ticks.wake, pace, ticks.down)
    ticks.take_turns(turn.take)
    studio = Studio(settings.data / "studio.json", clock)
    stranded = Stranded(store.reads, lambda: catalogs.current, clock, journal.log)
    return Service(
        settings, clock, journal, tutor, catalogs, store, studio, markets, turn, ticks, stranded,
        History(turn, store, log),
    )  # fmt: skip


def _feed(settings: Settings, clock: Clock, log: Log) -> Fetch:
    """The feed that bot.toml names; BotError when a file of candles cannot be read."""
    match settings.market.feed:
        case "simulated":
            return Simulated(settings.market.seed).fetch
        case "http":
            return HttpFeed(settings.market_http, settings.market_fields).fetch
        case "replay":
            replay = settings.market_replay
            candles = read_candles(settings.root / replay.path)
            log.info("candles_read", rows=len(candles.times), **candles.dirt)
            begins = from_rfc3339(replay.begins) if replay.begins else None
            return Replay(
                candles,
                replay.asset,
                begins if begins is not None else clock.now(),
                from_rfc3339(replay.first) or 0 if replay.first else 0,
                replay.speed,
                replay.loop,
            ).fetch
        case other:
            assert_never(other)


async def open_reads(settings: Settings) -> Reads:
    """Only the reading side of the store, beside a server that may be running."""
    store = settings.store
    return await open_reads_only(
        store.url.value, settings.data, store.master_key.value, store.schema
    )


def _journal(settings: Settings, clock: Clock) -> Journal:
    logs = settings.logs
    file = Path(settings.root / logs.file) if logs.file else None
    return open_journal(clock.now, file, logs.level, logs.flush_s)
