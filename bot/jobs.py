"""What the named jobs do: due, plan, commit, deliver, settle."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from bot.catalog import Catalog
from bot.channels import inapp
from bot.channels.hook import Hook
from bot.channels.outward import Outward
from bot.clock import Clock
from bot.closing import Closing
from bot.errors import RequestError
from bot.feeds.markets import Markets
from bot.logs import Log
from bot.model.decision import Plan
from bot.model.message import Delivery, Inbound, Message
from bot.model.person import Person
from bot.outreach import moves, plan, sessions, streaks
from bot.outreach.playbook import Hour
from bot.people.calendar import DAY_US
from bot.retention import Retention
from bot.scoring import Scoring
from bot.store.protocol import Crowd, Store

BATCH = 200  # due messages read at once
PAGE = 100  # people read at once; a page is judged between two turns of the event loop
AT_ONCE = 32  # people written side by side, so that their commits share a transaction
TRIES = 5  # plans for one person who is busy meanwhile
SEEN_SINCE_D = 60  # jobs look at people who were here in this time
SESSIONS_SINCE_D = 2  # a server that stood still longer leaves those sessions unmeasured
IDLE_D = 3
TEAMS_SINCE_D = 30  # days after the end of a team in which a goal met is still noticed

Counts = Counter[str]
Job = Callable[[int, Counts], Awaitable[None]]
Take = Callable[[Inbound], Awaitable[object]]  # a turn


class Work:
    """What the jobs do; each counts what it did. One person's failure does not stop a run."""

    def __init__(
        self,
        store: Store,
        catalog: Callable[[], Catalog],
        markets: Markets,
        session_minutes: int,
        log: Log,
        wake: Callable[[], None],
        hooks: Mapping[str, Hook],
        pace: Callable[[], Mapping[str, float]],
        clock: Clock,
        retention: Retention,
    ) -> None:
        self._store, self._catalog, self._markets = store, catalog, markets
        self._session_minutes, self._log, self._wake = session_minutes, log, wake
        self._pace, self._clock, self._keeping = pace, clock, retention
        self.take: Take | None = None
        self._outward = Outward(hooks, store, self._is_committed, log)
        self._told: frozenset[str] = frozenset()
        self.scoring = Scoring(store, catalog, clock, log)
        self.outages: tuple[tuple[int, int], ...] = ()
        self.jobs: dict[str, Job] = {
            "market": self._market,
            "deliver": self._deliver,
            "nudges": self._nudges,
            "sessions": self._sessions,
            "engagement": self._engagement,
            "health": self._health,
            "streaks": self._streaks,
            "uptime": self._uptime,
            "boards": self._boards,
            "retention": self._retention,
            "risk": self._risk,
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

    async def _tell(self, rows: list[Message], hour: Hour, counts: Counts) -> None:
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

    def _planned(self, person: Person, rows: list[Message], hour: Hour) -> Plan:
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

    async def _streaks(self, now: int, counts: Counts) -> None:
        """Close the days that are over, so that a freeze that was used is told."""
        await self._uptime(now, counts)
        rule, outages = self._catalog().playbook.streaks, self.outages

        def closed(person: Person) -> Plan | None:
            return streaks.closed(person, now, rule, outages)

        await self._each("active", now, counts, closed)

    async def _uptime(self, now: int, counts: Counts) -> None:
        """Say that somebody is up, and learn when nobody was."""
        known, self.outages = self.outages, await self._store.beat(self._clock.now())
        if fresh := set(self.outages) - set(known):
            counts["outages"] += len(fresh)

    async def _boards(self, now: int, counts: Counts) -> None:
        """Close leaderboards that are over, fill the leagues of the week; the goals of teams."""
        playbook = self._catalog().playbook
        await Closing(self._store, playbook.zone).run(now, playbook.streaks, counts)
        await self._teams(now, counts)

    async def _teams(self, now: int, counts: Counts) -> None:
        """Whose goal is met: each member has what it brings, by a turn of their own."""
        if self.take is None:
            return
        for code, person_id in await self._store.teams.reached(now, now - TEAMS_SINCE_D * DAY_US):
            props = {"code": code}
            inbound = Inbound(
                f"challenge:{code}", person_id, "team", now, name="won", props=props, actor="tick"
            )
            try:
                await self.take(inbound)
                counts["won"] += 1
            except RequestError:  # another replica was first, or they left
                counts["stale"] += 1
            except Exception as error:  # the others are served; the next run tries again
                counts["failed"] += 1
                self._log.error("person_failed", exc_info=error)

    async def _retention(self, now: int, counts: Counts) -> None:
        """Fold events that are kept for long enough."""
        await self._keeping.run(now, self._catalog().playbook.streaks, counts)

    async def _risk(self, now: int, counts: Counts) -> None:
        """Once a night, everybody's risk of leaving."""
        run = await self.scoring.tonight(now)
        if run is not None:
            counts.update(people=run.people, scored=run.scored, at_risk=run.at_risk)

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

    def _hour(self, now: int) -> Hour:
        return Hour(now, self._catalog().playbook, self._markets.all(), self.outages)


async def _side_by_side(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run a few at a time, so that their commits share a transaction."""
    waiting = list(work)
    for start in range(0, len(waiting), AT_ONCE):
        await asyncio.gather(*waiting[start : start + AT_ONCE])
