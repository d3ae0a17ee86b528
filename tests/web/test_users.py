"""What a host may know and say about a person, and market news."""

import pytest

from tests.web.conftest import Client, refusal, say


async def test_somebody_never_seen_is_unknown(client: Client) -> None:
    await refusal(await client.get("/user/nobody"), 404, "unknown")


async def test_a_person_is_told_with_every_described_part(client: Client) -> None:
    await say(client, "hello")
    body = await (await client.get("/user/anna")).json()
    assert body["skill"]["level"] == "novice"
    assert 0 < body["engagement"] <= 1
    assert body["credits"] == {"balance": 20, "granted": 20, "paid": 0}
    assert body["limits"] == body["remaining"] == {"day": 20, "week": 60, "month": 120}
    assert (body["streak"], body["owned"]) == (1, [])


async def test_the_demo_expert_owns_premium_items(client: Client) -> None:
    body = await (await client.get("/user/demo_expert")).json()
    assert body["skill"]["level"] == "expert" and len(body["owned"]) >= 3


async def test_what_is_told_of_a_person_stays_and_the_rest_too(client: Client) -> None:
    body = {"time_zone": "Europe/Rome", "consent": {"nudges": True}, "watch": ["btc", "ETH"]}
    first = await (await client.put("/user/anna", json=body)).json()
    assert (first["time_zone"], first["watch"]) == ("Europe/Rome", ["BTC", "ETH"])
    assert first["consent"] == {
        "nudges": True,
        "promotions": False,
        "tracking": False,
        "sms": False,
    }
    second = await (await client.put("/user/anna", json={"learning_style": "quizzes"})).json()
    assert second == {**first, "learning_style": "quizzes"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"learning_style": "sleep"}, "learning_style"),
        ({"language": "x\u0007"}, "language"),
        ({"watch": ["B/C"]}, "watch"),
        ({"watch": ["BTC\n"]}, "watch"),
        ({"watch": ["A"] * 51}, "watch"),
        ({"consent": {"nudge": True}}, "consent.nudge"),
        ({"consent": {"nudges": "yes"}}, "consent.nudges"),
        ({"age_confirmed": "yes"}, "age_confirmed"),
    ],
)
async def test_what_cannot_be_said_of_a_person_is_refused(
    client: Client, body: dict[str, object], field: str
) -> None:
    error = await refusal(await client.put("/user/anna", json=body), 400, "bad_input")
    assert error["field"].startswith(field)


async def test_an_alert_is_accepted_and_told_about(client: Client) -> None:
    body = {
        "asset": "BTC",
        "alert_type": "liquidation",
        "urgency": 8,
        "message": "Major liquidation cluster forming",
    }
    response = await client.post("/market-alert", json=body)
    accepted = await response.json()
    assert response.status == 202 and accepted["followers"] >= 2
    status = await client.get(f"/market-alert/{accepted['alert_id']}")
    assert status.status == 200
    await refusal(await client.get("/market-alert/none"), 404, "unknown")


async def test_the_same_alert_id_is_one_alert(client: Client) -> None:
    body = {"asset": "btc", "alert_type": "x", "urgency": 1, "message": "m", "alert_id": "a1"}
    first = await (await client.post("/market-alert", json=body)).json()
    again = await (await client.post("/market-alert", json=body)).json()
    assert first == again and first["alert_id"] == "a1"


async def test_the_market_is_told_in_the_described_keys(client: Client) -> None:
    body = await (await client.get("/market?asset=eth")).json()
    assert body["primary_asset"] == "ETH" and body["current_price"] > 0
    assert {"volatility", "trend", "liquidation_clusters", "whale_movements", "at"} <= set(body)
    assert (await (await client.get("/market")).json())["primary_asset"] == "BTC"
    error = await refusal(await client.get("/market?asset=NONE"), 404, "unknown")
    assert error["field"] == "asset"
