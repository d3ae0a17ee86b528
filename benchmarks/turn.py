"""A full durable turn over HTTP against a bare aiohttp handler, in turns per CPU-second."""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Sequence

from load import (
    POSTGRES,
    Load,
    bare,
    bot,
    by_turns,
    errors,
    last_line,
    percentiles,
    rate,
    ratio,
    request,
    rounds,
    stop,
    table,
)

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
    parser = by_turns(__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    asyncio.run(compare(parser.parse_args()))


async def compare(given: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        servers = {"bare": bare(), "sqlite": bot(f"{folder}/sqlite")}
        if (reason := postgres_missing()) is None:
            drop_schema(SCHEMA)
            place = ("--store", POSTGRES, "--schema", SCHEMA)
            servers["postgres"] = bot(f"{folder}/postgres", *place)
        else:
            print(f"PostgreSQL is left out: {reason}")
        try:
            asked = lambda port, number: requests(port, number, given.turns, given.people)  # noqa: E731
            runs = await rounds(given, servers, asked)
        finally:
            for _, process in servers.values():
                stop(process)
            if "postgres" in servers:
                drop_schema(SCHEMA)
    _report(runs)


SCHEMA = "bot_benchmark_turn"


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


def requests(
    port: int, number: int, turns: int, people: int, messages: Sequence[str] = MESSAGES
) -> list[bytes]:
    """The messages of a round as calls of /interact, people in turn."""
    made = []
    for turn in range(turns):
        body = {
            "user_id": f"person-{turn % people}",
            "message": words(turn, people, messages),
            "message_id": f"{number}-{turn}",
        }
        made.append(request(port, "/interact", json.dumps(body).encode()))
    return made


def words(turn: int, people: int, messages: Sequence[str] = MESSAGES) -> str:
    """What is said in a turn: everybody says all of them, each begins with another one."""
    return messages[(turn // people + turn % people) % len(messages)]


def _report(runs: dict[str, list[Load]]) -> None:
    rows, figures = [], {}
    for name, loads in runs.items():
        against = ratio(loads, runs["bare"])
        gate = GATES.get(name, "")
        rows.append(
            (name, rate(loads), f"{against:.3f}", gate, *percentiles(loads), errors(loads))
        )
        if name != "bare":
            figures[f"{name}_ratio"] = round(against, 3)
    table(("server", "turns/CPU-s", "ratio", "gate", "p50 ms", "p99 ms", "not 200"), rows)
    last_line(**figures)


if __name__ == "__main__":
    main()
