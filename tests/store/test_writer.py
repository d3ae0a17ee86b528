"""Group commit: what waits is written together, and what does not fit fails alone."""

import asyncio
from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, text

from bot.errors import RequestError, StoreError
from bot.model.money import Counter
from bot.store.rows import Rows
from bot.store.sqlite import Sqlite
from bot.store.store import Database
from tests.builders import a_decision, a_message, a_person, a_plan
from tests.contract.test_store import committed


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many decisions each write of rows took together."""
    seen: list[int] = []
    apply = Sqlite.apply

    def counted(self: Sqlite, connection: Connection, batch: Sequence[Rows]) -> Sequence[str]:
        seen.append(len(batch))
        return apply(self, connection, batch)

    monkeypatch.setattr(Sqlite, "apply", counted)
    return seen


async def test_decisions_that_wait_are_committed_together(
    sqlite: Database, batches: list[int]
) -> None:
    people = [a_decision(person=a_person(f"p{n}")) for n in range(50)]
    await asyncio.gather(*(sqlite.commit(one) for one in people))
    assert sum(batches) == 50 and len(batches) < 25


async def test_one_bad_row_costs_its_batch_one_more_try_and_fails_alone(
    sqlite: Database, batches: list[int]
) -> None:
    ada = await committed(sqlite, a_decision())
    bad = a_decision(ada, counters=(Counter("day:x@UTC", 5, 4),))
    good = [a_decision(person=a_person(f"p{n}")) for n in range(9)]
    receipts = await asyncio.gather(*(sqlite.commit(one) for one in (*good, bad)))
    assert [one.status for one in receipts] == ["committed"] * 9 + ["guarded"]
    assert await sqlite.reads.audit() == []


async def test_a_repeated_turn_amid_a_batch_leaves_every_other_turn_there_once(
    sqlite: Database,
) -> None:
    ada = await committed(sqlite, a_decision())
    await sqlite.erase("nobody")  # the answers held in memory are gone; the database must know
    good = [a_decision(person=a_person(f"p{n}")) for n in range(9)]
    batch = (*good[:5], a_decision(ada, id="m1"), *good[5:])
    receipts = await asyncio.gather(*(sqlite.commit(one) for one in batch))
    assert [one.status for one in receipts] == ["committed"] * 5 + ["duplicate"] + [
        "committed"
    ] * 4
    for one in good:
        turns = await sqlite.reads.turns(one.person.id)
        assert [turn.id for turn in turns] == [one.turn_id]


async def test_a_decision_that_cannot_be_written_does_not_disturb_its_batch(
    sqlite: Database,
) -> None:
    ada = await committed(sqlite, a_decision())
    unreadable = replace(a_decision(ada), trace=replace(a_decision().trace, intent="\ud800"))
    fault = replace(a_decision(ada, id="x"), person=replace(ada, version=9))
    good = [a_decision(person=a_person(f"p{n}")) for n in range(9)]
    answers = await asyncio.gather(
        *(sqlite.commit(one) for one in (unreadable, fault, *good)), return_exceptions=True
    )
    assert isinstance(answers[0], RequestError) and isinstance(answers[1], AssertionError)
    assert all(getattr(one, "status", "") == "committed" for one in answers[2:])


async def test_two_decisions_for_one_person_are_never_written_together(
    sqlite: Database,
) -> None:
    ada = await committed(sqlite, a_decision())
    turn, plan = a_decision(ada), a_plan(ada, a_message(ada))
    receipts = await asyncio.gather(sqlite.commit(turn), sqlite.commit(plan))
    assert [one.status for one in receipts] == ["committed", "stale"]
    assert await sqlite.outbox(turn.now) == []


async def test_a_repeated_message_costs_no_transaction(
    sqlite: Database, batches: list[int]
) -> None:
    first = a_decision()
    ada = await committed(sqlite, first)
    assert (await sqlite.commit(a_decision(ada, id="m1"))).status == "duplicate"
    assert len(batches) == 1


async def test_work_that_fails_is_undone_and_told(sqlite: Database) -> None:
    def half(connection: Connection) -> None:
        connection.execute(text("INSERT INTO notes (name, value) VALUES ('half', 'x')"))
        raise StoreError("stop here")

    with pytest.raises(StoreError):
        await sqlite._writer.run(half)
    left = await sqlite._writer.run(
        lambda connection: connection.execute(
            text("SELECT count(*) FROM notes WHERE name = 'half'")
        ).scalar()
    )
    assert left == 0


async def test_twenty_thousand_people_leave_only_the_latest_in_memory(sqlite: Database) -> None:
    from bot.store.store import ANSWERS_HELD, PEOPLE_HELD
    from tests.sizes import size

    people = [a_decision(person=a_person(f"p{n}")) for n in range(size(2_500, 20_000))]
    for start in range(0, len(people), 500):
        await asyncio.gather(*(sqlite.commit(one) for one in people[start : start + 500]))
    assert len(sqlite._people) == PEOPLE_HELD and len(sqlite._answers) == ANSWERS_HELD
