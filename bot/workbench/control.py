"""Commands handed to the running server over a socket in the data folder."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import click

from bot.app import Service, build
from bot.config import Settings
from bot.errors import BotError, RequestError, StoreError
from bot.people.calendar import from_rfc3339, rfc3339
from bot.workbench import rebuild

SOCKET = "control.sock"
TRY_S, STARTING_TRIES = 0.25, 80  # a server holds the folder for a while before it answers
LONGEST = 16_000_000  # bytes of one command; an answer may be longer (an export)

Command = Callable[[Service, dict[str, Any]], Awaitable[object]]
Commands = Mapping[str, Command]
Ask = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
NO_MORE: Commands = {}


# Said beside an answer that a script takes as it is: KEY=$(bot key add shop --scope server).
NOTES = {"key_add": "Kept only as a hash: this is the one time it is shown."}


def work(settings: Settings, command: dict[str, Any]) -> int:
    """Do one command, in the running server or here; print its answer; 0 when done."""
    answer = asyncio.run(_done(settings, command))
    if "error" in answer:
        click.echo(f"bot: {answer['error']}", err=True)
        return 1
    done = answer["done"]
    click.echo(done if isinstance(done, str) else json.dumps(done, indent=1, ensure_ascii=False))
    if note := NOTES.get(command["do"]):
        click.echo(note, err=True)
    return 0


async def _done(settings: Settings, command: dict[str, Any]) -> dict[str, Any]:
    async with asking(settings) as ask:
        return await ask(command)


@asynccontextmanager
async def asking(settings: Settings, more: Commands = NO_MORE) -> AsyncIterator[Ask]:
    """Whom to ask, command after command: the running server, or ourselves where none runs."""
    service: Service | None = None

    async def ask(command: dict[str, Any]) -> dict[str, Any]:
        nonlocal service
        if service is None:
            begun = await _begun(settings, command)
            if isinstance(begun, dict):
                return begun
            service = begun
        return await perform(service, command, more)

    try:
        yield ask
    finally:
        if service is not None:
            await service.stop()


async def _begun(settings: Settings, command: dict[str, Any]) -> dict[str, Any] | Service:
    """The running server's answer, or ourselves; a server that is starting is waited for."""
    tries = 0
    while True:
        if (answer := await _handed_over(settings.data, command)) is not None:
            return answer
        try:
            return await build(settings)
        except StoreError as error:
            tries += 1
            if error.code != "locked" or tries > STARTING_TRIES:
                raise
        await asyncio.sleep(TRY_S)


async def _handed_over(data: Path, command: dict[str, Any]) -> dict[str, Any] | None:
    """The running server's answer, or None when there is none running."""
    try:
        with _short(data) as path:
            reader, writer = await asyncio.open_unix_connection(path, limit=1 << 30)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    writer.write(json.dumps(command).encode() + b"\n")
    await writer.drain()
    line = await reader.readline()
    writer.close()
    if not line:
        return {"error": "the server stopped before it answered; try again"}
    answer: dict[str, Any] = json.loads(line)
    return answer


async def listen(service: Service, more: Commands = NO_MORE) -> asyncio.Server:
    """Answer commands of this machine's user on a socket in the data folder (0600); `more` are
    those that are not of the workbench.
    """

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await perform(service, json.loads(await reader.readline()), more)
        except (ValueError, asyncio.LimitOverrunError):
            answer = {"error": "not a command"}
        writer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        await writer.drain()
        writer.close()

    (service.settings.data / SOCKET).unlink(missing_ok=True)
    with _short(service.settings.data) as path:
        server = await asyncio.start_unix_server(answered, path, limit=LONGEST)
    (service.settings.data / SOCKET).chmod(0o600)
    return server


async def perform(
    service: Service, command: dict[str, Any], more: Commands = NO_MORE
) -> dict[str, Any]:
    """The answer to one command: {done: ...} or {error: a sentence}."""
    try:
        chosen = {**COMMANDS, **more}.get(str(command.get("do")))
        if chosen is None:
            raise RequestError("bad_input", f"'{command.get('do')}' is not a command")
        return {"done": await chosen(service, command)}
    except BotError as error:
        return {"error": error.message}


async def _tick(service: Service, command: dict[str, Any]) -> object:
    at = None if command.get("at") is None else from_rfc3339(str(command["at"]))
    if at is None and command.get("at") is not None:
        raise RequestError("bad_input", "--at is a time like 2026-03-01T21:50:00Z", "at")
    return await service.ticks.run(str(command["name"]), at)


async def _key_add(service: Service, command: dict[str, Any]) -> object:
    return await asyncio.to_thread(
        service.studio.add_key, str(command["name"]), str(command["scope"])
    )


async def _key_list(service: Service, command: dict[str, Any]) -> object:
    keys = await asyncio.to_thread(service.studio.keys)
    if not keys:
        return "no keys yet: bot key add NAME --scope server"
    width = max(len(one.name) for one in keys)
    return "\n".join(f"{one.name:{width}}  {one.scope:8}  {rfc3339(one.created)}" for one in keys)


async def _key_remove(service: Service, command: dict[str, Any]) -> object:
    name = str(command["name"])
    if not await asyncio.to_thread(service.studio.remove_key, name):
        raise RequestError("unknown", f"there is no key called '{name}'; bot key list names them")
    return f"'{name}' opens nothing any more"


async def _clock_confirm(service: Service, command: dict[str, Any]) -> object:
    service.turn.confirm_clock()
    return "the clock is trusted again"


async def _export(service: Service, command: dict[str, Any]) -> object:
    return await service.export(str(command["person"]))


async def _erase(service: Service, command: dict[str, Any]) -> object:
    return await service.erase(str(command["person"]))


async def _audit(service: Service, command: dict[str, Any]) -> object:
    if command.get("what") == "progress":
        count, found = await rebuild.audit(service)
        if found:
            raise RequestError("conflict", "\n".join(found))
        return f"what {count} people have earned is what their events add up to"
    found = await service.reads.audit()
    if found:
        raise RequestError("conflict", "\n".join(found))
    return "every promise about money holds"


COMMANDS: dict[str, Command] = {
    "tick": _tick,
    "key_add": _key_add,
    "key_list": _key_list,
    "key_remove": _key_remove,
    "clock_confirm": _clock_confirm,
    "export": _export,
    "erase": _erase,
    "audit": _audit,
}


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A path to the socket that fits into the 108 bytes a socket address may have."""
    path = str(folder / SOCKET)
    if len(path.encode()) < 100 or not Path("/proc/self/fd").is_dir():
        yield path
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)
