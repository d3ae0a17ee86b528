"""Credits in every store: guards of the database itself, the audit, permanent outcomes."""

import asyncio

import pytest
from msgspec.structs import replace

from bot.ledger import entries
from bot.ledger.postings import Transfer
from bot.model.money import Counter
from bot.model.person import Person
from bot.store.store import Store
from tests.builders import (
    FREELY,
    SECOND,
    a_decision,
    a_person,
    a_posting,
    a_topup,
    an_unlock,
    digest,
)
from tests.contract.test_store import committed


async def rich(store: Store, id: str = "ada", credits: int = 100) -> Person:
    person = await committed(store, a_decision(person=a_person(id)))
    return await committed(store, a_topup(person, credits))


async def test_the_ledger_of_topups_unlocks_voids_and_refunds_audits_clean(store: Store) -> None:
    ada = await rich(store)
    first = await committed(store, an_unlock(ada, "stops.basics", 5))
    second = await committed(store, an_unlock(first, "stops.sizing", 10))
    owned = second.spending.owned
    transfer = Transfer(digest("void"), "ada", second.last_at + SECOND, "staff")
    posting = entries.void(transfer, second.spending, owned["stops.basics"])
    third = await committed(store, a_posting(second, posting, "void-1"))
    transfer = Transfer(digest("refund"), "ada", third.last_at + SECOND, "staff")
    posting = entries.refund(transfer, third.spending, owned["stops.sizing"])
    last = await committed(store, a_posting(third, posting, "refund-1"))
    await committed(store, an_unlock(last, "stops.basics", 5, id="again"))
    assert await store.reads.audit() == []


async def test_an_item_is_owned_once(store: Store) -> None:
    ada = await rich(store)
    unlock = an_unlock(ada, "stops.basics", 5)
    bought = await committed(store, unlock)
    forgetful = replace(bought, spending=ada.spending)
    again = an_unlock(forgetful, "stops.basics", 5, id="other")
    assert (await store.commit(again)).status == "guarded"
    assert await store.person("ada", fresh=True) == bought


async def test_a_transfer_is_applied_once(store: Store) -> None:
    ada = await rich(store)
    topup = a_topup(replace(ada, spending=a_person().spending), id="topup-1")
    other = replace(topup, turn_id=digest("other turn"))
    assert (await store.commit(other)).status == "duplicate"
    assert await store.reads.audit() == []


def counting(before: Person, *counters: Counter) -> object:
    return a_decision(before, counters=counters)


async def test_a_counter_never_grows_past_its_limit(store: Store) -> None:
    ada = await committed(store, a_decision())
    day = "day:2026-03-01@UTC"
    ada = await committed(store, counting(ada, Counter(day, 12, 20)))
    assert (await store.commit(counting(ada, Counter(day, 9, 20)))).status == "guarded"  # type: ignore[arg-type]
    ada = await committed(store, counting(ada, Counter(day, 8, 20)))
    assert (await store.commit(counting(ada, Counter(day, 1, 20)))).status == "guarded"  # type: ignore[arg-type]
    assert await store.person("ada", fresh=True) == ada


async def test_charges_of_one_turn_count_together(store: Store) -> None:
    ada = await committed(store, a_decision())
    day = "day:2026-03-01@UTC"
    ada = await committed(store, counting(ada, Counter(day, 5, 12), Counter(day, 5, 12)))
    assert (await store.commit(counting(ada, Counter(day, 3, 12)))).status == "guarded"  # type: ignore[arg-type]
    await committed(store, counting(ada, Counter(day, 2, 12)))


async def test_a_lower_cap_is_taken_even_when_more_was_spent(store: Store) -> None:
    ada = await committed(store, a_decision())
    day = "day:2026-03-01@UTC"
    ada = await committed(store, counting(ada, Counter(day, 12, 20)))
    ada = await committed(store, counting(ada, Counter(day, 0, 5)))
    assert (await store.commit(counting(ada, Counter(day, 1, 5)))).status == "guarded"  # type: ignore[arg-type]
    ada = await committed(store, counting(ada, Counter(day, -12, 0)))
    await committed(store, counting(ada, Counter(day, 5, 5)))


async def test_taking_out_of_a_window_never_counted_is_nothing(store: Store) -> None:
    ada = await committed(store, a_decision())
    ada = await committed(store, counting(ada, Counter("day:x@UTC", -5, 0)))
    assert (await store.commit(counting(ada, Counter("day:x@UTC", 3, 2)))).status == "guarded"  # type: ignore[arg-type]


async def test_entries_that_do_not_sum_to_nothing_are_a_fault_and_leave_nothing(
    store: Store,
) -> None:
    ada = await committed(store, a_decision())
    topup = a_topup(ada)
    with pytest.raises(AssertionError):
        await store.commit(replace(topup, entries=topup.entries[:1]))
    assert await store.person("ada", fresh=True) == ada


async def test_a_hundred_people_buy_at_once_and_the_books_balance(store: Store) -> None:
    people = await asyncio.gather(*(rich(store, f"p{n}", 20) for n in range(25)))
    for price in (2, 5):
        people = await asyncio.gather(
            *(committed(store, an_unlock(one, f"sku.{price}", price)) for one in people)
        )
    assert await store.reads.audit() == []
    totals = await store.reads.totals(people[0].last_at)
    moved = {row["kind"]: (row["credits"], row["people"]) for row in totals["credits"]}
    assert moved == {"topup": (500, 25), "unlock": (-175, 25)}
    unlocks = [(row["sku"], row["unlocks"], row["people"]) for row in totals["content"]["unlocks"]]
    assert unlocks == [("sku.2", 25, 25), ("sku.5", 25, 25)]


async def test_free_items_need_no_entry(store: Store) -> None:
    ada = await rich(store)
    await committed(store, an_unlock(ada, "stops.intro", 0, settings=FREELY))
    assert await store.reads.audit() == []
