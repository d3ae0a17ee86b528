"""The clockwork: every timed thing is a named job, run on time or once by name."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.catalog import Catalog
from bot.channels.outward import hooks_of
from bot.clock import Clock
from bot.config import Settings
from bot.errors import RequestError
from bot.feeds.markets import Markets
from bot.jobs import Counts, Job, Take, Work
from bot.logs import KEYS, Log
from bot.people.calendar import rfc3339
from bot.retention import Retention
from bot.store.protocol import Store


@dataclass
class JobState:
    """How a job fared since the start: runs that ended well, errors; the last one's counts."""

    every_s: float
    runs: int = 0
    errors: int = 0
    missed: int = 0
    last_run: int = 0
    last_ms: float = 0.0
    last_error: str = ""
    counts: dict[str, int] = field(default_factory=dict)


class Ticks:
    """The clockwork: every timed thing is one of its jobs, run on time or once by name."""

    def __init__(
        self,
        store: Store,
        catalog: Callable[[], Catalog],
        clock: Clock,
        markets: Markets,
        settings: Settings,
        log: Log,
        pace: Callable[[], Mapping[str, float]] = dict,
    ) -> None:
        self._work = work = Work(
            store,
            catalog,
            markets,
            settings.bot.session_minutes,
            log,
            self.wake,
            hooks_of(settings),
            pace,
            clock,
            Retention(store, settings.retention.events_days),
        )
        self._clock, self._log = clock, log
        self.scoring = work.scoring
        self._jobs: Mapping[str, Job] = work.jobs
        every_s = {name: getattr(settings.jobs, f"{name}_s") for name in work.jobs}
        self.states = {name: JobState(seconds) for name, seconds in every_s.items()}
        self._locks = {name: asyncio.Lock() for name in self.states}
        self._woken = asyncio.Event()
        self._scheduler: AsyncIOScheduler | None = None

    def take_turns(self, take: Take) -> None:
        """How a job has a person take a turn; told once there are turns."""
        self._work.take = take

    def start(self) -> None:
        """Begin the jobs; each first runs at once, then at its interval."""
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # our log says it
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for name, state in self.states.items():
            scheduler.add_job(
                self._timed,
                "interval",
                args=(name,),
                id=name,
                seconds=state.every_s,
                next_run_time=_machine_now(),
            )
        scheduler.add_listener(self._noted, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        scheduler.start()
        self._scheduler = scheduler

    async def stop(self) -> None:
        """Let running jobs end, then end the clockwork; what is due stays due."""
        await self.scoring.stop()
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is None:
            return
        scheduler.pause()
        for lock in self._locks.values():
            async with lock:
                pass
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the scheduler's own shutdown is a callback of this loop

    def wake(self) -> None:
        """Deliver now: somebody wrote an outbox row."""
        self._woken.set()
        if self._scheduler is not None and not self._locks["deliver"].locked():
            self._scheduler.modify_job("deliver", next_run_time=_machine_now())

    async def run(self, name: str, at: int | None = None) -> dict[str, int]:
        """One run of one job, as of `at` (microseconds) or now; what it did, counted."""
        if name not in self.states:
            raise RequestError("unknown", f"no job is called '{name}': {', '.join(self.states)}")
        async with self._locks[name]:
            return await self._once(name, at)

    def down(self) -> tuple[tuple[int, int], ...]:
        """When nobody was up, of late, as the uptime job last saw it."""
        return self._work.outages

    def health(self) -> dict[str, dict[str, Any]]:
        """Each job with its next run and how it fared, as /health shows it."""
        next_runs = self.next_runs()
        return {
            name: vars(state)
            | {
                "next_run": next_runs[name],
                "last_run": rfc3339(state.last_run) if state.last_run else None,
            }
            for name, state in self.states.items()
        }

    def next_runs(self) -> dict[str, str | None]:
        """When each job runs next, RFC 3339; None while the clockwork stands still."""
        found: dict[str, str | None] = dict.fromkeys(self.states)
        for job in self._scheduler.get_jobs() if self._scheduler is not None else ():
            if job.next_run_time is not None:
                found[job.id] = rfc3339(int(job.next_run_time.timestamp()) * 1_000_000)
        return found

    async def _timed(self, name: str) -> None:
        """A run by the scheduler; delivering goes on while rows were written meanwhile."""
        async with self._locks[name]:
            while self._scheduler is not None:
                if name == "deliver":
                    self._woken.clear()
                await self._once(name, None)
                if name != "deliver" or not self._woken.is_set():
                    return

    async def _once(self, name: str, at: int | None) -> dict[str, int]:
        state, counts = self.states[name], Counts()
        started = self._clock.cpu_s()
        now = self._clock.now() if at is None else at
        state.last_run = now
        await self._jobs[name](now, counts)
        state.runs += 1
        state.last_ms = round((self._clock.cpu_s() - started) * 1000, 2)
        state.counts, state.last_error = dict(counts), ""
        if counts:
            said = {key: count for key, count in counts.items() if key in KEYS}
            self._log.info("tick_ran", job=name, ms=state.last_ms, **said)
        return state.counts

    def _noted(self, event: JobEvent) -> None:
        """The scheduler's listener for runs that failed or never happened."""
        state = self.states[event.job_id]
        if event.code == EVENT_JOB_MISSED:
            state.missed += 1
            self._log.error("tick_missed", job=event.job_id)
            return
        state.errors += 1
        state.last_error = type(event.exception).__name__
        self._log.error("tick_failed", job=event.job_id, exc_info=event.exception)


def _machine_now() -> datetime:
    """The scheduler lives by the machine's clock, also where ours is frozen."""
    return datetime.fromtimestamp(Clock().now() / 1_000_000, UTC)
