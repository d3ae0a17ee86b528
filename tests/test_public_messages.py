"""Messages that nobody wrote for this bot: each is answered, with nothing but authored words."""

import csv
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import Service, build
from bot.catalog import Catalog
from bot.clock import FrozenClock
from bot.config import Settings
from bot.web.server import make_app
from tests.authored_words import Authored
from tests.models import shipped_catalog
from tests.sizes import size

ROOT = Path(__file__).resolve().parents[1]
INTENTS = ROOT.parent / "shared" / "data" / "intents"
DRAWN = size(1_000, 10_000)
PEOPLE = 100  # who say them, in turn: most messages find a conversation that stands somewhere


def public_messages() -> list[str]:
    """Every message of the three sets, in the order of the files."""
    found: list[str] = []
    for name in ("banking77", "hwu64"):
        with (INTENTS / name / "train.csv").open(encoding="utf-8", newline="") as file:
            found += [row["text"] for row in csv.DictReader(file)]
    parts: dict[str, Any] = json.loads((INTENTS / "clinc150" / "train.json").read_text("utf-8"))
    found += [text for part in parts.values() for text, _ in part]
    return [text for text in found if text.strip()]


@pytest.fixture
def words() -> Authored:
    return Authored(ROOT)


@pytest.fixture
def catalog() -> Catalog:
    """With its classifier, taught before the test's event loop runs."""
    return shipped_catalog()


def test_the_judge_of_words_knows_an_authored_line_from_another(words: Authored) -> None:
    told = "You are welcome.\n\n- a day: 20, left: 18"
    assert words.strange_lines(told, "") == []
    quiz = (
        "5 questions on Market structure. A wrong answer costs nothing; every answer is explained."
    )
    assert words.strange_lines(f"{quiz} Say later to stop.", "") == []
    claimed = "Bitcoin will be worth 200,000 next week."
    assert words.strange_lines(f"You are welcome.\n\n{claimed}", "") == [claimed]
    assert words.strange_lines("- Bitcoin will rise, guaranteed", "") != []


@pytest.mark.skipif(not INTENTS.exists(), reason="the public intent sets are not here")
async def test_every_public_message_gets_an_authored_answer(
    settings: Settings, catalog: Catalog, words: Authored, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = random.Random(0).sample(public_messages(), DRAWN)
    service = await build(settings, FrozenClock(), catalog=catalog)
    await service.look_at_market()
    shares: Counter[str] = Counter()
    strange: dict[str, str] = {}
    async with TestClient(TestServer(make_app(service))) as client:
        for text, person, body in [one async for one in answered(client, service, drawn)]:
            reply = body["text"]
            assert reply.strip(), text
            for line in words.strange_lines(reply, said_by(person, drawn)):
                strange[line] = text
            shares[await heard_as(service, body)] += 1
    with capsys.disabled():
        told = ", ".join(f"{name} {shares[name] / DRAWN:.1%}" for name in sorted(shares))
        print(f"\n{DRAWN} public messages: {told}")
    assert not strange, strange
    await service.stop()


async def answered(client: TestClient[Any, Any], service: Service, drawn: list[str]) -> Any:
    """Each message with who said it and the body of its answer; anything but 200 fails."""
    for number, text in enumerate(drawn):
        person = f"p{number % PEOPLE}"
        response = await client.post("/interact", json={"user_id": person, "message": text})
        assert response.status == 200, (text, await response.text())
        yield text, person, await response.json()
        service.clock.move(30)  # type: ignore[attr-defined]  # a frozen clock


def said_by(person: str, drawn: list[str]) -> str:
    """Everything a person said: they may hear their own words again, as a name, say."""
    return "\n".join(drawn[int(person[1:]) :: PEOPLE])


async def heard_as(service: Service, body: dict[str, Any]) -> str:
    record = await service.reads.turn(body["turn_id"])
    assert record is not None
    if record.trace.intent != "none":
        return "understood"
    return "asked back" if len(body["choices"]) > 1 else "rejected"
