"""Who drifts away: everybody's risk of leaving, reckoned page by page and kept."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from bot.catalog import Catalog
from bot.clock import Clock
from bot.errors import RequestError
from bot.insight import remedies, risk
from bot.insight.remedies import Proposal, Situation
from bot.insight.scorecard import RiskRule
from bot.logs import Log
from bot.model.person import Person
from bot.model.risk import Risk, Run
from bot.outreach import plan
from bot.outreach.playbook import Hour
from bot.people.calendar import local_date, local_hour
from bot.progress import streaks
from bot.store.protocol import Store

PAGE = 100  # people reckoned between two turns of the event loop
NIGHT_HOUR = 2  # local: whom the night before is over for
AT_ONCE = 1  # runs of everybody that a caller may have going


class Scoring:
    """Reckons the risk of one person, or of everybody beside the turns that come now."""

    def __init__(
        self, store: Store, catalog: Callable[[], Catalog], clock: Clock, log: Log
    ) -> None:
        self._store, self._catalog, self._clock, self._log = store, catalog, clock, log
        self._tasks: set[asyncio.Task[Run]] = set()

    @property
    def rule(self) -> RiskRule:
        """What rules/risk.yaml says; 404 without the file."""
        found = self._catalog().playbook.risk
        if found is None:
            raise RequestError("unknown", "there is no rules/risk.yaml: no risk is reckoned here")
        return found

    async def one(self, person: Person, now: int) -> tuple[Risk, tuple[Proposal, ...]]:
        """Somebody's risk now, kept, and what may be done."""
        kept = await self._store.risks.of(person.id, person.id)
        found = self._reckoned(person, now, self.rule, kept.get(person.id))
        await self._store.risks.keep([found])
        return found, self._proposed(person, found, now)

    async def begin(self) -> Run:
        """A run of everybody, in the background; 429 while one of this server is going."""
        self.rule  # noqa: B018  # asked for its 404
        if len(self._tasks) >= AT_ONCE:
            message = "everybody is being reckoned already: ask for that run"
            raise RequestError("too_many", message, retry_after_s=5)
        run = Run(self._clock.token(), self._clock.now(), self._clock.now())
        await self._store.risks.begin(run.id, run.at)
        task = asyncio.create_task(self._run(run))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return run

    async def tonight(self, now: int) -> Run | None:
        """The run of this night, once it is two o'clock; None before, or where it is done."""
        playbook = self._catalog().playbook
        zone = playbook.zone
        if playbook.risk is None or local_hour(now, zone) < NIGHT_HOUR:
            return None
        run_id = f"night-{local_date(now, zone).isoformat()}"
        if not await self._store.risks.begin(run_id, now):
            return None
        return await self._run(Run(run_id, now, now))

    async def stop(self) -> None:
        """End what goes on in the background; the next night begins anew."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[Run]") -> None:
        """Nobody waits for it: where it failed, the log says so."""
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._log.error("scoring_failed", exc_info=error)

    async def _run(self, run: Run) -> Run:
        """Everybody as of the beginning of the run, in the order of ids."""
        rule, after = self.rule, ""
        while page := await self._store.people("all", run.at, after, PAGE):
            kept = await self._store.risks.of(page[0].id, page[-1].id)
            found = [self._reckoned(one, run.at, rule, kept.get(one.id)) for one in page]
            await self._store.risks.keep(found)
            run = replace(
                run,
                touched_at=self._clock.now(),
                people=run.people + len(found),
                scored=run.scored + sum(one.score is not None for one in found),
                at_risk=run.at_risk + sum(one.is_at_risk for one in found),
            )
            await self._store.risks.note(run)
            after = page[-1].id
        run = replace(run, ended_at=self._clock.now())
        await self._store.risks.note(run)
        return run

    def _reckoned(self, person: Person, now: int, rule: RiskRule, before: Risk | None) -> Risk:
        playbook = self._catalog().playbook
        streak = streaks.current(person.progress.streaks, now, playbook.streaks)
        return risk.reckoned(person, now, playbook.zone, streak, rule, before)

    def _proposed(self, person: Person, found: Risk, now: int) -> tuple[Proposal, ...]:
        if found.score is None:
            return ()
        playbook, rule = self._catalog().playbook, self.rule
        streak = streaks.current(person.progress.streaks, now, playbook.streaks)
        case = Situation(
            person,
            found.level,
            found.days_away,
            streak,
            risk.lessons_of(person),
            plan.is_flagged(person, Hour(now, playbook)),
        )
        return remedies.proposed(case, rule.remedies, rule.channels)
