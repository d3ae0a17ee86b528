"""Leaderboards on time: boards that are over are kept for ever, leagues are made for the week."""

from collections import Counter

from bot.model.progress import Board, Closed, Line
from bot.people.calendar import DAY_US, MINUTE_US
from bot.progress import leaderboards, leagues
from bot.progress.terms import StreakRule
from bot.store.protocol import Scored, Store

SETTLED_US = MINUTE_US  # a turn decided just before the end may still be on its way to the disk
LINES_KEPT = 1_000  # of a closed board
PAGE = 1_000  # people read at once


class Closing:
    """Closes what is over and fills the leagues of the week; safe to run any number of times."""

    def __init__(self, store: Store, zone: str) -> None:
        self._store, self._boards, self._zone = store, store.boards, zone

    async def run(self, now: int, rule: StreakRule, counts: Counter[str]) -> None:
        for board, period in await self._boards.running():
            end = leaderboards.closes_at(board, period, self._zone)
            if end is not None and now >= end + SETTLED_US:
                await self._close(board, period, now, rule, counts)
        await self._fill(now, rule, counts)

    async def _close(
        self, board: Board, period: str, now: int, rule: StreakRule, counts: Counter[str]
    ) -> None:
        """A board as it stands; those of a week's leagues first, they are made of its scores."""
        if board == "weekly":
            numbers = {one.league for one in await self._boards.members(period)}
            for number in sorted(numbers):
                found = await self._boards.in_league(period, number)
                lines = _lines("league", found, now, rule)
                name = leaderboards.league_of(period, number)
                kept = Closed("league", name, now, len(found), len(found), tuple(lines))
                counts["closed"] += await self._boards.close(kept, _ids(found))
        found = await self._boards.top(board, period, LINES_KEPT)
        all_of_it = await self._boards.place(board, period, 0)
        lines = _lines(board, found, now, rule)
        kept = Closed(board, period, now, all_of_it.people, all_of_it.listed, tuple(lines))
        counts["closed"] += await self._boards.close(kept, _ids(found))

    async def _fill(self, now: int, rule: StreakRule, counts: Counter[str]) -> None:
        """Whoever joined and was active, last week or since, gets a league for this week."""
        week = leaderboards.period_of("weekly", now, self._zone)
        there = await self._boards.members(week)
        coming = {} if there else await self._of_last_week(week, now, rule)
        known = {one.person_id for one in there} | coming.keys()
        for person_id, xp in (await self._active(week)).items():
            if person_id not in known:
                coming[person_id] = xp
        members = leagues.placed(there, coming)
        await self._boards.enrol(week, members)
        counts["enrolled"] += len(members)

    async def _of_last_week(self, week: str, now: int, rule: StreakRule) -> dict[str, int]:
        """Activity by person, of last week or, where days were frozen or paused, of before."""
        span = leaderboards.span_of("weekly", week, self._zone)
        assert span is not None, "this week is one"
        last = leaderboards.period_of("weekly", span[0] - DAY_US, self._zone)
        active = await self._active(last)
        for one in await self._boards.members(last):
            xp = active.get(one.person_id, 0)
            if xp < one.activity:
                person = await self._store.person(one.person_id)
                if person is None or not person.boards.is_listed:
                    continue
                streak = person.progress.streaks
                zone = person.profile.time_zone or self._zone
                xp = leagues.activity(xp, one.activity, streak, span[0] - 1, zone, rule)
            if xp:
                active[one.person_id] = xp
        return active

    async def _active(self, week: str) -> dict[str, int]:
        found: dict[str, int] = {}
        after = ""
        while page := await self._boards.active(week, after, PAGE):
            found.update(page)
            after = page[-1][0]
        return found


def _lines(board: Board, found: list[Scored], now: int, rule: StreakRule) -> list[Line]:
    ranks = leaderboards.ranked([score for _, score in found])
    return leaderboards.lines(board, found, ranks, now, rule)


def _ids(found: list[Scored]) -> list[str]:
    return [person.id for person, _ in found]
