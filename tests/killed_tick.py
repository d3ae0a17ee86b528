"""Run as a script: kill deliveries at random moments, then see that everybody got one message.

A warm parent forks a child for each round, kills it with SIGKILL while it delivers an alert, and
forks another that finishes the work and looks at what is there.
"""

import asyncio
import io
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace

from msgspec.structs import replace

from bot.clock import FrozenClock
from bot.config import Settings
from bot.feeds.markets import Markets
from bot.feeds.simulated import Simulated
from bot.logs import open_journal
from bot.model.message import Alert
from bot.model.person import Consent, Profile
from bot.store.store import Store, open_store
from bot.tick import Ticks
from tests.builders import a_decision, a_person
from tests.outreach.builders import NOON, playbook

PEOPLE = 30
ALERTS = 2
Work = Callable[[Store, Ticks], Awaitable[None]]


async def at_work(folder: Path, work: Work) -> None:
    clock = FrozenClock(at=NOON)
    store = await open_store("sqlite", folder, clock)
    journal = open_journal(clock.now, stream=io.StringIO())
    markets = Markets(Simulated(1).fetch, ["BTC"])
    catalog = SimpleNamespace(playbook=playbook())
    ticks = Ticks(store, lambda: catalog, clock, markets, Settings(), journal.log)
    await work(store, ticks)
    await store.close()
    journal.close()


async def prepare(store: Store, _: Ticks) -> None:
    for number in range(PEOPLE):
        person = replace(
            a_person(f"p{number:02}"),
            profile=Profile(time_zone="UTC"),
            consent=Consent(nudges=True),
            watch=("BTC",),
        )
        await store.commit(a_decision(person=person, now=NOON - 3_600_000_000))


async def deliver(store: Store, ticks: Ticks) -> None:
    for number in range(ALERTS):
        alert = Alert(f"a{number}", "BTC", "liquidation", 5, "a large cluster forms", NOON)
        await store.alert(alert)
        ticks.wake()
    await ticks.run("deliver")


async def finish(store: Store, ticks: Ticks) -> None:
    await deliver(store, ticks)
    for number in range(PEOPLE):
        person = await store.person(f"p{number:02}", fresh=True)
        assert person is not None
        feed = await store.feed(person.id, 0, 1000)
        told = [item for item in feed if item.kind == "market_alert"]
        assert len(told) == ALERTS, f"{person.id} got {len(told)} messages"
        assert len({item.number for item in told}) == ALERTS
        assert len(person.seen.contacts) == ALERTS
        events = await store.events(person.id, names=("message_sent",))
        assert len(events) == ALERTS
    assert await store.outbox(NOON) == []


def forked(folder: Path, work: Work) -> int:
    """The id of a child that does the work and ends."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        asyncio.run(at_work(folder, work))
        status = 0
    finally:
        os._exit(status)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def timed(template: Path, data: Path) -> float:
    """Seconds that an undisturbed delivery takes."""
    shutil.copytree(template, data)
    started = time.monotonic()
    assert ended(forked(data, deliver)) == 0
    return time.monotonic() - started


def main(folder: Path, rounds: int) -> None:
    playbook()  # the parent is warm: a child begins where the work begins
    dice = random.Random(5)
    template = folder / "template"
    assert ended(forked(template, prepare)) == 0
    length = min(timed(template, folder / f"whole{number}") for number in range(3))
    killed = 0
    for number in range(rounds):
        data = folder / f"round{number}"
        shutil.copytree(template, data)
        child = forked(data, deliver)
        time.sleep(dice.random() * length)
        os.kill(child, signal.SIGKILL)
        killed += ended(child) == -signal.SIGKILL
        assert ended(forked(data, finish)) == 0, f"round {number} broke the promise"
        shutil.rmtree(data)
    print(f"{killed} of {rounds} killed at work")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
