"""How soon the first reply comes after start, and how much memory people take."""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

import psutil
from load import bare, bot, drive, last_line, request, stop, table

GATES = {"first_reply_s": 1.5, "start_mib": 120, "people_mib": 15}
MIB = 1024 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--starts", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        first_replies = [asyncio.run(_first_reply(data)) for _ in range(given.starts + 1)][1:]
        floor = min(asyncio.run(_first_reply(None)) for _ in range(given.starts))
        start_mib, people_mib = asyncio.run(_memory(data, given.people))
    figures = {
        "first_reply_s": min(first_replies),
        "start_mib": start_mib,
        "people_mib": people_mib,
    }
    table(
        ("what", "measured", "gate"),
        [(name, f"{value:.2f}", GATES[name]) for name, value in figures.items()],
    )
    last_line(
        **{name: round(value, 2) for name, value in figures.items()},
        start_bare_ratio=round(figures["first_reply_s"] / floor, 2),
        **{f"{name}_gate_ratio": round(value / GATES[name], 2) for name, value in figures.items()},
    )


def _hello(port: int, person: str) -> bytes:
    return request(port, "/interact", json.dumps({"user_id": person, "message": "hello"}).encode())


async def _first_reply(data: Path | None) -> float:
    """Seconds from starting the process to the first answered message."""
    began = time.perf_counter()
    port, process = bot(data) if data is not None else bare()
    try:
        load = await drive(port, process.pid, [_hello(port, "first")], 1)
        assert not load.errors
        return time.perf_counter() - began
    finally:
        stop(process)


async def _memory(data: Path, people: int) -> tuple[float, float]:
    """MiB of the process after start, and how many more after that many people wrote."""
    port, process = bot(data)
    try:
        resident = psutil.Process(process.pid).memory_info
        await drive(port, process.pid, [_hello(port, f"warm-{n}") for n in range(64)], 64)
        at_start = resident().rss / MIB
        requests = [_hello(port, f"somebody-{n}") for n in range(people)]
        load = await drive(port, process.pid, requests, 64)
        assert not load.errors
        return at_start, resident().rss / MIB - at_start
    finally:
        stop(process)


if __name__ == "__main__":
    main()
