"""Places among a million people: from counts by buckets, against a count over the index."""

import argparse
import math
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from load import POSTGRES, last_line, table
from sqlalchemy import Connection, text

from bot.progress.leaderboards import EVER
from bot.store import boards, postgres, sqlite
from bot.store.migrate import migrate
from bot.store.places import place_of
from bot.store.scores import COUNT, SCORE, WIDTHS, merged, tie_of

SCHEMA = "bot_benchmark_boards"
AIMS = {"rank_ms": 5.0, "update_ms": 1.0}
BATCH = 64  # updates that share a transaction, as turns do
BOARDS = ("all_time", "daily", "weekly")  # those that XP move
AT = 1_772_366_400_000_000
PLAIN = text(  # what there would be without counts: all of it is in an index made for it
    "SELECT count(*) FROM scores WHERE board = :board AND period = :period AND score > :score"
)
PLAIN_INDEX = "CREATE INDEX plain ON scores (board, period, score)"
Lines = list[tuple[str, tuple[Any, ...]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--looks", type=int, default=1_000, help="ranks and updates measured")
    given = parser.parse_args()
    figures: dict[str, float] = {}
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, url in _databases():
            found = _measured(name, url, Path(folder), given.people, given.looks)
            rows += [(name, what, f"{ms:.3f}", AIMS.get(what, "")) for what, ms in found.items()]
            prefix = "" if name == "sqlite" else f"{name}_"
            figures |= {f"{prefix}{what}": round(ms, 4) for what, ms in found.items()}
            figures |= {f"{prefix}{what}": value for what, value in _ratios(found).items()}
    table(("database", "what", "ms", "aim"), rows)
    last_line(people=given.people, **figures)


def _databases() -> Iterator[tuple[str, str]]:
    yield "sqlite", "sqlite"
    try:
        with psycopg.connect(POSTGRES, connect_timeout=3, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    except psycopg.Error as error:
        print(f"PostgreSQL is left out: {str(error).splitlines()[0]}")
        return
    yield "postgres", POSTGRES
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def _measured(name: str, url: str, folder: Path, people: int, looks: int) -> dict[str, float]:
    dice = random.Random(8350)
    place = place_of(url, folder, SCHEMA)
    place.prepare()
    scores = [_score(dice) for _ in range(people)]
    with place.connect() as connection:
        migrate(connection)
        began = time.perf_counter()
        with connection.begin():
            _seed(connection, name, scores)
        with connection.begin():
            connection.exec_driver_sql("ANALYZE scores")
        if name == "sqlite":  # as a server's database is, and a cache that holds the whole index
            raw = connection.connection.cursor()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("PRAGMA cache_size = -400000")
        print(f"{name}: {people:,} people in {time.perf_counter() - began:.0f} s")
        some = dice.choices(scores, k=looks)
        found = {
            "rank_ms": _each(connection, some, _rank),
            "neighbours_ms": _each(connection, some, _near),
        }
        found["plain_count_ms"] = _counted(connection, some[: max(20, looks // 10)])
        write = sqlite._write if name == "sqlite" else postgres._write
        found |= _updates(connection, write, scores, dice, looks)
    return found


def _score(dice: random.Random) -> int:
    """XP in fives, most people low, some past the last level."""
    return 5 + 5 * int(math.exp(dice.gauss(5.0, 1.4)))


def _seed(connection: Connection, name: str, scores: Sequence[int]) -> None:
    connection.exec_driver_sql("DROP INDEX scores_listed")
    rows = (
        (_id(n), "all_time", EVER, score, -AT + n, tie_of(_id(n)), True)
        for n, score in enumerate(scores)
    )
    _copy(connection, name, "scores", SCORE, rows)
    counts: Counter[tuple[int, int]] = Counter()
    for width in WIDTHS:
        counts.update((width, score // width) for score in scores)
    lines = (("all_time", EVER, *bucket, many, many) for bucket, many in sorted(counts.items()))
    _copy(connection, name, "score_counts", COUNT, lines)
    connection.exec_driver_sql(
        "CREATE INDEX scores_listed ON scores (board, period, score, earliness, tie)"
        " WHERE is_listed"
    )


def _copy(
    connection: Connection, name: str, to: str, columns: Sequence[str], rows: Iterator[Any]
) -> None:
    raw = connection.connection.cursor()
    names = ", ".join(columns)
    if name == "sqlite":
        marks = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {to} ({names}) VALUES ({marks})", rows)
        return
    with raw.copy(f"COPY {to} ({names}) FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(row)


def _id(number: int) -> str:
    return f"person-{number:07}"


def _counted(connection: Connection, scores: Sequence[int]) -> float:
    with connection.begin():
        connection.exec_driver_sql(PLAIN_INDEX)
        connection.exec_driver_sql("ANALYZE scores")
    found = _each(connection, scores, _plain)
    with connection.begin():
        connection.exec_driver_sql("DROP INDEX plain")
    return found


def _each(
    connection: Connection, scores: Sequence[int], look: Callable[[Connection, int], object]
) -> float:
    """The median of a look, in milliseconds."""
    times = []
    for score in scores:
        began = time.perf_counter()
        with connection.begin():
            look(connection, score)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _rank(connection: Connection, score: int) -> object:
    return boards.place(connection, "all_time", EVER, score)


def _plain(connection: Connection, score: int) -> object:
    return connection.execute(PLAIN, _all_time(score=score)).scalar_one()


def _near(connection: Connection, score: int) -> object:
    """Three above and three below, less opening the people they are."""
    given = _all_time(score=score, earliness=-AT, tie=0)
    above = connection.execute(boards.ABOVE, given | {"most": 3}).all()
    return above, connection.execute(boards.FROM_HERE, given | {"most": 4}).all()


def _all_time(**given: int) -> dict[str, Any]:
    return {"board": "all_time", "period": EVER, **given}


def _updates(
    connection: Connection,
    write: Callable[[Connection, str, list[Any]], None],
    scores: Sequence[int],
    dice: random.Random,
    looks: int,
) -> dict[str, float]:
    """An award on three boards: alone, in a batch, and the same score rows without counts."""
    people = dice.sample(range(len(scores)), k=looks)
    alone = [_award(n, scores[n]) for n in people]
    together = dice.sample(range(len(scores)), k=BATCH * max(10, looks // BATCH))
    batches = [
        [line for n in together[at : at + BATCH] for line in _award(n, scores[n] + 1)]
        for at in range(0, len(together), BATCH)
    ]
    bare = [[line for line in batch if line[0] == "score"] for batch in batches]
    return {
        "update_ms": _written(connection, write, alone),
        "update_in_batch_ms": _written(connection, write, batches) / BATCH,
        "bare_update_in_batch_ms": _written(connection, write, bare) / BATCH,
    }


def _award(number: int, score: int) -> Lines:
    """50 XP more: what the commit of such a turn writes of boards."""
    person_id = _id(number)
    lines: Lines = []
    for board in BOARDS:
        before = score if board == "all_time" else 100
        row = (person_id, board, EVER, before + 50, -AT, tie_of(person_id), True)
        lines.append(("score", row))
        for width in WIDTHS:
            lines.append(("score_count", (board, EVER, width, (before + 50) // width, 1, 1)))
            lines.append(("score_count", (board, EVER, width, before // width, -1, -1)))
    return lines


def _written(
    connection: Connection, write: Callable[[Connection, str, list[Any]], None], jobs: list[Lines]
) -> float:
    """The median of writing a job, less the commit that it shares with its turns."""
    times = []
    for lines in jobs:
        began = time.perf_counter()
        grouped: dict[str, list[Any]] = {"score": [], "score_count": []}
        for name, line in lines:
            grouped[name].append(line)
        with connection.begin():
            write(connection, "score", grouped["score"])
            if counts := merged(grouped["score_count"]):
                write(connection, "score_count", counts)
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _ratios(found: dict[str, float]) -> dict[str, float]:
    """How many times a count by buckets is quicker, and what counts cost an update."""
    return {
        "plain_to_rank_ratio": round(found["plain_count_ms"] / found["rank_ms"], 2),
        "update_to_bare_ratio": round(
            found["update_in_batch_ms"] / found["bare_update_in_batch_ms"], 2
        ),
    }


if __name__ == "__main__":
    main()
