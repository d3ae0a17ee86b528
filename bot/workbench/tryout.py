"""Bot try: a conversation in the terminal on a clock that is moved by hand."""

import asyncio
import re
import signal
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import click
from msgspec.structs import replace

from bot.app import Service, build
from bot.clock import Clock, FrozenClock
from bot.config import Settings
from bot.errors import BotError, RequestError
from bot.model.message import Inbound, Reply
from bot.people.calendar import DAY_US, SECOND_US, from_rfc3339, rfc3339
from bot.rules import why
from bot.store.notebook import Notebook
from bot.workbench.explain import explained, written
from bot.workbench.names import JOBS

HELP = f""":why              why the last answer was what it was
:whynot RULE      why RULE did not fire, and the nearest change that would make it
:facts            the facts the rules read for the last answer
:time +1d         let time pass (s, m, h, d), or :time 2026-03-01T21:50:00Z
:tick NAME        run a job: {", ".join(JOBS[:6])},
                  {", ".join(JOBS[6:])}
:feed             what the bot said first, and said
:quit             end (also Ctrl-C, Ctrl-D)"""

FURTHEST_US = 36_525 * DAY_US
_SPAN = re.compile(r"\+(\d+)([smhd])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def run(settings: Settings, notebook: Path | None, user: str, at: str | None) -> int:
    """Talk until the end of input."""
    start = Clock().now() if at is None else from_rfc3339(at)
    if start is None:
        raise RequestError("bad_input", "--at is a time like 2026-03-01T21:50:00Z")
    with suppress(KeyboardInterrupt):  # while an answer was being made
        asyncio.run(_talk(settings, notebook, user, FrozenClock(at=start)))
    return 0


async def _talk(settings: Settings, notebook: Path | None, user: str, clock: FrozenClock) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = notebook or Path(folder) / "notebook.json"
        service = await build(_quiet(settings), clock, Notebook(path, clock))
        await service.look_at_market()
        await service.catalogs.teach()
        try:
            await Tryout(service, clock, user).talk()
        finally:
            await service.stop()


def _quiet(settings: Settings) -> Settings:
    """The terminal belongs to the conversation; of the log only errors stand in it."""
    if settings.logs.file:
        return settings
    return replace(settings, logs=replace(settings.logs, level="error"))


class Tryout:
    """One conversation: lines in, answers out."""

    def __init__(self, service: Service, clock: FrozenClock, user: str) -> None:
        self.service, self.clock, self.user = service, clock, user
        self.last: Reply | None = None

    async def talk(self) -> None:
        """Read lines until they end; nothing else goes on meanwhile, so Ctrl-C ends at once."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        click.echo(f"{rfc3339(self.clock.now())}  you are {self.user}; :help says what else")
        while True:
            line = _asked()
            if line in (None, ":quit", ":q"):
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
            click.echo(f"{name:30} {written(value)}")

    async def time(self, given: str) -> None:
        now = self.clock.now()
        if match := _SPAN.match(given):
            at = now + int(match[1]) * _SECONDS[match[2]] * SECOND_US
        else:
            at = from_rfc3339(given) or 0
        if now <= at <= now + FURTHEST_US:
            self.clock.move((at - now) / SECOND_US)
        elif given:
            click.echo("write :time +90m, or a time that lies ahead, within a hundred years")
        click.echo(rfc3339(self.clock.now()))

    async def tick(self, name: str) -> None:
        counts = await self.service.ticks.run(name)
        click.echo(", ".join(f"{key} {count}" for key, count in counts.items()) or "done")

    async def feed(self, _: str) -> None:
        for item in await self.service.store.feed(self.user, 0, 50):
            click.echo(f"{item.number:4} {item.author:6} {item.text}")

    async def help(self, _: str) -> None:
        click.echo(HELP)


def _asked() -> str | None:
    """The next line; None at the end of input, or when Ctrl-C was pressed."""
    try:
        return input("you> ").strip()
    except (EOFError, KeyboardInterrupt):
        click.echo()
        return None


COMMANDS: dict[str, Callable[[Tryout, str], Awaitable[None]]] = {
    ":why": Tryout.why,
    ":whynot": Tryout.why_not,
    ":facts": Tryout.facts,
    ":time": Tryout.time,
    ":tick": Tryout.tick,
    ":feed": Tryout.feed,
    ":help": Tryout.help,
}
