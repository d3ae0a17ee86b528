"""The message door over HTTP."""

from typing import Any

import pytest

from bot.clock import FrozenClock
from tests.web.conftest import Client, refusal, say


async def test_a_message_is_answered_with_every_described_field(client: Client) -> None:
    said = await say(client, "What do you see in BTC?")
    assert {"text", "blocks", "choices", "tier", "price", "persona", "state", "turn_id"} <= set(
        said
    )
    assert said["text"] and said["replayed"] is False


async def test_the_same_message_id_gets_the_same_answer(client: Client) -> None:
    body = {"user_id": "anna", "message": "hello", "message_id": "m1"}
    first = await client.post("/interact", json=body)
    again = await client.post("/interact", json=body)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    said, repeated = await first.json(), await again.json()
    assert repeated == {**said, "replayed": True}


async def test_a_call_that_names_nobody_is_the_demo_novices(client: Client) -> None:
    before = (await (await client.get("/user/demo_novice")).json())["turns"]
    response = await client.post("/interact", json={"message": "hello"})
    assert response.status == 200
    assert (await (await client.get("/user/demo_novice")).json())["turns"] == before + 1


@pytest.mark.parametrize("name", ["user_id", "userId"])
async def test_a_person_may_be_named_in_either_spelling(client: Client, name: str) -> None:
    response = await client.post("/interact", json={name: "bea", "message": "hello"})
    assert response.status == 200
    assert (await client.get("/user/bea")).status == 200


async def test_the_feed_tells_both_sides_after_a_number(
    client: Client, clock: FrozenClock
) -> None:
    first = await say(client, "hello")
    clock.move(60)
    second = await say(client, "thanks")
    feed = await (await client.get("/widget/feed?user_id=anna")).json()
    assert [item["author"] for item in feed["items"]] == ["person", "bot", "person", "bot"]
    assert [item["text"] for item in feed["items"]][1::2] == [first["text"], second["text"]]
    assert feed["items"][1]["id"] == first["turn_id"]
    later = await (await client.get(f"/widget/feed?user_id=anna&after={feed['last']}")).json()
    assert later == {"items": [], "last": feed["last"]}
    number = feed["items"][0]["number"]
    rest = await (await client.get(f"/widget/feed?user_id=anna&after={number}")).json()
    assert [item["text"] for item in rest["items"]] == ["thanks", second["text"]]


async def test_the_feed_of_nobody_is_empty(client: Client) -> None:
    feed = await (await client.get("/widget/feed?userId=never-seen")).json()
    assert feed == {"items": [], "last": 0}


async def test_a_fault_of_ours_is_a_500_in_the_same_shape_and_is_logged_without_words(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, service: Any
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("canary from a message")

    monkeypatch.setattr(service.store, "person", broken)
    response = await client.post("/interact", json={"user_id": "anna", "message": "canary"})
    await refusal(response, 500, "internal")
    service.journal.flush()
    with open(settings.logs.file) as file:
        lines = file.read()
    assert "request_failed" in lines and "RuntimeError" in lines and "canary" not in lines
