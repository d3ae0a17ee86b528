"""Every store counts alike what the success metrics and the list of hand-offs are made of."""

from msgspec.structs import replace

from bot.model.message import Event
from bot.store.store import Store
from tests.builders import NOW, SECOND, a_decision, a_person, a_topup, an_event, an_unlock

DAY = 86_400 * SECOND


async def test_what_success_is_counted_from(store: Store):
    ada = a_decision(
        person=a_person("ada"),
        events=(
            an_event(a_person("ada"), "e1", "lesson_start", sku="x.free"),
            an_event(a_person("ada"), "e2", "quiz_complete", topic="x"),
            an_event(a_person("ada"), "e3", "rated", stars=5, topic="x"),
            an_event(a_person("ada"), "e4", "session_ended", seconds=600),
        ),
    )
    bob = a_decision(
        person=a_person("bob"),
        events=(
            an_event(a_person("bob"), "e1", "lesson_start", sku="x.free"),
            an_event(a_person("bob"), "e5", "session_ended", seconds=200),
        ),
    )
    for decision in (ada, bob):
        assert (await store.commit(decision)).status == "committed"
    topped = a_topup(ada.person)
    skilled = replace(
        topped, person=replace(topped.person, skill=replace(topped.person.skill, level="skilled"))
    )
    assert (await store.commit(skilled)).status == "committed"
    bought = an_unlock(skilled.person)
    assert (await store.commit(bought)).status == "committed"
    found = (await store.reads.totals(NOW + DAY // 2))["success"]
    assert found == {
        "people": 2, "active_day": 2, "active_month": 2, "old_enough": 0, "retained": 0,
        "advanced": 1, "credits_spent": 5, "began": 2, "finished": 1, "stars": {5: 1},
        "raters": 1, "sessions": 2, "session_seconds": 800, "session_people": 2,
    }  # fmt: skip
    later = (await store.reads.totals(NOW + 31 * DAY))["success"]
    assert (later["active_month"], later["old_enough"], later["retained"]) == (0, 2, 0)
    assert (later["credits_spent"], later["sessions"], later["stars"]) == (0, 0, {})


async def test_who_waits_is_listed_until_it_is_closed(store: Store):
    def event(person_id: str, id: str, name: str, at: int) -> Event:
        return Event(id, person_id, name, at, at)

    ada = a_decision(person=a_person("ada"), events=(event("ada", "w1", "handoff_wanted", 20),))
    bob = a_decision(person=a_person("bob"), events=(event("bob", "w2", "handoff_wanted", 10),))
    for decision in (ada, bob):
        await store.commit(decision)
    assert [one.id for one in await store.reads.handoffs()] == ["w2", "w1"]
    closed = a_decision(bob.person, events=(event("bob", "c1", "handoff_closed", 30),))
    await store.commit(closed)
    assert [one.id for one in await store.reads.handoffs()] == ["w1"]
    again = a_decision(closed.person, events=(event("bob", "w3", "handoff_wanted", 40),))
    await store.commit(again)
    assert [(one.id, one.person_id) for one in await store.reads.handoffs()] == [
        ("w1", "ada"),
        ("w3", "bob"),
    ]
    found = await store.reads.handoff("w2")
    assert found is not None and found.person_id == "bob"
    assert await store.reads.handoff("c1") is None
