"""What every store promises: people, turns, outcomes, feeds."""

import asyncio

import pytest
from msgspec.structs import replace

from bot.errors import RequestError
from bot.model.person import Conversation, Person
from bot.store.store import Store
from tests.builders import (
    NOW,
    NUDGED,
    SECOND,
    a_decision,
    a_message,
    a_person,
    a_plan,
    a_topup,
    an_event,
    an_unlock,
)


async def committed(store: Store, decided: object) -> Person:
    receipt = await store.commit(decided)  # type: ignore[arg-type]  # either of the two
    assert receipt.status == "committed"
    return decided.person  # type: ignore[attr-defined, no-any-return]


async def test_a_person_never_seen_is_none(store: Store) -> None:
    assert await store.person("nobody") is None


async def test_a_committed_person_comes_back_whole(store: Store) -> None:
    person = a_person(watch=("BTC", "ETH"), state=Conversation("topic", data={"goal": "sleep"}))
    after = await committed(store, a_decision(person=person))
    assert await store.person("ada", fresh=True) == after == await store.person("ada")


async def test_an_answer_is_recorded_under_its_turn(store: Store) -> None:
    decision = a_decision(answer="good morning")
    await committed(store, decision)
    assert await store.replied("ada", decision.turn_id) == decision.reply
    assert await store.replied("bob", decision.turn_id) is None


async def test_the_same_turn_again_is_a_duplicate_and_changes_nothing(store: Store) -> None:
    first = a_decision()
    ada = await committed(store, first)
    again = a_decision(ada, id=first.inbound.id)
    assert (await store.commit(again)).status == "duplicate"
    assert await store.person("ada", fresh=True) == ada


async def test_a_decision_for_an_older_person_is_stale_and_changes_nothing(store: Store) -> None:
    first = await committed(store, a_decision())
    second = await committed(store, a_decision(first))
    assert (await store.commit(a_decision(first, id="late"))).status == "stale"
    assert (await store.commit(a_decision(id="also new"))).status == "stale"
    assert await store.person("ada", fresh=True) == second


async def test_one_that_does_not_fit_fails_alone(store: Store) -> None:
    ada = await committed(store, a_decision())
    people = [a_decision(person=a_person(f"p{n}")) for n in range(20)]
    receipts = await asyncio.gather(
        *(store.commit(one) for one in people[:10]),
        store.commit(a_decision(ada, id="m1")),
        store.commit(a_decision(replace(ada, version=7), id="other")),
        *(store.commit(one) for one in people[10:]),
    )
    statuses = [receipt.status for receipt in receipts]
    assert statuses == ["committed"] * 10 + ["duplicate", "stale"] + ["committed"] * 10
    for one in people:
        assert await store.person(one.person.id, fresh=True) == one.person


async def test_an_outcome_is_kept_under_the_callers_id(store: Store) -> None:
    ada = await committed(store, a_decision())
    ada = await committed(store, a_topup(ada))
    unlock = an_unlock(ada)
    await committed(store, unlock)
    found = await store.outcome("ada", unlock.outcome_id)
    assert found == (unlock.inbound.fingerprint, unlock.reply)
    assert await store.outcome("ada", "unlock:other") is None


async def test_a_feed_holds_both_sides_in_order_and_never_splits_a_number(store: Store) -> None:
    ada = await committed(store, a_decision(text="hi", answer="hello"))
    wanted = a_message(ada)
    ada = await committed(store, a_plan(ada, wanted))
    sent = replace(wanted, state="sent", number=ada.version + 1, body="welcome back")
    ada = await committed(store, a_plan(ada, sent, known=(wanted.id,)))
    await committed(store, a_decision(ada, text="thanks"))
    feed = await store.feed("ada", 0, 50)
    said = [(item.number, item.author, item.text) for item in feed]
    assert said == [
        (1, "person", "hi"),
        (1, "bot", "hello"),
        (3, "bot", "welcome back"),
        (4, "person", "thanks"),
        (4, "bot", "you said thanks"),
    ]
    assert [item.number for item in await store.feed("ada", 1, 2)] == [3, 4, 4]
    assert await store.feed("ada", 4, 10) == []


async def test_a_wanted_message_is_due_from_its_time_on_and_settled_once(store: Store) -> None:
    ada = await committed(store, a_decision())
    wanted = a_message(ada, send_at=NOW + 60 * SECOND)
    ada = await committed(store, a_plan(ada, wanted))
    assert await store.outbox(NOW) == []
    assert await store.outbox(NOW + 60 * SECOND) == [wanted]
    held = replace(wanted, state="held", reason="quiet_hours", send_at=NOW + 120 * SECOND)
    ada = await committed(store, a_plan(ada, held, known=(wanted.id,)))
    assert await store.outbox(NOW + 119 * SECOND) == []
    assert await store.outbox(NOW + 120 * SECOND) == [held]
    sent = replace(held, state="sent", number=ada.version + 1)
    ada = await committed(store, a_plan(ada, sent, known=(wanted.id,)))
    assert await store.outbox(NOW + 999 * SECOND) == []
    assert (await store.commit(a_plan(ada, sent, known=(wanted.id,)))).status == "stale"


async def test_a_send_key_is_used_once_for_ever(store: Store) -> None:
    ada = await committed(store, a_decision())
    ada = await committed(store, a_plan(ada, a_message(ada)))
    assert (await store.commit(a_plan(ada, a_message(ada)))).status == "duplicate"
    assert len(await store.outbox(NOW)) == 1


async def test_events_come_back_oldest_first(store: Store) -> None:
    ada = a_person()
    one, two = an_event(ada, "e1", topic="stops"), an_event(ada, "e2", "quiz_completed")
    await committed(store, a_decision(events=(one, two)))
    assert await store.events("ada") == [one, two]
    assert await store.events("ada", names=("quiz_completed",)) == [two]
    assert await store.events("ada", since=NOW + 1) == []


async def test_idle_people_have_nudges_on_and_were_away(store: Store) -> None:
    for name, consent in (("p1", NUDGED), ("p2", a_person().consent), ("p3", NUDGED)):
        await committed(store, a_decision(person=a_person(name, consent=consent)))
    later = NOW + 4 * 86_400 * SECOND
    found = [person.id for person in await store.people("idle", later)]
    assert found == ["p1", "p3"]
    assert [person.id for person in await store.people("idle", later, after="p1")] == ["p3"]
    assert await store.people("idle", NOW + 2 * SECOND) == []
    assert len(await store.people("all", later, limit=2)) == 2
    assert len(await store.people("seen", NOW + 2 * SECOND)) == 3


@pytest.mark.parametrize("text", ["\ud800", "a\0b"])
async def test_text_no_database_holds_is_bad_input(store: Store, text: str) -> None:
    with pytest.raises(RequestError):
        await store.person(text)
    with pytest.raises(RequestError):
        await store.commit(a_decision(person=a_person(text)))
    fine = await store.commit(a_decision(text="fine"))
    assert fine.status == "committed"
