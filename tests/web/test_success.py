"""The success metrics over a real store."""

from bot.app import Service
from bot.clock import FrozenClock
from tests.web.conftest import Client, say

NAMES = [
    "daily_actives", "session_length", "retention_30d", "credits_a_person", "skill_advance",
    "completion", "rating", "improvement",
]  # fmt: skip


async def test_the_eight_success_metrics_stand_beside_their_targets(
    client: Client, clock: FrozenClock, service: Service
) -> None:
    for number in range(12):
        await say(client, "leverage", f"p{number}")
    clock.move(300)
    for number in range(12):
        await say(client, "position sizing", f"p{number}")
    clock.move(3600)
    await service.ticks.run("sessions")
    body = await (await client.get("/analytics")).json()
    found = {row["name"]: row for row in body["success"]}
    assert list(found) == NAMES
    assert found["daily_actives"]["value"] == 1.0 and found["daily_actives"]["target"] == 0.85
    assert 4.9 < found["session_length"]["value"] < 5.2
    assert (found["session_length"]["people"], found["session_length"]["unit"]) == (12, "minutes")
    assert found["skill_advance"]["value"] == round(13 / 14, 3)  # one demo person is a novice
    assert (found["completion"]["value"], found["completion"]["people"]) == (0.0, 12)
    assert found["retention_30d"]["people"] in (0, "suppressed")
    assert found["rating"]["value"] is None and found["rating"]["why"]
