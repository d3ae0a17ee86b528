"""A TCP proxy that misbehaves when told: silent, slow, cut, half closed, gone."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

PIECE = 65_536


class Proxy:
    """Passes bytes on to `port`; what is set on it holds for every connection from then on."""

    def __init__(self, port: int) -> None:
        self.upstream, self.port = port, 0
        self.delay_s = 0.0
        self.cut_after: int | None = None  # bytes of answers of all connections, then they end
        self._passing = asyncio.Event()
        self._passing.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def listen(self) -> None:
        """Take connections; on the same port again after `refuse`."""
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", self.port or None)
        self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Nobody listens any more, and what was open is reset."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()
        await asyncio.sleep(0)

    def hold(self) -> None:
        """Both sides stay connected and hear nothing of each other, as when a cable is pulled."""
        self._passing.clear()

    def pass_on(self) -> None:
        """What was held goes on; nothing of it is lost."""
        self._passing.set()

    def cut(self) -> None:
        """Reset every open connection."""
        for writer in tuple(self._open):
            writer.transport.abort()

    def half_close(self) -> None:
        """Both sides are told that the other one has nothing more to say, and stay open."""
        for writer in tuple(self._open):
            if not writer.is_closing():
                with suppress(OSError):
                    writer.write_eof()

    def __len__(self) -> int:
        return len(self._open)

    async def close(self) -> None:
        self.pass_on()
        await self.refuse()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            writer.transport.abort()
            return
        for one in (writer, there[1]):
            one.transport.get_extra_info("socket").setsockopt(
                socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
            )
        self._open |= {writer, there[1]}
        for source, target, is_answer in ((reader, there[1], False), (there[0], writer, True)):
            task = asyncio.create_task(self._pass(source, target, is_answer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, is_answer: bool
    ) -> None:
        try:
            while piece := await source.read(PIECE):
                await self._passing.wait()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if is_answer and self.cut_after is not None:
                    piece, self.cut_after = self._up_to(piece, self.cut_after)
                target.write(piece)
                await target.drain()
                if self.cut_after == 0:
                    self.cut_after = None
                    self.cut()
            await self._passing.wait()
            if target.can_write_eof() and not target.is_closing():
                target.write_eof()
        except (OSError, RuntimeError):
            target.transport.abort()
        finally:
            if source.at_eof() or target.is_closing():
                self._open.discard(target)
                target.close()

    @staticmethod
    def _up_to(piece: bytes, left: int) -> tuple[bytes, int]:
        return piece[:left], max(0, left - len(piece))


@asynccontextmanager
async def proxy(port: int) -> AsyncIterator[Proxy]:
    """A proxy to a port of this machine until the block ends."""
    made = Proxy(port)
    await made.listen()
    try:
        yield made
    finally:
        await made.close()
