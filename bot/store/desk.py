"""A thread that reads: questions are answered one after the other on one connection."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError

T = TypeVar("T")


class Desk:
    """Runs reading functions on a connection of its own, reopened when it breaks."""

    def __init__(self, name: str, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """What `work` reads, in a transaction of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, work)

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)
        if self._connection is not None:
            self._connection.close()

    def _answer(self, work: Callable[[Connection], T]) -> T:
        try:
            if self._connection is None:
                self._connection = self._connect()
            with self._connection.begin():
                return work(self._connection)
        except DBAPIError as error:
            self._drop()
            raise StoreError(f"the database did not answer: {error.orig}") from None

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
