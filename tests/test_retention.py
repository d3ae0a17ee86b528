"""Events that are too old become one opening event a person; nothing that was earned changes."""

import json
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from bot import config
from bot.app import Service
from bot.clock import FrozenClock
from bot.model.message import Event
from bot.model.progress import Award, Progress
from bot.people.calendar import DAY_US
from bot.progress import rebuilt
from bot.progress.award import Happened, award
from bot.retention import Retention
from bot.talk.earning import kept
from bot.workbench import rebuild
from tests.builders import NOW
from tests.conftest import ROOT, shipped_catalog
from tests.sizes import size

XP = "/api/engagement/xp"
BOOK = shipped_catalog().script.book


def events_of(steps: list[tuple[int, str]]) -> tuple[Progress, list[Event]]:
    """What somebody earned by (days later, action), and their events."""
    progress, events, at = Progress(), list[Event](), NOW
    for days, action in steps:
        at += days * DAY_US + 1
        day = at // DAY_US + 719_163
        habit = BOOK.habits.actions.get(action)
        what = Happened(action, at, day, "UTC", day, at, habit=habit)
        if habit is not None:
            what = replace(what, value=Fraction(3, 2))
        progress, awards = award(progress, BOOK, what)
        events += [_event(one, at) for one in awards]
    return progress, events


def _event(one: Award, at: int) -> Event:
    return Event(f"e{one.number}", "ada", one.action, at, at, json.loads(json.dumps(kept(one))))


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 1, 1, 2, 5]),
        st.sampled_from(["lesson_complete", "daily_login", "paid_invoice", "exercised"]),
    ),
    min_size=1,
    max_size=40,
)


@examples(max_examples=size(60, 2000), deadline=None)
@given(STEPS, st.lists(st.integers(0, 100), max_size=4))
def test_progress_is_the_same_to_the_last_hundredth_however_often_it_is_folded(
    steps: list[tuple[int, str]], cuts: list[int]
) -> None:
    progress, events = events_of(steps)
    now = events[-1].received_at
    for cut in sorted(cuts):
        until = NOW + cut * DAY_US
        opening = rebuilt.opening(
            "ada", [e for e in events if e.received_at < until], BOOK.streaks
        )
        if opening is not None:
            opening = replace(opening, props=json.loads(json.dumps(opening.props)))
            events = [opening, *(e for e in events if e.received_at >= until)]
    assert rebuilt.rebuilt(progress, events, BOOK.streaks) == progress
    assert rebuilt.differences(progress, events, now, BOOK.streaks) == []


async def test_old_events_of_everybody_are_folded_and_the_rest_stays(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    for day in range(100):
        if day % 3 == 0:
            for who in ("ada", "bob"):
                body = {"user_id": who, "action": "lesson_complete", "event_id": f"e{day}"}
                async with client.post(XP, json=body) as answer:
                    assert answer.status == 200
        clock.move(86_400)
    before = await service.store.person("ada")
    retention = Retention(service.store, 30)
    rule = BOOK.streaks
    counts: Counter[str] = Counter()
    await retention.run(clock.now(), rule, counts)
    left = await service.store.events("ada")
    assert [one.name for one in left].count("opening") == 1
    assert counts["people"] == 2 and counts["folded"] > 40
    assert min(one.received_at for one in left if one.name != "opening") >= NOW + 70 * DAY_US
    assert await service.store.person("ada", fresh=True) == before
    assert await rebuild.audit(service) == (4, [])
    clock.move(20 * 86_400)
    async with client.post(XP, json={"user_id": "ada", "action": "note_taken"}) as answer:
        assert answer.status == 200
    await retention.run(clock.now(), rule, counts)
    again = await service.store.events("ada")
    assert [one.name for one in again].count("opening") == 1 and len(again) < len(left)
    assert await rebuild.audit(service) == (4, [])


async def test_the_id_of_a_folded_event_is_replayed_for_ever(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    """E1: the event is gone, its id and its answer are not."""
    body = {"user_id": "ada", "action": "lesson_complete", "event_id": "e1"}
    async with client.post(XP, json=body) as answer:
        first = await answer.json()
    clock.move(400 * 86_400)
    await Retention(service.store, 365).run(clock.now(), BOOK.streaks, Counter())
    assert [one.name for one in await service.store.events("ada")] == ["opening"]
    async with client.post(XP, json=body) as answer:
        assert answer.headers["Idempotency-Replayed"] == "true" and await answer.json() == first
    async with client.post(XP, json={**body, "action": "note_taken"}) as answer:
        assert answer.status == 409
    async with client.post("/v1/events", data=json.dumps(body)) as answer:
        assert json.loads(await answer.text())["status"] == "replayed"


async def test_names_that_hosts_choose_are_not_taken_for_ours(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    for name in ("opening", "streak_amnesty", "streak_days_moved", "handoff_wanted"):
        body = {"user_id": "ada", "event": name, "props": {"opening": {}, "award": {}}}
        async with client.post("/api/engagement/track", json=body) as answer:
            assert answer.status == 200
    assert await rebuild.audit(service) == (3, [])
    clock.move(400 * 86_400)
    await Retention(service.store, 365).run(clock.now(), BOOK.streaks, Counter())
    assert await service.store.events("ada") == []
    assert await rebuild.audit(service) == (3, [])


async def test_without_a_number_of_days_everything_is_kept(service: Service) -> None:
    assert service.settings.retention.events_days == 0
    assert await service.ticks.run("retention", NOW + 4_000 * DAY_US) == {}


@pytest.mark.parametrize(("days", "is_fine"), [(0, True), (90, True), (89, False), (-1, False)])
def test_days_are_none_or_enough(tmp_path: Any, days: int, is_fine: bool) -> None:
    file = tmp_path / "bot.toml"
    text = (ROOT / "bot.toml").read_text()
    file.write_text(text.replace("events_days = 0", f"events_days = {days}"))
    if is_fine:
        assert config.load(file, {}).retention.events_days == days
        return
    with pytest.raises(Exception, match="events_days"):
        config.load(file, {})
