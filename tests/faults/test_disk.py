"""A full or failing disk under SQLite: 503, nothing half done, and on again when there is room."""

import asyncio
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import live
from tests.faults.talkers import Crowd, audited, crowd
from tests.live import LiveServer
from tests.sizes import size

TALKERS = size(6, 100)
ROUNDS = size(2, 20)
ROOM_MIB = size(16, 64)
Full = Callable[[LiveServer, bool], None]


@contextmanager
def small_file_system(folder: Path) -> Iterator[None]:
    """The folder has a little room of its own; skipped where we may not mount."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM_MIB}m", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a small file system cannot be mounted: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def no_room(server: LiveServer, is_full: bool) -> None:
    """Fill the file system to its last byte, or give the room back."""
    filler = server.data / "filler"
    if not is_full:
        filler.unlink()
        return
    with filler.open("wb", buffering=0) as file:
        for piece in (1 << 20, 4096):  # a page is the least that is given
            try:
                while True:
                    file.write(b"\0" * piece)
            except OSError:
                continue


def no_growth(server: LiveServer, is_full: bool) -> None:
    """No file of the server may grow beyond what its log has now, or any may."""
    log = server.data / "bot.db-wal"
    hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)[1]
    soft = log.stat().st_size if is_full else hard
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


async def faults(server: LiveServer, people: Crowd, full: Full) -> None:
    for _ in range(ROUNDS):
        await asyncio.to_thread(full, server, True)
        await people.refused()
        await asyncio.to_thread(full, server, False)
        took_s = await people.all_answered()
        print(f"all answered {took_s:.2f} s after there was room; {dict(people.outcomes)}")


async def run(folder: Path, full: Full) -> None:
    server = await asyncio.to_thread(live.start, folder)
    try:
        async with crowd(server, TALKERS) as people:
            await faults(server, people, full)
        await people.check()
        await asyncio.to_thread(audited, server)
        server.process.kill()  # what is on the disk is whole, too
        await asyncio.to_thread(server.process.wait)
        people.server = server = await asyncio.to_thread(live.start, folder)
        await people.check()
    finally:
        await asyncio.to_thread(live.stop, server)


async def test_a_full_disk_is_told_and_nothing_is_half_done(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with small_file_system(data):
        await run(tmp_path, no_room)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="prlimit is Linux's")
async def test_a_disk_that_refuses_to_write_is_told_and_nothing_is_half_done(
    tmp_path: Path,
) -> None:
    await run(tmp_path, no_growth)
