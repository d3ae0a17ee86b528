"""Whoever joins, earns and finishes at once, on any replica: each sum and reward is exact."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bot.app import Service
from bot.errors import RequestError
from bot.model.message import Inbound, Reply
from tests.projects import copied
from tests.test_unlocks import replicas

MEMBERS, LESSONS, XP = 50, 4, 50
CHALLENGE = f"""\
challenges:
  all:
    goal: {{of: xp, amount: {MEMBERS * LESSONS * XP}}}
    days: 7
    team_size: {MEMBERS}
    points: 25
    name: {{en: All together}}
    text: {{en: Learn together.}}
"""


def project(folder: Path) -> Path:
    (copied(folder) / "rules" / "challenges.yaml").write_text(CHALLENGE)
    return folder


async def take(service: Service, inbound: Inbound) -> Reply:
    while True:
        try:
            return (await service.turn.take(inbound)).reply
        except RequestError as refusal:
            if refusal.code not in ("too_many", "in_progress"):
                raise
            await asyncio.sleep(0.01)


async def joins(service: Service, who: str, code: str) -> str:
    props = {"code": code}
    try:
        reply = await take(service, Inbound(f"j{who}", who, "team", 0, name="join", props=props))
    except RequestError as refusal:
        return refusal.message
    assert reply.body is not None
    return str(reply.body["outcome"])


async def learns(service: Service, who: str, number: int) -> None:
    id = f"{who}-{number}"
    props = {"action": "lesson_complete", "event_id": id}
    inbound = Inbound(id, who, "action", 0, "xp", "xp", props=props, fingerprint=id)
    await take(service, inbound)


async def rewarded(service: Service, who: str, code: str) -> None:
    events = await service.store.events(who, names=("challenge_won",))
    assert [one.props["team"] for one in events] == [code]
    exported = await service.store.export(who)
    dedupes = [row["dedupe"] for row in exported["outbox"]]
    assert dedupes.count(f"challenge:{code}") == 1
    booked = [row["amount"] for row in exported["entries"] if row["actor"] == "challenge_won"]
    assert sorted(booked) == [-25_00, 25_00]


@pytest.mark.parametrize(("kind", "count"), [("sqlite", 1), ("postgres", 2)], ids=str)
async def test_fifty_who_earn_at_once_make_one_sum_one_finish_and_one_reward_each(
    tmp_path: Path, kind: str, count: int
) -> None:
    async with replicas(project(tmp_path), kind, count, credits=0) as services:
        first, last = services[0], services[-1]
        props = {"challenge": "all"}
        opening = Inbound("open", "p0", "team", 0, name="begin", props=props)
        opened = await take(first, opening)
        assert opened.body is not None
        code = opened.body["code"]

        wishes = [joins(services[n % count], f"p{n}", code) for n in range(1, MEMBERS + 10)]
        told = Counter(await asyncio.gather(*wishes))
        assert told == {"joined": MEMBERS - 1, "this team is full": 10}

        team = await last.store.teams.team(code)
        assert team is not None
        who = [mate.person_id for mate in team.mates]
        twice = [  # each lesson is told to every replica
            learns(service, one, number)
            for number in range(LESSONS)
            for one in who
            for service in services
        ]
        ticks = [service.ticks.run("boards") for service in services * 3]
        await asyncio.gather(*twice, *ticks)
        team = await last.store.teams.team(code)
        assert team is not None and team.total == team.goal == MEMBERS * LESSONS * XP

        await asyncio.gather(*(service.ticks.run("boards") for service in services * 2))
        for one in who:
            await rewarded(first, one, code)
        assert await first.store.teams.reached(first.clock.now(), 0) == []
        assert await first.reads.audit() == []
