"""A real `bot serve` process on a free port, for tests that need the whole thing."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.models import lend

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class LiveServer:
    """A running server; `log` is where its output goes."""

    port: int
    process: subprocess.Popen[bytes]
    data: Path
    log: Path
    operator_key: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def live_server(
    folder: Path, arguments: Sequence[str] = (), config: Path = ROOT / "bot.toml"
) -> Iterator[LiveServer]:
    """Serve from `folder`/data until the block ends; SIGTERM, then SIGKILL after 20 s."""
    server = start(folder, arguments, config)
    try:
        yield server
    finally:
        stop(server)


def start(
    folder: Path,
    arguments: Sequence[str] = (),
    config: Path = ROOT / "bot.toml",
    port: int = 0,
) -> LiveServer:
    """A server that answers, on `port` or a free one; it runs until `stop`."""
    port, log, data = port or free_port(), folder / "server.log", folder / "data"
    lend(data)
    command = [sys.executable, "-m", "bot", "serve", "--config", str(config)]
    command += ["--port", str(port), "--data", str(data), *arguments]
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ})
    server = LiveServer(port, process, data, log)
    _wait(server)
    found = re.search(r"\b(bot_[A-Za-z0-9_-]{20,})\b", log.read_text())
    key_file = data / "operator.key"
    if found:
        server.operator_key = found[1]
    elif key_file.exists():
        server.operator_key = key_file.read_text().strip()
    return server


def stop(server: LiveServer) -> None:
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGTERM)
        try:
            server.process.wait(20)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()


def _wait(server: LiveServer) -> None:
    for _ in range(1200):
        if server.process.poll() is not None:
            raise RuntimeError(server.log.read_text())
        try:
            urllib.request.urlopen(f"{server.url}/health", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"no answer in a minute:\n{server.log.read_text()}")
