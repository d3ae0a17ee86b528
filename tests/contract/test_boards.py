"""Leaderboards, on every store (letters L1-L6)."""

import asyncio

from msgspec.structs import replace

from bot.model.decision import Chain, Decision
from bot.model.person import Person
from bot.model.progress import Boards, Closed, Line, Member
from bot.progress import leaderboards, pseudonyms
from bot.store.store import Store
from tests.builders import SECOND, a_decision, a_person
from tests.contract.test_store import committed

DAILY, WEEK = "2026-03-01", "2026-W09"  # of tests.builders.NOW
EVER = leaderboards.EVER


async def earned(
    store: Store, who: Person | str, xp: int, *, at: int = 0, points: int = 0
) -> Person:
    """One turn in which somebody earns something."""
    before = who if isinstance(who, Person) else None
    whole = before or a_person(str(who))
    progress = replace(
        whole.progress, xp=whole.progress.xp + xp, points=whole.progress.points + points
    )
    return await settled(store, before, replace(whole, progress=progress), at)


async def settled(store: Store, before: Person | None, after: Person, at: int = 0) -> Person:
    return await committed(store, deciding(before, after, at))


def deciding(before: Person | None, after: Person, at: int = 0) -> Decision:
    now = after.last_at + SECOND
    boards, scores = leaderboards.settled(before, after, at or now, now, "UTC")
    return a_decision(before, person=replace(after, boards=boards), now=now, scores=scores)


async def joined(store: Store, person: Person, name: str = "") -> Person:
    handle = pseudonyms.handle(person.id)
    shown = name or pseudonyms.made_up(handle)
    boards = replace(person.boards, name=shown, handle=handle, has_own_name=bool(name))
    return await settled(store, person, replace(person, boards=boards))


async def lefts(store: Store, person: Person) -> Person:
    return await settled(store, person, replace(person, boards=Boards(open=person.boards.open)))


async def standings(
    store: Store, board: str = "daily", period: str = DAILY
) -> list[tuple[str, int]]:
    found = await store.boards.top(board, period, 100)  # type: ignore[arg-type]  # a literal
    return [(person.id, score) for person, score in found]


async def test_nobody_is_on_a_board_who_did_not_join(store: Store) -> None:
    """L4."""
    ada = await earned(store, "ada", 50)
    assert await standings(store) == []
    place = await store.boards.place("daily", DAILY, 50)
    assert (place.rank, place.people, place.listed) == (1, 1, 0)
    ada = await joined(store, ada)
    assert await standings(store) == [("ada", 50)]
    assert (await store.boards.place("daily", DAILY, 50)).listed == 1
    await lefts(store, ada)
    assert await standings(store) == [] and await standings(store, "all_time", EVER) == []
    place = await store.boards.place("all_time", EVER, 50)
    assert (place.people, place.listed) == (1, 0)


async def test_a_score_counts_on_every_board_and_grows(store: Store) -> None:
    ada = await earned(store, "ada", 50, points=400)
    ada = await earned(store, ada, 300)
    await joined(store, ada)
    assert await standings(store) == await standings(store, "weekly", WEEK) == [("ada", 350)]
    assert await standings(store, "all_time", EVER) == [("ada", 350)]
    assert await standings(store, "points", EVER) == [("ada", 400)]
    assert await standings(store, "daily", "2026-03-02") == []


async def test_turns_committed_as_one_count_once_and_are_reached_by_the_last(
    store: Store,
) -> None:
    ada = a_person()
    first = deciding(None, replace(ada, progress=replace(ada.progress, xp=50)))
    wish = replace(first.person.boards, name="Wren", handle="w", has_own_name=True)
    second = deciding(first.person, replace(first.person, boards=wish))
    more = replace(second.person, progress=replace(second.person.progress, xp=80))
    third = deciding(second.person, more, at=1)
    await committed(store, Chain((first, second, third)))
    assert await standings(store, "all_time", EVER) == [("ada", 80)]
    assert await standings(store) == [("ada", 50)], "what happened in 1970 is not of today"
    assert (await store.boards.place("all_time", EVER, 80)).people == 1
    assert await store.reads.audit() == []


async def test_of_equal_scores_the_one_reached_first_is_shown_first(store: Store) -> None:
    """L2: by the time it was reached, then by a hash of the id."""
    for number, id in enumerate(("ada", "bob", "cid")):
        person = await earned(store, id, 40, at=a_person().last_at - number * SECOND)
        await joined(store, person)
    assert [id for id, _ in await standings(store)] == ["cid", "bob", "ada"]
    bob = await store.person("bob", fresh=True)
    assert bob is not None
    await earned(store, bob, 0)
    assert [id for id, _ in await standings(store)] == ["cid", "bob", "ada"]


async def test_a_place_counts_those_above_those_alike_and_all(store: Store) -> None:
    scores = [5, 10, 10, 255, 256, 257, 300, 65_535, 65_536, 70_000, 200_000]
    await asyncio.gather(*(earned(store, f"p{n}", score) for n, score in enumerate(scores)))
    for mine in [*scores, 1, 11, 1_000, 300_000]:
        place = await store.boards.place("all_time", EVER, mine)
        assert place.above == sum(score > mine for score in scores), mine
        assert place.equal == scores.count(mine) and place.people == len(scores)


async def test_a_neighbourhood_is_up_to_three_on_either_side(store: Store) -> None:
    for number in range(9):
        await joined(store, await earned(store, f"p{number}", 10 * (number + 1)))

    async def around(id: str) -> list[str]:
        return [one.id for one, _ in await store.boards.near(id, "daily", DAILY, 3)]

    assert await around("p4") == ["p7", "p6", "p5", "p4", "p3", "p2", "p1"]
    assert await around("p8") == ["p8", "p7", "p6", "p5"]
    assert await around("p0") == ["p3", "p2", "p1", "p0"]
    await earned(store, "hidden", 45)
    assert await around("hidden") == [] == await around("nobody")


async def test_a_name_that_somebody_chose_is_nobody_elses(store: Store) -> None:
    """L4."""
    ada = await joined(store, await earned(store, "ada", 10), "Wren")
    bob = await earned(store, "bob", 10)
    handle = pseudonyms.handle("bob")
    wish = replace(bob.boards, name="WREN", handle=handle, has_own_name=True)
    taken = a_decision(bob, person=replace(bob, boards=wish))
    assert (await store.commit(taken)).status == "taken"
    assert await store.person("bob", fresh=True) == bob
    await lefts(store, ada)
    assert (await store.commit(taken)).status == "committed"
    await store.erase("bob")
    await joined(store, await earned(store, "cid", 10), "wren")


async def test_two_who_want_one_name_at_once_do_not_both_get_it(store: Store) -> None:
    people = [await earned(store, id, 10) for id in ("ada", "bob")]
    wishes = [
        a_decision(one, person=replace(one, boards=replace(
            one.boards, name="Wren", handle=one.id, has_own_name=True)))
        for one in people
    ]  # fmt: skip
    receipts = await asyncio.gather(*(store.commit(one) for one in wishes))
    assert sorted(receipt.status for receipt in receipts) == ["committed", "taken"]


def line(rank: int, person: Person, score: int) -> Line:
    return Line(rank, score, 1, 0, person.boards.name, person.boards.handle)


async def test_a_closed_board_never_changes_but_for_who_is_removed(store: Store) -> None:
    """L1, L4."""
    ada = await joined(store, await earned(store, "ada", 50), "Wren")
    bob = await joined(store, await earned(store, "bob", 40))
    assert ("daily", DAILY) in await store.boards.running()
    lines = (line(1, ada, 50), line(2, bob, 40))
    kept = Closed("daily", DAILY, 1, 7, 2, lines)
    assert await store.boards.close(kept, ["ada", "bob"])
    assert not await store.boards.close(replace(kept, people=9), ["ada", "bob"])
    assert ("daily", DAILY) not in await store.boards.running()
    await earned(store, ada, 10)
    assert await store.boards.closed("daily", DAILY, 100) == kept
    assert await store.boards.closed("daily", DAILY, 1) == replace(kept, lines=lines[:1])
    await store.erase("bob")
    removed = replace(kept, lines=(lines[0], replace(lines[1], name="", handle="")))
    assert await store.boards.closed("daily", DAILY, 100) == removed
    assert await store.boards.closed("daily", "2026-02-28", 100) is None


async def test_who_leaves_the_boards_is_taken_off_the_closed_ones_too(store: Store) -> None:
    ada = await joined(store, await earned(store, "ada", 50))
    await store.boards.close(Closed("daily", DAILY, 1, 1, 1, (line(1, ada, 50),)), ["ada"])
    await lefts(store, ada)
    found = await store.boards.closed("daily", DAILY, 100)
    assert found is not None and [one.name for one in found.lines] == [""]


async def test_an_erased_person_leaves_open_boards_and_their_counts(store: Store) -> None:
    """L4."""
    await joined(store, await earned(store, "ada", 50))
    await joined(store, await earned(store, "bob", 40))
    await store.erase("ada")
    assert await standings(store) == [("bob", 40)]
    place = await store.boards.place("daily", DAILY, 40)
    assert (place.rank, place.people, place.listed) == (1, 1, 1)


async def test_an_export_holds_scores_names_leagues_and_closed_lines(store: Store) -> None:
    ada = await joined(store, await earned(store, "ada", 50), "Wren")
    await store.boards.enrol(WEEK, [Member("ada", 0, 50)])
    await store.boards.close(Closed("daily", DAILY, 1, 1, 1, (line(1, ada, 50),)), ["ada"])
    given = await store.export("ada")
    assert {row["board"] for row in given["scores"]} == {"daily", "weekly", "all_time"}
    assert given["leagues"] and given["closed_lines"][0]["name"] == "Wren"


async def test_leagues_keep_who_is_in_them_and_show_the_weeks_xp(store: Store) -> None:
    """L5."""
    for id, xp in (("ada", 30), ("bob", 50), ("cid", 40)):
        await joined(store, await earned(store, id, xp))
    await earned(store, "hidden", 99)
    assert await store.boards.active(WEEK, "", 2) == [("ada", 30), ("bob", 50)]
    assert await store.boards.active(WEEK, "bob", 2) == [("cid", 40)]
    await store.boards.enrol(WEEK, [Member("ada", 0, 30), Member("bob", 0, 50)])
    await store.boards.enrol(WEEK, [Member("bob", 1, 50), Member("gone", 1, 1)])
    assert await store.boards.league(WEEK, "bob") == 0
    assert await store.boards.league(WEEK, "cid") is None
    found = await store.boards.in_league(WEEK, 0)
    assert [(person.id, score) for person, score in found] == [("bob", 50), ("ada", 30)]
    await lefts(store, found[0][0])
    assert [person.id for person, _ in await store.boards.in_league(WEEK, 0)] == ["ada"]
    assert sorted(await store.boards.members(WEEK), key=lambda one: one.person_id) == [
        Member("ada", 0, 30), Member("bob", 0, 50),
    ]  # fmt: skip
