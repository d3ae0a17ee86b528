"""A queue between the event loop and one thread that serves it in batches."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

MOST = 256  # jobs served together
PASSES = 16  # of the event loop that jobs may gather for while more keep coming


class Job:
    """One thing asked of the thread; either `result` or `error` is its answer."""

    __slots__ = ("error", "future", "payload", "result")

    def __init__(self, payload: Any, future: "asyncio.Future[Any]") -> None:
        self.payload, self.future = payload, future
        self.result: Any = None
        self.error: BaseException | None = None


class Line:
    """Jobs go in from any event loop; `serve` answers a batch of them in the line's own thread.

    There is no timer. What the loop asks for in one go is handed over together, and whatever
    waits when the thread is free is its next batch: the busier, the larger. Answers go back with
    one wake-up of a loop per batch.
    """

    def __init__(self, name: str, serve: Callable[[Sequence[Job]], None]) -> None:
        self._serve = serve
        self._coming: dict[asyncio.AbstractEventLoop, list[Job]] = {}
        self._waiting: list[Job] = []
        self._is_open = True
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, payload: object) -> "asyncio.Future[Any]":
        """A future of the answer."""
        assert self._is_open, "the store is closed"
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        coming = self._coming.get(loop)
        if coming is None:
            coming = self._coming[loop] = []
            loop.call_soon(self._release, loop, 0, PASSES)
        coming.append(Job(payload, future))
        return future

    async def close(self) -> None:
        """Answer what waits, then end the thread."""
        loop = asyncio.get_running_loop()
        self._release(loop, 0, 0)
        with self._wake:
            self._is_open = False
            self._wake.notify()
        await asyncio.to_thread(self._thread.join)

    def _release(self, loop: asyncio.AbstractEventLoop, seen: int, passes: int) -> None:
        """Hand over what came, unless the loop is still busy bringing more."""
        coming = self._coming.get(loop, [])
        if passes and seen < len(coming) < MOST:
            loop.call_soon(self._release, loop, len(coming), passes - 1)
            return
        self._coming.pop(loop, None)
        with self._wake:
            self._waiting += coming
            self._wake.notify()

    def _run(self) -> None:
        while batch := self._next():
            self._serve(batch)
            _hand_back(batch)

    def _next(self) -> Sequence[Job]:
        with self._wake:
            while not self._waiting and self._is_open:
                self._wake.wait()
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        return batch


def _hand_back(batch: Sequence[Job]) -> None:
    loops: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in batch:
        loops.setdefault(job.future.get_loop(), []).append(job)
    for loop, jobs in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, jobs)


def _resolve(jobs: Sequence[Job]) -> None:
    for job in jobs:
        if job.future.done():
            continue  # whoever asked went away
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
