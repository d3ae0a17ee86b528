"""Several decisions of one person, committed as one: whole or not at all, on every store."""

import asyncio

import pytest
from msgspec.structs import replace

from bot.model.decision import Chain, Decision
from bot.model.message import Event
from bot.model.person import Person
from bot.model.progress import Boards, Score
from bot.store.protocol import EventsFrom
from bot.store.store import Store
from tests.builders import NOW, a_decision, a_person, an_event, an_unlock


def chained(before: Person | None, *ids: str) -> Chain:
    """Turns with these ids, one after the other; each keeps its answer for ever."""
    made: list[Decision] = []
    for id in ids:
        one = a_decision(before, id=id, answer=f"answer {id}", outcome_id=f"xp:{id}")
        one = replace(one, events=(an_event(one.person, id),))
        made.append(replace(one, inbound=replace(one.inbound, fingerprint=f"print {id}")))
        before = one.person
    return Chain(tuple(made))


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_chain_leaves_what_its_turns_would_leave(store: Store, is_new: bool) -> None:
    before = None
    if not is_new:
        first = a_decision()
        await store.commit(first)
        before = first.person
    chain = chained(before, "a", "b", "c")
    assert (await store.commit(chain)).status == "committed"
    assert await store.person("ada", fresh=True) == chain.person
    turns = await store.reads.turns("ada")
    assert [turn.number for turn in turns] == list(range(1, 4 if is_new else 5))
    assert [turn.before for turn in turns[-3:]] == [one.before for one in chain.decisions]
    assert {event.id for event in await store.events("ada")} == {"a", "b", "c"}


async def test_answers_kept_for_ever_are_found_together(store: Store) -> None:
    await store.commit(chained(None, "a", "b"))
    asked = [("ada", "xp:a"), ("ada", "xp:b"), ("ada", "xp:never"), ("nobody", "xp:a")]
    found = await store.outcomes(asked)
    assert {pair: (mark, reply.text) for pair, (mark, reply) in found.items()} == {
        ("ada", "xp:a"): ("print a", "answer a"),
        ("ada", "xp:b"): ("print b", "answer b"),
    }
    assert await store.outcomes([]) == {}


async def test_a_chain_with_an_id_of_before_leaves_nothing(store: Store) -> None:
    """E1, E4: the ids are guarded by the database, and a chain is one transaction."""
    first = chained(None, "a")
    await store.commit(first)
    again = chained(first.person, "b", "a")
    assert (await store.commit(again)).status == "duplicate"
    assert await store.person("ada", fresh=True) == first.person
    assert await store.outcomes([("ada", "xp:b")]) == {}


async def test_a_chain_for_somebody_who_changed_meanwhile_is_stale(store: Store) -> None:
    first = chained(None, "a")
    await store.commit(first)
    await store.commit(a_decision(first.person, id="meanwhile"))
    assert (await store.commit(chained(first.person, "b", "c"))).status == "stale"


async def test_many_chains_and_turns_at_once_are_all_there(store: Store) -> None:
    people = [a_person(f"p{number}") for number in range(6)]
    firsts = [a_decision(person=who) for who in people]
    receipts = await asyncio.gather(*(store.commit(one) for one in firsts))
    chains = [chained(one.person, "a", "b") for one in firsts]
    receipts = await asyncio.gather(*(store.commit(one) for one in chains))
    assert {one.status for one in receipts} == {"committed"}
    for chain in chains:
        assert await store.person(chain.person.id, fresh=True) == chain.person


async def test_money_and_scores_of_a_chain_are_added_up(store: Store) -> None:
    """I1 and L1: what several turns post, and the net change of one place on a board."""
    first = a_decision()
    await store.commit(first)
    second = a_decision(first.person, id="free")
    bought = an_unlock(second.person, price=0)
    boards = Boards(open={"all_time ever": 30})
    scores = (Score("all_time", "ever", 0, 10, 1), Score("all_time", "ever", 10, 30, 2))
    third = replace(bought, person=replace(bought.person, boards=boards), scores=scores[1:])
    second = replace(second, scores=scores[:1])
    third = replace(third, before=second.person)
    assert (await store.commit(Chain((second, third)))).status == "committed"
    assert await store.reads.audit() == []
    assert await store.person("ada", fresh=True) == third.person


async def test_many_people_in_one_transaction_and_who_does_not_fit_stays_out(
    store: Store,
) -> None:
    first = a_decision(person=a_person("late"))
    await store.commit(first)
    await store.commit(a_decision(first.person, id="meanwhile"))
    kept = (("xp:1", "print", a_decision().reply), ("xp:2", "print", a_decision().reply))
    good = [replace(a_decision(person=a_person(f"p{n}")), kept=kept) for n in range(5)]
    stale = a_decision(first.person, id="too late")
    receipts = await store.commit_all([*good[:2], stale, *good[2:]])
    statuses = [one.status for one in receipts]
    assert statuses == ["committed", "committed", "stale", "committed", "committed", "committed"]
    for one in good:
        assert await store.person(one.person.id) == one.person
    found = await store.outcomes([("p4", "xp:1"), ("p4", "xp:2")])
    assert {mark for mark, _ in found.values()} == {"print"} and len(found) == 2


async def test_events_between_two_messages_do_not_hide_what_was_said(store: Store) -> None:
    """A page of the feed holds what was said, however many events were counted since."""
    first = a_decision()
    await store.commit(first)
    decisions, before = [], first.person
    for number in range(60):
        one = a_decision(before, id=f"e{number}", text="", answer="")
        silent = replace(one.reply, text="")
        kind = replace(one.inbound, kind="action")
        decisions.append(replace(one, inbound=kind, reply=silent))
        before = decisions[-1].person
    await store.commit(Chain(tuple(decisions)))
    await store.commit(a_decision(before, text="still there?"))
    texts = [item.text for item in await store.feed("ada", 0, 10)]
    assert "hello" in texts and "still there?" in texts


async def test_everybody_is_read_a_page_at_a_time(store: Store) -> None:
    for name in ("a", "b", "c"):
        first = a_decision(person=a_person(name))
        await store.commit(first)
        await store.commit(chained(first.person, "2", "1", "3"))
    found, after = [], ("", "", "")
    while page := await store.reads.all_events(EventsFrom(after, limit=2)):
        found += [(one.person_id, one.id) for _, one in page]
        last = page[-1][1]
        after = (last.person_id, last.source, last.id)
    assert found == [(name, id) for name in "abc" for id in "123"]
    people = await store.reads.all_people("", 2) + await store.reads.all_people("b", 2)
    assert [one.id for _, one in people] == ["a", "b", "c"]
    assert await store.reads.all_events(EventsFrom(until=NOW)) == []


async def test_every_store_folds_alike_and_keeps_hand_offs(store: Store) -> None:
    first = a_decision()
    wanted = an_event(first.person, "h", "handoff_wanted")
    old = tuple(an_event(first.person, f"o{n}", "session_ended") for n in range(3))
    await store.commit(replace(first, events=(wanted, *old)))
    opening = Event("opening", "ada", "opening", NOW, NOW, {"opening": {"xp": 5}})
    assert await store.overdue(NOW + 1, "", 10) == ["ada"]
    assert await store.overdue(NOW, "", 10) == [] == await store.overdue(NOW + 1, "ada", 10)
    for _ in range(2):  # folding again replaces the opening
        await store.fold("ada", NOW + 1, opening)
        assert {one.name for one in await store.events("ada")} == {"handoff_wanted", "opening"}
    assert (await store.reads.earned("ada"))[0].props == {"opening": {"xp": 5}}
    assert await store.overdue(NOW + 1, "", 10) == []
    assert await store.fold("nobody", NOW + 1, opening) == 0


async def test_who_asked_for_a_reward_is_known_by_our_own_events(store: Store) -> None:
    for who, source in (("cleo", "bot"), ("ada", "bot"), ("ben", "track")):
        first = a_decision(person=a_person(who))
        asked = replace(an_event(first.person, "r", "reward_redeemed"), source=source)
        await store.commit(replace(first, events=(asked,)))
    assert await store.reads.redeemers(NOW) == ["ada", "cleo"]
    assert await store.reads.redeemers(NOW + 1_000_000_000) == []
