"""Events a second through the bulk door, against a bare bulk insert of the very same rows."""

import argparse
import contextlib
import http.client
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psutil
from load import bot, cpu_s, last_line, stop, table

GATE = 1_000  # events a second on SQLite with full durability
CALL = 10_000  # lines a call
BATCH = 1_000  # events whose rows the bare insert writes in one transaction
ACTIONS = ("lesson_complete", "note_taken", "daily_login", "article_read", "quiz_complete")
HABITS = (("finance", "paid_invoice"), ("health", "exercised"), ("learning", "read_article"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="events a case")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    cases = {"of_2000": 2_000, "of_one": 1, "all_new": given.events, "backfill": 2_000}
    rows, figures = [], {}
    for name, people in cases.items():
        is_past = name == "backfill"
        lines = [json.dumps(one) for one in events(given.events, people, is_past)]
        runs = [measured(lines, "?backfill=true" * is_past) for _ in range(given.rounds)]
        rates, bare, again, cpu = (statistics.median(run[n] for run in runs) for n in range(4))
        ratio = statistics.median(run[0] / run[1] for run in runs)
        rows.append((name, round(rates), round(cpu), round(bare), f"{ratio:.3f}", round(again)))
        figures |= {
            f"{name}_per_s": round(rates),
            f"{name}_per_cpu_s": round(cpu),
            f"{name}_ratio": round(ratio, 4),
        }
    heads = ("events", "a second", "a CPU-s", "bare insert", "ratio", "replayed a second")
    table(heads, rows)
    slowest = min(value for name, value in figures.items() if name.endswith("_per_s"))
    print(f"gate: {GATE} a second; the slowest case has {slowest}")
    last_line(**figures)


def events(many: int, people: int, is_past: bool = False) -> Iterator[dict[str, object]]:
    """Actions and habits, people in turn; of the past: one a day, up to yesterday."""
    for number in range(many):
        line: dict[str, object] = {
            "user_id": f"person-{number % people}",
            "event_id": f"e{number}",
        }
        if is_past:
            day = date(2026, 1, 1) + timedelta(days=number // people)
            line["occurred_at"] = f"{day}T12:00:00Z"
        if number % 3:
            yield {**line, "action": ACTIONS[number % len(ACTIONS)]}
        else:
            category, action = HABITS[number % len(HABITS)]
            yield {**line, "category": category, "action": action, "value": 1.0}


def measured(lines: list[str], more: str = "") -> tuple[float, float, float, float]:
    """Events a second through the door, by the bare insert, when all are repeated; and through
    the door by the CPU seconds of the server.
    """
    with tempfile.TemporaryDirectory() as folder:
        port, process = bot(folder)
        try:
            key = (Path(folder) / "operator.key").read_text().strip()
            warm = [json.dumps({**one, "user_id": "warm"}) for one in events(500, 1)]
            sent(port, warm, "accepted", more, key)
            server = psutil.Process(process.pid)
            began, before = time.perf_counter(), cpu_s(server)
            sent(port, lines, "accepted", more, key)
            taken, cpu = time.perf_counter() - began, cpu_s(server) - before
            began = time.perf_counter()
            sent(port, lines, "replayed", more, key)
            again = time.perf_counter() - began
        finally:
            stop(process)
        bare = inserted(Path(folder) / "bot.db", Path(folder) / "bare.db", len(lines))
    return len(lines) / taken, len(lines) / bare, len(lines) / again, len(lines) / cpu


def sent(port: int, lines: list[str], wanted: str, more: str, key: str) -> None:
    """All lines, call after call; each must be answered as wanted."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {key}"}
    for at in range(0, len(lines), CALL):
        body = "\n".join(lines[at : at + CALL])
        connection.request("POST", f"/v1/events{more}", body, headers)
        answer = connection.getresponse().read().splitlines()
        statuses = {json.loads(line)["status"] for line in answer}
        if statuses != {wanted} or len(answer) != len(lines[at : at + CALL]):
            raise RuntimeError(f"answered {statuses}, not {wanted}")
    connection.close()


def inserted(source: Path, target: Path, many: int) -> float:
    """Seconds for the rows that the door wrote, into the same tables, by executemany."""
    with contextlib.closing(sqlite3.connect(source)) as found:
        schema = [sql for (sql,) in found.execute("SELECT sql FROM sqlite_master WHERE sql <> ''")]
        names = [
            name
            for (name,) in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("sqlite_", "alembic"))
        ]
        kept = {name: found.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as bare:
        bare.create_function("digest", 1, str, deterministic=True)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        for sql in schema:
            bare.execute(sql)
        batches = max(1, many // BATCH)
        began = time.perf_counter()
        for number in range(batches):
            bare.execute("BEGIN IMMEDIATE")
            for name, rows in kept.items():
                part = rows[number * len(rows) // batches : (number + 1) * len(rows) // batches]
                if part:
                    marks = ", ".join("?" * len(part[0]))
                    bare.executemany(f"INSERT INTO {name} VALUES ({marks})", part)
            bare.execute("COMMIT")
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
