"""Team challenges over HTTP: opened, joined, shared, finished, left."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from msgspec.structs import replace

from bot.app import Service
from bot.clock import FrozenClock
from bot.progress import rebuilt
from tests.calls import got

DAY = 24 * 3_600.0
CHALLENGES = "/api/v2/gamify/challenges"
TEAMS = "/api/v2/gamify/teams"
BOARD = "/api/engagement/leaderboard"
CIRCLE = "study_circle"  # 1,000 XP in 7 days, at most five, 25 points each
A_LESSON, LESSONS = 50, 20  # XP of one, and how many the goal takes


async def post(client: TestClient, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    response = await client.post(path, json=body)
    return response.status, await response.json()


async def posted(client: TestClient, path: str, **body: Any) -> dict[str, Any]:
    status, answer = await post(client, path, **body)
    assert status == 200, answer
    return answer


async def begun(client: TestClient, who: str, challenge: str = CIRCLE, **more: Any) -> str:
    found = await posted(client, f"{CHALLENGES}/{challenge}/teams", user_id=who, **more)
    assert found["outcome"] == "opened"
    return str(found["code"])


async def joined(client: TestClient, who: str, code: str) -> None:
    assert (await posted(client, f"{TEAMS}/join", user_id=who, code=code))["outcome"] == "joined"


async def lessons(client: TestClient, who: str, count: int = 1, **more: Any) -> None:
    for _ in range(count):
        body = {"user_id": who, "action": "lesson_complete", **more}
        await posted(client, "/api/engagement/xp", **body)


async def team_of(client: TestClient, who: str) -> Any:
    return (await got(client, CHALLENGES, user_id=who))["team"]


async def points_of(client: TestClient, who: str) -> float:
    return float((await got(client, f"/api/v2/gamify/balance/{who}"))["total_points"])


async def told(service: Service, clock: FrozenClock, who: str) -> list[str]:
    clock.move(1)
    await service.ticks.run("deliver")
    feed = await service.store.feed(who, 0, 200)
    return [one.text for one in feed if "Study circle" in one.text or "Opintopiiri" in one.text]


async def test_a_team_is_opened_joined_by_its_code_and_adds_up_what_its_members_earn(
    client: TestClient,
) -> None:
    code = await begun(client, "ada")
    await joined(client, "ben", code.lower())
    await lessons(client, "ada", 2)
    await lessons(client, "ben")
    team = await team_of(client, "ben")
    assert (team["total"], team["share"], team["goal"], team["percent"]) == (150, 50, 1000, 15)
    assert team["members"] == [
        {"name": "a member", "is_self": False},
        {"name": "a member", "is_self": True},
    ]


async def test_a_member_is_named_only_who_is_on_the_boards(client: TestClient) -> None:
    """L4."""
    code = await begun(client, "ada")
    await joined(client, "ben", code)
    wish = {"leaderboard": {"join": True, "name": "Quiet River"}}
    assert (await client.put("/user/ada", json=wish)).status == 200
    names = [one["name"] for one in (await team_of(client, "ben"))["members"]]
    assert names == ["Quiet River", "a member"]


async def test_the_goal_is_told_and_rewarded_once_for_each_member(
    client: TestClient, service: Service, clock: FrozenClock
) -> None:
    code = await begun(client, "ada")
    await joined(client, "ben", code)
    await client.put("/user/ben", json={"language": "fi"})
    await lessons(client, "ada", LESSONS - 1)
    await service.ticks.run("boards")
    assert await told(service, clock, "ada") == []
    assert not (await team_of(client, "ada"))["is_reached"]
    await lessons(client, "ben")
    before = await points_of(client, "ada")
    for _ in range(3):
        await service.ticks.run("boards")
    assert (await team_of(client, "ada"))["is_reached"]
    assert await points_of(client, "ada") == before + 25
    for who in ("ada", "ben"):
        assert len(await told(service, clock, who)) == 1
    events = await service.store.events("ada", names=("challenge_won",))
    assert [one.props["team"] for one in events] == [code]
    assert await service.reads.audit() == []
    ada = await service.store.person("ada")
    assert ada is not None
    earned = await service.reads.earned("ada")
    rule = service.catalogs.current.script.book.streaks
    assert rebuilt.differences(ada.progress, earned, clock.now(), rule) == []


async def test_a_late_event_counts_by_when_it_happened(
    client: TestClient, clock: FrozenClock, service: Service
) -> None:
    """E3: up to 72 hours late, also after the team's days are over."""
    code = await begun(client, "ada")
    clock.move(7 * DAY)
    await lessons(client, "ada", occurred_at="2026-03-08T11:00:00Z")
    await lessons(client, "ada", occurred_at="2026-03-08T13:00:00Z")
    await lessons(client, "ada", occurred_at="2026-03-01T11:00:00Z")
    team = await service.store.teams.team(code)
    assert team is not None and team.total == A_LESSON
    assert await team_of(client, "ada") is None


async def test_the_same_call_again_changes_nothing(client: TestClient) -> None:
    code = await begun(client, "ada")
    again = await posted(client, f"{CHALLENGES}/{CIRCLE}/teams", user_id="ada")
    assert (again["outcome"], again["code"]) == ("already", code)
    again = await posted(client, f"{TEAMS}/join", user_id="ada", code=code)
    assert (again["outcome"], again["code"]) == ("already", code)
    left = [(await posted(client, f"{TEAMS}/leave", user_id="ada"))["outcome"] for _ in range(2)]
    assert left == ["left", "none"]


async def test_an_id_of_the_callers_own_gets_the_first_answer_for_ever(
    client: TestClient,
) -> None:
    path, body = f"{CHALLENGES}/{CIRCLE}/teams", {"user_id": "ada", "team_id": "t1"}
    first = await posted(client, path, **body)
    await posted(client, f"{TEAMS}/leave", user_id="ada")
    assert await posted(client, path, **body) == first
    assert await team_of(client, "ada") is None
    status, answer = await post(client, f"{CHALLENGES}/money_in_order/teams", **body)
    assert (status, answer["error"]["code"]) == (409, "idempotency_mismatch")


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        (f"{CHALLENGES}/study_circel/teams", {}, 404, "challenge"),
        (f"{CHALLENGES}/{CIRCLE}/teams", {"name": "admin"}, 400, "name"),
        (f"{CHALLENGES}/{CIRCLE}/teams", {"nane": "x"}, 400, None),
        (f"{TEAMS}/join", {"code": "AAAAAAAA"}, 404, "code"),
        (f"{TEAMS}/join", {"code": ""}, 400, "code"),
        (f"{TEAMS}/join", {}, 400, None),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    client: TestClient, path: str, body: dict[str, Any], status: int, field: str | None
) -> None:
    found, answer = await post(client, path, user_id="ada", **body)
    assert found == status, answer
    assert field is None or answer["error"]["field"] == field


async def test_one_team_at_a_time_and_no_more_members_than_there_is_room(
    client: TestClient,
) -> None:
    code, other = await begun(client, "ada"), await begun(client, "ben", "money_in_order")
    assert (await post(client, f"{TEAMS}/join", user_id="ben", code=code))[0] == 409
    assert (await post(client, f"{CHALLENGES}/{CIRCLE}/teams", user_id="ben"))[0] == 409
    for number in range(4):
        await joined(client, f"p{number}", code)
    status, answer = await post(client, f"{TEAMS}/join", user_id="eve", code=code)
    assert (status, answer["error"]["code"]) == (409, "conflict") and "full" in str(answer)
    await posted(client, f"{TEAMS}/leave", user_id="p0")
    await joined(client, "eve", code)
    assert other != code


async def test_who_leaves_and_who_is_erased_leaves_the_sum_as_it_is(
    client: TestClient, service: Service
) -> None:
    code = await begun(client, "ada")
    for who in ("ben", "cleo"):
        await joined(client, who, code)
        await lessons(client, who)
    await posted(client, f"{TEAMS}/leave", user_id="ben")
    assert "cleo" in str((await service.store.export("cleo"))["teams"])
    await service.erase("cleo")
    team = await service.store.teams.team(code)
    assert team is not None and team.total == 2 * A_LESSON
    assert [mate.person_id for mate in team.mates] == ["ada"]
    await joined(client, "ben", code)
    await posted(client, f"{TEAMS}/leave", user_id="ben")
    assert (await team_of(client, "ada"))["total"] == 2 * A_LESSON


async def test_a_finished_team_takes_nobody_in(
    client: TestClient, clock: FrozenClock, service: Service
) -> None:
    code = await begun(client, "ada")
    await lessons(client, "ada", LESSONS)
    for _ in range(2):
        status, answer = await post(client, f"{TEAMS}/join", user_id="ben", code=code)
        assert status == 409 and "finished" in answer["error"]["message"]
        clock.move(8 * DAY)
    assert (await begun(client, "ada")) != code


async def test_the_board_of_teams_shows_those_with_a_name_by_what_they_gave(
    client: TestClient,
) -> None:
    """L2: 1224."""
    for who, name, count in (("a", "Owls", 2), ("b", "Foxes", 1), ("c", "Hares", 2)):
        await begun(client, who, name=name)
        await lessons(client, who, count)
    await begun(client, "d")
    await lessons(client, "d", 3)
    found = await got(client, BOARD, period="team", user_id="b")
    assert found["of"] == CIRCLE and found["listed"] == 3 and found["leaderboard"] == []
    lines = [(one["rank"], one["name"], one["total"]) for one in found["team"]["teams"]]
    assert lines == [(1, "Owls", 100), (1, "Hares", 100), (3, "Foxes", 50)]
    assert found["team"]["rank"] == 3
    assert [one["is_own"] for one in found["team"]["teams"]] == [False, False, True]
    assert (await got(client, BOARD, period="team", user_id="d"))["team"]["rank"] is None
    other = await got(client, BOARD, period="team", of="money_in_order", user_id="d")
    assert other["team"]["teams"] == []
    response = await client.get(BOARD, params={"period": "team", "of": "nothing"})
    assert response.status == 400


async def test_every_challenge_is_told_in_the_words_of_the_person(client: TestClient) -> None:
    found = await got(client, CHALLENGES, user_id="ada")
    assert found["team"] is None
    first = found["challenges"][0]
    assert first["goal"] == {"of": "xp", "name": None, "amount": 1000}
    assert (first["name"], first["team_size"], first["points"]) == ("Study circle", 5, 25)
    await lessons(client, "ada")
    await client.put("/user/ada", json={"language": "fi"})
    found = await got(client, CHALLENGES, user_id="ada")
    assert found["challenges"][0]["name"] == "Opintopiiri"


async def test_our_team_is_told_in_words(client: TestClient) -> None:
    async def heard(who: str, text: str) -> str:
        found = await posted(client, "/interact", user_id=who, message=text)
        return str(found["text"])

    assert "Study circle: Earn 1,000 XP" in await heard("ada", "which team challenges are there")
    code = await begun(client, "ada", name="Owls")
    await joined(client, "ben", code)
    await lessons(client, "ben")
    told = await heard("ada", "How is our team doing?")
    assert all(word in told for word in ("Study circle", "Owls", "of 1000", code, "2 members"))
    await client.put("/user/ben", json={"language": "fi"})
    assert "2 jäsentä" in await heard("ben", "miten joukkueellamme menee")


async def test_where_somebody_stands_tells_of_their_team_while_there_is_one(
    client: TestClient,
) -> None:
    found = await got(client, "/v1/progress", user_id="demo_novice")
    assert found["team"] is None
    code = await begun(client, "demo_novice")
    await lessons(client, "demo_novice")
    found = await got(client, "/v1/progress", user_id="demo_novice")
    assert (found["team"]["title"], found["team"]["share"]) == ("Study circle", 50)
    assert found["team"]["code"] == code
    await posted(client, f"{TEAMS}/leave", user_id="demo_novice")
    assert (await got(client, "/v1/progress", user_id="demo_novice"))["team"] is None


async def test_without_its_file_there_are_no_challenges_and_old_teams_rest(
    client: TestClient, service: Service
) -> None:
    code = await begun(client, "ada")
    catalog = service.catalogs.current
    book = replace(catalog.script.book, challenges={})
    service.catalogs.current = replace(catalog, script=replace(catalog.script, book=book))
    await lessons(client, "ada")
    found = await got(client, CHALLENGES, user_id="ada")
    assert found["challenges"] == [] and found["team"] is None
    for path, more in ((f"{CHALLENGES}/{CIRCLE}/teams", {}), (f"{TEAMS}/join", {"code": code})):
        assert (await post(client, path, user_id="ben", **more))[0] == 404
    told = await posted(client, "/interact", user_id="ada", message="our team")
    assert "no team challenges here" in told["text"]
    assert (await posted(client, f"{TEAMS}/leave", user_id="ada"))["outcome"] == "left"
