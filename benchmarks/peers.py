"""The same turn by opsdroid, python-telegram-bot and ours, in turns per CPU-second.

All three understand the message, ask rules, choose a voice, fill a template and write a log line
(peer_turn.py); only ours also commits to the disk before it answers. opsdroid stands on its own
server, as its users run it; `opsdroid, bare` is the same behind the fastest door there is.
"""

import argparse
import asyncio
import subprocess
import tempfile
import venv
from pathlib import Path

from load import (
    ROOT,
    Load,
    Server,
    bare,
    bot,
    by_turns,
    errors,
    free_port,
    last_line,
    rate,
    ratio,
    rounds,
    start,
    stop,
    table,
)
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
    parser = by_turns(__doc__)
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
    servers: dict[str, Server] = {}
    try:
        servers["bare"] = bare()
        servers["ours"] = bot(folder / "data")
        for name, (peer, script, words) in SERVERS.items():
            if peer in pythons:
                servers[name] = _peer(pythons[peer], script, words)
        asked = lambda port, number: requests(port, number, given.turns, given.people)  # noqa: E731
        runs = await rounds(given, servers, asked)
    finally:
        for _, process in servers.values():
            stop(process)
    _report(runs)


def _peer(python: Path, script: str, words: tuple[str, ...]) -> Server:
    port = free_port()
    command = [str(python), str(ROOT / "benchmarks" / script), str(port), *words]
    return port, start(command, port)


def _report(runs: dict[str, list[Load]]) -> None:
    rows, figures = [], {}
    for name, loads in runs.items():
        against = ratio(runs["ours"], loads)
        durable, gate = "yes" if name == "ours" else "no", GATES.get(name, "")
        rows.append((name, durable, rate(loads), f"{against:.2f}", gate, errors(loads)))
        if name not in ("ours", "bare"):
            figures[f"{name.replace(', ', '_')}_ratio"] = round(against, 3)
    table(("server", "durable", "turns/CPU-s", "ours against it", "gate", "not 200"), rows)
    last_line(**figures)


if __name__ == "__main__":
    main()
