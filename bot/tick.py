"""The named jobs: due, plan, commit, deliver, settle."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.catalog import Catalog
from bot.channels import inapp
from bot.channels.hook import Hook
from bot.channels.outward import Outward
from bot.clock import Clock
from bot.config import Settings
from bot.errors import RequestError
from bot.feeds.markets import Markets
from bot.logs import KEYS, Log
from bot.model.decision import Plan
from bot.model.message import Delivery, Message
from bot.model.person import Person
from bot.outreach import moves, plan, sessions
from bot.people.calendar import DAY_US, rfc3339
from bot.store.protocol import Crowd, Store

BATCH = 200  # due messages read at once
PAGE = 100  # people read at once; a page is judged between two turns of the event loop
AT_ONCE = 32  # people written side by side, so that their commits share a transaction
TRIES = 5  # plans for one person who is busy meanwhile
SEEN_SINCE_D = 60  # jobs look at people who were here in this time
SESSIONS_SINCE_D = 2  # a server that stood still longer leaves those sessions unmeasured
IDLE_D = 3

Counts = Counter[str]
Job = Callable[[int, Counts], Awaitable[None]]


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
        hook = Hook(settings.handoff) if settings.handoff.url else None
        work = _Work(
            store, catalog, markets, settings.bot.session_minutes, log, self.wake, hook, pace
        )
        self._clock, self._log = clock, log
        self._jobs: Mapping[str, Job] = work.jobs
        jobs = settings.jobs
        self.states = {
            "market": JobState(jobs.market_s),
            "deliver": JobState(jobs.deliver_s),
            "nudges": JobState(jobs.nudges_s),
            "sessions": JobState(jobs.sessions_s),
            "engagement": JobState(jobs.engagement_s),
            "health": JobState(jobs.health_s),
        }
        self._locks = {name: asyncio.Lock() for name in self.states}
        self._woken = asyncio.Event()
        self._scheduler: AsyncIOScheduler | None = None

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


class _Work:
    """What the jobs do; each counts what it did. One person's failure does not stop a run."""

    def __init__(
        self,
        store: Store,
        catalog: Callable[[], Catalog],
        markets: Markets,
        session_minutes: int,
        log: Log,
        wake: Callable[[], None],
        hook: Hook | None,
        pace: Callable[[], Mapping[str, float]],
    ) -> None:
        self._store, self._catalog, self._markets = store, catalog, markets
        self._session_minutes, self._log, self._wake = session_minutes, log, wake
        self._pace = pace
        self._outward = Outward(hook, store, self._is_committed, log)
        self._told: frozenset[str] = frozenset()
        self.jobs: dict[str, Job] = {
            "market": self._market,
            "deliver": self._deliver,
            "nudges": self._nudges,
            "sessions": self._sessions,
            "engagement": self._engagement,
            "health": self._health,
        }

    async def _market(self, now: int, counts: Counts) -> None:
        """Fetch the market; a strong move is an alert to those who follow the asset."""
        fresh = await self._markets.refresh(now)
        counts["fresh"] += len(fresh)
        alerts = {alert.id: alert for one in fresh if (alert := moves.alert_of(one)) is not None}
        for alert_id in alerts.keys() - self._told:
            counts["followers"] += await self._store.alert(alerts[alert_id])
            counts["alerts"] += 1
            self._wake()
        self._told = frozenset(alerts)

    async def _deliver(self, now: int, counts: Counts) -> None:
        """Everything due by `now`, person by person."""
        hour = self._hour(now)
        handled: set[str] = set()
        while due := [
            one for one in await self._store.outbox(now, BATCH) if one.id not in handled
        ]:
            handled |= {one.id for one in due}
            counts["due"] += len(due)
            person_id = attrgetter("person_id")
            said = sorted((one for one in due if one.channel != "hook"), key=person_id)
            people = [list(rows) for _, rows in groupby(said, person_id)]
            await _side_by_side(self._tell(rows, hour, counts) for rows in people)
            outside = [one for one in due if one.channel == "hook"]
            await _side_by_side(self._outward.hand_over(one, now, counts) for one in outside)

    async def _tell(self, rows: list[Message], hour: plan.Hour, counts: Counts) -> None:
        """One person's due messages, a plan after the other."""
        tries = 0
        try:
            while rows and tries < TRIES:
                person = await self._store.person(rows[0].person_id, fresh=tries > 0)
                if person is None:
                    await self._nobody(rows, hour.now, counts)
                    return
                decided = self._planned(person, rows, hour)
                if await self._is_committed(decided, counts):
                    rows = [row for row in rows if row.id not in decided.known]
                else:
                    tries += 1
        except Exception as error:  # the others are served; the lease ends and it is tried again
            counts["failed"] += 1
            self._log.error("delivery_failed", exc_info=error)

    def _planned(self, person: Person, rows: list[Message], hour: plan.Hour) -> Plan:
        try:
            return plan.deliver(person, rows, hour)
        except Exception as error:  # an engine fault: told in the row, tried again later
            self._log.error("plan_failed", message_id=rows[0].id, exc_info=error)
            return plan.postpone(person, rows, hour.now, type(error).__name__)

    async def _nobody(self, rows: list[Message], now: int, counts: Counts) -> None:
        """The person was erased: their rows went too, or are settled here."""
        for row in rows:
            counts["skipped"] += await self._store.settle(
                Delivery(row.id, row.person_id, "skipped", now, error="nobody")
            )

    async def _nudges(self, now: int, counts: Counts) -> None:
        """Ask the rules about everybody who has been away for a day or more."""
        hour = self._hour(now)
        await self._each("idle", now, counts, lambda person: plan.nudge(person, hour))

    async def _sessions(self, now: int, counts: Counts) -> None:
        """Note the end of conversations in which nobody speaks any more."""

        def closed(person: Person) -> Plan | None:
            return sessions.closed(person, now, self._session_minutes)

        await self._each("seen", now, counts, closed, SESSIONS_SINCE_D)

    async def _engagement(self, now: int, counts: Counts) -> None:
        """Who drifts away and who is at spending risk, as two counts for /health."""
        hour = self._hour(now)

        def looked_at(person: Person) -> None:
            counts["idle"] += now - person.seen_at >= IDLE_D * DAY_US
            counts["flagged"] += plan.is_flagged(person, hour)

        await self._each("seen", now, counts, looked_at)

    async def _health(self, now: int, counts: Counts) -> None:
        """How turns fared since the last run, for the log; then the database's housekeeping."""
        if measured := self._pace():
            self._log.info("turns_measured", **measured)
            counts["turns"] += int(measured["turns"])
            counts["errors"] += int(measured["errors"])
        for name, count in (await self._store.maintain()).items():
            counts[f"store.{name}"] += count

    async def _each(
        self,
        crowd: Crowd,
        now: int,
        counts: Counts,
        decide: Callable[[Person], Plan | None],
        since_d: int = SEEN_SINCE_D,
    ) -> None:
        """Decide about everybody of a crowd, page by page, and commit what was decided."""
        after, since = "", now - since_d * DAY_US
        while page := await self._store.people(crowd, now, after, PAGE, since):
            after = page[-1].id
            counts["people"] += len(page)
            await _side_by_side(self._decide(one, decide, counts) for one in page)

    async def _decide(
        self, person: Person, decide: Callable[[Person], Plan | None], counts: Counts
    ) -> None:
        try:
            decided = decide(person)
            if decided is not None:
                await self._is_committed(decided, counts)
        except Exception as error:  # the others are served
            counts["failed"] += 1
            self._log.error("person_failed", exc_info=error)

    async def _is_committed(self, decided: Plan, counts: Counts) -> bool:
        receipt = await self._store.commit(decided)
        if receipt.status != "committed":
            counts["stale"] += 1
            return False
        for message in decided.messages:
            counts[message.state] += 1
            if message.reason:
                counts[f"{message.state}.{message.reason}"] += 1
        if not decided.messages:
            counts.update(event.name for event in decided.events)
        for delivery in inapp.delivered(decided):
            self._log.info(
                "delivered", message_id=delivery.message_id, channel="in_app", state="sent"
            )
        return True

    def _hour(self, now: int) -> plan.Hour:
        return plan.Hour(now, self._catalog().playbook, self._markets.all())


async def _side_by_side(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run a few at a time, so that their commits share a transaction."""
    waiting = list(work)
    for start in range(0, len(waiting), AT_ONCE):
        await asyncio.gather(*waiting[start : start + AT_ONCE])


def _machine_now() -> datetime:
    """The scheduler lives by the machine's clock, also where ours is frozen."""
    return datetime.fromtimestamp(Clock().now() / 1_000_000, UTC)
