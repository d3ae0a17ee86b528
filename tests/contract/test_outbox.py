"""Alerts, deliveries and what a page hears of them, in every store."""

import pytest
from msgspec.structs import replace

from bot.errors import RequestError
from bot.model.message import Alert, Delivery
from bot.store.store import Store
from tests.builders import NOW, SECOND, a_decision, a_message, a_person, a_plan
from tests.contract.test_store import committed

ALERT = Alert("alert-1", "BTC", "spike", 8, "BTC moved 6 % in ten minutes", NOW)


async def test_an_alert_wants_one_message_for_each_follower_however_often_it_is_told(
    store: Store,
) -> None:
    await committed(store, a_decision(person=a_person("p1", watch=("BTC",))))
    await committed(store, a_decision(person=a_person("p2", watch=("ETH", "BTC"))))
    await committed(store, a_decision(person=a_person("p3", watch=("ETH",))))
    assert [await store.alert(ALERT), await store.alert(ALERT)] == [2, 2]
    due = await store.outbox(NOW)
    assert [(one.person_id, one.kind, one.state) for one in due] == [
        ("p1", "market_alert", "wanted"),
        ("p2", "market_alert", "wanted"),
    ]
    assert due[0].body == ALERT.message and due[0].props["urgency"] == 8
    assert len({one.id for one in due}) == 2


async def test_an_alert_id_means_one_alert(store: Store) -> None:
    await store.alert(ALERT)
    with pytest.raises(RequestError) as refused:
        await store.alert(replace(ALERT, urgency=1))
    assert refused.value.code == "conflict"
    assert await store.alert_status("alert-2") is None


async def test_who_stops_to_watch_gets_no_more_alerts(store: Store) -> None:
    ada = await committed(store, a_decision(person=a_person(watch=("BTC", "ETH"))))
    await committed(store, a_decision(ada, person=replace(ada, watch=("ETH", "SOL"))))
    assert await store.alert(ALERT) == 0
    assert await store.alert(Alert("alert-2", "SOL", "spike", 8, "SOL", NOW)) == 1


async def test_an_alerts_status_says_how_many_got_it_and_why_others_did_not(store: Store) -> None:
    for name in ("p1", "p2", "p3"):
        await committed(store, a_decision(person=a_person(name, watch=("BTC",))))
    await store.alert(ALERT)
    due = {one.person_id: one for one in await store.outbox(NOW)}
    first, second = await store.person("p1"), await store.person("p2")
    assert first is not None and second is not None
    sent = replace(due["p1"], state="sent", number=2, body="rendered for you")
    await committed(store, a_plan(first, sent, known=(sent.id,)))
    held = replace(due["p2"], state="held", reason="quiet_hours", send_at=NOW + 60 * SECOND)
    await committed(store, a_plan(second, held, known=(held.id,)))
    status = await store.alert_status("alert-1")
    assert status is not None
    assert status["followers"] == 3
    assert status["states"] == {"sent": 1, "held": 1, "wanted": 1}
    assert status["reasons"] == {"quiet_hours": 1}
    assert [item.text for item in await store.feed("p1", 1, 9)] == ["rendered for you"]


async def test_a_delivery_ends_once(store: Store) -> None:
    ada = await committed(store, a_decision())
    wanted = a_message(ada)
    ada = await committed(store, a_plan(ada, wanted))
    going = replace(wanted, state="handing_over", channel="email")
    await committed(store, a_plan(ada, going, known=(wanted.id,)))
    ended = Delivery(wanted.id, "ada", "failed", NOW, error="mailbox is full")
    assert await store.settle(ended) is True
    assert await store.settle(replace(ended, state="sent")) is False
    assert await store.outbox(NOW + 999 * SECOND) == []


async def test_a_listener_hears_whom_the_bot_wrote_to(store: Store) -> None:
    heard: list[str] = []
    store.listen(heard.append)
    ada = await committed(store, a_decision())
    wanted = a_message(ada)
    ada = await committed(store, a_plan(ada, wanted))
    assert heard == []
    sent = replace(wanted, state="sent", number=ada.version + 1)
    await committed(store, a_plan(ada, sent, known=(wanted.id,)))
    assert heard == ["ada"]


async def test_messages_of_one_turn_are_wanted_with_it(store: Store) -> None:
    ada = a_person()
    await committed(store, a_decision(outbox=(a_message(ada), a_message(ada, "welcome-1"))))
    assert len(await store.outbox(NOW)) == 2
    assert len(await store.outbox(NOW, limit=1)) == 1
    assert (await store.reads.counts())["waiting"] == 2
