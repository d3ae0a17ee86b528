"""Many events in one call: each line has its own verdict, and nothing accepted is lost."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.app import Service
from bot.clock import FrozenClock
from bot.config import Auth
from bot.errors import StoreError
from bot.intake import TOGETHER
from bot.lanes import LANE_DEPTH
from bot.web import bulk
from bot.web.engagement import StreakAnswer, TrackAnswer, XpAnswer
from bot.web.habits import HabitAnswer
from tests.sizes import size
from tests.web.conftest import Open

EVENTS, XP = "/v1/events", "/api/engagement/xp"
LESSON = {"user_id": "ada", "action": "lesson_complete"}


def lesson(number: int, **fields: Any) -> dict[str, Any]:
    return {**LESSON, "event_id": f"e{number}", **fields}


async def sent(
    client: TestClient, lines: Sequence[dict[str, Any] | bytes], **given: Any
) -> list[dict[str, Any]]:
    raw = b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines)
    async with client.post(EVENTS, data=raw, **given) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "application/x-ndjson"
        return [json.loads(line) for line in (await answer.text()).splitlines()]


async def xp_of(client: TestClient, user_id: str) -> int:
    async with client.get(f"{XP}?userId={user_id}") as answer:
        return int((await answer.json())["xp"])


async def test_each_line_is_answered_as_its_own_call_would_be(client: TestClient) -> None:
    lines = [
        lesson(1),
        {"user_id": "ada", "event_id": "h1", "category": "finance", "action": "paid_invoice",
         "value": 2.0, "metadata": {"invoice_amount": 150.0}},
        {"userId": "bob", "event_id": "t1", "event": "page_view", "props": {"page": "/"}},
        {"user_id": "ada", "event_id": "s1", "source": "streak"},
    ]  # fmt: skip
    told = await sent(client, lines)
    assert [(one["line"], one["status"]) for one in told] == [
        (n, "accepted") for n in (1, 2, 3, 4)
    ]
    assert [one["event_id"] for one in told] == ["e1", "h1", "t1", "s1"]
    shapes = (XpAnswer, HabitAnswer, TrackAnswer, StreakAnswer)
    for one, shape in zip(told, shapes, strict=True):
        assert set(one["answer"]) == set(shape.__struct_fields__)
    assert told[0]["answer"]["newXP"] == 50 and told[1]["answer"]["points"] == 4.0
    assert await xp_of(client, "ada") == 50


async def test_the_same_call_again_is_replayed_line_by_line(client: TestClient) -> None:
    """E1: the same id and body; another body under it is a conflict, for ever."""
    lines = [lesson(n, user_id=f"p{n % 7}") for n in range(40)]
    first = await sent(client, lines)
    again = await sent(client, lines)
    assert {one["status"] for one in again} == {"replayed"}
    assert [one["answer"] for one in again] == [one["answer"] for one in first]
    other = lesson(3, user_id="p3", occurred_at="2026-03-01T11:00:00Z")
    (told,) = await sent(client, [other])
    assert (told["status"], told["code"]) == ("conflict", "idempotency_mismatch")
    assert await xp_of(client, "p0") == 50 * 6


async def test_an_id_is_one_whether_it_came_in_bulk_or_alone(client: TestClient) -> None:
    """E1: both doors share the ids of their source."""
    async with client.post(XP, json=lesson(1)) as answer:
        alone = await answer.json()
    replayed, accepted = await sent(client, [lesson(1), lesson(2)])
    assert (replayed["status"], replayed["answer"]) == ("replayed", alone)
    async with client.post(XP, json=lesson(2)) as answer:
        assert answer.headers["Idempotency-Replayed"] == "true"
        assert await answer.json() == accepted["answer"]
    assert await xp_of(client, "ada") == 100


async def test_an_id_twice_in_one_call_happens_once(client: TestClient) -> None:
    lines = [lesson(1), lesson(1), lesson(1, occurred_at="2026-03-01T10:00:00Z"), lesson(2)]
    told = await sent(client, lines)
    assert [one["status"] for one in told] == ["accepted", "replayed", "conflict", "accepted"]
    assert await xp_of(client, "ada") == 100


WRONG: list[tuple[bytes, str, str | None]] = [
    (b"{", "bad_json", None),
    (b"[]", "bad_input", None),
    (b'{"event_id": "x", "user_id": "ada"}', "bad_input", "action"),
    (b'{"event_id": "x", "user_id": "ada", "action": "lesson_complet"}', "bad_input", "action"),
    (b'{"event_id": "x", "user_id": "ada", "action": ""}', "bad_input", "action"),
    (b'{"user_id": "ada", "action": "lesson_complete"}', "bad_input", "event_id"),
    (b'{"event_id": "x", "action": "lesson_complete"}', "bad_input", "user_id"),
    (b'{"event_id": "x", "user_id": "a\\u0007", "action": "lesson_complete"}', "bad_input",
     "user_id"),
    (b'{"event_id": "x", "user_id": "ada", "source": "bets"}', "bad_input", "source"),
    (b'{"event_id": "x", "user_id": "ada", "category": "gambling", "action": "bet"}',
     "bad_input", "category"),
    (b'{"event_id": "x", "user_id": "ada", "category": "finance", "action": "paid_invoice",'
     b' "value": NaN}', "bad_json", None),
    (b'{"event_id": "x", "user_id": "ada", "category": "finance", "action": "paid_invoice",'
     b' "value": 0}', "bad_input", "value"),
    (b'{"event_id": "x", "user_id": "ada", "event": "a\\u0000b"}', "bad_input", "event"),
    (b'{"event_id": "x", "user_id": "ada", "event": "a\\ud800b"}', "bad_input", "event"),
    (b'{"event_id": "x", "user_id": "ada", "event": "v", "occurred_at": "soon"}', "bad_input",
     "occurred_at"),
    (b'{"event_id": "x", "user_id": "ada", "event": "\xff"}', "bad_json", None),
    (b'{"event_id": "x", "user_id": "ada", "event": "' + b"v" * 201 + b'"}', "bad_input", "event"),
    (b'{"event_id": "x", "user_id": "ada", "event": "v", "props": {"p": "' + b"v" * 65_536
     + b'"}}', "too_large", None),
    (b'{"event_id": "x", "user_id": "ada", "event": "v", "props": ' + b'{"p": ' * 40 + b"1"
     + b"}" * 40 + b"}", "bad_json", None),
]  # fmt: skip


async def test_a_wrong_line_is_told_by_its_number_and_fails_alone(client: TestClient) -> None:
    lines: list[dict[str, Any] | bytes] = [lesson(0), b"", b"  \r"]
    for number, (raw, _, _) in enumerate(WRONG, 1):
        lines += [raw, lesson(number, event="ok", source="track")]
    told = await sent(client, lines)
    bad = told[1::2]
    assert [(one["line"], one["status"]) for one in bad] == [
        (4 + 2 * n, "refused") for n in range(len(WRONG))
    ]
    assert [(one["code"], one.get("field")) for one in bad] == [
        (code, field) for _, code, field in WRONG
    ]
    assert all(one["message"] for one in bad)
    assert {one["status"] for one in told[::2]} == {"accepted"}


@pytest.mark.parametrize("body", [b"", b"\n \n"])
async def test_a_call_without_a_line_is_refused(client: TestClient, body: bytes) -> None:
    async with client.post(EVENTS, data=body) as answer:
        assert answer.status == 400 and (await answer.json())["error"]["code"] == "bad_input"


async def test_too_much_at_once_is_refused_whole(client: TestClient) -> None:
    line = json.dumps(lesson(1)).encode() + b"\n"
    for body in (line * (bulk.MOST_LINES + 1), b" " * (bulk.BULK_BYTES + 1)):
        async with client.post(EVENTS, data=body) as answer:
            assert answer.status == 413, await answer.text()

    async def endless() -> Any:
        for _ in range(9):
            yield b" " * (1024 * 1024)

    async with client.post(EVENTS, data=endless()) as answer:
        assert answer.status == 413
    async with client.post(XP, data=b" " * 70_000) as answer:  # other calls keep their 64 KiB
        assert answer.status == 413
    assert await xp_of(client, "ada") == 0


async def test_many_events_of_one_person_take_one_place_in_their_lane(
    client: TestClient, service: Service
) -> None:
    """A lane is 100 deep; a whole call waits in it as one, in order."""
    many = size(3 * LANE_DEPTH + 7, 10_000)
    lines = [lesson(n, source="track", event=f"step_{n}") for n in range(many)]
    told = await sent(client, lines)
    assert [one["line"] for one in told] == list(range(1, many + 1))
    assert {one["status"] for one in told} == {"accepted"}
    turns = await service.reads.turns("ada", limit=many)
    assert [turn.inbound.id for turn in turns] == [f"e{n}" for n in range(many)]
    assert [turn.number for turn in turns] == list(range(1, many + 1))


async def test_live_turns_of_the_same_people_go_on_and_nothing_is_lost(
    client: TestClient,
) -> None:
    """E4: what comes alone and what comes in bulk are in one line for a person."""
    people, each = 5, size(30, 300)
    lines = [
        {"user_id": f"p{n % people}", "event_id": f"b{n}", "action": "daily_login"}
        for n in range(people * each)
    ]

    async def alone(number: int) -> None:
        body = {"user_id": f"p{number % people}", "action": "note_taken"}
        async with client.post(XP, json={**body, "event_id": f"a{number}"}) as answer:
            assert answer.status == 200, await answer.text()

    told, *_ = await asyncio.gather(sent(client, lines), *(alone(n) for n in range(4 * people)))
    assert {one["status"] for one in told} == {"accepted"}
    for number in range(people):
        assert await xp_of(client, f"p{number}") == 10 + 4 * 5  # a login a day; each note is 5


async def test_who_goes_away_in_the_middle_finds_what_was_accepted(
    client: TestClient, service: Service
) -> None:
    many = size(600, 5_000)
    lines = [lesson(n, source="track", event="seen") for n in range(many)]
    raw = b"\n".join(json.dumps(one).encode() for one in lines)
    server = client.server
    reader, writer = await asyncio.open_connection(server.host, server.port)
    head = f"POST {EVENTS} HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: {len(raw)}\r\n\r\n"
    writer.write(head.encode() + raw)
    await writer.drain()
    await reader.readuntil(b'"line":1,')
    writer.transport.abort()
    again = [one["status"] for one in await sent(client, lines)]
    kept = again.count("replayed")
    assert again == ["replayed"] * kept + ["accepted"] * (many - kept)
    assert kept and kept % TOGETHER in (0, many % TOGETHER)
    turns = await service.reads.turns("ada", limit=many + 1)
    assert [turn.inbound.id for turn in turns] == [f"e{n}" for n in range(many)]


async def test_a_store_that_does_not_answer_leaves_the_rest_of_a_person_untried(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows must not come before; the same call again brings everything."""
    commit, calls = service.store.commit, 0

    async def failing(decided: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StoreError("the database does not answer")
        return await commit(decided)

    lines = [lesson(n, source="track", event="seen") for n in range(3 * TOGETHER)]
    monkeypatch.setattr(service.store, "commit", failing)
    told = await sent(client, lines)
    assert [one["status"] for one in told] == ["accepted"] * TOGETHER + ["unknown"] * 2 * TOGETHER
    assert {one["code"] for one in told[TOGETHER:]} == {"unavailable"}
    again = await sent(client, lines)
    assert [one["status"] for one in again] == ["replayed"] * TOGETHER + [
        "accepted"
    ] * 2 * TOGETHER
    turns = await service.reads.turns("ada", limit=1000)
    assert [turn.inbound.id for turn in turns] == [f"e{n}" for n in range(3 * TOGETHER)]


async def test_only_so_many_calls_of_this_kind_at_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CALLS_AT_ONCE", 0)
    async with client.post(EVENTS, json=lesson(1)) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")


async def test_events_in_bulk_need_a_key_of_a_server(opened: Open, service: Service) -> None:
    client = await opened(auth=Auth(mode="key"))
    async with client.post(EVENTS, data=json.dumps(lesson(1))) as answer:
        assert answer.status == 401
    key = service.studio.add_key("host", "server")
    headers = {"Authorization": f"Bearer {key}"}
    lines = [lesson(n, source="track", event="seen") for n in range(200)]
    told = await sent(client, lines, headers=headers)  # more than a person may call alone
    assert {one["status"] for one in told} == {"accepted"}


async def test_late_and_early_lines_are_judged_by_their_own_time(
    client: TestClient, clock: FrozenClock
) -> None:
    """E2, E3: as in the calls that take one."""
    told = await sent(
        client,
        [
            lesson(1, occurred_at="2026-03-01T12:05:01Z"),
            lesson(2, occurred_at="2026-02-20T12:00:00Z"),
        ],
    )
    assert [one["answer"]["flags"] for one in told] == [["future"], ["old"]]
