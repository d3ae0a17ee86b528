"""Nobody passes their own limits, whatever is thrown at the service in parallel."""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot import config
from bot.app import Service, build
from bot.clock import FrozenClock
from bot.errors import RequestError
from bot.ledger import windows
from bot.model.message import Inbound
from tests.databases import DATABASES, database
from tests.projects import copied
from tests.sizes import size

PEOPLE = 50
ITEMS = 300
ATTEMPTS = size(2_000, 10_000)
AT_ONCE = 1_000

TOPIC = """\
  - id: t{n}
    title: Topic {n}
    names: [topic {n}]
    depths: {{basic: Text {n}.}}
"""


def project(folder: Path, caps: str) -> Path:
    """The shipped project with 300 basic items, and caps as given."""
    copied(folder)
    for path in [*folder.glob("content/*/topics*"), *folder.glob("content/*/courses.yaml")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    topics = folder / "content" / "en" / "topics.yaml"
    topics.write_text("topics:\n" + "".join(TOPIC.format(n=n) for n in range(ITEMS)))
    if caps:
        (folder / "rules" / "limits.yaml").write_text(caps)
    return folder


@asynccontextmanager
async def replicas(
    root: Path, kind: str, count: int, credits: int
) -> AsyncIterator[list[Service]]:
    """Services of one project on one database, on one frozen clock."""
    clock = FrozenClock()
    shipped = config.load(root / "bot.toml", {})
    money = replace(shipped.money, starting_credits=credits)
    logs = replace(shipped.logs, file="log.jsonl")
    async with AsyncExitStack() as stack:
        url, schema = stack.enter_context(database(kind))
        built = []
        for number in range(count):
            settings = config.override(
                replace(shipped, money=money, logs=logs),
                data=f"data{0 if kind == 'sqlite' else number}",
                store_url=url,
                schema=schema,
            )
            if number:
                settings.data.mkdir(parents=True, exist_ok=True)
                for made in (root / "data0").glob("master*"):
                    shutil.copy(made, settings.data)
            service = await build(settings, clock)
            stack.push_async_callback(service.stop)
            built.append(service)
        yield built


async def attempt(services: list[Service], dice: random.Random, number: int) -> str:
    """One unlock of a random item by a random person; some ids are sent again."""
    person = f"person-{number % PEOPLE}"
    again = dice.random() < 0.1
    unlock_id = f"u{number - PEOPLE if again and number >= PEOPLE else number}"
    sku = f"t{random.Random(unlock_id).randrange(ITEMS)}.basic"
    service = dice.choice(services)
    props = {"source": "unlock", "sku": sku, "expected_price": 2, "confirm": True}
    inbound = Inbound(
        id=unlock_id,
        person_id=person,
        kind="purchase",
        name="unlock",
        at=service.clock.now(),
        props={**props, "unlock_id": unlock_id},
        fingerprint=sku,
    )
    while True:
        try:
            answer = await service.turn.take(inbound)
        except RequestError as refusal:
            if refusal.code in ("too_many", "in_progress"):
                await asyncio.sleep(0.01)
                continue
            raise
        assert answer.reply.body is not None
        return str(answer.reply.body["outcome"])


async def storm(services: list[Service]) -> Counter[str]:
    dice = random.Random(1)
    for service in services:
        for person in range(PEOPLE):
            body = {"age_confirmed": True}
            inbound = Inbound(f"age{person}", f"person-{person}", "profile", 0, name="put")
            await service.turn.take(replace(inbound, props=body))
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> str:
        async with limit:
            return await attempt(services, dice, number)

    return Counter(await asyncio.gather(*(one(number) for number in range(ATTEMPTS))))


async def spent_by(service: Service) -> list[int]:
    found = []
    for number in range(PEOPLE):
        person = await service.store.person(f"person-{number}", fresh=True)
        assert person is not None
        found.append(sum(spend.amount for spend in person.spending.spends))
        left = windows.balance(person.spending, service.clock.now())
        assert left + found[-1] == service.settings.money.starting_credits
    return found


@pytest.mark.parametrize(
    ("kind", "count"), [("sqlite", 1), ("postgres", 1), ("postgres", 2)], ids=str
)
async def test_everybody_ends_with_the_most_their_cap_allows_and_none_over_it(
    tmp_path: Path, kind: str, count: int
) -> None:
    caps = "limits:\n  caps: {day: 12, week: 60, month: 120}\n"
    root = project(tmp_path, caps)
    async with replicas(root, kind, count, credits=500) as services:
        outcomes = await storm(services)
        assert outcomes["refused"] and outcomes["unlocked"] >= PEOPLE * 6
        assert await spent_by(services[0]) == [12] * PEOPLE
        assert await services[0].reads.audit() == []


@pytest.mark.parametrize("kind", DATABASES)
async def test_the_rest_begins_before_the_shipped_cap_is_reached(
    tmp_path: Path, kind: str
) -> None:
    root = project(tmp_path, "")
    async with replicas(root, kind, 1, credits=500) as services:
        await storm(services)
        assert await spent_by(services[0]) == [16] * PEOPLE
        assert await services[0].reads.audit() == []
