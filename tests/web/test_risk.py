"""The risk of leaving over HTTP (letters R2-R6): one person's, everybody's, who is at risk."""

import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.app import Service
from bot.clock import FrozenClock
from bot.config import Auth
from tests.calls import get, post
from tests.web.conftest import Open
from tests.web.test_engagement import XP

CALCULATE, AT_RISK = "/api/engagement/calculate", "/api/engagement/at-risk"
DAY_S = 86_400


async def calculated(client: TestClient, user_id: str) -> Any:
    return await post(client, CALCULATE, {"userId": user_id})


async def over(client: TestClient, operator: dict[str, str]) -> Any:
    """A run of everybody, to its end."""
    async with client.post(CALCULATE, json={"all": True}, headers=operator) as answer:
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
    client: TestClient, operator: dict[str, str], clock: FrozenClock
) -> None:
    for number in range(5):
        await post(client, XP, {"user_id": f"p{number}", "action": "lesson_complete"})
    clock.move(30 * DAY_S)
    done = await over(client, operator)
    assert (done["people"], done["scored"]) == (7, 7) and done["ended_at"]
    listed = await get(client, f"{AT_RISK}?level=critical&limit=3")
    assert listed["atRiskStudents"] == 7 == sum(listed["distribution"].values())
    rest = await get(client, f"{AT_RISK}?level=critical&limit=100&after={listed['next']}")
    ids = [one["userId"] for one in listed["list"] + rest["list"]]
    assert len(ids) == len(set(ids)) == listed["distribution"]["critical"] and not rest["next"]
    scores = [one["dropOffRisk"] for one in listed["list"] + rest["list"]]
    assert scores == sorted(scores, reverse=True) and min(scores) >= 80


async def test_everybody_is_for_staff_and_an_unknown_job_is_said(
    client: TestClient, operator: dict[str, str]
) -> None:
    await post(client, CALCULATE, {"all": True}, 401)
    both = {"all": True, "user_id": "ada"}
    async with client.post(CALCULATE, json=both, headers=operator) as answer:
        assert answer.status == 400
    assert (await get(client, f"{CALCULATE}/nothing", 404))["error"]["code"] == "unknown"
    assert (await post(client, CALCULATE, {"user_id": "never-seen"}, 404))["error"]["code"]


@pytest.mark.parametrize(
    "asked", ["level=worst", "limit=0", "limit=101", "after=x", "after=12", "after=-1.ada", "q=1"]
)
async def test_a_bad_question_is_a_400(client: TestClient, asked: str) -> None:
    assert (await get(client, f"{AT_RISK}?{asked}", 400))["error"]["code"] == "bad_input"


async def test_outside_demo_mode_only_operators_see_who_is_at_risk(
    service: Service, opened: Open, operator: dict[str, str]
) -> None:
    client = await opened(Auth(mode="key"))
    server = {"Authorization": f"Bearer {service.studio.add_key('shop', 'server')}"}
    for path in (AT_RISK, f"{CALCULATE}/night-2026-03-01"):
        assert (await client.get(path)).status == 401
        assert (await client.get(path, headers=server)).status == 403
    assert (await client.get(AT_RISK, headers=operator)).status == 200
    assert (await client.post(CALCULATE, json={"all": True}, headers=server)).status == 403
    nobody = await client.post(CALCULATE, headers=server)
    assert nobody.status == 400, "outside demo mode a call says whose"


async def test_everybody_is_reckoned_once_a_night_and_the_change_is_told(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    await post(client, XP, {"user_id": "ada", "action": "lesson_complete"})
    clock.move(6 * DAY_S)
    assert (await service.ticks.run("risk"))["people"] == 3
    assert await service.ticks.run("risk") == {}, "tonight is done"
    first = await calculated(client, "ada")
    assert first["change"] is None
    clock.move(14 * 3_600 - 1)
    assert await service.ticks.run("risk") == {}, "before two o'clock"
    clock.move(1)
    assert (await service.ticks.run("risk"))["scored"] == 3
    later = await calculated(client, "ada")
    assert later["change"] == later["dropOffRisk"] - first["dropOffRisk"] > 0


async def test_a_level_holds_for_a_night_before_it_changes(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    """R3: two nights, though the first one's score is past the cut-off."""
    levels = []
    await post(client, XP, {"user_id": "ada", "action": "lesson_complete"})
    clock.move(2 * DAY_S)
    for _ in range(30):
        clock.move(DAY_S)
        await service.ticks.run("risk")
        told = await calculated(client, "ada")
        levels.append((told["dropOffRisk"] >= 80, told["level"] == "critical"))
    crossed = levels.index((True, False))
    assert levels[crossed + 1] == (True, True)
    assert all(is_over == is_critical for is_over, is_critical in levels[crossed + 1 :])


async def test_nothing_is_sent_and_nobody_is_changed_by_a_calculation(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    clock.move(30 * DAY_S)
    before = await service.store.export("demo_novice")
    assert (await calculated(client, "demo_novice"))["interventions"]
    after = await service.store.export("demo_novice")
    assert before.pop("risks") == [] and len(after.pop("risks")) == 1
    assert before == after


async def test_an_sms_is_proposed_only_after_a_yes_to_sms(
    client: TestClient, clock: FrozenClock
) -> None:
    clock.move(40 * DAY_S)

    async def ways() -> set[str]:
        told = await calculated(client, "demo_novice")
        assert told["level"] == "critical"
        return {way for one in told["interventions"] for way in one["channels"]}

    assert "sms" not in await ways()
    async with client.put("/user/demo_novice", json={"consent": {"sms": True}}) as answer:
        assert (await answer.json())["consent"]["sms"] is True
    assert "sms" in await ways()
