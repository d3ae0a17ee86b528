"""A turn: one at a time for a person, the same answer for the same id, nothing left behind."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.app import Service, build
from bot.clock import FrozenClock
from bot.config import Settings
from bot.errors import RequestError, StoreError
from bot.model.message import Inbound, Reply
from bot.pace import Pace
from tests.sizes import size


def message(text: str, message_id: str, person_id: str = "somebody") -> Inbound:
    return Inbound(message_id, person_id, "message", 0, text=text)


async def say(service: Service, text: str, message_id: str, person_id: str = "somebody") -> Reply:
    return (await service.turn.take(message(text, message_id, person_id))).reply


async def test_ten_messages_at_once_are_answered_in_order_each_once(service: Service) -> None:
    numbers = [f"m{n}" for n in range(10)]
    await asyncio.gather(*(say(service, f"hello {n}", f"m{n}") for n in range(10)))
    feed = await service.store.feed("somebody", 0, 100)
    said = [item.text for item in feed if item.author == "person"]
    assert said == [f"hello {n}" for n in range(10)]
    assert len([item for item in feed if item.author == "bot"]) == len(numbers)
    person = await service.store.person("somebody")
    assert person is not None and person.version == 10


async def test_the_same_message_id_gets_the_same_answer_and_happens_once(
    service: Service, clock: FrozenClock
) -> None:
    first = await service.turn.take(message("hello", "m1"))
    clock.move(3600)
    again = await service.turn.take(message("hello", "m1"))
    assert (first.is_replay, again.is_replay) == (False, True)
    assert again.reply == first.reply
    person = await service.store.person("somebody")
    assert person is not None and person.version == 1


async def test_an_id_belongs_to_a_person(service: Service) -> None:
    first = await say(service, "hello", "m1", "one")
    other = await say(service, "hello", "m1", "two")
    assert first.turn_id != other.turn_id


async def test_after_many_people_the_lanes_hold_nothing(service: Service) -> None:
    people = size(500, 20_000)
    limit = asyncio.Semaphore(64)

    async def one(number: int) -> None:
        async with limit:
            await say(service, "thanks", "m", f"person-{number}")

    await asyncio.gather(*(one(number) for number in range(people)))
    assert len(service.turn.lanes) == 0


async def test_a_message_in_flight_keeps_the_catalog_it_began_with(service: Service) -> None:
    before = service.catalogs.current
    reply = await say(service, "hello", "m1")
    record = await service.reads.turn(reply.turn_id)
    assert record is not None and record.trace.catalog == before.version


async def unlock(service: Service, unlock_id: str) -> Reply:
    props = {"source": "unlock", "sku": "leverage.basic", "expected_price": 2}
    inbound = Inbound(
        unlock_id, "demo_novice", "purchase", 0, name="unlock", props=props, fingerprint="f"
    )
    return (await service.turn.take(inbound)).reply


async def test_a_clock_that_jumped_closes_paid_unlocks_until_confirmed(
    service: Service, clock: FrozenClock
) -> None:
    await say(service, "hello", "m1", "demo_novice")
    clock.set(clock.at + 2 * 3_600_000_000)
    with pytest.raises(StoreError) as refused:
        await unlock(service, "u1")
    assert refused.value.code == "clock_jumped"
    assert (await say(service, "hello", "m2", "demo_novice")).text
    service.turn.confirm_clock()
    assert (await unlock(service, "u1")).outcome == "unlocked"


async def test_a_clock_far_behind_the_books_closes_paid_unlocks(
    service: Service, clock: FrozenClock
) -> None:
    assert (await unlock(service, "u1")).outcome == "unlocked"
    clock.set(clock.at - 6 * 60_000_000)
    with pytest.raises(StoreError) as refused:
        await unlock(service, "u2")
    assert refused.value.code == "clock_behind"


async def test_a_person_who_says_yes_twice_is_erased(service: Service) -> None:
    await say(service, "my name is Aurelia", "m1")
    asked = await say(service, "erase me", "m2")
    yes = next(choice.send for choice in asked.choices if choice.label != "Cancel")
    said = await say(service, yes, "m3")
    assert said.text
    assert await service.store.person("somebody") is None
    assert await service.store.feed("somebody", 0, 10) == []
    back = await say(service, "hello", "m4")
    assert "machine" in back.text
    assert await service.reads.audit() == []


async def test_a_no_to_erasing_keeps_everything(service: Service) -> None:
    await say(service, "erase me", "m1")
    await say(service, "no", "m2")
    assert await service.store.person("somebody") is not None


async def test_the_answer_to_being_erased_is_the_same_when_asked_again(service: Service) -> None:
    await say(service, "hello", "m0")
    asked = await say(service, "erase me", "m1")
    yes = next(choice.send for choice in asked.choices if choice.label != "Cancel")
    first = await say(service, yes, "m2")
    assert (await say(service, yes, "m2")).text == first.text


async def test_the_first_start_makes_an_operator_key_even_beside_a_server_key(
    settings: Settings, clock: FrozenClock
) -> None:
    built = await build(settings, clock)
    built.studio.add_key("shop", "server")
    await built.prepare()
    key = built.studio.key(built.key_file.read_text().strip())
    assert key is not None and key.scope == "operator"
    assert built.key_file.stat().st_mode & 0o777 == 0o600
    await built.prepare()
    kept = built.studio.keys()
    assert [one.scope for one in kept].count("operator") == 1
    await built.stop()


def test_the_pace_of_turns_is_told_once_with_its_median_and_its_slowest_per_cent():
    pace = Pace()
    for number in range(200):
        pace.note(float(number))
    pace.errors = 50
    assert pace.look() == {
        "turns": 200, "errors": 50, "error_rate": 0.2, "p50_ms": 100.0, "p99_ms": 198.0,
    }  # fmt: skip
    assert pace.look() == {}


async def test_a_fault_counts_as_an_error_and_a_callers_mistake_does_not(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(decided: object) -> object:
        raise StoreError("the disk is full")

    await service.turn.take(message("hello", "m1"))
    service.turn.pace.look()
    props = {"sku": "no such"}
    with pytest.raises(RequestError):
        await service.turn.take(Inbound("u", "ada", "purchase", 1, name="unlock", props=props))
    monkeypatch.setattr(service.store, "commit", broken)
    with pytest.raises(StoreError):
        await service.turn.take(message("hello again", "m2"))
    assert service.turn.pace.look() == {"turns": 0, "errors": 1, "error_rate": 1.0}


async def test_the_health_job_logs_how_turns_fared(service: Service, settings: Settings) -> None:
    await service.turn.take(message("hello", "m1"))
    counts = await service.ticks.run("health")
    service.journal.flush()
    lines = [json.loads(line) for line in Path(settings.logs.file).read_text().splitlines()]
    (line,) = [one for one in lines if one["event"] == "turns_measured"]
    assert {"turns", "errors", "error_rate", "p50_ms", "p99_ms"} <= line.keys()
    assert (line["turns"], counts["errors"]) == (counts["turns"], 0)
