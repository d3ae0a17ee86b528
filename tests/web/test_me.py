"""A person's own page over HTTP: whose it is, what it shows, what its forms do, for whom."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from msgspec.structs import replace

from bot.app import Service
from bot.clock import FrozenClock
from bot.config import Auth
from bot.web.tokens import PAGE_S
from tests.web.conftest import refusal

Open = Callable[..., Awaitable[TestClient]]
XP, HABIT = "/api/engagement/xp", "/api/v2/gamify/event"
INVOICE = {"category": "finance", "action": "paid_invoice", "value": 2.0}


def own(client: TestClient) -> dict[str, str]:
    """What a browser says with a form of the page itself."""
    return {"Origin": str(client.make_url("")).rstrip("/")}


async def sent(client: TestClient, act: str, user: str = "ada", **fields: Any) -> str:
    """A form of a demo person's page; where it leads."""
    path = f"/me/{act}?user={user}"
    data = {name: str(value) for name, value in fields.items()}
    async with client.post(
        path, data=data or None, headers={**own(client), **FORM}, allow_redirects=False
    ) as answer:
        assert answer.status == 303, await answer.text()
        return str(answer.headers["Location"])


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def begun(client: TestClient) -> dict[str, Any]:
    """A widget's session, in key mode from a page of our own."""
    async with client.post("/widget/session", json={}, headers=own(client)) as answer:
        assert answer.status == 200, await answer.text()
        found: dict[str, Any] = await answer.json()
        return found


async def shown(client: TestClient, path: str = "/me?user=ada") -> str:
    async with client.get(path) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()


async def entered(client: TestClient, token: str) -> dict[str, str]:
    """The cookie a widget's token is good for, as a header: it is secure, the test is not."""
    async with client.post("/me/enter", data={"token": token}, headers=own(client)) as answer:
        assert answer.status == 200, await answer.text()
        return {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}


async def test_one_answer_holds_everything_the_page_shows(client: TestClient) -> None:
    await client.post(XP, json={"user_id": "ada", "action": "lesson_complete"})
    await client.post(HABIT, json={"user_id": "ada", **INVOICE})
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["xp"]["total"] == found["xp"]["today"] == 50
    assert (found["xp"]["name"], found["xp"]["next_xp"], found["xp"]["share"]) == (
        "Novice", 100, 50.0,
    )  # fmt: skip
    assert [rung["xp"] for rung in found["xp"]["ladder"]][-1] == 20_000
    assert len(found["xp"]["ladder"]) == 10
    assert found["points"]["balance"] == found["points"]["lifetime"] == 4.0
    assert (found["points"]["level"], found["points"]["next_level_points"]) == (1, 100.0)
    assert [(one["action"], one["xp"], one["points"]) for one in found["latest"]] == [
        ("paid_invoice", 0, 4.0), ("lesson_complete", 50, 0.0),
    ]  # fmt: skip
    assert found["streak"]["days"] == 1 and found["streak"]["is_today_done"]
    assert found["streak"]["milestones"] == [7, 14, 30, 60, 100, 365]
    assert [one["state"] for one in found["days"]] == ["none"] * 6 + ["done"]
    assert {one["id"] for one in found["achievements"] if one["is_earned"]} == {"first_step"}
    assert found["limits"]["limits"] == {"day": 20, "week": 60, "month": 120}


async def test_what_was_heard_of_last_stands_first(client: TestClient, clock: FrozenClock) -> None:
    await client.post(XP, json={"user_id": "ada", "action": "quiz_perfect"})
    late = {"action": "note_taken", "occurred_at": "2026-02-28T10:00:00Z"}
    await client.post(XP, json={"user_id": "ada", **late})
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert [one["action"] for one in found["latest"]] == ["note_taken", "quiz_perfect"]
    assert [one["xp"] for one in found["days"]][-2:] == [5, 100]
    assert (found["xp"]["today"], found["streak"]["days"]) == (100, 2)


async def test_the_page_says_the_same_as_the_answer(client: TestClient) -> None:
    await client.post(XP, json={"user_id": "ada", "action": "lesson_complete"})
    page = await shown(client)
    assert re.search(r"<b>1</b>\s+day in a row", page)
    assert "50 of 100 XP on the way to Learner." in page
    assert "+50 XP" in page and "First step" in page
    assert "Teach me Position sizing" in page


async def test_a_person_of_finland_reads_finnish(client: TestClient) -> None:
    await client.put("/user/ada", json={"language": "fi"})
    await client.post(HABIT, json={"user_id": "ada", **INVOICE})
    page = await shown(client)
    assert '<html lang="fi">' in page and "Krediitit, rajat ja tauko" in page
    assert "4,0" in page and "Ensimmäinen askel" in page


async def test_a_name_is_text_and_never_markup(client: TestClient) -> None:
    await client.put("/user/ada", json={"name": "<img src=x onerror=alert(1)>"})
    page = await shown(client)
    assert "<img" not in page and "&lt;img" in page


async def test_nothing_inline_runs_and_nothing_is_kept_on_the_way(client: TestClient) -> None:
    async with client.get("/me?user=ada") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in policy and "trusted-types 'none'" in policy
    assert not re.search(r"<style|style=|<script>|\son\w+=|javascript:", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


async def test_a_lower_limit_counts_at_once_and_a_higher_one_waits(client: TestClient) -> None:
    where = await sent(client, "limits", day=5, week=60, month=120)
    assert where == "/me?user=ada&told=limits#credits"
    where = await sent(client, "limits", day=5, week=90, month=120)
    assert where == "/me?user=ada&told=higher#credits"
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["limits"]["limits"] == {"day": 5, "week": 60, "month": 120}
    assert found["limits"]["pending"]["limits"] == {"week": 90}
    page = await shown(client, where)
    assert "A higher limit waits a day" in page and "can be confirmed from" in page
    assert "Confirm the higher limits" not in page  # not before the day is over


async def test_the_second_yes_is_given_on_the_page(client: TestClient, clock: FrozenClock) -> None:
    await sent(client, "limits", day=20, week=90, month=120)
    assert "refused_limits" in await sent(client, "confirm")
    clock.move(25 * 3600)
    assert "Confirm the higher limits" in await shown(client)
    assert "told=limits" in await sent(client, "confirm")
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["limits"]["limits"]["week"] == 90


async def test_saving_the_same_limits_asks_for_nothing(client: TestClient) -> None:
    assert "told=nothing" in await sent(client, "limits", day=20, week=60, month=120)
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["limits"]["pending"] is None


async def test_an_empty_limit_asks_for_none(client: TestClient) -> None:
    assert "told=higher" in await sent(client, "limits", day="", week=60, month=120)
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["limits"]["pending"]["limits"] == {"day": None}


async def test_a_pause_begins_and_is_told_in_words(client: TestClient) -> None:
    assert "told=pause" in await sent(client, "pause", days=7)
    page = await shown(client, "/me?user=ada&told=pause")
    assert "The pause has begun." in page
    assert "Paid lessons are paused until 8 March 2026" in page


async def test_who_may_write_first_and_when_is_set(client: TestClient) -> None:
    await sent(client, "messages", nudges="true", quiet_from=20, quiet_to=9)
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["messages"] == {"nudges": True, "quiet_from": 20, "quiet_to": 9}
    await sent(client, "messages")
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["messages"] == {"nudges": False, "quiet_from": None, "quiet_to": None}
    assert "told=refused_quiet" in await sent(client, "messages", quiet_from=20)


async def test_points_are_spent_on_a_reward_once_however_often_the_form_is_sent(
    client: TestClient,
) -> None:
    for _ in range(5):
        await client.post(HABIT, json={"user_id": "ada", **INVOICE, "value": 5.0})
    page = await shown(client)
    assert "Take it: A badge for your profile" in page
    assert "Take it: A study guide" not in page and "Not enough points yet." in page
    found = re.search(r'name="redeem_id" value="(me-\d+-profile_badge)"', page)
    assert found is not None
    for _ in range(2):
        sends = {"reward_id": "profile_badge", "redeem_id": found[1]}
        assert "told=reward#wallet" in await sent(client, "reward", **sends)
    now = await (await client.get("/v1/progress?user_id=ada")).json()
    assert (now["points"]["balance"], now["points"]["lifetime"]) == (0.0, 50.0)
    assert "You have it already." in await shown(client)
    other = {"reward_id": "study_guide", "redeem_id": "me-9-study_guide"}
    assert "told=refused_reward" in await sent(client, "reward", **other)


async def test_a_pause_of_the_streak_is_planned_and_ended_and_a_day_starts_later(
    client: TestClient,
) -> None:
    await client.post(XP, json={"user_id": "ada", "action": "lesson_complete"})
    where = await sent(client, "streak", first="2026-03-10", days=5)
    assert "told=streak_paused#streak" in where
    page = await shown(client, where)
    assert "A pause is planned from 2026-03-10 to 2026-03-14." in page
    assert "told=refused_pause" in await sent(client, "streak", first="2026-02-10", days=5)
    assert "told=refused_pause" in await sent(client, "streak", first="2026-02-31", days=5)
    assert "told=refused_pause" in await sent(client, "streak", first="2026-04-01", days=31)
    assert "told=days" in await sent(client, "streak")
    assert "A pause is planned" not in await shown(client)
    await sent(client, "days", day_start="03:00")
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["streak"]["day_start"] == "03:00" and found["streak"]["pauses"] == []
    await sent(client, "days", day_start="04:30")
    assert "<option selected>04:30</option>" in await shown(client)


async def test_joining_the_leaderboard_is_a_choice_and_so_is_leaving(client: TestClient) -> None:
    await client.post(XP, json={"user_id": "ada", "action": "lesson_complete"})
    page = await shown(client)
    assert "Join the leaderboard" in page and "This week, around you" not in page
    assert re.search(r"This week</th><td>1 of 1", page)  # one's own place is always told
    await sent(client, "board", join="true")
    await sent(client, "board", join="true", name="Quiet Ada")
    page = await shown(client)
    assert "Others see you as Quiet Ada." in page and "This week, around you" in page
    assert "told=refused_name" in await sent(client, "board", join="true", name="admin")
    assert "told=left_board" in await sent(client, "board", join="false")
    assert "Quiet Ada" not in await shown(client)


async def test_three_on_either_side_are_shown_and_nobody_who_did_not_join(
    client: TestClient,
) -> None:
    for number in range(9):
        who = f"p{number}"
        for _ in range(number + 1):
            body = {"user_id": who, "action": "lesson_complete"}
            await client.post(XP, json=body)
        if number != 5:
            await client.put(f"/user/{who}", json={"leaderboard": {"join": True}})
    found = await (await client.get("/v1/progress?user_id=p4")).json()
    near = found["boards"]["near"]
    assert [line["score"] for line in near] == [450, 400, 350, 250, 200, 150, 100]
    assert [line["rank"] for line in near] == [1, 2, 3, 4, 5, 6, 7]
    assert [line["is_self"] for line in near] == [False] * 3 + [True] + [False] * 3


async def test_everything_stored_is_kept_as_a_file_and_erased(client: TestClient) -> None:
    await client.post(XP, json={"user_id": "ada", "action": "lesson_complete"})
    async with client.get("/me/export?user=ada") as answer:
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "lesson_complete" in await answer.text()
    async with client.post(
        "/me/erase?user=ada", headers={**own(client), **FORM}, allow_redirects=False
    ) as answer:
        await refusal(answer, 400, "bad_input")  # the box was not ticked
    assert "told=erased" in await sent(client, "erase", confirm="true")
    await refusal(await client.get("/user/ada"), 404, "unknown")


async def test_a_token_becomes_a_cookie_that_no_script_reads(opened: Open) -> None:
    client = await opened(Auth(mode="key"))
    given = await begun(client)
    async with client.post(
        "/me/enter", data={"token": given["token"]}, headers=own(client)
    ) as answer:
        cookie = answer.headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Secure", "Path=/me", f"Max-Age={PAGE_S}"):
        assert part in cookie
    mine = {"Cookie": cookie.split(";")[0]}
    async with client.get("/me", headers=mine) as answer:
        assert "Credits, limits and pause" in await answer.text()
    async with client.post("/me/session", headers={**own(client), **mine}) as answer:
        told = await answer.json()
    assert told["user_id"] == given["user_id"] and told["visitor"] == ""


async def test_a_cookie_ends_and_is_good_for_the_page_alone(
    opened: Open, clock: FrozenClock, service: Service
) -> None:
    client = await opened(Auth(mode="key"))
    given = await begun(client)
    mine = await entered(client, given["token"])
    as_token = {"Authorization": f"Bearer {mine['Cookie'].partition('=')[2]}"}
    await refusal(await client.get("/v1/limits", headers=as_token), 401, "not_authentic")
    as_cookie = {"Cookie": f"me={given['token']}"}
    async with client.get("/me", headers=as_cookie) as answer:
        assert "Your page opens from the chat" in await answer.text()
    clock.move(PAGE_S)
    async with client.get("/me", headers=mine) as answer:
        assert "Your page opens from the chat" in await answer.text()
    async with client.post(
        "/me/pause", data={"days": "7"}, headers={**mine, **own(client)}, allow_redirects=False
    ) as answer:
        assert answer.headers["Location"] == "/me?told=again"
    assert await service.store.person(given["user_id"]) is None


@pytest.mark.parametrize("origin", [{}, {"Origin": "https://shop.example"}, {"Origin": "null"}])
async def test_no_other_page_sends_a_form_of_this_one(
    opened: Open, origin: dict[str, str]
) -> None:
    client = await opened(Auth(origins=("https://shop.example",)))  # it may call, from afar
    given = await begun(client)
    mine = await entered(client, given["token"])
    for act in ("pause", "erase", "session", "enter"):
        headers = {**origin, **mine, **FORM}
        answer = await client.post(f"/me/{act}", headers=headers, allow_redirects=False)
        await refusal(answer, 403, "not_allowed")


async def test_nobody_is_named_by_an_address_in_key_mode(opened: Open) -> None:
    client = await opened(Auth(mode="key"))
    async with client.get("/me?user=demo_expert") as answer:
        assert "Your page opens from the chat" in await answer.text()
    await refusal(await client.get("/me/export?user=demo_expert"), 401, "not_authentic")
    await refusal(await client.get("/v1/progress?user_id=demo_expert"), 401, "not_authentic")


async def test_leaving_takes_the_cookie_away(opened: Open) -> None:
    client = await opened(Auth(mode="key"))
    given = await begun(client)
    mine = await entered(client, given["token"])
    async with client.post(
        "/me/leave", headers={**mine, **own(client), **FORM}, allow_redirects=False
    ) as answer:
        assert answer.headers["Location"] == "/me?told=left"
        assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert "closed on this device" in await shown(client, "/me?told=left")


@pytest.mark.parametrize(
    ("act", "fields", "status", "field"),
    [
        ("limits", {"day": "-1"}, 400, "day"),
        ("limits", {"day": "many"}, 400, "day"),
        ("limits", {"year": "1"}, 400, "year"),
        ("pause", {"days": "2"}, 400, "days"),
        ("pause", {}, 400, "days"),
        ("language", {"language": "xx"}, 400, "language"),
        ("language", {"language": "\0\0"}, 400, "language"),
        ("erase", {"confirm": "maybe"}, 400, "confirm"),
        ("nothing", {}, 404, "act"),
    ],
)
async def test_a_form_that_is_none_of_ours_is_refused(
    client: TestClient, act: str, fields: dict[str, str], status: int, field: str
) -> None:
    answer = await client.post(
        f"/me/{act}?user=ada", data=fields, headers={**own(client), **FORM}, allow_redirects=False
    )
    error = await refusal(answer, status, "unknown" if status == 404 else "bad_input")
    assert error["field"] == field


async def test_what_is_no_form_is_refused(client: TestClient) -> None:
    for headers, body in (({}, b"{}"), (FORM, b"\xff=\xfe"), (FORM, b"a=1&" * 200)):
        answer = await client.post(
            "/me/pause?user=ada", data=body, headers={**own(client), **headers}
        )
        await refusal(answer, 400, "bad_input")


async def test_the_described_address_leads_to_the_page(client: TestClient) -> None:
    for path, where in (
        ("/student/engagement", "/me"),
        ("/student/engagement?user=demo_expert", "/me?user=demo_expert"),
    ):
        async with client.get(path, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (308, where)


async def test_without_its_words_there_is_no_page(client: TestClient, service: Service) -> None:
    catalog = service.catalogs.current
    content = replace(catalog.script.content, pages={})
    service.catalogs.current = replace(catalog, script=replace(catalog.script, content=content))
    await refusal(await client.get("/me?user=ada"), 404, "unknown")


async def test_nothing_to_buy_is_ever_what_comes_next(client: TestClient) -> None:
    """Somebody in care is asked for nothing; everybody else is led to what is free."""
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["next"] == {"kind": "lesson", "title": "Position sizing"}
    await client.post("/interact", json={"user_id": "ada", "message": "teach me position sizing"})
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["next"] == {"kind": "quiz", "title": "Position sizing"}
    await client.post("/interact", json={"user_id": "ada", "message": "I want to kill myself"})
    found = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["next"] == {"kind": "rest", "title": ""}
    assert "Nothing is sold to you" not in await shown(client)
    assert "nothing is sold to you" in await shown(client)


async def test_what_the_page_says_to_write_is_understood(client: TestClient) -> None:
    for user, language in (("ada", "en"), ("aino", "fi")):
        await client.put(f"/user/{user}", json={"language": language})
        for kind, wanted in (("lesson", "lesson_complete"), ("quiz", "quiz")):
            page = await shown(client, f"/me?user={user}")
            send = re.search(r'data-send="([^"]+)"', page)
            assert send is not None
            answer = await client.post("/interact", json={"user_id": user, "message": send[1]})
            told = await answer.json()
            events = await client.get(f"/v1/progress?user_id={user}")
            latest = [one["action"] for one in (await events.json())["latest"]]
            assert wanted in latest or told["state"].startswith(wanted), (kind, send[1], told)
