"""Whatever is thrown at the doors: 2xx or 4xx in the error shape, never 5xx."""

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.app import Service
from bot.config import Settings
from bot.web import body
from bot.web.body import BODY_BYTES
from bot.web.bulk import NDJSON
from bot.web.routes import ROUTES, Route
from tests.web.conftest import DOCUMENT, Client, refusal

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "adversarial"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
BODIES = [  # lines of many events are refused one by one: test_bulk.py; forms: test_me.py
    route
    for route in ROUTES
    if route.method != "GET"
    and route.takes is not None
    and route.answer != NDJSON
    and route.scope != "self"
]
OWN = ("/widget/me", "/widget/settings")  # below them, calls carry the token of a session
LONG = "x" * 5000
# What is said or happened may come with more than we read.
TALKATIVE = ("/interact", "/market-alert", "/api/engagement/", "/api/v2/gamify/event")
# A good value for a field that another field needs, by name.
GOOD: dict[str, Any] = {
    "user_id": "anna",
    "message": "hello",
    "do": "show",
    "content_tier": "basic",
    "credits_spent": 2,
    "sku": "nothing.basic",
    "expected_price": 2,
    "unlock_id": "u1",
    "topup_id": "t1",
    "credits": 5,
    "hours": 24,
    "asset": "BTC",
    "alert_type": "liquidation",
    "urgency": 5,
    "action": "lesson_complete",
    "event": "lesson_complete",
    "category": "health",
    "reward_id": "none",
    "redeem_id": "r1",
    "code": "AAAAAAAA",
}


def _naughty() -> list[str]:
    found: list[str] = json.loads((DATA / "blns.json").read_text())
    return found


def _path(route: Route) -> str:
    return route.path.replace("{id}", "anna").replace("{locale}", "en")


async def _fine(response: Any) -> None:
    """2xx, or 4xx in the error shape."""
    assert response.status < 500, await response.text()
    if response.status >= 400:
        await refusal(response, response.status, (await response.json())["error"]["code"])


@needs_data
async def test_every_naughty_string_is_a_fine_message(client: Client) -> None:
    for text in _naughty():
        response = await client.post("/interact", json={"user_id": "anna", "message": text})
        assert response.status == (200 if text.strip() and "\0" not in text else 400), text
        await _fine(response)


@needs_data
async def test_every_naughty_string_is_a_fine_user_id_or_a_400(client: Client) -> None:
    for text in _naughty():
        body = {"user_id": text, "message": "hello"}
        response = await client.post("/interact", json=body)
        is_good = 1 <= len(text) <= 200 and text.isprintable() and text.strip()
        assert response.status == (200 if is_good else 400), text
        await _fine(response)


@needs_data
async def test_every_naughty_string_in_an_address_or_a_query(client: Client) -> None:
    for text in _naughty():
        await _fine(await client.get(f"/user/{quote(text, safe='')}"))
        await _fine(await client.get("/widget/feed", params={"user_id": text}))
        await _fine(await client.get("/market", params={"asset": text}))
        await _fine(await client.get("/widget/feed", params={"user_id": "a", "after": text}))


@needs_data
async def test_every_naughty_string_as_the_raw_body_is_a_4xx(client: Client) -> None:
    for text in _naughty():
        response = await client.post("/interact", data=text.encode())
        assert response.status == 400, text
        await _fine(response)


@needs_data
@pytest.mark.parametrize("path", ["/interact", "/v1/pauses"])
async def test_the_json_test_suite(client: Client, path: str) -> None:
    for file in sorted((DATA / "json_test_parsing").glob("*.json")):
        response = await client.post(path, data=file.read_bytes())
        await _fine(response)
        code = (await response.json()).get("error", {}).get("code")
        if file.name.startswith("n_"):
            assert (response.status, code) == (400, "bad_json"), file.name
        elif file.name.startswith("y_"):
            assert code != "bad_json", file.name


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"NaN",
        b'{"message": NaN}',
        b'{"message": Infinity}',
        b'{"message": "a", "user_id": "\xff"}',
        b'{"message": "a", "user_id": "\xed\xa0\x80"}',
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b'{"message": "a"} {"message": "b"}',
        b'{"message": "a",}',
        b"{'message': 'a'}",
        b"[" * 33 + b"]" * 33,
        b'{"x":' * 40 + b"1" + b"}" * 40,
        b"[" * 60_000,
        b"[" * 200_000,
        b'[{"a":' * 50_000,
        b'{"message": "\\ud800" ',
    ],
)
async def test_what_is_no_json_is_bad_json(client: Client, raw: bytes) -> None:
    await refusal(await client.post("/interact", data=raw), 400, "bad_json")


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b'{"message": "\\ud800"}', "message"),
        (b'{"message": "a", "user_id": "\\udfff x"}', "user_id"),
        (b'{"message": "a\\u0000b"}', "message"),
        (b'{"message": "a", "user_id": "\\u0000"}', "user_id"),
        (b'{"message": "a", "user_id": "\\n"}', "user_id"),
        (b'{"message": "a", "user_id": ""}', "user_id"),
        (b'{"message": "a", "user_id": "  "}', "user_id"),
        (b'{"message": "a", "user_id": "x", "userId": "y"}', "userId"),
        (b'{"message": ""}', "message"),
        (b'{"message": " \\n "}', "message"),
        (b'{"user_id": "a"}', "message"),
        (b'{"message": 1e999}', None),
    ],
)
async def test_what_cannot_be_kept_is_bad_input_with_its_field(
    client: Client, raw: bytes, field: str | None
) -> None:
    error = await refusal(await client.post("/interact", data=raw), 400, "bad_input")
    if field:
        assert error.get("field") == field


async def test_backslash_u0000_written_out_is_only_text(client: Client) -> None:
    response = await client.post("/interact", data=rb'{"message": "\\u0000", "user_id": "anna"}')
    assert response.status == 200


async def test_a_message_may_have_4000_characters_and_no_more(client: Client) -> None:
    good = await client.post("/interact", json={"user_id": "anna", "message": "é" * 4000})
    assert good.status == 200
    bad = await client.post("/interact", json={"user_id": "anna", "message": "é" * 4001})
    assert (await refusal(bad, 400, "bad_input"))["field"] == "message"


async def test_a_body_over_64_kib_is_too_large(client: Client) -> None:
    body = b'{"message": "' + b"x" * BODY_BYTES + b'"}'
    await refusal(await client.post("/interact", data=body), 413, "too_large")


async def test_a_body_over_64_kib_in_chunks_is_too_large(client: Client) -> None:
    async def chunks() -> Any:
        yield b'{"message": "'
        for _ in range(20):
            yield b"x" * 8192
        yield b'"}'

    await refusal(await client.post("/interact", data=chunks()), 413, "too_large")


@pytest.mark.parametrize("length", [100, 100_000])
async def test_a_body_that_never_comes_is_given_up(
    client: Client, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr(body, "READ_S", 0.01)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = f"POST /interact HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
    writer.write(head.encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 400")
    writer.close()


async def test_a_caller_who_hangs_up_in_the_middle_is_no_fault_of_ours(
    client: Client, service: Service, settings: Settings
) -> None:
    _, writer = await asyncio.open_connection(client.host, client.port)
    head = b"POST /interact HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    writer.write(head)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await client.get("/health")).status == 200
    service.journal.flush()
    assert "request_failed" not in Path(settings.logs.file).read_text()


async def test_a_body_that_is_not_compressed_as_it_says_is_a_400(client: Client) -> None:
    headers = {"Content-Encoding": "deflate", "Content-Type": "application/json"}
    response = await client.post("/interact", data=b"{}not deflate", headers=headers)
    assert response.status == 400


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_the_content_type_does_not_matter(client: Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = await client.post("/interact", data=b'{"message": "hello"}', headers=headers)
    assert response.status == 200


def _properties(route: Route) -> dict[str, Any]:
    assert route.takes is not None
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][route.takes.__name__]
    return found


def _good_body(route: Route) -> dict[str, Any]:
    return {name: GOOD[name] for name in _properties(route).get("required", [])}


def _wrong_values(schema: dict[str, Any]) -> list[Any]:
    """Values of types the schema does not have, and values outside its bounds."""
    kinds = {part.get("type") for part in schema.get("anyOf", [schema])}
    kinds |= {"integer"} & {part.get("type") for part in schema.get("anyOf", [])}
    wrong: list[Any] = [[1], 1.5, {"a": {"b": []}}]
    if "null" not in kinds:
        wrong.append(None)
    if "$ref" in schema:
        wrong.remove({"a": {"b": []}})
        return [*wrong, "text", 1, True]
    if "object" in kinds:
        wrong.remove({"a": {"b": []}})
    if "number" in kinds:
        wrong.remove(1.5)
    if "boolean" not in kinds:
        wrong.append(True)
    if "string" not in kinds:
        wrong += ["text", "", LONG]
    else:
        wrong += [LONG, "\0", "\ud800"]
    if not kinds & {"integer", "number"}:
        wrong.append(7)
    elif "integer" in kinds:
        wrong += [-1, 10**18, 10**40]
    return wrong


async def _keyed(client: Client, route: Route, operator: dict[str, str]) -> dict[str, str]:
    """An operator's key, or the token of a session where a person calls for themselves."""
    if not route.path.startswith(OWN):
        return operator
    given = await (await client.post("/widget/session", json={"user_id": "anna"})).json()
    return {"Authorization": f"Bearer {given['token']}"}


async def test_every_field_of_a_wrong_type_is_refused_by_its_name(
    client: Client, operator: dict[str, str]
) -> None:
    for route in BODIES:
        headers = await _keyed(client, route, operator)
        for name, schema in _properties(route)["properties"].items():
            for value in _wrong_values(schema):
                raw = json.dumps({**_good_body(route), name: value}).encode()
                response = await client.request(
                    route.method,
                    _path(route),
                    data=raw,
                    headers=headers,
                )
                error = await refusal(response, 400, "bad_input")
                assert error["field"].startswith(name), (route.name, name, value, error)


async def test_every_missing_field_is_named(client: Client, operator: dict[str, str]) -> None:
    for route in BODIES:
        headers = await _keyed(client, route, operator)
        for name in _properties(route).get("required", []):
            body = {key: value for key, value in _good_body(route).items() if key != name}
            response = await client.request(
                route.method,
                _path(route),
                json=body,
                headers=headers,
            )
            assert (await refusal(response, 400, "bad_input"))["field"] == name, route.name


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"1", b"null", b"true"])
async def test_a_body_that_is_no_object_is_refused(
    client: Client, operator: dict[str, str], raw: bytes
) -> None:
    for route in BODIES:
        headers = await _keyed(client, route, operator)
        response = await client.request(route.method, _path(route), data=raw, headers=headers)
        await refusal(response, 400, "bad_input")


async def test_a_misspelt_field_is_refused_where_money_or_consent_hangs_on_it(
    client: Client, operator: dict[str, str]
) -> None:
    for route in BODIES:
        headers = await _keyed(client, route, operator)
        if route.path.startswith(TALKATIVE):
            continue
        body = {**_good_body(route), "dya": 5}
        response = await client.request(route.method, _path(route), json=body, headers=headers)
        assert (await refusal(response, 400, "bad_input"))["field"] == "dya", route.name


@pytest.mark.parametrize(
    "address",
    [
        "/v1/limits?user=anna",
        "/widget/feed?after=x",
        "/widget/feed?after=-1",
        "/widget/feed?after=1.5",
        "/widget/feed?user_id=",
        "/widget/feed?user_id=%00",
        "/market?asset=B/C",
        "/market?asset=BTC%0A",
        "/analytics?from=2026-01-01",
        "/api/v2/gamify/stats/anna?from=2026-01-01",
        "/api/v2/gamify/balance/anna?at=2026-01-01",
    ],
)
async def test_a_wrong_query_is_a_400(client: Client, address: str) -> None:
    await refusal(await client.get(address), 400, "bad_input")


@pytest.mark.parametrize("address", ["/user/%ff", "/user/%00", "/user/%0a", "/user/" + "x" * 201])
async def test_a_person_who_cannot_be_is_a_400(client: Client, address: str) -> None:
    response = await client.get(address)
    assert response.status in (400, 404)
    await _fine(response)


async def test_an_event_with_the_name_of_one_of_ours_is_only_noted(client: Client) -> None:
    """Hosts and widgets name their events as they like: no hand-off, no rating, no session."""
    names = ("rated", "session_ended", "handoff_wanted", "handoff_closed", "care_started")
    for name in names:
        body = {"user_id": "ada", "event": name}
        async with client.post("/api/engagement/track", json=body) as answer:
            assert answer.status == 200
    async with client.get("/analytics") as answer:
        assert answer.status == 200, await answer.text()
    async with client.get("/health") as answer:
        assert (await answer.json())["handoffs"] == {"waiting": 0, "oldest": None}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/api/engagement/leaderboard?period=xx", "daily, weekly, all_time, league, team"),
        ("/api/engagement/at-risk?level=xx", "critical, high, medium, low"),
    ],
)
async def test_a_word_that_is_none_of_a_few_is_told_which_there_are(
    client: Client, address: str, words: str
) -> None:
    error = await refusal(await client.get(address), 400, "bad_input")
    assert error["message"] == f"one of {words}"


async def test_a_word_in_a_body_is_told_which_there_are(client: Client) -> None:
    line = '{"user_id": "ada", "event_id": "e", "source": "xx"}'
    told = (await (await client.post("/v1/events", data=line)).text()).strip()
    assert "one of xp, habit, track, streak" in told
    body = {"user_id": "ada", "day": "nne"}  # a number, too: the one word is not all there is
    error = await refusal(await client.put("/v1/limits", json=body), 400, "bad_input")
    assert error["field"] == "day" and error["message"] == "one of a whole number, none"


async def test_an_empty_body_and_an_id_of_spaces_are_told_as_what_they_are(client: Client) -> None:
    empty = await client.post("/interact", data=b"")
    assert (await empty.json())["error"]["message"] == "the body is empty; send JSON"
    spaces = await client.post("/interact", json={"user_id": "  ", "message": "hi"})
    fault = (await spaces.json())["error"]
    assert (fault["field"], fault["message"]) == (
        "user_id",
        "printable text, and not of spaces alone",
    )
