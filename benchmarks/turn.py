"""A full durable turn over HTTP against a bare aiohttp handler, in turns per CPU-second."""

import argparse
import asyncio
import json
import statistics
import tempfile

from load import POSTGRES, PYTHON, Load, drive, free_port, last_line, request, start, stop, table

MESSAGES = (
    "hello",
    "what is a liquidation cluster?",
    "more",
    "no",
    "What do you see in BTC?",
    "how much can I still spend?",
    "tell me about position sizing",
    "thanks",
)
GATES = {"sqlite": 0.40, "postgres": 0.33}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=6_000, help="turns a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, alternating servers")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--people", type=int, default=1_000)
    asyncio.run(compare(parser.parse_args()))


async def compare(given: argparse.Namespace) -> None:
    runs: dict[str, list[Load]] = {}
    with tempfile.TemporaryDirectory() as folder:
        servers = {"bare": _bare(), "sqlite": _bot(f"{folder}/sqlite", "")}
        if (reason := postgres_missing()) is None:
            servers["postgres"] = _bot(f"{folder}/postgres", POSTGRES)
        else:
            print(f"PostgreSQL is left out: {reason}")
        try:
            for number in range(given.rounds + 1):
                for name, (port, process) in servers.items():
                    load = await drive(
                        port, process.pid, requests(given, port, number), given.clients
                    )
                    if number:  # the first round warms up
                        runs.setdefault(name, []).append(load)
        finally:
            for _, process in servers.values():
                stop(process)
            if "postgres" in servers:
                drop_schema(SCHEMA)
    _report(runs)


SCHEMA = "bot_benchmark_turn"


def _bare() -> tuple[int, object]:
    port = free_port()
    return port, start([PYTHON, "benchmarks/bare.py", str(port)], port)


def _bot(data: str, url: str) -> tuple[int, object]:
    port = free_port()
    command = [PYTHON, "-m", "bot", "serve", "--port", str(port), "--data", data]
    if url:
        drop_schema(SCHEMA)
        command += ["--store", url, "--schema", SCHEMA]
    return port, start(command, port)


def postgres_missing() -> str | None:
    """Why PostgreSQL cannot take part, or None."""
    try:
        import psycopg

        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except Exception as error:
        return str(error).splitlines()[0]
    return None


def drop_schema(schema: str) -> None:
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


def requests(given: argparse.Namespace, port: int, number: int) -> list[bytes]:
    """The messages of a round as calls of /interact."""
    made = []
    for turn in range(given.turns):
        person = turn % given.people
        message = MESSAGES[(turn // given.people + person) % len(MESSAGES)]
        body = {
            "user_id": f"person-{person}",
            "message": message,
            "message_id": f"{number}-{turn}",
        }
        made.append(request(port, "/interact", json.dumps(body).encode()))
    return made


def _report(runs: dict[str, list[Load]]) -> None:
    bare = runs["bare"]
    rows, figures = [], {}
    for name, loads in runs.items():
        ratios = [own.per_cpu_s / b.per_cpu_s for own, b in zip(loads, bare, strict=True)]
        ratio = statistics.median(ratios)
        rows.append(
            (
                name,
                round(statistics.median(load.per_cpu_s for load in loads)),
                f"{ratio:.3f}",
                GATES.get(name, ""),
                f"{statistics.median(load.percentile_ms(0.5) for load in loads):.1f}",
                f"{statistics.median(load.percentile_ms(0.99) for load in loads):.1f}",
                sum(load.errors for load in loads),
            )
        )
        if name != "bare":
            figures[f"{name}_ratio"] = round(ratio, 3)
    table(("server", "turns/CPU-s", "ratio", "gate", "p50 ms", "p99 ms", "not 200"), rows)
    last_line(**figures)


if __name__ == "__main__":
    main()
