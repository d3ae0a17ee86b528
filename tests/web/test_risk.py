"""The risk of leaving over HTTP (letters R2-R6): one person's, everybody's, who is at risk."""

import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.app import Service
from bot.clock import FrozenClock
from tests.web.test_engagement import XP, get, post

CALCULATE, AT_RISK = "/api/engagement/calculate", "/api/engagement/at-risk"
DAY_S = 86_400


def operator(service: Service) -> dict[str, str]:
    return {"Authorization": f"Bearer {service.key_file.read_text().strip()}"}


async def calculated(client: TestClient, user_id: str) -> Any:
    return await post(client, CALCULATE, {"userId": user_id})


async def over(client: TestClient, service: Service) -> Any:
    """A run of everybody, to its end."""
    async with client.post(CALCULATE, json={"all": True}, headers=operator(service)) as answer:
        assert answer.status == 202, await answer.text()
        job = await answer.json()
    for _ in range(1_000):
        told = await get(client, f"{CALCULATE}/{job['job_id']}")
        if told["state"] == "done":
            return told
        await asyncio.sleep(0.01)
    pytest.fail("the run did not end")


async def test_the_printed_calls_work_as_they_are(client: TestClient, clock: FrozenClock) -> None:
    clock.move(4 * DAY_S)
    async with client.post(CALCULATE) as answer:  # no body, no user
        assert answer.status == 200, await answer.text()
        told = await answer.json()
    assert told["userId"] == "demo_novice" and 0 <= told["dropOffRisk"] <= 100
    assert 0 <= told["confidence"] <= 1 and told["label"] == "rules-v1"
    assert 1 <= len(told["reasons"]) <= 3 and told["interventions"]
    assert all(one.keys() == {"kind", "channels", "why"} for one in told["interventions"])
    listed = await get(client, AT_RISK)
    assert [one["userId"] for one in listed["list"]] == ["demo_novice"]
    assert listed["totalStudents"] == 2 and listed["atRiskPercentage"] == 50.0
    assert sum(listed["distribution"].values()) == 2


async def test_who_is_new_has_no_score_and_not_zero(
    client: TestClient, clock: FrozenClock
) -> None:
    await post(client, XP, {"user_id": "ada", "action": "lesson_complete"})
    told = await calculated(client, "ada")
    assert told["dropOffRisk"] is None and told["level"] is None and not told["atRisk"]
    assert "three" in told["why"] or "3 days" in told["why"]
    clock.move(3 * DAY_S)
    assert (await calculated(client, "ada"))["dropOffRisk"] is not None


async def test_everybody_is_calculated_in_the_background_and_the_job_can_be_asked(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    for number in range(5):
        await post(client, XP, {"user_id": f"p{number}", "action": "lesson_complete"})
    clock.move(30 * DAY_S)
    done = await over(client, service)
    assert (done["people"], done["scored"]) == (7, 7) and done["ended_at"]
    listed = await get(client, f"{AT_RISK}?level=critical&limit=3")
    assert listed["atRiskStudents"] == 7 == sum(listed["distribution"].values())
    rest = await get(client, f"{AT_RISK}?level=critical&limit=100&after={listed['next']}")
    ids = [one["userId"] for one in listed["list"] + rest["list"]]
    assert len(ids) == len(set(ids)) == listed["distribution"]["critical"] and not rest["next"]
    scores = [one["dropOffRisk"] for one in listed["list"] + rest["list"]]
    assert scores == sorted(scores, reverse=True) and min(scores) >= 80


async def test_everybody_is_for_staff_and_an_unknown_job_is_said(
    client: TestClient, service: Service
) -> None:
    await post(client, CALCULATE, {"all": True}, 401)
    async with client.post(
        CALCULATE, json={"all": True, "user_id": "ada"}, headers=operator(service)
    ) as answer:
        assert answer.status == 400
    assert (await get(client, f"{CALCULATE}/nothing", 404))["error"]["code"] == "unknown"
    assert (await post(client, CALCULATE, {"user_id": "never-seen"}, 404))["error"]["code"]


@pytest.mark.parametrize(
    "asked", ["level=worst", "limit=0", "limit=101", "after=x", "after=12", "after=-1.ada", "q=1"]
)
async def test_a_bad_question_is_a_400(client: TestClient, asked: str) -> None:
    assert (await get(client, f"{AT_RISK}?{asked}", 400))["error"]["code"] == "bad_input"
