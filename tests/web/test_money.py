"""The doors to money over HTTP; what the ledger decides is tested there."""

import asyncio
from typing import Any

import pytest

from bot.app import Service
from bot.clock import FrozenClock
from tests.web.conftest import Client, refusal


def _first(service: Service, tier: str) -> Any:
    items = service.catalogs.current.script.content.items.values()
    return next(i for i in items if i.tier == tier and not i.financial_promotion)


async def _unlock(client: Client, item: Any, unlock_id: str = "u1", **fields: Any) -> Any:
    body = {
        "user_id": "anna",
        "unlock_id": unlock_id,
        "sku": item.sku,
        "expected_price": item.price,
        **fields,
    }
    return await client.post("/v1/unlocks", json=body)


async def test_an_unlock_is_charged_once_and_replayed_for_ever(
    client: Client, service: Service, clock: FrozenClock
) -> None:
    item = _first(service, "basic")
    first = await _unlock(client, item)
    done = await first.json()
    assert (first.status, done["outcome"], done["price"]) == (200, "unlocked", item.price)
    assert done["content"]
    clock.move(90 * 86_400)
    again = await _unlock(client, item)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await again.json() == done
    person = await (await client.get("/user/anna")).json()
    assert person["owned"] == [item.sku]
    assert person["credits"]["balance"] == done["balance"]


async def test_the_id_may_come_as_a_header(client: Client, service: Service) -> None:
    item = _first(service, "basic")
    body = {"user_id": "anna", "sku": item.sku, "expected_price": item.price}
    headers = {"Idempotency-Key": "u1"}
    first = await client.post("/v1/unlocks", json=body, headers=headers)
    assert (await first.json())["outcome"] == "unlocked"
    again = await _unlock(client, item)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await again.json() == await first.json()


async def test_the_header_and_the_field_must_agree(client: Client, service: Service) -> None:
    item = _first(service, "basic")
    body = {"unlock_id": "u1", "sku": item.sku, "expected_price": item.price}
    response = await client.post("/v1/unlocks", json=body, headers={"Idempotency-Key": "u2"})
    assert (await refusal(response, 400, "bad_input"))["field"] == "unlock_id"


async def test_an_unlock_without_an_id_is_refused(client: Client, service: Service) -> None:
    item = _first(service, "basic")
    body = {"sku": item.sku, "expected_price": item.price}
    response = await client.post("/v1/unlocks", json=body)
    assert (await refusal(response, 400, "bad_input"))["field"] == "unlock_id"


async def test_an_id_that_is_being_answered_is_told_to_come_back(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, held, reached = _first(service, "basic"), asyncio.Event(), asyncio.Event()
    real = service.store.person

    async def slow(person_id: str, fresh: bool = False) -> object:
        reached.set()
        await held.wait()
        return await real(person_id, fresh)

    monkeypatch.setattr(service.store, "person", slow)
    first = asyncio.create_task(_unlock(client, item))
    await reached.wait()
    second = await _unlock(client, item)
    await refusal(second, 409, "in_progress")
    assert second.headers["Retry-After"] == "1"
    held.set()
    assert (await (await first).json())["outcome"] == "unlocked"


async def test_the_same_id_with_other_fields_is_a_conflict(
    client: Client, service: Service
) -> None:
    await _unlock(client, _first(service, "basic"))
    response = await _unlock(client, _first(service, "premium"))
    await refusal(response, 409, "idempotency_mismatch")


async def test_a_yes_is_no_part_of_what_makes_a_call_the_same(
    client: Client, service: Service
) -> None:
    item = _first(service, "basic")
    first = await _unlock(client, item, confirm=True)
    again = await _unlock(client, item)
    assert await again.json() == await first.json()


async def test_another_price_than_expected_is_a_conflict_and_costs_nothing(
    client: Client, service: Service
) -> None:
    item = _first(service, "basic")
    response = await _unlock(client, item, expected_price=item.price + 1)
    assert (await refusal(response, 409, "price_changed"))["field"] == "expected_price"
    assert (await (await _unlock(client, item)).json())["outcome"] == "unlocked"


async def test_a_wrong_price_is_told_by_the_field_it_came_in(client: Client) -> None:
    body = {"content_tier": "basic", "credits_spent": 9}
    response = await client.post("/unlock-premium", json=body)
    assert (await refusal(response, 409, "price_changed"))["field"] == "credits_spent"


async def test_a_limit_is_a_number_or_none_and_the_answer_says_so(client: Client) -> None:
    response = await client.put("/v1/limits", json={"day": "10"})
    fault = await refusal(response, 400, "bad_input")
    assert (fault["field"], fault["message"]) == ("day", "one of a whole number, none")


@pytest.mark.parametrize("path", ["/v1/refunds", "/v1/voids"])
async def test_what_was_given_back_or_never_paid_is_told_in_words(
    client: Client, service: Service, operator: dict[str, str], path: str
) -> None:
    item = _first(service, "basic")
    assert (await (await _unlock(client, item)).json())["outcome"] == "unlocked"
    body = {"user_id": "anna", "unlock_id": "u1"}
    for number, (unlock_id, status, words) in enumerate(
        [
            ("u1", 200, "outcome"),
            ("u1", 409, f"all {item.price} credits were given back already"),
            ("u9", 404, "they paid for no unlock of this id in the last 62 days"),
        ]
    ):
        sent = {**body, "id": f"back-{number}", "unlock_id": unlock_id}
        response = await client.post(path, json=sent, headers=operator)
        assert response.status == status and words in await response.text()


async def test_an_item_that_is_not_sold_is_unknown(client: Client) -> None:
    body = {"unlock_id": "u1", "sku": "no.such", "expected_price": 2}
    response = await client.post("/v1/unlocks", json=body)
    assert (await refusal(response, 404, "unknown"))["field"] == "sku"


@pytest.mark.parametrize("tier", ["BASIC", "basic", "Basic"])
async def test_the_described_call_made_twice_pays_once(client: Client, tier: str) -> None:
    body = {"user_id": "trader123", "content_tier": tier, "credits_spent": 2}
    first = await (await client.post("/unlock-premium", json=body)).json()
    again = await (await client.post("/unlock-premium", json=body)).json()
    assert (first["outcome"], first["price"]) == ("unlocked", 2)
    assert (again["outcome"], again["price"], again["sku"]) == ("already_owned", 0, first["sku"])
    assert again["balance"] == first["balance"]


async def test_a_tier_that_is_not_there_is_named(client: Client) -> None:
    body = {"content_tier": "gold", "credits_spent": 2}
    error = await refusal(await client.post("/unlock-premium", json=body), 400, "bad_input")
    assert error["field"] == "content_tier" and "exclusive" in error["message"]


async def test_limits_of_somebody_new_are_the_defaults(client: Client) -> None:
    body = await (await client.get("/v1/limits?user_id=new")).json()
    assert body["limits"] == {"day": 20, "week": 60, "month": 120}
    assert body["remaining"] == body["limits"]
    assert (await client.get("/user/new")).status == 404


async def test_a_decrease_counts_at_once_and_an_increase_waits(client: Client) -> None:
    lower = await client.put("/v1/limits", json={"user_id": "anna", "day": 5})
    assert (await lower.json())["limits"] == {"day": 5, "week": 60, "month": 120}
    higher = await client.put("/v1/limits", json={"user_id": "anna", "day": 15})
    body = await higher.json()
    assert body["limits"]["day"] == 5 and body["pending"]["limits"] == {"day": 15}
    read = await (await client.get("/v1/limits?user_id=anna")).json()
    assert (read["limits"], read["pending"]) == (body["limits"], body["pending"])


async def test_an_increase_counts_after_a_day_and_a_second_yes(
    client: Client, clock: FrozenClock
) -> None:
    await client.put("/v1/limits", json={"user_id": "anna", "day": 5})
    await client.put("/v1/limits", json={"user_id": "anna", "day": 15})
    early = await (await client.post("/v1/limits/confirm", json={"user_id": "anna"})).json()
    assert early["limits"]["day"] == 5 and early["reason"]
    clock.move(25 * 3600)
    body = await (await client.post("/v1/limits/confirm", json={"user_id": "anna"})).json()
    assert body["limits"]["day"] == 15 and body["pending"] is None


async def test_no_limit_is_an_explicit_word(client: Client, clock: FrozenClock) -> None:
    await client.put("/v1/limits", json={"user_id": "anna", "month": "none"})
    clock.move(25 * 3600)
    body = await (await client.post("/v1/limits/confirm", json={"user_id": "anna"})).json()
    assert body["limits"]["month"] is None and body["remaining"]["month"] is None


async def test_limits_without_a_period_are_refused(client: Client) -> None:
    await refusal(await client.put("/v1/limits", json={"user_id": "anna"}), 400, "bad_input")


async def test_a_pause_closes_paid_content_until_it_ends(
    client: Client, service: Service, clock: FrozenClock
) -> None:
    body = {"user_id": "anna", "hours": 24}
    paused = await (await client.post("/v1/pauses", json=body)).json()
    assert paused["paused_until"].startswith("2026-03-02T12:00:00")
    assert (await (await client.get("/user/anna")).json())["paused_until"] == paused[
        "paused_until"
    ]
    refused = await (await _unlock(client, _first(service, "basic"))).json()
    assert (refused["outcome"], refused["reason"]) == ("refused", "paused")
    assert refused["until"] == paused["paused_until"]


async def test_a_pause_of_another_length_is_refused(client: Client) -> None:
    response = await client.post("/v1/pauses", json={"user_id": "anna", "hours": 5})
    assert (await refusal(response, 400, "bad_input"))["field"] == "hours"


async def test_a_topup_is_posted_once(client: Client, operator: dict[str, str]) -> None:
    body = {"topup_id": "t1", "user_id": "anna", "credits": 30}
    first = await client.post("/v1/topups", json=body, headers=operator)
    again = await client.post("/v1/topups", json=body, headers=operator)
    assert (await first.json())["outcome"] == "topped_up"
    assert await again.json() == await first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    person = await (await client.get("/user/anna")).json()
    assert person["credits"] == {"balance": 50, "granted": 20, "paid": 30}
    other = await client.post("/v1/topups", json={**body, "credits": 31}, headers=operator)
    await refusal(other, 409, "idempotency_mismatch")


async def test_a_refund_gives_back_but_frees_no_limit_and_a_void_frees_it(
    client: Client, service: Service, operator: dict[str, str]
) -> None:
    basic, premium = _first(service, "basic"), _first(service, "premium")
    await _unlock(client, basic, "u1", confirm=True)
    await _unlock(client, premium, "u2", confirm=True)
    body = {"user_id": "anna", "unlock_id": "u1"}
    refund = await client.post("/v1/refunds", json=body, headers=operator)
    assert (await refund.json())["outcome"] == "refunded"
    again = await client.post("/v1/refunds", json=body, headers=operator)
    assert again.headers["Idempotency-Replayed"] == "true"
    limits = await (await client.get("/v1/limits?user_id=anna")).json()
    assert limits["remaining"]["day"] == 20 - basic.price - premium.price
    void = await client.post(
        "/v1/voids", json={"user_id": "anna", "unlock_id": "u2"}, headers=operator
    )
    assert (await void.json())["outcome"] == "voided"
    limits = await (await client.get("/v1/limits?user_id=anna")).json()
    assert limits["remaining"]["day"] == 20 - basic.price
    person = await (await client.get("/user/anna")).json()
    assert (person["owned"], person["credits"]["balance"]) == ([], 20)


@pytest.mark.parametrize("path", ["/v1/refunds", "/v1/voids"])
async def test_giving_back_what_was_never_bought_is_refused(
    client: Client, operator: dict[str, str], path: str
) -> None:
    body = {"user_id": "anna", "unlock_id": "never"}
    await refusal(await client.post(path, json=body, headers=operator), 404, "unknown")
    await refusal(
        await client.post(path, json={"user_id": "anna"}, headers=operator), 400, "bad_input"
    )


async def test_a_clock_that_jumped_closes_paid_content_until_staff_confirm_it(
    client: Client, service: Service, clock: FrozenClock, operator: dict[str, str]
) -> None:
    item = _first(service, "basic")
    await client.post("/interact", json={"user_id": "anna", "message": "hello"})
    clock.set(clock.now() + 2 * 3600 * 1_000_000)
    await refusal(await _unlock(client, item), 503, "clock_jumped")
    assert (await (await client.get("/health")).json())["status"] == "degraded"
    confirmed = await client.post("/v1/clock/confirm", headers=operator)
    assert await confirmed.json() == {"is_clock_trusted": True}
    assert (await (await _unlock(client, item)).json())["outcome"] == "unlocked"
