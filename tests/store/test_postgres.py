"""PostgreSQL: replicas share people without harm, and a server that forgets is refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace

from bot.clock import FrozenClock
from bot.errors import StoreError
from bot.model.money import Counter
from bot.model.person import Person
from bot.store.notices import heard, payloads
from bot.store.postgres import check_durable
from bot.store.reads import open_reads_only
from bot.store.store import Database, open_store
from tests.builders import NOW, SECOND, a_decision, a_message, a_person, a_plan, a_topup
from tests.contract.test_store import committed
from tests.postgres import postgres_url
from tests.sizes import size

KEY = "ab" * 32


@pytest.fixture
async def replicas(
    schema: str, tmp_path: Path, clock: FrozenClock
) -> AsyncIterator[list[Database]]:
    """Three servers over one schema; they start together."""
    made = await asyncio.gather(
        *(open_store(postgres_url(), tmp_path / str(n), clock, KEY, schema) for n in range(3))
    )
    async with AsyncExitStack() as stack:
        for one in made:
            stack.push_async_callback(one.close)
        yield list(made)


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_server_that_may_forget_commits_is_refused(name: str) -> None:
    shown = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    check_durable(shown)
    with pytest.raises(StoreError, match=name):
        check_durable(shown | {name: "off"})


async def test_a_server_that_is_not_there_is_told(tmp_path: Path, clock: FrozenClock) -> None:
    with pytest.raises(StoreError) as refused:
        await open_store("postgresql://nobody@127.0.0.1:1/none", tmp_path, clock)
    assert refused.value.code == "unavailable"


@pytest.mark.parametrize("name", ["Bot", "a b", "x; drop table y", "-c"])
async def test_a_schema_that_is_no_name_is_refused(
    name: str, tmp_path: Path, clock: FrozenClock
) -> None:
    with pytest.raises(StoreError) as refused:
        await open_store(postgres_url(), tmp_path, clock, schema=name)
    assert refused.value.code == "bad_setting"


async def test_of_two_replicas_that_decide_at_once_one_decides_again(
    replicas: list[Database],
) -> None:
    one, two, _ = replicas
    ada = await committed(one, a_decision())
    assert await two.person("ada") == ada
    receipts = await asyncio.gather(
        one.commit(a_decision(ada, id="a")), two.commit(a_decision(ada, id="b"))
    )
    assert sorted(receipt.status for receipt in receipts) == ["committed", "stale"]
    assert await one.person("ada") == await two.person("ada", fresh=True)


async def test_every_count_of_many_replicas_over_few_people_is_kept(
    replicas: list[Database],
) -> None:
    people, turns = [f"p{n}" for n in range(5)], size(20, 200)

    async def talk(store: Database, person_id: str, name: str) -> None:
        for turn in range(turns):
            while True:
                before = await store.person(person_id)
                whole = before or a_person(person_id)
                xp = replace(whole.progress, xp=whole.progress.xp + 1)
                after = replace(whole, progress=xp)
                decision = a_decision(before, person=after, id=f"{name}-{turn}")
                if (await store.commit(decision)).status == "committed":
                    break

    await asyncio.gather(
        *(
            talk(store, person_id, f"r{n}")
            for n, store in enumerate(replicas)
            for person_id in people
        )
    )
    for person_id in people:
        found = await replicas[0].person(person_id, fresh=True)
        assert found is not None
        assert found.progress.xp == found.version == turns * len(replicas)
        assert len(await replicas[1].reads.turns(person_id, limit=10_000)) == found.version


async def test_a_repeated_message_on_another_replica_is_a_duplicate(
    replicas: list[Database],
) -> None:
    one, two, _ = replicas
    first = a_decision()
    ada = await committed(one, first)
    assert (await two.commit(a_decision(ada, id="m1"))).status == "duplicate"
    assert await two.replied("ada", first.turn_id) == first.reply


async def test_replicas_that_spend_at_once_stay_within_the_databases_own_limit(
    replicas: list[Database],
) -> None:
    day = "day:2026-03-01@UTC"
    await committed(replicas[0], a_decision())

    async def spend(store: Database, name: str) -> int:
        spent = 0
        for turn in range(10):
            before = await store.person("ada", fresh=True)
            counters = (Counter(day, 1, 7),)
            receipt = await store.commit(a_decision(before, id=f"{name}{turn}", counters=counters))
            spent += receipt.status == "committed"
        return spent

    spent = await asyncio.gather(*(spend(store, f"r{n}") for n, store in enumerate(replicas)))
    assert sum(spent) <= 7


async def test_a_due_message_is_claimed_by_one_replica_until_its_lease_ends(
    replicas: list[Database],
) -> None:
    one, two, _ = replicas
    for number in range(6):
        ada = await committed(one, a_decision(person=a_person(f"p{number}")))
        await committed(one, a_plan(ada, a_message(ada)))
    first, second = await one.outbox(NOW, limit=4), await two.outbox(NOW, limit=4)
    assert len(first) == 4 and len(second) == 2
    assert not {row.id for row in first} & {row.id for row in second}
    assert len(await one.outbox(NOW + SECOND)) == 4
    assert len(await two.outbox(NOW + 59 * SECOND)) == 2
    assert len(await two.outbox(NOW + 61 * SECOND)) == 6


async def test_replicas_that_claim_at_once_never_share_a_message(replicas: list[Database]) -> None:
    for number in range(30):
        ada = await committed(replicas[0], a_decision(person=a_person(f"p{number}")))
        await committed(replicas[0], a_plan(ada, a_message(ada)))
    claims = await asyncio.gather(*(store.outbox(NOW, limit=10) for store in replicas))
    ids = [row.id for claim in claims for row in claim]
    assert len(ids) == len(set(ids)) == 30


async def test_another_replica_hears_whom_the_bot_wrote_to(replicas: list[Database]) -> None:
    one, two, _ = replicas
    heard: asyncio.Queue[str] = asyncio.Queue()
    own: list[str] = []
    two.listen(heard.put_nowait)
    one.listen(own.append)
    ada = await committed(one, a_decision())

    async def written(before: Person, name: str) -> Person:
        wanted = a_message(before, name)
        after = await committed(one, a_plan(before, wanted))
        sent = replace(wanted, state="sent", number=after.version + 1)
        return await committed(one, a_plan(after, sent, known=(wanted.id,)))

    for attempt in range(40):  # the listener may still be connecting
        ada = await written(ada, f"n{attempt}")
        try:
            assert await asyncio.wait_for(heard.get(), 0.5) == "ada"
            break
        except TimeoutError:
            continue
    else:
        pytest.fail("nothing was heard")
    assert own and set(own) == {"ada"}


async def test_another_replica_hears_of_every_turn(replicas: list[Database]) -> None:
    one, two, _ = replicas
    heard: asyncio.Queue[str] = asyncio.Queue()
    two.listen(heard.put_nowait)
    for attempt in range(40):  # the listener may still be connecting
        await committed(one, a_decision(person=a_person(f"p{attempt}")))
        try:
            assert (await asyncio.wait_for(heard.get(), 0.5)).startswith("p")
            return
        except TimeoutError:
            continue
    pytest.fail("nothing was heard")


def test_notices_hold_everybody_and_are_short_enough() -> None:
    people = [f"person-{number}-{'ä' * 90}" for number in range(300)]
    calls = payloads("me", people)
    assert all(len(call.encode()) < 8_000 for call in calls)
    assert [one for call in calls for one in heard(call)[1]] == people
    assert {heard(call)[0] for call in calls} == {"me"}
    assert payloads("me", []) == []


async def test_an_erased_person_cannot_be_brought_back_by_another_replicas_memory(
    replicas: list[Database],
) -> None:
    one, two, _ = replicas
    ada = await committed(one, a_decision())
    assert await two.person("ada") == ada
    await one.erase("ada")
    assert (await two.commit(a_decision(ada))).status == "stale"
    assert await two.person("ada") is None
    again = await committed(one, a_decision(person=a_person(created_at=NOW + 5)))
    assert (await two.commit(a_decision(ada, id="late"))).status == "stale"
    assert await two.person("ada") == again


async def test_entries_are_never_changed_removed_or_emptied(
    replicas: list[Database], schema: str
) -> None:
    ada = await committed(replicas[0], a_decision())
    await committed(replicas[0], a_topup(ada))
    with psycopg.connect(postgres_url(), autocommit=True) as connection:
        for sql in ("UPDATE {} SET amount = 1", "DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
                connection.execute(sql.format(f"{schema}.entries").encode())


async def test_a_cut_connection_refuses_what_waits_and_then_works_again(
    replicas: list[Database], schema: str
) -> None:
    store = replicas[0]
    ada = await committed(store, a_decision())
    with psycopg.connect(postgres_url(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE %s",
            (f"bot % {schema}",),
        )
    decision = a_decision(ada)
    with pytest.raises(StoreError) as refused:
        await store.commit(decision)
    assert refused.value.status == 503
    receipt = await store.commit(decision)
    assert receipt.status in ("committed", "duplicate")
    if receipt.status == "committed":
        assert await store.person("ada") == decision.person


async def test_the_databases_clock_is_compared_with_ours(
    replicas: list[Database], clock: FrozenClock
) -> None:
    from bot.clock import Clock

    ahead = await replicas[0].clock_offset()
    assert abs(ahead - (Clock().now() - clock.now())) < 60 * SECOND


async def test_reading_beside_the_servers_changes_nothing(
    replicas: list[Database], schema: str, tmp_path: Path
) -> None:
    decision = a_decision()
    await committed(replicas[0], decision)
    reads = await open_reads_only(postgres_url(), tmp_path, KEY, schema)
    found = await reads.turn(decision.turn_id)
    assert found is not None and found.reply == decision.reply
    await reads.close()
