"""Export and erasure in every store."""

import json

from bot.store.store import Store
from tests.builders import (
    NOW,
    a_decision,
    a_message,
    a_person,
    a_plan,
    a_topup,
    an_event,
    an_unlock,
)
from tests.contract.test_store import committed


async def busy(store: Store, id: str) -> None:
    """Somebody with a row in every table."""
    person = a_person(id, watch=("BTC",))
    person = await committed(
        store, a_decision(person=person, text=f"{id} wrote this", events=(an_event(person),))
    )
    person = await committed(store, a_topup(person))
    person = await committed(store, an_unlock(person))
    await committed(store, a_plan(person, a_message(person)))


async def test_an_export_holds_everything_readable_and_nobody_else(store: Store) -> None:
    await busy(store, "ada")
    await busy(store, "bob")
    given = await store.export("ada")
    text = json.dumps(given)
    assert "ada wrote this" in text and "we kept your place" in text
    assert "bob" not in text
    for table in ("persons", "turns", "entries", "entitlements", "outcomes", "events", "outbox"):
        assert given[table], table
    assert len(given["turns"]) == 4 and len(given["entries"]) == 4


async def test_an_erased_person_is_gone_and_the_receipt_counts_what_went(store: Store) -> None:
    await busy(store, "ada")
    await busy(store, "bob")
    turn = (await store.reads.turns("ada"))[0]
    receipt = await store.erase("ada")
    assert receipt["persons"] == 1 and receipt["turns"] == 4 and receipt["outbox"] == 1
    assert await store.person("ada") is None
    assert await store.replied("ada", turn.id) is None
    assert await store.reads.turn(turn.id) is None
    assert await store.feed("ada", 0, 10) == []
    assert [one.person_id for one in await store.outbox(NOW)] == ["bob"]
    assert await store.reads.audit() == []
    assert (await store.person("bob", fresh=True)) is not None


async def test_who_comes_back_after_an_erasure_is_somebody_new(store: Store) -> None:
    await busy(store, "ada")
    old = await store.person("ada")
    assert old is not None
    await store.erase("ada")
    again = await committed(store, a_decision(person=a_person(created_at=NOW + 1)))
    assert again.version == 1
    assert (await store.commit(a_decision(old))).status == "stale"
    for number in range(old.version - 1):
        again = await committed(store, a_decision(again, id=f"again-{number}"))
    assert again.version == old.version
    assert (await store.commit(a_decision(old, id="late"))).status == "stale"
    assert await store.person("ada", fresh=True) == again


async def test_erasing_nobody_counts_nothing(store: Store) -> None:
    assert set((await store.erase("nobody")).values()) == {0}
