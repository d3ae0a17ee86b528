"""A PostgreSQL cluster of the test's own, to be stopped, killed and frozen."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.live import free_port

OWNER = "postgres"  # PostgreSQL refuses to run as root
SETTINGS = (
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    "shared_buffers = '16MB'",
    "max_connections = 20",
)


def programs() -> Path | None:
    """Where initdb and pg_ctl are."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    return folders[0] if folders else (Path(found).resolve().parent if found else None)


class Cluster:
    """One running server; its data outlives a stop."""

    def __init__(self, bin_: Path, folder: Path) -> None:
        self.port, self._bin, self._folder = free_port(), bin_, folder
        self._data = folder / "data"

    @property
    def url(self) -> str:
        return url(self.port)

    def make(self) -> None:
        self._run("initdb", "-D", str(self._data), "-U", OWNER, "-A", "trust", "--no-sync")
        lines = [*SETTINGS, f"port = {self.port}"]
        with (self._data / "postgresql.conf").open("a") as file:
            file.write("\n".join(lines) + "\n")

    def start(self) -> None:
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", log, "start")

    def stop(self, mode: str = "fast") -> None:
        """`fast` says goodbye to its clients; `immediate` is like a power cut."""
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    def freeze(self) -> None:
        """Nothing moves in it any more; its connections stay open."""
        for process in self._processes():
            process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self._processes():
            process.send_signal(signal.SIGCONT)

    def _processes(self) -> list[psutil.Process]:
        main = psutil.Process(int((self._data / "postmaster.pid").read_text().split()[0]))
        return [main, *main.children(recursive=True)]

    def _run(self, program: str, *arguments: str) -> None:
        user = OWNER if os.geteuid() == 0 else None
        done = subprocess.run(
            [str(self._bin / program), *arguments],
            user=user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,  # a pipe would be held open by the server
            stderr=subprocess.DEVNULL,
            timeout=120,
        )
        assert done.returncode == 0, f"{program} {' '.join(arguments)}: {done.returncode}"


def url(port: int) -> str:
    return f"postgresql://{OWNER}@127.0.0.1:{port}/postgres"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A started cluster; skipped where there is no PostgreSQL to run, a failure in CI."""
    bin_ = programs()
    if bin_ is None:
        reason = "no initdb: install Debian's postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="bot-cluster-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        made = Cluster(bin_, folder)
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.thaw()
            made.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def replica(port: int, schema: str = "bot") -> Sequence[str]:
    """The arguments of `bot serve` for that database."""
    return ("--store", url(port), "--schema", schema)
