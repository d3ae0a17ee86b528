"""Bot try: a conversation in the terminal on a clock that is moved by hand."""

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from bot.app import Service, build
from bot.clock import Clock, FrozenClock
from bot.config import Settings
from bot.errors import BotError, RequestError
from bot.model.message import Inbound, Reply
from bot.people.calendar import from_rfc3339, rfc3339
from bot.rules import why
from bot.store.notebook import Notebook
from bot.workbench.explain import explained

HELP = """:why              why the last answer was what it was
:whynot RULE      why RULE did not fire, and the nearest change that would make it
:facts            the facts the rules read for the last answer
:time +1d         let time pass (s, m, h, d), or :time 2026-03-01T21:50:00Z
:tick NAME        run a job: market, deliver, nudges, sessions, engagement, health, streaks
:feed             what the bot said first, and said
:quit             end (also Ctrl-D)"""

_SPAN = re.compile(r"\+(\d+)([smhd])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def run(settings: Settings, notebook: Path | None, user: str, at: str | None) -> int:
    """Talk until the end of input."""
    start = Clock().now() if at is None else from_rfc3339(at)
    if start is None:
        raise RequestError("bad_input", "--at is a time like 2026-03-01T21:50:00Z")
    asyncio.run(_talk(settings, notebook, user, FrozenClock(at=start)))
    return 0


async def _talk(settings: Settings, notebook: Path | None, user: str, clock: FrozenClock) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = notebook or Path(folder) / "notebook.json"
        service = await build(settings, clock, Notebook(path, clock))
        await service.look_at_market()
        await service.catalogs.teach()
        try:
            await Tryout(service, clock, user).talk()
        finally:
            await service.stop()


class Tryout:
    """One conversation: lines in, answers out."""

    def __init__(self, service: Service, clock: FrozenClock, user: str) -> None:
        self.service, self.clock, self.user = service, clock, user
        self.last: Reply | None = None

    async def talk(self) -> None:
        """Read lines until they end."""
        click.echo(f"{rfc3339(self.clock.now())}  you are {self.user}; :help says what else")
        while True:
            try:
                line = (await asyncio.to_thread(input, "you> ")).strip()
            except EOFError:
                return
            if line in (":quit", ":q"):
                return
            if line:
                await self.answer(line)

    async def answer(self, line: str) -> None:
        """One line: a message, or a command that begins with a colon."""
        name, _, rest = line.partition(" ")
        command = COMMANDS.get(name)
        try:
            if command is not None:
                await command(self, rest.strip())
            elif line.startswith(":"):
                click.echo(f"'{name}' is not a command\n{HELP}")
            else:
                await self.say(line)
        except BotError as error:
            click.echo(f"!  {error.message}")

    async def say(self, text: str) -> None:
        now = self.clock.now()
        inbound = Inbound(self.clock.token(), self.user, "message", now, text=text)
        reply = (await self.service.turn.take(inbound)).reply
        self.last = reply
        click.echo(f"{reply.persona} [{reply.state}]  {reply.text}")
        if reply.choices:
            click.echo("   " + "  ".join(f"[{choice.label}]" for choice in reply.choices))
        self.clock.move(1)

    async def why(self, _: str) -> None:
        record = await self.service.reads.turn(self.last.turn_id) if self.last else None
        if record is None:
            click.echo("nothing was said yet")
            return
        for line in explained(record, self.service.catalogs.current):
            click.echo(line)

    async def why_not(self, rule: str) -> None:
        record = await self.service.reads.turn(self.last.turn_id) if self.last else None
        facts = record.trace.facts if record else {}
        for line in why.why_not(self.service.catalogs.current.script.rules, rule, facts):
            click.echo(line)

    async def facts(self, _: str) -> None:
        record = await self.service.reads.turn(self.last.turn_id) if self.last else None
        for name, value in sorted(record.trace.facts.items() if record else ()):
            click.echo(f"{name:30} {value}")

    async def time(self, given: str) -> None:
        if match := _SPAN.match(given):
            self.clock.move(int(match[1]) * _SECONDS[match[2]])
        elif (at := from_rfc3339(given)) is not None and at >= self.clock.now():
            self.clock.move((at - self.clock.now()) / 1_000_000)
        else:
            click.echo("write :time +90m, or a time that lies ahead")
        click.echo(rfc3339(self.clock.now()))

    async def tick(self, name: str) -> None:
        click.echo(str(await self.service.ticks.run(name)))

    async def feed(self, _: str) -> None:
        for item in await self.service.store.feed(self.user, 0, 50):
            click.echo(f"{item.number:4} {item.author:6} {item.text}")

    async def help(self, _: str) -> None:
        click.echo(HELP)


COMMANDS: dict[str, Callable[[Tryout, str], Awaitable[None]]] = {
    ":why": Tryout.why,
    ":whynot": Tryout.why_not,
    ":facts": Tryout.facts,
    ":time": Tryout.time,
    ":tick": Tryout.tick,
    ":feed": Tryout.feed,
    ":help": Tryout.help,
}
