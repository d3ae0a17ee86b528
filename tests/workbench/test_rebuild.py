"""`bot audit progress` over a whole store."""

from aiohttp.test_utils import TestClient
from msgspec.structs import replace

from bot.app import Service
from bot.workbench import control, rebuild
from tests.builders import a_decision


async def test_everybodys_progress_is_what_their_events_add_up_to(
    service: Service, client: TestClient
) -> None:
    body = {"user_id": "ada", "category": "finance", "action": "paid_invoice", "value": 2.0}
    async with client.post("/api/v2/gamify/event", json=body) as answer:
        assert answer.status == 200
    async with client.post("/interact", json={"user_id": "bob", "message": "hi"}) as answer:
        assert answer.status == 200
    done = await control.perform(service, {"do": "audit", "what": "progress"})
    assert done == {"done": "what 4 people have earned is what their events add up to"}


async def test_a_sum_that_no_event_explains_is_named(service: Service) -> None:
    person = await service.store.person("demo_novice")
    assert person is not None
    richer = replace(person, progress=replace(person.progress, xp=7))
    await service.store.commit(a_decision(person, person=richer))
    count, found = await rebuild.audit(service)
    assert (count, found) == (2, ["demo_novice: xp is 7, events: 0"])
