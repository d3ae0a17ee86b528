"""A stored turn gives back all it was decided from, in every store."""

from msgspec.structs import replace

from bot.model.person import Consent, Conversation, Profile, Skill
from bot.store.store import Store
from tests.builders import a_decision, a_message, a_person, a_plan, a_topup, an_unlock
from tests.contract.test_store import committed


async def test_every_turn_knows_the_person_it_was_decided_for(store: Store) -> None:
    decided = [a_decision(person=a_person(profile=Profile("Ada", goal="sleep well")))]
    ada = decided[0].person
    decided.append(a_topup(ada))
    decided.append(an_unlock(decided[-1].person))
    ada = decided[-1].person
    ada = replace(
        ada,
        profile=replace(ada.profile, name="Ada L.", time_zone="Europe/Helsinki"),
        state=Conversation("quiz", topic="stops", data={"asked": "3"}),
        skill=Skill("developing", lessons=2),
        consent=Consent(nudges=True, declined={"promotions": 5}),
        watch=("BTC",),
    )
    decided.append(replace(a_decision(decided[-1].person, person=ada)))
    for one in decided:
        await committed(store, one)
    records = await store.reads.turns("ada")
    assert [record.before for record in records] == [one.before for one in decided]
    assert [record.inbound for record in records] == [one.inbound for one in decided]
    assert [record.reply for record in records] == [one.reply for one in decided]
    assert [record.trace for record in records] == [one.trace for one in decided]
    found = await store.reads.turn(decided[1].turn_id)
    assert found == records[1]


async def test_a_ticks_part_stands_between_the_turns(store: Store) -> None:
    first = a_decision()
    ada = await committed(store, first)
    ada = await committed(store, a_plan(ada, a_message(ada)))
    last = a_decision(ada)
    await committed(store, last)
    one, tick, two = await store.reads.turns("ada")
    assert (one.kind, tick.kind, two.kind) == ("message", "tick", "message")
    assert (one.before, tick.before, two.before) == (None, first.person, ada)
    assert tick.trace.facts == {"user.days_idle": 3}
    assert [record.number for record in await store.reads.turns("ada", after=1)] == [2, 3]
    assert await store.reads.turn("no such turn") is None


async def test_totals_count_people_and_turns(store: Store) -> None:
    for number in range(3):
        await committed(store, a_decision(person=a_person(f"p{number}")))
    totals = await store.reads.totals(a_decision().now)
    assert totals["people"] == 3
    assert totals["churn"] == {"active": 3, "gone": 0}
    assert totals["skill"] == [{"skill": "novice", "people": 3}]
    assert totals["engagement"] == {"mean": 0.0, "bands": [{"band": "low", "people": 3}]}
    assert totals["content"]["intents"] == [{"intent": "greet", "turns": 3, "people": 3}]
    assert await store.reads.counts() == {"people": 3, "waiting": 0, "alerts": 0}
