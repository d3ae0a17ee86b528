"""Where conversations stand, on every store."""

from msgspec.structs import replace

from bot.model.person import Conversation, Person
from bot.store.store import Store
from tests.builders import NOW, SECOND, a_decision, a_person


def standing(id: str, name: str, **given: int) -> Person:
    return replace(a_person(id), state=Conversation(name), **given)


async def test_conversations_are_counted_by_state_for_those_who_were_here(store: Store) -> None:
    for id, state in (("ada", "offer"), ("bob", "offer"), ("cid", "idle")):
        await store.commit(a_decision(person=standing(id, state)))
    await store.commit(a_decision(person=standing("dan", "idle"), now=NOW - 100 * SECOND))
    assert await store.reads.standing(0) == {"offer": 2, "idle": 2}
    assert await store.reads.standing(NOW) == {"offer": 2, "idle": 1}


async def test_nobody_stands_anywhere_in_an_empty_store(store: Store) -> None:
    assert await store.reads.standing(0) == {}
