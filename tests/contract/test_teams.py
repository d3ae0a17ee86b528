"""Teams of a challenge, on every store."""

from msgspec.structs import replace

from bot.model.person import Person
from bot.model.team import Membership, Team
from bot.store.protocol import Receipt
from bot.store.store import Store
from tests.builders import NOW, SECOND, a_decision, a_person

UNTIL = NOW + 7 * 86_400 * SECOND
OWLS = Team("OWLS2345", "circle", "Owls", 100, NOW, UNTIL)


def in_team(who: str, seat: int, team: Team = OWLS, given: int = 0) -> Person:
    one = Membership(team.code, team.challenge, seat, NOW, UNTIL, team.name, given)
    return replace(a_person(who), team=one)


async def put(
    store: Store, before: Person | None, after: Person, opened: Team | None = None
) -> Receipt:
    now = (before.last_at if before is not None else after.last_at) + SECOND
    return await store.commit(a_decision(before, person=after, now=now, opened=opened))


async def stored(store: Store, who: str) -> Person:
    found = await store.person(who, fresh=True)
    assert found is not None
    return found


async def gives(store: Store, who: str, given: int, is_won: bool = False) -> None:
    before = await stored(store, who)
    assert before.team is not None
    team = replace(before.team, given=given, is_won=is_won)
    assert (await put(store, before, replace(before, team=team))).status == "committed"


async def begun(store: Store, team: Team = OWLS, who: str = "ada") -> None:
    assert (await put(store, None, in_team(who, 1, team), team)).status == "committed"


async def test_a_team_is_what_its_members_gave(store: Store) -> None:
    assert await store.teams.team("OWLS2345") is None
    await begun(store)
    assert (await put(store, None, in_team("ben", 2))).status == "committed"
    await gives(store, "ada", 30)
    await gives(store, "ben", 12)
    await gives(store, "ada", 50)
    found = await store.teams.team("OWLS2345")
    assert found is not None and (found.total, found.goal, found.name) == (62, 100, "Owls")
    assert [(m.person_id, m.seat, m.given) for m in found.mates] == [
        ("ada", 1, 50),
        ("ben", 2, 12),
    ]
    assert await store.reads.audit() == []


async def test_a_seat_has_one_person(store: Store) -> None:
    await begun(store)
    assert (await put(store, None, in_team("ben", 2))).status == "committed"
    assert (await put(store, None, in_team("cleo", 2))).status == "guarded"
    assert await store.person("cleo", fresh=True) is None
    assert (await put(store, None, in_team("cleo", 3))).status == "committed"


async def test_who_left_and_who_is_erased_stay_in_the_sum_alone(store: Store) -> None:
    await begun(store)
    for who, seat in (("ben", 2), ("cleo", 3)):
        await put(store, None, in_team(who, seat))
        await gives(store, who, 10)
    for _ in range(2):
        ben = await stored(store, "ben")
        assert (await put(store, ben, replace(ben, team=None))).status == "committed"
        ben = await stored(store, "ben")
        again = in_team("ben", 2, given=1).team
        assert (await put(store, ben, replace(ben, team=again))).status == "committed"
    assert [row["given"] for row in (await store.export("cleo"))["teams"]] == [10]
    for who in ("ben", "cleo"):
        await store.erase(who)
    found = await store.teams.team("OWLS2345")
    assert found is not None and found.total == 22
    assert [mate.person_id for mate in found.mates] == ["ada"]


async def test_what_a_team_is_called_goes_with_the_last_one_in_it(store: Store) -> None:
    await begun(store)
    await begun(store, replace(OWLS, code="HARES234", name="Hares"), "ben")
    await begun(store, replace(OWLS, code="FOXES234", name="Foxes"), "cleo")
    await put(store, None, in_team("dan", 2))
    await store.erase("ada")
    await store.erase("cleo")
    ben = await stored(store, "ben")
    assert (await put(store, ben, replace(ben, team=None))).status == "committed"
    assert [one.name for one in await store.teams.best("circle", 0, 10)] == ["Owls"]
    assert await store.teams.place("circle", 0, 0) == (0, 1)
    await store.teams.reached(NOW, 0)
    found = [await store.teams.team(code) for code in ("OWLS2345", "HARES234", "FOXES234")]
    assert [one.name for one in found if one is not None] == ["Owls", "", ""]


async def test_a_goal_that_is_met_waits_for_each_member_until_they_had_theirs(
    store: Store,
) -> None:
    await begun(store)
    await put(store, None, in_team("ben", 2))
    assert await store.teams.reached(NOW, 0) == []
    await gives(store, "ada", 100)
    for _ in range(2):
        assert await store.teams.reached(NOW + 5, 0) == [("OWLS2345", "ada"), ("OWLS2345", "ben")]
    await gives(store, "ada", 100, is_won=True)
    assert await store.teams.reached(NOW + 9, 0) == [("OWLS2345", "ben")]
    assert await store.teams.reached(NOW + 9, UNTIL) == []
    found = await store.teams.team("OWLS2345")
    assert found is not None and found.reached_at == NOW + 5


async def test_the_best_are_those_with_a_name_that_gave_the_most(store: Store) -> None:
    others = {"foxes": 5, "hares": 9, "": 99}
    await begun(store)
    await gives(store, "ada", 9)
    for number, (name, given) in enumerate(others.items(), 1):
        team = replace(OWLS, code=f"CODE{number}", name=name, since=NOW + number)
        await begun(store, team, f"p{number}")
        await gives(store, f"p{number}", given)
    await begun(store, replace(OWLS, code="OTHER", challenge="other"), "eve")
    found = await store.teams.best("circle", 0, 10)
    assert [(one.name, one.total) for one in found] == [("Owls", 9), ("hares", 9), ("foxes", 5)]
    assert [one.name for one in await store.teams.best("circle", 0, 1)] == ["Owls"]
    assert await store.teams.place("circle", 0, 5) == (2, 3)
    assert await store.teams.place("circle", UNTIL, 5) == (0, 0)
