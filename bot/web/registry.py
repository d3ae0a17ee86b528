"""A service registry is told where we are: at start, at every beat, and when we leave."""

import asyncio

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot import __version__
from bot.config import Settings
from bot.logs import Log

CALL_S = 5  # one call; a registry that does not answer never holds us up


class Registration:
    """POST {name, address, version, status: up|down} to `[registry] url`, now and then."""

    def __init__(self, settings: Settings, address: str, log: Log) -> None:
        self._url, self._beat_s = settings.registry.url, settings.registry.beat_s
        self._body = {"name": settings.bot.name, "address": address, "version": __version__}
        self._log = log
        self._task: asyncio.Task[None] | None = None
        self._is_known: bool | None = None  # until it was first asked

    def start(self) -> None:
        """Begin to beat; nothing waits for it."""
        if self._url:
            self._task = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        """Say that we leave, once, and do not insist."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._is_known:
            await self._tell("down")

    async def _beat(self) -> None:
        while True:
            await self._tell("up")
            await asyncio.sleep(self._beat_s)

    async def _tell(self, status: str) -> None:
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=CALL_S)) as session,
                session.post(self._url, json={**self._body, "status": status}) as response,
            ):
                is_known = response.status < 400
        except (ClientError, OSError, TimeoutError, ValueError):
            is_known = False
        if is_known != self._is_known:
            self._log.info("registry_told" if is_known else "registry_lost", state=status)
        self._is_known = is_known
