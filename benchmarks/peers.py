"""The same turn by opsdroid, python-telegram-bot and ours, in turns per CPU-second.

All three understand the message, ask rules, choose a voice, fill a template and write a log line
(peer_turn.py); only ours also commits to the disk before it answers. opsdroid stands on its own
server, as its users run it; `opsdroid, bare` is the same behind the fastest door there is.
"""

import argparse
import asyncio
import statistics
import subprocess
import tempfile
import venv
from pathlib import Path

from load import PYTHON, ROOT, Load, drive, free_port, last_line, start, stop, table
from turn import requests

DOOR = ("aiohttp", "uvloop", "msgspec", "jinja2")  # the bare handler's own, for the peers as well
PEERS = {
    "opsdroid": ("opsdroid", "setuptools<81"),  # it needs pkg_resources
    "telegram": ("python-telegram-bot",),
}
SERVERS = {
    "opsdroid": ("opsdroid", "peer_opsdroid.py", ()),
    "opsdroid, bare": ("opsdroid", "peer_opsdroid.py", ("bare",)),
    "telegram": ("telegram", "peer_telegram.py", ()),
}
GATES = {"opsdroid": 1.3, "telegram": 2.5}
INSTALL_S = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=6_000, help="turns a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, alternating servers")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--environments", type=Path, help="keep and reuse the peers' ones here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pythons = installed(given.environments or Path(folder))
        asyncio.run(compare(given, Path(folder), pythons))


def installed(folder: Path) -> dict[str, Path]:
    """The interpreter of each peer's environment; who cannot be installed is named, left out."""
    found = {}
    for name, packages in PEERS.items():
        home = folder / name
        python = home / "bin" / "python"
        if not (home / "done").exists():
            venv.create(home, with_pip=True)
            command = [python, "-m", "pip", "install", "--quiet", *packages, *DOOR]
            done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_S)
            if done.returncode:
                print(f"{packages[0]} is left out: {(done.stderr.splitlines() or ['?'])[-1]}")
                continue
            (home / "done").touch()
        found[name] = python
    return found


async def compare(given: argparse.Namespace, folder: Path, pythons: dict[str, Path]) -> None:
    runs: dict[str, list[Load]] = {}
    servers = {}
    try:
        servers["bare"] = _started(PYTHON, str(ROOT / "benchmarks" / "bare.py"))
        data = str(folder / "data")
        servers["ours"] = _started(PYTHON, "-m", "bot", "serve", "--data", data, "--port")
        for name, (peer, script, words) in SERVERS.items():
            if peer in pythons:
                command = (str(pythons[peer]), str(ROOT / "benchmarks" / script))
                servers[name] = _started(*command, words=words)
        for number in range(given.rounds + 1):
            for name, (port, process) in servers.items():
                asked = requests(given, port, number)
                load = await drive(port, process.pid, asked, given.clients)
                if number:  # the first round warms up
                    runs.setdefault(name, []).append(load)
    finally:
        for _, process in servers.values():
            stop(process)
    _report(runs)


def _started(*command: str, words: tuple[str, ...] = ()) -> tuple[int, "subprocess.Popen[bytes]"]:
    port = free_port()
    return port, start([*command, str(port), *words], port)


def _report(runs: dict[str, list[Load]]) -> None:
    ours = runs["ours"]
    rows, figures = [], {}
    for name, loads in runs.items():
        ratios = [own.per_cpu_s / one.per_cpu_s for own, one in zip(ours, loads, strict=True)]
        ratio = statistics.median(ratios)
        rows.append(
            (
                name,
                "yes" if name == "ours" else "no",
                round(statistics.median(load.per_cpu_s for load in loads)),
                f"{ratio:.2f}",
                GATES.get(name, ""),
                sum(load.errors for load in loads),
            )
        )
        if name not in ("ours", "bare"):
            figures[f"{name.replace(', ', '_')}_ratio"] = round(ratio, 3)
    table(("server", "durable", "turns/CPU-s", "ours against it", "gate", "not 200"), rows)
    last_line(**figures)


if __name__ == "__main__":
    main()
