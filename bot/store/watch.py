"""Hangs up on a database that has not answered for too long, so that nobody waits for ever."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from sqlalchemy import Connection


class Watch:
    """A thread that looks at every step at who has been waiting for more than two of them."""

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s
        self._asked: dict[Connection, int] = {}  # steps seen since it was asked
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, connection: Connection) -> Iterator[None]:
        """What is asked of this connection inside is answered, or fails, in two or three steps."""
        with self._lock:
            self._asked[connection] = 0
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="store-watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._asked[connection]

    def close(self) -> None:
        self._is_over.set()

    def _run(self) -> None:
        while not self._is_over.wait(self._step_s):
            with self._lock:
                for connection, steps in self._asked.items():
                    self._asked[connection] = steps + 1
                    if steps >= 2:
                        _hang_up(connection.connection.dbapi_connection)


def _hang_up(connection: Any) -> None:
    """The thread that waits for an answer is told that the connection is lost."""
    with (
        suppress(psycopg.Error, OSError),
        socket.socket(fileno=os.dup(connection.fileno())) as end,
    ):
        end.shutdown(socket.SHUT_RDWR)
