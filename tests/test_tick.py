"""Facts about the named jobs, on a real database and a clock that stands still."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.clock import FrozenClock
from bot.errors import RequestError
from bot.model.person import Consent, Person, Profile
from bot.outreach import plan as outreach
from bot.store.store import open_store
from tests.builders import a_decision, a_person
from tests.outreach.builders import DAY, HOUR, MINUTE, NOON
from tests.ticking import House, until


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    clock = FrozenClock(at=NOON)
    made = House(await open_store("sqlite", tmp_path, clock), clock, io.StringIO())
    yield made
    await made.ticks.stop()
    await made.store.close()
    made.journal.close()


async def seen(house: House, person_id: str) -> Person:
    person = await house.store.person(person_id, fresh=True)
    assert person is not None
    return person


# deliver


async def test_an_alert_reaches_each_follower_once(house: House) -> None:
    await house.people("ada", "bob", "cid")
    await house.people("dan", watch=("ETH",))
    assert await house.alert() == 3
    counts = await house.ticks.run("deliver")
    assert (counts["due"], counts["sent"]) == (3, 3)
    assert await house.ticks.run("deliver") == {}
    assert [await house.said(one) for one in ("ada", "bob", "cid", "dan")] == [
        ["market_alert"],
        ["market_alert"],
        ["market_alert"],
        [],
    ]


async def test_the_alert_told_again_is_the_same_alert(house: House) -> None:
    await house.people("ada")
    assert await house.alert() == await house.alert() == 1
    await house.ticks.run("deliver")
    await house.alert()
    await house.ticks.run("deliver")
    assert await house.said("ada") == ["market_alert"]


async def test_the_status_of_an_alert_counts_who_got_it_and_why_others_did_not(
    house: House,
) -> None:
    await house.people("ada")
    await house.people("bob", profile=Profile(time_zone="Asia/Tokyo"))  # 21:00
    await house.people("cid", consent=Consent())
    await house.alert()
    counts = await house.ticks.run("deliver")
    assert counts["held.quiet_hours"] == counts["skipped.consent"] == counts["sent"] == 1
    status = await house.store.alert_status("a1")
    assert status is not None
    assert status["states"] == {"sent": 1, "held": 1, "skipped": 1}
    assert status["reasons"] == {"quiet_hours": 1, "consent": 1}


async def test_a_held_message_goes_out_after_quiet_hours(house: House) -> None:
    await house.people("bob", profile=Profile(time_zone="Asia/Tokyo"))
    await house.alert()
    await house.ticks.run("deliver")
    house.clock.move(10 * 3600)
    assert await house.ticks.run("deliver") == {}
    house.clock.move(1.25 * 3600)
    assert (await house.ticks.run("deliver"))["sent"] == 1


async def test_several_messages_of_one_person_get_a_number_each(house: House) -> None:
    await house.people("ada")
    for number in range(4):
        await house.alert(f"a{number}")
    counts = await house.ticks.run("deliver")
    assert counts["sent"] == 4
    feed = await house.store.feed("ada", 0, 100)
    numbers = [one.number for one in feed if one.kind == "market_alert"]
    assert numbers == [2, 3, 4, 5]
    assert len((await seen(house, "ada")).seen.contacts) == 4


async def test_more_messages_than_one_batch_are_all_delivered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.BATCH", 7)
    await house.people(*(f"p{number:02}" for number in range(30)))
    await house.alert()
    assert (await house.ticks.run("deliver"))["sent"] == 30


async def test_a_turn_between_planning_and_commit_is_planned_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.people("ada")
    await house.alert()
    commit, turns = house.store.commit, []

    async def raced(decided: Any) -> Any:
        if not turns:
            turns.append(await commit(a_decision(decided.before)))
        return await commit(decided)

    monkeypatch.setattr(house.store, "commit", raced)
    counts = await house.ticks.run("deliver")
    assert (counts["stale"], counts["sent"]) == (1, 1)
    assert await house.said("ada") == ["market_alert"]


async def test_one_persons_fault_does_not_stop_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.people("ada", "bob", "cid")
    await house.alert()
    plan_well = outreach.deliver

    def faulty(person: Person, *others: Any) -> Any:
        if person.id == "bob":
            raise ZeroDivisionError("an engine fault")
        return plan_well(person, *others)

    monkeypatch.setattr(outreach, "deliver", faulty)
    counts = await house.ticks.run("deliver")
    assert (counts["sent"], counts["held.fault"]) == (2, 1)
    assert house.logged("plan_failed")[0]["error"] == "ZeroDivisionError"
    monkeypatch.setattr(outreach, "deliver", plan_well)
    house.clock.move(300)
    assert (await house.ticks.run("deliver"))["sent"] == 1


async def test_a_fault_that_stays_ends_as_failed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.people("ada")
    await house.alert()

    def faulty(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(outreach, "deliver", faulty)
    for _ in range(outreach.MOST_FAULTS):
        counts = await house.ticks.run("deliver")
        house.clock.move(300)
    assert counts["failed.fault"] == 1
    assert await house.ticks.run("deliver") == {}


# nudges


async def test_somebody_away_for_three_days_gets_one_comeback_two_hours_later(
    house: House,
) -> None:
    await house.people("ada")
    assert (await house.ticks.run("nudges"))["wanted"] == 1
    assert "wanted" not in await house.ticks.run("nudges")
    assert await house.ticks.run("deliver") == {}
    house.clock.move(2 * 3600)
    assert (await house.ticks.run("deliver"))["sent"] == 1
    for _ in range(12):
        house.clock.move(12 * 3600)
        await house.ticks.run("nudges")
        await house.ticks.run("deliver")
    assert await house.said("ada") == ["comeback"]


async def test_every_page_of_people_is_asked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.PAGE", 4)
    await house.people(*(f"p{number:02}" for number in range(18)))
    await house.people("here", now=NOON - HOUR)
    counts = await house.ticks.run("nudges")
    assert (counts["people"], counts["wanted"]) == (18, 18)


async def test_one_persons_fault_does_not_stop_the_nudges(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.people("ada", "bob")
    nudge_well = outreach.nudge

    def faulty(person: Person, hour: outreach.Hour) -> Any:
        if person.id == "ada":
            raise ZeroDivisionError
        return nudge_well(person, hour)

    monkeypatch.setattr(outreach, "nudge", faulty)
    counts = await house.ticks.run("nudges")
    assert (counts["failed"], counts["wanted"]) == (1, 1)
    assert house.logged("person_failed")


# market


async def test_a_strong_move_is_told_once_a_step_day_and_direction(house: House) -> None:
    await house.people("ada")
    told = []
    for change in (4.9, 5.1, 5.3, 4.0, 5.2, 10.5, -6.0):
        house.change = change
        told.append((await house.ticks.run("market")).get("alerts", 0))
        await house.ticks.run("deliver")
        house.clock.move(300)
    assert told == [0, 1, 0, 0, 1, 1, 1]  # the fifth is known to the store: nobody is told twice
    assert await house.said("ada") == ["market_alert"] * 3


async def test_a_move_known_before_a_restart_is_not_told_again(house: House) -> None:
    await house.people("ada")
    house.change = 5.4
    await house.ticks.run("market")
    again = House(house.store, house.clock, io.StringIO())
    again.change = 6.1
    await again.ticks.run("market")
    await again.ticks.run("deliver")
    again.journal.close()
    assert await house.said("ada") == ["market_alert"]


# sessions, engagement, health


async def test_the_end_of_a_session_is_noted_once_with_its_length(house: House) -> None:
    started = NOON - 50 * MINUTE
    base = a_person("ada", profile=Profile(time_zone="UTC"))
    spending = replace(base.spending, session_started=started)
    await house.people("ada", spending=spending, now=NOON - 20 * MINUTE)
    assert "session_ended" not in await house.ticks.run("sessions")
    house.clock.move(11 * 60)
    assert (await house.ticks.run("sessions"))["session_ended"] == 1
    assert "session_ended" not in await house.ticks.run("sessions")
    event = (await house.store.events("ada", names=("session_ended",)))[0]
    assert event.props == {"started_at": started, "seconds": 30 * 60}


async def test_engagement_counts_who_drifts_away_and_who_is_at_risk(house: House) -> None:
    await house.people("ada", "bob")
    await house.people("cid", now=NOON - HOUR)
    hits = tuple(NOON - DAY + number for number in range(3))
    base = a_person("dan")
    await house.people("dan", spending=replace(base.spending, refusals=hits))
    counts = await house.ticks.run("engagement")
    assert (counts["people"], counts["idle"], counts["flagged"]) == (4, 3, 1)


async def test_health_keeps_the_database_in_order(house: House) -> None:
    counts = await house.ticks.run("health")
    assert all(name.startswith("store.") for name in counts)


# the clockwork


async def test_an_unknown_job_is_named_with_those_there_are(house: House) -> None:
    with pytest.raises(RequestError, match="no job is called 'coffee'"):
        await house.ticks.run("coffee")


async def test_a_run_as_of_a_later_time_delivers_what_is_due_then(house: House) -> None:
    await house.people("ada")
    await house.ticks.run("nudges")
    assert (await house.ticks.run("deliver", NOON + 2 * HOUR))["sent"] == 1


async def test_a_run_leaves_its_counts_for_health(house: House) -> None:
    await house.people("ada")
    await house.alert()
    await house.ticks.run("deliver")
    state = house.ticks.health()["deliver"]
    assert state["counts"] == {"due": 1, "sent": 1}
    assert (state["runs"], state["errors"], state["every_s"]) == (1, 0, 5)
    assert state["last_run"] == "2026-03-01T12:00:00Z"
    assert state["next_run"] is None


async def test_started_jobs_run_at_once_and_have_a_next_time(house: House) -> None:
    await house.people("ada")
    await house.alert()
    house.ticks.start()
    await until(lambda: all(state.runs for state in house.ticks.states.values()))
    assert await house.said("ada") == ["market_alert"]
    assert all(house.ticks.next_runs().values())
    assert set(house.ticks.next_runs()) == {
        "market", "deliver", "nudges", "sessions", "engagement", "health", "streaks",
        "uptime", "boards", "retention", "risk",
    }  # fmt: skip


async def test_woken_it_delivers_without_waiting_for_the_interval(house: House) -> None:
    await house.people("ada")
    house.ticks.start()
    await until(lambda: all(state.runs for state in house.ticks.states.values()))
    runs = house.ticks.states["deliver"].runs
    await house.alert()
    house.ticks.wake()
    await until(lambda: house.ticks.states["deliver"].runs > runs)
    assert await house.said("ada") == ["market_alert"]


async def test_rows_written_while_it_delivers_go_out_at_once_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.people("ada", "bob")
    house.ticks.start()
    await until(lambda: all(state.runs for state in house.ticks.states.values()))
    plan_once, later = outreach.deliver, []

    def meanwhile(*given: Any) -> Any:
        if not later:
            later.append(asyncio.ensure_future(house.alert("a2")))
            later[0].add_done_callback(lambda _: house.ticks.wake())
        return plan_once(*given)

    monkeypatch.setattr(outreach, "deliver", meanwhile)
    await house.alert("a1")
    house.ticks.wake()
    await until(lambda: len(house.logged("delivered")) == 4)


async def test_a_job_that_fails_is_counted_and_told_and_runs_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(house.markets, "refresh", broken)
    house.ticks.start()
    await until(lambda: house.ticks.states["market"].errors == 1)
    assert house.ticks.states["market"].last_error == "ZeroDivisionError"
    assert house.logged("tick_failed")[0]["job"] == "market"
    assert house.ticks.next_runs()["market"] is not None


async def test_stopping_lets_a_running_job_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.people(*(f"p{number:02}" for number in range(40)))
    await house.alert()
    house.ticks.start()
    await asyncio.sleep(0)
    await house.ticks.stop()
    assert house.ticks.next_runs()["deliver"] is None
    left = await house.store.outbox(NOON)
    runs = house.ticks.states["deliver"].runs
    assert (runs, len(left)) in ((1, 0), (0, 40))
