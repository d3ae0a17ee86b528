"""The widget's socket: answered after the commit, nothing lost, nothing twice."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient

from bot.app import Service
from bot.clock import FrozenClock
from bot.model.message import Inbound
from bot.web import socket as wire
from bot.web import tokens

Frame = dict[str, Any]


async def session(client: TestClient, **ask: str) -> Frame:
    response = await client.post("/widget/session", json=ask)
    assert response.status == 200, await response.text()
    return await response.json()


async def opened(
    client: TestClient, token: str, after: int = 0
) -> tuple[ClientWebSocketResponse, Frame]:
    socket = await client.ws_connect("/widget/socket")
    await socket.send_json({"type": "hello", "token": token, "after": after})
    return socket, await socket.receive_json(timeout=10)


async def say(socket: ClientWebSocketResponse, text: str, message_id: str) -> Frame:
    await socket.send_json({"type": "say", "id": message_id, "text": text})
    while True:
        frame = await socket.receive_json(timeout=10)
        if frame.get("id") == message_id:
            return frame


async def closed(socket: ClientWebSocketResponse) -> int:
    while True:
        message = await socket.receive(timeout=10)
        if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING):
            return int(socket.close_code or 0)


async def test_a_message_is_answered_after_its_commit(
    client: TestClient, service: Service
) -> None:
    given = await session(client)
    socket, ready = await opened(client, given["token"])
    assert (ready["type"], ready["user_id"], ready["number"]) == ("ready", given["user_id"], 0)
    frame = await say(socket, "what is leverage?", "m1")
    assert frame["type"] == "said" and frame["number"] == 1
    assert "a loan" in frame["reply"]["text"] and frame["reply"]["replayed"] is False
    kept = await service.store.feed(given["user_id"], 0, 10)
    assert [item.id for item in kept] == ["m1", frame["reply"]["turn_id"]]


async def test_the_same_id_again_gets_the_same_answer(client: TestClient) -> None:
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    first = await say(socket, "hello", "m1")
    again = await say(socket, "hello", "m1")
    assert again["reply"] == {**first["reply"], "replayed": True}


async def test_an_answer_names_its_language(client: TestClient) -> None:
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    assert (await say(socket, "what is leverage?", "m1"))["language"] == "en"
    assert (await say(socket, "opeta vipu", "m2"))["language"] == "fi"
    assert (await say(socket, "opeta vipu", "m2"))["language"] == ""  # kept before


async def test_a_socket_is_told_what_it_missed_and_nothing_twice(client: TestClient) -> None:
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    for number in range(3):
        await say(socket, "hello", f"m{number}")
    await socket.close()
    again, ready = await opened(client, given["token"], after=1)
    assert ready["number"] == 3
    frame = await again.receive_json(timeout=10)
    assert frame["type"] == "items" and frame["last"] == 3
    assert [item["id"] for item in frame["items"] if item["author"] == "person"] == ["m1", "m2"]
    assert frame["items"][1]["blocks"]


async def test_another_tab_hears_what_is_said(client: TestClient) -> None:
    given = await session(client)
    one, _ = await opened(client, given["token"])
    two, _ = await opened(client, given["token"])
    await say(one, "hello", "m1")
    frame = await two.receive_json(timeout=10)
    assert next(item["id"] for item in frame["items"]) == "m1"
    headers = {"Authorization": f"Bearer {given['token']}"}
    await client.post("/interact", json={"message": "topics"}, headers=headers)
    for socket in (one, two):
        frame = await socket.receive_json(timeout=10)
        assert [item["text"] for item in frame["items"] if item["author"] == "person"] == [
            "topics"
        ]


async def test_what_the_bot_says_first_reaches_an_open_socket(
    client: TestClient, service: Service
) -> None:
    given = await session(client, user_id="demo_novice")
    socket, _ = await opened(client, given["token"], after=10_000)
    alert = {"asset": "BTC", "alert_type": "liquidation", "urgency": 8, "message": "News."}
    await client.post("/market-alert", json=alert)
    await service.ticks.run("deliver")
    person = await service.store.person("demo_novice", fresh=True)
    assert person is not None
    await socket.close()
    again, _ = await opened(client, given["token"], after=person.version - 1)
    frame = await again.receive_json(timeout=10)
    assert "News." in frame["items"][-1]["text"]


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ({"type": "hello", "token": "a.b.c"}, wire.NOT_AUTHENTIC),
        ({"type": "hello", "token": ""}, wire.NOT_AUTHENTIC),
        ({"type": "say", "id": "m", "text": "hello"}, wire.BAD_FRAME),
        ({"type": "shout"}, wire.BAD_FRAME),
        ({"type": "hello"}, wire.BAD_FRAME),
        ([], wire.BAD_FRAME),
    ],
)
async def test_a_wrong_first_frame_closes_with_its_reason(
    client: TestClient, first: Any, code: int
) -> None:
    socket = await client.ws_connect("/widget/socket")
    await socket.send_json(first)
    assert await closed(socket) == code


async def test_frames_that_are_no_text_or_too_long_close(client: TestClient) -> None:
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    await socket.send_bytes(b"\x00")
    assert await closed(socket) == wire.BAD_FRAME
    socket, _ = await opened(client, given["token"])
    await socket.send_str("x" * (wire.FRAME_BYTES + 1))
    assert await closed(socket) == 1009


async def test_what_is_wrong_with_a_message_is_told_and_the_socket_stays(
    client: TestClient,
) -> None:
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    frame = await say(socket, "   ", "m1")
    assert (frame["type"], frame["code"]) == ("refused", "bad_input")
    frame = await say(socket, "lone \ud800", "m2")
    assert (frame["type"], frame["code"]) == ("refused", "bad_input")
    assert (await say(socket, "hello", "m3"))["type"] == "said"


async def test_a_socket_lives_as_long_as_its_token_and_may_be_renewed(
    client: TestClient, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = await session(client)
    socket, ready = await opened(client, given["token"])
    clock.move(10 * 60)
    fresh = await session(client, visitor=given["visitor"])
    await socket.send_json({"type": "renew", "token": fresh["token"]})
    renewed = await socket.receive_json(timeout=10)
    assert renewed["expires_at"] > ready["expires_at"]
    stranger = await session(client)
    await socket.send_json({"type": "renew", "token": stranger["token"]})
    assert await closed(socket) == wire.NOT_AUTHENTIC


async def test_a_socket_whose_token_ended_is_closed(
    client: TestClient, clock: FrozenClock
) -> None:
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    clock.move(15 * 60)
    await socket.send_json({"type": "say", "id": "m1", "text": "hello"})
    assert (await socket.receive_json(timeout=10))["type"] == "said"
    assert await closed(socket) == wire.NOT_AUTHENTIC


async def test_who_says_nothing_is_told_when_their_token_ended(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "TOKEN_S", 1)  # of the machine's time: the frozen one stands
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    assert await closed(socket) == wire.NOT_AUTHENTIC


async def test_a_person_has_five_sockets_and_no_more(client: TestClient) -> None:
    given = await session(client)
    sockets = [(await opened(client, given["token"]))[0] for _ in range(wire.SOCKETS_A_PERSON)]
    more = await client.ws_connect("/widget/socket")
    await more.send_json({"type": "hello", "token": given["token"]})
    assert await closed(more) == wire.TOO_MANY
    await sockets[0].close()
    async with asyncio.timeout(10):  # the server hears of it a moment later
        while True:
            again = await client.ws_connect("/widget/socket")
            await again.send_json({"type": "hello", "token": given["token"]})
            if (await again.receive()).type == WSMsgType.TEXT:
                break
    assert not again.closed
    await again.close()


async def test_pages_of_other_origins_get_no_socket(client: TestClient) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    response = await client.get("/widget/socket", headers=headers)
    assert response.status == 403


async def test_an_ordinary_call_of_the_socket_is_told_what_it_is(client: TestClient) -> None:
    response = await client.get("/widget/socket")
    assert response.status == 400
    assert "WebSocket" in (await response.json())["error"]["message"]


async def test_a_turn_of_a_listener_that_left_troubles_nobody(
    client: TestClient, service: Service
) -> None:
    given = await session(client)
    socket, _ = await opened(client, given["token"])
    await socket.close()
    now = service.clock.now()
    answer = await service.turn.take(Inbound("x", given["user_id"], "message", now, text="hi"))
    assert answer.reply.text


async def test_who_watches_is_told_that_something_happened_and_not_what(
    client: TestClient, service: Service
) -> None:
    given = await session(client)
    await client.post("/interact", json={"user_id": given["user_id"], "message": "hello"})
    socket = await client.ws_connect("/widget/socket")
    hello = {"type": "hello", "token": given["token"], "after": 1, "watch": True}
    await socket.send_json(hello)
    assert (await socket.receive_json(timeout=10))["type"] == "ready"
    body = {"user_id": given["user_id"], "action": "lesson_complete"}
    for _ in range(2):  # nothing was said, so there is no line; it is told all the same
        await client.post("/api/engagement/xp", json=body)
        assert await socket.receive_json(timeout=10) == {"type": "changed"}
    await socket.close()


async def test_who_watches_from_an_old_page_is_told_at_once(client: TestClient) -> None:
    given = await session(client)
    await client.post("/interact", json={"user_id": given["user_id"], "message": "hello"})
    socket = await client.ws_connect("/widget/socket")
    await socket.send_json({"type": "hello", "token": given["token"], "watch": True})
    assert (await socket.receive_json(timeout=10))["type"] == "ready"
    assert await socket.receive_json(timeout=10) == {"type": "changed"}
    await socket.close()
