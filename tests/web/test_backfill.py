"""History brought in: counted on its own days and for ever, without rules, news or messages."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.app import Service, build
from bot.clock import FrozenClock
from bot.config import Settings, override
from bot.history import BATCH
from bot.intake import Asked, Verdict
from bot.model.message import Inbound
from bot.people.calendar import DAY_US, rfc3339
from bot.store.store import open_store
from bot.web.bulk import line_inbound
from bot.workbench import rebuild
from tests.conftest import shipped_catalog
from tests.databases import DATABASES, database
from tests.sizes import size

EVENTS, XP = "/v1/events", "/api/engagement/xp"
NOW = FrozenClock().now()


def lesson(number: int, days_ago: int, **fields: Any) -> dict[str, Any]:
    at = rfc3339(NOW - days_ago * DAY_US)
    line = {"user_id": "ada", "event_id": f"e{number}", "action": "lesson_complete"}
    return {**line, "occurred_at": at, **fields}


def habit(number: int, days_ago: int, **fields: Any) -> dict[str, Any]:
    own = {"category": "finance", "action": "paid_invoice", "value": 2}
    return lesson(number, days_ago, **{**own, **fields})


def year(days: int = 40) -> list[dict[str, Any]]:
    """A lesson a day, up to yesterday."""
    return [lesson(n, days - n) for n in range(days)]


async def sent(
    client: TestClient, service: Service, lines: Sequence[dict[str, Any]], more: str = ""
) -> list[dict[str, Any]]:
    body = "\n".join(json.dumps(one) for one in lines)
    key = service.key_file.read_text().strip()
    headers = {"Authorization": f"Bearer {key}"}
    path = f"{EVENTS}?backfill=true{more}"
    async with client.post(path, data=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return [json.loads(line) for line in (await answer.text()).splitlines()]


async def test_history_earns_xp_streaks_and_levels_and_tells_nobody(
    client: TestClient, service: Service
) -> None:
    """E3: one turn, no messages; the streak grows by its own days."""
    told = await sent(client, service, year())
    assert {one["status"] for one in told} == {"accepted"}
    assert {tuple(one["answer"]["flags"]) for one in told} == {("backfill",)}
    person = await service.store.person("ada", fresh=True)
    assert person is not None and person.version == 1
    milestones = sum(one["answer"]["awarded"] > 50 for one in told)
    assert milestones == 3  # after 7, 14 and 30 days
    assert person.progress.xp == 40 * 50 + milestones * 50
    assert person.progress.level > 1
    async with client.post("/api/engagement/streak", json={"user_id": "ada"}) as answer:
        assert (await answer.json())["streak"] == 41
    assert await service.store.outbox(service.clock.now() + DAY_US) == []
    assert await rebuild.audit(service) == (3, [])


async def test_a_streak_goes_on_from_batch_to_batch(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.history.BATCH", 15)
    await sent(client, service, year())
    person = await service.store.person("ada")
    assert person is not None and person.version == 3
    async with client.post("/api/engagement/streak", json={"user_id": "ada"}) as answer:
        assert (await answer.json())["streak"] == 41
    assert await rebuild.audit(service) == (3, [])


async def test_history_again_is_replayed_also_by_the_call_for_one(
    client: TestClient, service: Service
) -> None:
    """E1: the ids are those of the other calls."""
    first = await sent(client, service, year())
    again = await sent(client, service, year())
    assert {one["status"] for one in again} == {"replayed"}
    assert [one["answer"] for one in again] == [one["answer"] for one in first]
    line = year()[5]
    async with client.post(XP, json=line) as answer:
        assert answer.headers["Idempotency-Replayed"] == "true"
        assert await answer.json() == first[5]["answer"]
    async with client.post(XP, json={**line, "action": "note_taken"}) as answer:
        assert answer.status == 409
    (other,) = await sent(client, service, [{**line, "action": "note_taken"}])
    assert (other["status"], other["code"]) == ("conflict", "idempotency_mismatch")


async def test_lines_that_stand_twice_or_are_wrong_are_told_apart(
    client: TestClient, service: Service
) -> None:
    lines = [
        lesson(1, 9), lesson(2, 8, action="unheard_of"), lesson(1, 9), lesson(1, 7), habit(3, 7),
        habit(4, 7, value=-1),
    ]  # fmt: skip
    told = await sent(client, service, lines)
    assert [one["status"] for one in told] == [
        "accepted", "refused", "replayed", "conflict", "accepted", "refused",
    ]  # fmt: skip
    assert (told[1]["field"], told[5]["field"]) == ("action", "value")


@pytest.mark.parametrize("has_points", [False, True])
async def test_points_of_history_can_be_spent_only_when_asked_for(
    client: TestClient, service: Service, has_points: bool
) -> None:
    """E3: counted as earned in all; in the wallet only with points=true."""
    more = "&points=true" if has_points else ""
    await sent(client, service, [habit(n, 30 - n) for n in range(10)], more)
    async with client.get("/api/v2/gamify/balance/ada") as answer:
        balance = await answer.json()
    person = await service.store.person("ada")
    assert person is not None
    wallet = sum(lot.left for lot in person.spending.lots if lot.unit == "point")
    assert person.progress.points > 0 and balance["lifetime_points"] > 0
    assert wallet == (person.progress.points if has_points else 0)
    assert await service.reads.audit() == []
    assert await rebuild.audit(service) == (3, [])


async def test_caps_hold_on_the_day_of_each_event(client: TestClient, service: Service) -> None:
    """X4: a login counts once a local date, in one call or over many, in any order."""
    lines = [lesson(n, days_ago=3 + n % 5, action="daily_login") for n in range(20)]
    for part in (lines[:7], lines[7:]):
        await sent(client, service, part)
    person = await service.store.person("ada")
    assert person is not None and person.progress.counts["daily_login"] == 20
    assert person.progress.xp == 5 * 10


async def test_what_is_decided_of_a_streak_is_not_changed_by_history(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    """E3: a date that was closed stays closed; the XP count all the same."""
    async with client.post(XP, json={"user_id": "ada", "action": "lesson_complete"}) as answer:
        assert answer.status == 200
    told = await sent(client, service, year(20))
    assert {tuple(one["answer"]["flags"]) for one in told[:15]} == {("old", "backfill")}
    async with client.post("/api/engagement/streak", json={"user_id": "ada"}) as answer:
        answered = await answer.json()
    assert (answered["streak"], answered["newXP"]) == (1, 21 * 50)
    clock.move(86_400)
    assert await rebuild.audit(service) == (3, [])


async def test_history_counts_on_boards_for_ever_and_not_in_open_ones(
    client: TestClient, service: Service
) -> None:
    await sent(client, service, [lesson(1, 0), lesson(2, 1)])
    person = await service.store.person("ada")
    assert person is not None and person.boards.open == {"all_time ever": 100}


async def test_history_needs_a_key_of_staff(client: TestClient, service: Service) -> None:
    body = json.dumps(lesson(1, 5))
    async with client.post(f"{EVENTS}?backfill=true", data=body) as answer:
        assert answer.status == 401
    key = service.studio.add_key("host", "server")
    headers = {"Authorization": f"Bearer {key}"}
    async with client.post(f"{EVENTS}?backfill=true", data=body, headers=headers) as answer:
        assert answer.status == 403
    async with client.post(f"{EVENTS}?points=true", data=body) as answer:
        assert (await answer.json())["error"]["field"] == "points"
    async with client.post(f"{EVENTS}?back=true", data=body) as answer:
        assert answer.status == 400


async def test_a_batch_is_one_transaction(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    whole = service.store.commit_all

    async def counted(decided: Any) -> Any:
        commits.append(sum(len(one.kept) for one in decided))
        return await whole(decided)

    monkeypatch.setattr(service.store, "commit_all", counted)
    many = size(300, 2 * BATCH - 10)
    monkeypatch.setattr("bot.history.BATCH", size(100, BATCH))
    lines = [lesson(n, 30, user_id=f"p{n % 90}", source="track", event="x") for n in range(many)]
    told = await sent(client, service, lines)
    assert {one["status"] for one in told} == {"accepted"}
    assert sum(commits) == many and max(commits) <= size(100, BATCH)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["history", "live"]),
        st.sampled_from(["ada", "bob"]),
        st.integers(0, 12),  # days ago
        st.sampled_from(["lesson_complete", "daily_login", "paid_invoice"]),
    ),
    min_size=1,
    max_size=40,
)


@pytest.mark.parametrize("kind", DATABASES)
@examples(
    max_examples=size(12, 100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_history_and_live_turns_at_once_lose_nothing(
    kind: str, settings: Settings, steps: list[tuple[str, str, int, str]], tmp_path_factory: Any
) -> None:
    """E4: one version guard for both: progress is the sum of all events, whoever was faster."""
    folder = tmp_path_factory.mktemp("data")
    asyncio.run(_raced(kind, override(settings, data=str(folder)), steps))


async def _raced(kind: str, ours: Settings, steps: list[tuple[str, str, int, str]]) -> None:
    with database(kind) as (url, schema):
        clock = FrozenClock()
        store = await open_store(url, Path(ours.data), clock, schema=schema)
        service = await build(ours, clock, store=store, catalog=shipped_catalog())
        try:
            lines = [_inbound(n, step, clock) for n, step in enumerate(steps)]
            history = [Asked(n, one) for n, one in enumerate(lines) if steps[n][0] == "history"]
            verdicts: dict[int, Verdict] = {}
            await asyncio.gather(
                service.history.take(history[::2], False, verdicts.__setitem__),
                service.history.take(history[1::2], False, verdicts.__setitem__),
                *(service.turn.take(one) for n, one in enumerate(lines) if steps[n][0] == "live"),
            )
            assert {one.status for one in verdicts.values()} <= {"accepted"}
            assert len(verdicts) == len(history)
            for who in ("ada", "bob"):
                kept = [e for e in await service.store.events(who) if e.source != "bot"]
                assert len(kept) == sum(step[1] == who for step in steps)
            people, differences = await rebuild.audit(service)
            assert differences == [] and people == len({step[1] for step in steps})
            assert await service.reads.audit() == []
        finally:
            await service.stop()


def _inbound(number: int, step: tuple[str, str, int, str], clock: FrozenClock) -> Inbound:
    _, who, days, action = step
    line = lesson(number, days, user_id=who, action=action)
    if action == "paid_invoice":
        line |= {"category": "finance", "value": 1.5}
    return line_inbound(json.dumps(line).encode(), clock)
