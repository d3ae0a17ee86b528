"""The trading mentor as it was described: every call, field, number and person."""

import asyncio
import socket
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from msgspec.structs import replace

from bot import config
from bot.app import Service
from bot.clock import FrozenClock
from bot.config import Settings
from bot.errors import BotError
from bot.model.money import TIERS
from bot.web.server import bound
from tests.calls import get, post, put

DAY_S = 86_400


async def say(client: TestClient, message: str, user_id: str = "trader123") -> Any:
    return await post(client, "/interact", {"user_id": user_id, "message": message})


async def unlock(client: TestClient, tier: str, credits: int, **fields: Any) -> Any:
    body = {"user_id": "trader123", "content_tier": tier, "credits_spent": credits, **fields}
    return await post(client, "/unlock-premium", body)


def operator(service: Service) -> dict[str, str]:
    return {"Authorization": f"Bearer {service.key_file.read_text().strip()}"}


async def test_interact_answers_every_described_field(client: TestClient) -> None:
    body = {"user_id": "trader123", "message": "What do you see in BTC?", "message_id": "m1"}
    said = await post(client, "/interact", body)
    fields = {"text", "blocks", "choices", "tier", "price", "persona", "state", "turn_id"}
    assert fields <= said.keys() and said["replayed"] is False
    assert all(choice.keys() == {"label", "send"} for choice in said["choices"])
    again = await post(client, "/interact", body)
    assert again == {**said, "replayed": True}


async def test_a_first_question_is_answered_first(client: TestClient) -> None:
    said = await say(client, "What do you see in BTC?")
    assert "BTC" in said["text"]
    greeted = await say(client, "hello", "somebody-else")
    assert "BTC stands" not in greeted["text"]


async def test_the_first_message_of_a_conversation_says_that_this_is_a_machine(
    client: TestClient, clock: FrozenClock
) -> None:
    assert "machine" in (await say(client, "hello"))["text"]
    clock.move(60)
    assert "a machine, not a person" not in (await say(client, "thanks"))["text"]
    for _ in range(12):  # one conversation, never idle for half an hour
        clock.move(20 * 60)
        later = await say(client, "thanks")
        if "a machine, not a person" in later["text"]:
            return
    pytest.fail("three hours passed without saying it again")


async def test_market_content_carries_the_risk_line(client: TestClient) -> None:
    said = await say(client, "What do you see in BTC?")
    assert "not advice" in said["text"].split("stands at")[1]


async def test_the_described_unlock_twice_charges_once(client: TestClient) -> None:
    first = await unlock(client, "BASIC", 2)
    assert (first["outcome"], first["tier"], first["price"]) == ("unlocked", "basic", 2)
    assert first["balance"] == 18 and first["content"]
    assert first["remaining"] == {"day": 18, "week": 58, "month": 118}
    again = await unlock(client, "BASIC", 2)
    assert (again["outcome"], again["price"], again["balance"]) == ("already_owned", 0, 18)
    assert again["sku"] == first["sku"]


async def test_a_wrong_price_is_a_conflict_and_charges_nothing(client: TestClient) -> None:
    body = {"user_id": "trader123", "content_tier": "PREMIUM", "credits_spent": 2}
    refused = await post(client, "/unlock-premium", body, status=409)
    assert refused["error"]["code"] == "price_changed"
    assert (await unlock(client, "premium", 5))["outcome"] == "unlocked"


async def test_an_unlock_id_is_final_and_a_call_without_one_is_decided_afresh(
    client: TestClient, clock: FrozenClock
) -> None:
    await put(client, "/v1/limits", {"user_id": "trader123", "day": 1})
    kept = await unlock(client, "basic", 2, unlock_id="u1")
    fresh = await unlock(client, "basic", 2)
    assert (kept["reason"], fresh["reason"]) == ("cap_day", "cap_day")
    asked = await put(client, "/v1/limits", {"user_id": "trader123", "day": 20})
    assert asked["pending"]["limits"] == {"day": 20}
    clock.move(DAY_S + 1)
    raised = await post(client, "/v1/limits/confirm", {"user_id": "trader123"})
    assert raised["limits"]["day"] == 20
    assert (await unlock(client, "basic", 2, unlock_id="u1"))["outcome"] == "refused"
    assert (await unlock(client, "basic", 2))["outcome"] == "unlocked"


async def test_a_question_before_a_charge_is_answered_in_the_chat(
    service: Service, client: TestClient, clock: FrozenClock
) -> None:
    for _ in range(2):
        clock.move(60)
        await unlock(client, "premium", 5, sku="leverage.premium")
        await unlock(client, "premium", 5, sku="position-sizing.premium")
    clock.move(60)
    asked = await unlock(client, "basic", 2, sku="leverage.basic", unlock_id="u9")
    assert (asked["outcome"], asked["reason"]) == ("refused", "reality_check")
    yes = asked["choices"][0]["send"]
    said = await say(client, yes)
    assert said["outcome"] == "unlocked"
    assert "leverage.basic" in (await get(client, "/user/trader123"))["owned"]


async def test_a_user_is_told_with_credits_and_limits(client: TestClient) -> None:
    assert (await get(client, "/user/trader123", 404))["error"]["code"] == "unknown"
    await say(client, "hello")
    user = await get(client, "/user/trader123")
    assert user["skill"]["level"] == "novice" and 0 < user["engagement"] <= 1
    assert user["credits"]["balance"] == 20
    assert user["limits"] == {"day": 20, "week": 60, "month": 120} == user["remaining"]
    assert user["streak"] == 1 and user["owned"] == []


async def test_a_user_can_be_changed(client: TestClient) -> None:
    body = {
        "time_zone": "Europe/Helsinki",
        "language": "fi",
        "age_confirmed": True,
        "learning_style": "numbers",
        "consent": {"nudges": True, "promotions": False},
        "watch": ["eth"],
    }
    user = await put(client, "/user/trader123", body)
    assert (user["time_zone"], user["language"], user["age"]) == ("Europe/Helsinki", "fi", "adult")
    assert user["learning_style"] == "numbers" and user["watch"] == ["ETH"]
    assert user["consent"] == {
        "nudges": True,
        "promotions": False,
        "tracking": False,
        "sms": False,
    }


async def test_analytics_have_the_five_key_metrics_and_suppress_small_cells(
    client: TestClient,
) -> None:
    few = await get(client, "/analytics")
    blocks = (
        "engagement_score",
        "skill_progression",
        "credit_use",
        "content_performance",
        "churn",
    )
    assert set(blocks) <= few.keys()
    assert few["skill_progression"]["levels"]["novice"] == "suppressed"
    for number in range(12):
        await say(client, "hello", f"person-{number}")
    many = await get(client, "/analytics")
    assert many["people"] == few["people"] + 12
    assert many["content_performance"]["by_intent"] == {"greet": 12}
    # 13 novices beside one expert: showing either would tell the other
    assert set(many["skill_progression"]["levels"].values()) == {"suppressed"}


async def test_a_market_alert_is_accepted_and_its_fate_can_be_asked(
    service: Service, client: TestClient
) -> None:
    body = {
        "asset": "BTC",
        "alert_type": "liquidation",
        "urgency": 8,
        "message": "Major liquidation cluster forming",
        "alert_id": "a1",
    }
    accepted = await post(client, "/market-alert", body, status=202)
    assert accepted == {"alert_id": "a1", "followers": 2}
    assert await post(client, "/market-alert", body, status=202) == accepted
    await service.ticks.run("deliver")
    told = await get(client, "/market-alert/a1")
    assert told["states"] == {"sent": 2}, told
    feed = await get(client, "/widget/feed?user_id=demo_novice&after=0")
    assert len([item for item in feed["items"] if item["kind"] != "reply"]) == 1


async def test_urgent_alerts_are_short_and_factual(service: Service, client: TestClient) -> None:
    texts = {}
    for urgency in (5, 8):
        body = {
            "asset": "BTC",
            "alert_type": "liquidation",
            "urgency": urgency,
            "message": "BTC fell",
        }
        await post(client, "/market-alert", {**body, "alert_id": f"a{urgency}"}, status=202)
        await service.ticks.run("deliver")
        feed = await get(client, "/widget/feed?user_id=demo_novice&after=0")
        texts[urgency] = feed["items"][-1]["text"]
    assert len(texts[8]) < len(texts[5])
    assert "BTC" in texts[8] and "minute" in texts[8] and "%" in texts[8]


async def test_the_market_snapshot_has_the_described_keys(client: TestClient) -> None:
    market = await get(client, "/market?asset=BTC")
    described = "primary_asset current_price volatility trend liquidation_clusters whale_movements"
    assert {*described.split(), "at", "source"} <= market.keys()
    assert market["primary_asset"] == "BTC" and market["source"] == "simulated"
    assert market["current_price"] > 0 and 0 <= market["volatility"] <= 1


async def test_health_tells_the_catalog_the_store_and_the_next_runs(client: TestClient) -> None:
    health = await get(client, "/health")
    assert health["status"] == "ok" and health["mode"] == "demo"
    assert health["catalog"]["mistakes"] == [] and health["store"]["kind"] == "sqlite"
    assert {"market", "deliver", "nudges", "sessions"} <= health["jobs"].keys()
    assert health["counts"]["people"] == 2


async def test_the_tiers_cost_what_was_described(service: Service) -> None:
    prices = service.catalogs.current.script.prices
    assert [prices.of(tier) for tier in TIERS] == [0, 2, 5, 10]


async def test_each_topic_has_four_depths(service: Service, client: TestClient) -> None:
    items = service.catalogs.current.script.content.items
    topics = {item.topic for item in items.values()}
    whole = [t for t in topics if all(f"{t}.{tier}" in items for tier in TIERS)]
    assert len(whole) >= 3
    taught = await say(client, "teach me leverage")
    offer = await say(client, taught["choices"][0]["send"])
    assert (offer["tier"], offer["price"]) == ("basic", 2)
    assert "2 credits" in offer["text"] and "2.00" in offer["text"]
    assert len({len(choice["label"]) > 0 for choice in offer["choices"]}) == 1
    assert len(offer["choices"]) == 2


async def test_a_persona_follows_the_table_and_a_wish(client: TestClient) -> None:
    assert (await say(client, "hello"))["persona"] == "mentor"
    await say(client, "speak calm")
    assert (await say(client, "hello"))["persona"] == "calm"
    assert (await get(client, "/user/trader123"))["persona"] == "calm"


async def test_shipped_limits_are_on(client: TestClient) -> None:
    limits = await get(client, "/v1/limits?user_id=nobody-yet")
    assert limits["limits"] == {"day": 20, "week": 60, "month": 120} == limits["remaining"]


async def test_heavy_use_rests(client: TestClient, clock: FrozenClock) -> None:
    for sku in ("leverage.premium", "position-sizing.premium", "liquidation-clusters.premium"):
        clock.move(60)
        opened = await unlock(client, "premium", 5, sku=sku, confirm=True)
        assert opened["outcome"] == "unlocked", opened
    clock.move(60)
    rested = await unlock(client, "basic", 2, confirm=True)
    assert (rested["outcome"], rested["reason"]) == ("refused", "rest")
    assert rested["until"] is not None
    assert (await say(client, "teach me leverage"))["tier"] == "free"


async def test_a_promotional_item_waits_a_day(
    service: Service, client: TestClient, clock: FrozenClock
) -> None:
    items = service.catalogs.current.script.content.items.values()
    promoted = [item for item in items if item.financial_promotion]
    assert len({item.topic for item in promoted}) == 1
    item = next(item for item in promoted if item.price)
    waits = await unlock(client, item.tier, item.price, sku=item.sku)
    assert (waits["outcome"], waits["reason"]) == ("refused", "cooling_off")
    clock.move(DAY_S + 1)
    opened = await unlock(client, item.tier, item.price, sku=item.sku)
    assert opened["outcome"] == "unlocked"


async def test_jobs_run_at_the_described_intervals(service: Service) -> None:
    every = {name: state.every_s for name, state in service.ticks.states.items()}
    assert every["market"] == 5 * 60 and every["nudges"] == 15 * 60
    assert every["engagement"] == every["health"] == 30 * 60
    assert every["deliver"] == 5


async def test_port_auto_takes_a_free_port_of_the_range(settings: Settings) -> None:
    low = _free_range()
    chosen = replace(settings.server, port="auto", port_range=(low, low + 1))
    auto = replace(settings, server=chosen)
    first, second = bound(auto), bound(auto)
    try:
        ports = {first.getsockname()[1], second.getsockname()[1]}
        assert ports == {low, low + 1}
        with pytest.raises(BotError, match="taken"):
            bound(auto)
    finally:
        first.close()
        second.close()
    shipped = config.load(settings.root / "bot.toml", {}).server
    assert (shipped.port, shipped.port_range) == (8350, (8300, 8399))


def _free_range() -> int:
    """A port that is free together with the next one."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise RuntimeError("no two free ports side by side")


async def test_demo_people_are_as_described(service: Service, client: TestClient) -> None:
    novice = await get(client, "/user/demo_novice")
    assert novice["credits"]["balance"] == 20 and novice["owned"] == []
    assert novice["watch"] == ["BTC"] and novice["consent"]["nudges"] is True
    expert = await get(client, "/user/demo_expert")
    assert expert["skill"]["level"] == "expert" and expert["age"] == "adult"
    assert len([sku for sku in expert["owned"] if sku.endswith(".premium")]) >= 3
    kept = await service.store.export("demo_expert")
    paid = [entry for entry in kept["entries"] if entry["kind"] == "unlock"]
    assert sum(entry["amount"] for entry in paid) == 0 and len(paid) >= 6
    assert await service.reads.audit() == []


async def test_no_word_that_was_said_stands_in_the_database_file(
    service: Service, client: TestClient
) -> None:
    await put(client, "/user/trader123", {"name": "Aurelia Unmistakable"})
    await say(client, "my secret is xylophonically unmistakable")
    await asyncio.sleep(0)
    data = service.settings.data
    whole = b"".join(path.read_bytes() for path in data.glob("bot.db*"))
    assert len(whole) > 10_000
    for word in (b"xylophonically", b"Aurelia", b"a machine, not a person"):
        assert word not in whole


async def test_a_person_can_be_exported_and_erased(service: Service, client: TestClient) -> None:
    await say(client, "hello")
    await unlock(client, "basic", 2)
    kept = await service.export("trader123")
    assert any("hello" in str(row) for row in kept["turns"])
    receipt = await service.erase("trader123")
    assert receipt
    await get(client, "/user/trader123", 404)
    assert await service.reads.audit() == []
