"""A thread that reads: questions are answered one after the other on one connection."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.errors import StoreError

T = TypeVar("T")
Watched = Callable[[Connection], AbstractContextManager[None]]


class Desk:
    """Runs reading functions on a connection of its own, reopened when it breaks."""

    def __init__(
        self, name: str, connect: Callable[[], Connection], watched: Watched | None = None
    ) -> None:
        self._connect, self._watched = connect, watched or _unwatched
        self._connection: Connection | None = None
        self._failures = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, work: Callable[..., T], *given: object) -> T:
        """What `work`, called with the connection and what is given, reads in a transaction."""
        asked = partial(self._answer, work, given, self._failures)
        return await asyncio.get_running_loop().run_in_executor(self._thread, asked)

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)
        if self._connection is not None:
            self._connection.close()

    def _answer(self, work: Callable[..., T], given: tuple[object, ...], failures: int) -> T:
        if failures != self._failures:  # it failed for those before: not each waits for its own
            raise StoreError("the database does not answer")
        try:
            if self._connection is None:
                self._connection = self._connect()
            with self._watched(self._connection), self._connection.begin():
                return work(self._connection, *given)
        except DBAPIError as error:
            self._failures += isinstance(error, OperationalError)
            self._drop()
            raise StoreError(f"the database did not answer: {error.orig}") from None

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def _unwatched(_: Connection) -> AbstractContextManager[None]:
    """Analyses may take long; the server itself ends those that take too long."""
    return nullcontext()
