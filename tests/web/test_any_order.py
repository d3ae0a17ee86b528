"""Whatever hosts and people do, in whatever order: sums, boards and progress add up."""

import json
import random
from collections import Counter
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.app import Service
from bot.clock import FrozenClock
from bot.people.calendar import DAY_US, rfc3339
from bot.retention import Retention
from bot.workbench import rebuild
from tests.sizes import size

PEOPLE = tuple(f"p{n}" for n in range(6))
ZONES = ("Europe/Helsinki", "America/New_York", "Pacific/Apia", "Asia/Kolkata", "Africa/Cairo")
ACTIONS = ("lesson_complete", "quiz_perfect", "article_read", "course_complete", "trade_placed")
TEXTS = ("hello", "my streak", "join the leaderboard", "spend points", "yes", "pause my streak")
TEAM = "/api/v2/gamify/challenges/study_circle/teams"
Call = tuple[str, str, dict[str, Any]]


class Host:
    """Draws what is done next, and does it; a refusal is fine, a fault of ours is not."""

    def __init__(self, client: TestClient, service: Service, key: dict[str, str], seed: int):
        self.client, self.service, self.key = client, service, key
        self.dice = random.Random(seed)
        self.codes: list[str] = []
        self.is_late = False

    async def does(self) -> None:
        method, path, body = self.dice.choice(
            (self.events, self.wishes, self.spends, self.teams)
        )()
        answer = await self.client.request(method, path, json=body, headers=self.key)
        text = await answer.text()
        assert answer.status < 500, (method, path, body, text)
        if path == TEAM and answer.status == 200:
            self.codes.append(json.loads(text)["code"])

    def events(self) -> Call:
        """Now or late, new or told before."""
        habit = {"category": "finance", "action": "paid_invoice", "value": self.dice.random() * 6}
        body = self.dice.choice((habit, {"action": self.dice.choice(ACTIONS)}))
        body |= {"user_id": self.who(), "event_id": f"e{self.dice.randrange(200)}"}
        if self.dice.random() < 0.4:
            at = self.service.clock.now() - self.dice.randrange(6 * DAY_US)
            body["occurred_at"] = rfc3339(at)
        if self.dice.random() < 0.2:
            return "POST", "/v1/events?backfill=true&points=true", body
        return (
            "POST",
            f"/api/{'v2/gamify/event' if body.get('category') else 'engagement/xp'}",
            body,
        )

    def wishes(self) -> Call:
        dice = self.dice
        if dice.random() < 0.4:
            return "POST", "/interact", {"user_id": self.who(), "message": dice.choice(TEXTS)}
        pause = {"from": rfc3339(self.service.clock.now())[:10], "days": dice.randrange(1, 5)}
        wish: dict[str, Any] = dice.choice(
            (
                {"time_zone": dice.choice(ZONES)},
                {"day_start": dice.choice(("00:00", "03:30", "06:00"))},
                {"leaderboard": {"join": dice.random() < 0.7}},
                {"streak_pause": pause},
            )
        )
        return "PUT", f"/user/{self.who()}", wish

    def spends(self) -> Call:
        body = {"user_id": self.who(), "redeem_id": f"r{self.dice.randrange(20)}"}
        if self.dice.random() < 0.4:
            return "POST", f"/v1/rewards/{self.dice.choice(('return', 'confirm'))}", body
        reward = self.dice.choice(("study_guide", "ask_the_teacher", "profile_badge"))
        return "POST", "/api/v2/gamify/redeem", body | {"reward_id": reward}

    def teams(self) -> Call:
        who = {"user_id": self.who()}
        if self.codes and self.dice.random() < 0.5:
            code = self.dice.choice(self.codes)
            return "POST", "/api/v2/gamify/teams/join", who | {"code": code}
        if self.dice.random() < 0.5:
            return "POST", "/api/v2/gamify/teams/leave", who
        return "POST", TEAM, who

    def who(self) -> str:
        return self.dice.choice(PEOPLE)

    async def lets_time_pass(self, clock: FrozenClock) -> None:
        """With its jobs, which are sometimes a day late; sometimes somebody is erased."""
        clock.move(self.dice.choice((60, 6 * 3_600, 86_400, 90_000, 30 * 3_600)))
        self.is_late = not self.is_late and self.dice.random() < 0.4
        if not self.is_late:
            for job in ("streaks", "boards"):
                await self.service.ticks.run(job)
        who, rule = self.who(), self.service.catalogs.current.script.book.streaks
        if self.dice.random() < 0.1 and await self.service.store.person(who) is not None:
            await self.service.erase(who)
        if self.dice.random() < 0.1:
            await Retention(self.service.store, 10).run(clock.now(), rule, Counter())


@pytest.mark.parametrize("seed", range(size(2, 40)))
async def test_everything_adds_up_whatever_is_done(
    client: TestClient, service: Service, clock: FrozenClock, operator: dict[str, str], seed: int
) -> None:
    host = Host(client, service, operator, seed)
    for _ in range(40):
        for _ in range(host.dice.randrange(1, 10)):
            await host.does()
        assert await service.reads.audit() == []
        await host.lets_time_pass(clock)
    assert (await rebuild.audit(service))[1] == []
