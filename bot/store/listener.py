"""Hears from other replicas, by LISTEN, whom they have written to."""

import asyncio
import threading
from collections.abc import Callable

import psycopg

PAUSE_S = 1.0  # between two looks at whether to stop, and before connecting again


class Listener:
    """A thread with a connection of its own; what is missed while it reconnects is not told."""

    def __init__(self, connect: Callable[[], "psycopg.Connection[object]"], channel: str) -> None:
        self._connect, self._channel = connect, channel
        self._is_over = threading.Event()
        self._told: list[tuple[asyncio.AbstractEventLoop, Callable[[str], None]]] = []
        self._thread: threading.Thread | None = None

    def add(self, told: Callable[[str], None]) -> None:
        """`told` is called in the running loop with each message."""
        self._told.append((asyncio.get_running_loop(), told))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="store-listener", daemon=True)
            self._thread.start()

    async def close(self) -> None:
        self._is_over.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while not self._is_over.is_set():
            try:
                with self._connect() as connection:
                    connection.execute(f"LISTEN {self._channel}".encode())
                    while not self._is_over.is_set():
                        for heard in connection.notifies(timeout=PAUSE_S):
                            self._tell(heard.payload)
            except psycopg.Error:
                self._is_over.wait(PAUSE_S)

    def _tell(self, payload: str) -> None:
        for loop, told in self._told:
            if not loop.is_closed():
                loop.call_soon_threadsafe(told, payload)
