"""Visitors keep their history, hosts sign for people, tokens end."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey

from bot.clock import FrozenClock
from bot.errors import BotError, RequestError
from bot.settings import Secret, WidgetSettings
from bot.web.tokens import TOKEN_S, US, VISITOR_S, Tokens
from tests.web.test_socket import session

HOST_KEY = "k" * 32
OLD_KEY = "o" * 32


@pytest.fixture
def tokens(tmp_path: Path, clock: FrozenClock) -> Tokens:
    settings = WidgetSettings(
        identity_key=Secret(HOST_KEY), identity_key_old=Secret(OLD_KEY), issuer="https://host"
    )
    return Tokens(settings, tmp_path, clock)


def signed(clock: FrozenClock, key: str = HOST_KEY, kid: str = "main", **changes: Any) -> str:
    now_s = clock.now() // US
    claims = {"sub": "anna", "aud": "bot", "iss": "https://host", "exp": now_s + 600, **changes}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "HS256", "kid": kid}, claims, OctKey.import_key(key))


async def test_a_visitor_comes_back_as_the_same_person(
    client: TestClient, clock: FrozenClock
) -> None:
    first = await session(client)
    clock.move(30 * 86_400)
    again = await session(client, visitor=first["visitor"])
    assert again["user_id"] == first["user_id"]
    assert again["visitor"] != first["visitor"]  # renewed for another 400 days
    assert (await session(client))["user_id"] != first["user_id"]


async def test_a_token_speaks_for_its_own_person_alone(client: TestClient) -> None:
    given = await session(client)
    headers = {"Authorization": f"Bearer {given['token']}"}
    body = {"message": "hello", "user_id": "somebody-else"}
    response = await client.post("/interact", json=body, headers=headers)
    assert response.status == 403
    response = await client.post("/interact", json={"message": "hello"}, headers=headers)
    assert response.status == 200
    feed = await client.get("/widget/feed", headers=headers)
    assert next(item["text"] for item in (await feed.json())["items"]) == "hello"


async def test_settings_of_ones_own(client: TestClient) -> None:
    given = await session(client)
    headers = {"Authorization": f"Bearer {given['token']}"}
    mine = await (await client.get("/widget/me", headers=headers)).json()
    assert (mine["language"], mine["quiet_from"], mine["nudges"]) == ("en", None, False)
    change = {"time_zone": "Europe/Helsinki", "nudges": True, "quiet_from": 19, "quiet_to": 9}
    response = await client.put("/widget/me", json=change, headers=headers)
    mine = await response.json()
    assert response.status == 200, mine
    assert (mine["time_zone"], mine["nudges"]) == ("Europe/Helsinki", True)
    assert (mine["quiet_from"], mine["quiet_to"]) == (19, 9)
    for wrong in ({"quiet_from": 23, "quiet_to": 7}, {"quiet_from": 9, "quiet_to": 21}):
        response = await client.put("/widget/me", json=wrong, headers=headers)
        assert response.status == 400
    response = await client.put("/widget/me", json={"language": "xx"}, headers=headers)
    assert (await response.json())["error"]["field"] == "language"


async def test_export_and_erasure_of_oneself(client: TestClient) -> None:
    given = await session(client)
    headers = {"Authorization": f"Bearer {given['token']}"}
    await client.post("/interact", json={"message": "hello"}, headers=headers)
    response = await client.get("/widget/me/export", headers=headers)
    assert "attachment" in response.headers["Content-Disposition"]
    assert "hello" in await response.text()
    response = await client.post("/widget/me/erase", json={}, headers=headers)
    assert response.status == 400
    response = await client.post("/widget/me/erase", json={"confirm": True}, headers=headers)
    assert response.status == 200
    response = await client.get("/widget/me/export", headers=headers)
    assert response.status == 404


@pytest.mark.parametrize("path", ["/widget/me", "/widget/me/export"])
async def test_without_a_token_nobody_has_settings(client: TestClient, path: str) -> None:
    assert (await client.get(path)).status == 401


def test_a_token_ends_after_fifteen_minutes(tokens: Tokens, clock: FrozenClock) -> None:
    given = tokens.issue("anna")
    assert tokens.read(given.token).token == "anna"
    clock.move(TOKEN_S)
    with pytest.raises(RequestError, match="has ended"):
        tokens.read(given.token)


def test_a_token_of_another_key_or_kind_is_none(
    tokens: Tokens, clock: FrozenClock, tmp_path: Path
) -> None:
    other = Tokens(WidgetSettings(token_key=Secret("z" * 32)), tmp_path / "x", clock)
    for wrong in (other.issue("anna").token, signed(clock), "a.b.c", "", "x" * 5000, "ä.ö.ü"):
        with pytest.raises(RequestError):
            tokens.read(wrong)


def test_the_same_key_is_used_after_a_restart(tmp_path: Path, clock: FrozenClock) -> None:
    given = Tokens(WidgetSettings(), tmp_path, clock).issue("anna")
    assert Tokens(WidgetSettings(), tmp_path, clock).read(given.token).token == "anna"
    assert (tmp_path / "widget.key").stat().st_mode & 0o077 == 0


def test_visitors_cannot_be_made_up_and_end_after_400_days(
    tokens: Tokens, clock: FrozenClock
) -> None:
    visitor = tokens.visitor()
    assert tokens.person_of(tokens.renewed(visitor)) == tokens.person_of(visitor)
    issued, name, mark = visitor.split(".")
    for wrong in (f"{issued}.{'0' * 32}.{mark}", f"0.{name}.{mark}", "", "a.b", "\ud800.x.y"):
        with pytest.raises(RequestError):
            tokens.renewed(wrong)
    clock.move(VISITOR_S + 1)
    with pytest.raises(RequestError, match="over"):
        tokens.renewed(visitor)


def test_a_host_signs_for_its_people(tokens: Tokens, clock: FrozenClock) -> None:
    assert tokens.identified(signed(clock)) == "anna"
    assert tokens.identified(signed(clock, OLD_KEY, "old")) == "anna"
    assert tokens.identified(signed(clock, aud=["other", "bot"])) == "anna"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "other"},
        {"aud": None},
        {"iss": "https://elsewhere"},
        {"iss": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1_000},
        {"exp": 9_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "v-somebody"},
        {"sub": "a\nb"},
        {"key": OLD_KEY},
        {"key": "x" * 32},
        {"kid": "unknown"},
    ],
)
def test_an_identity_that_is_not_right_is_refused(
    tokens: Tokens, clock: FrozenClock, changes: dict[str, Any]
) -> None:
    with pytest.raises(RequestError):
        tokens.identified(signed(clock, **changes))


def test_an_unsigned_identity_is_refused(tokens: Tokens) -> None:
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0."
    with pytest.raises(RequestError):
        tokens.identified(unsigned)


def test_short_keys_are_refused_at_start(tmp_path: Path, clock: FrozenClock) -> None:
    for settings in (
        WidgetSettings(token_key=Secret("short")),
        WidgetSettings(identity_key=Secret("short")),
    ):
        with pytest.raises(BotError, match="32 bytes"):
            Tokens(settings, tmp_path, clock)


async def test_who_has_a_token_joins_the_boards_and_sees_their_own_place(
    client: TestClient,
) -> None:
    """L4: by one's own wish; a token is for its own person."""
    given = await session(client)
    headers = {"Authorization": f"Bearer {given['token']}"}
    wish = {"leaderboard": {"join": True, "name": "Wren"}}
    mine = await (await client.put("/widget/me", json=wish, headers=headers)).json()
    assert mine["leaderboard"]["joined"] and mine["leaderboard"]["name"] == "Wren"
    body = {"action": "lesson_complete", "user_id": mine["user_id"]}
    assert (await client.post("/api/engagement/xp", json=body)).status == 200
    address = "/api/engagement/leaderboard"
    found = await (await client.get(address, headers=headers)).json()
    assert found["own"]["boardRank"] == 1 and found["leaderboard"][0]["name"] == "Wren"
    other = await client.get(address, params={"user_id": "ada"}, headers=headers)
    assert other.status == 403
