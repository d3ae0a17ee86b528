"""The floor: what each piece that a turn must have costs alone, added to a bare handler.

Every server is the bare handler plus the pieces it is named for, each about the least a turn can
do with these libraries: one trigger, one verdict, one template, one line, two sealed rows of a
turn's size committed in a batch. The last is all of them; `floor_ratio` is what they leave of the
bare handler's rate, to be held beside what benchmarks/turn.py measures. A door cheaper than the
bare one, as that of `POST /interact` is by a few microseconds, can win a little of it back.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from aiohttp import web
from bare import Ask, body_of, health
from load import (
    PYTHON,
    Load,
    Server,
    by_turns,
    errors,
    free_port,
    last_line,
    rounds,
    start,
    stop,
    table,
)
from transitions import Machine
from turn import requests

from bot import catalog
from bot.clock import Clock
from bot.config import find, load
from bot.content import choose, render
from bot.logs import open_journal
from bot.model.message import Inbound
from bot.model.person import Person
from bot.rules import engine
from bot.store.cipher import Vault
from bot.store.line import Job, Line
from bot.store.rows import pack
from bot.store.schema import metadata
from bot.store.sqlite import Sqlite

PIECES = ("trigger", "rules", "template", "log", "seal", "rows")
ALL = ",".join(PIECES)
PERSON_BYTES, TURN_BYTES = 500, 1_000  # a person who has said a few things; a turn of theirs
Piece = Callable[[str], object]


def main() -> None:
    parser = by_turns(__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(int(given.serve[0]), given.serve[1], Path(given.serve[2]), given.people)
    else:
        asyncio.run(compare(given))


async def compare(given: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        servers = {name: _started(name, folder, given.people) for name in ("", *PIECES, ALL)}
        for _, process in servers.values():
            running.callback(stop, process)
        asked = lambda port, number: requests(  # noqa: E731
            port, number, given.turns, given.people, ("hello",)
        )
        runs = await rounds(given, servers, asked)
    for name, loads in runs.items():
        assert not errors(loads), f"the server with '{name}' does not answer"
    _report(runs)


def _started(name: str, folder: str, people: int) -> Server:
    port, data = free_port(), Path(folder) / (name or "bare")
    data.mkdir()
    own = ["--serve", str(port), name, str(data), "--people", str(people)]
    return port, start([PYTHON, "benchmarks/pieces.py", *own], port)


def _report(runs: dict[str, list[Load]]) -> None:
    cost = {name: [1e6 / one.per_cpu_s for one in loads] for name, loads in runs.items()}
    bare = cost[""]
    rows, figures = [], {}
    for name, spent in cost.items():
        more = statistics.median(own - b for own, b in zip(spent, bare, strict=True))
        label = {"": "bare", ALL: "all of them"}.get(name, name)
        ratio = statistics.median(b / own for own, b in zip(spent, bare, strict=True))
        rows.append((label, f"{statistics.median(spent):.1f}", f"{more:.1f}", f"{ratio:.3f}"))
        if name and name != ALL:
            figures[f"{name}_us"] = round(more, 1)
    table(("server", "us a request", "us more than bare", "ratio"), rows)
    floor = statistics.median(b / own for own, b in zip(cost[ALL], bare, strict=True))
    last_line(bare_us=round(statistics.median(bare), 1), **figures, floor_ratio=round(floor, 3))


def serve(port: int, names: str, data: Path, people: int) -> None:
    """The bare handler, and after it each of the named pieces."""
    decode, encode = msgspec.json.Decoder(Ask).decode, msgspec.json.Encoder().encode
    with ExitStack() as opened:
        chosen = [name for name in names.split(",") if name]
        pieces = [opened.enter_context(MADE[name](data, people)) for name in chosen]

        async def handle(asked: web.Request) -> web.Response:
            ask = decode(await asked.read())
            for piece in pieces:
                if (waiting := piece(ask.user_id)) is not None:
                    await waiting
            return web.Response(body=encode(body_of(ask)), content_type="application/json")

        app = web.Application()
        app.router.add_post("/interact", handle)
        app.router.add_get("/health", health)
        uvloop.install()
        web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


@contextmanager
def _trigger(_data: Path, _people: int) -> Iterator[Piece]:
    """One trigger of a shared machine, with one condition, on a throw-away model."""
    machine = Machine(
        model=None, states=["idle", "asked"], initial="idle", auto_transitions=False,
        send_event=True,
    )  # fmt: skip
    for source, to in (("idle", "asked"), ("asked", "idle")):
        machine.add_transition("ask", source, to, conditions=[lambda event: True])
    event = machine.events["ask"]

    def fire(_: str) -> None:
        event.trigger(_Model())

    yield fire


class _Model:
    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = "idle"


@contextmanager
def _rules(_data: Path, _people: int) -> Iterator[Piece]:
    """The verdict of the shipped rules on facts that are there already."""
    rules = _script().rules
    facts = {name: rules.vocabulary.defaults.get(name) for name in rules.reads}
    known = {name: value for name, value in facts.items() if value is not None}
    yield lambda _: _nothing(engine.judge(rules, known, {}, 0, 739_000))


@contextmanager
def _template(_data: Path, _people: int) -> Iterator[Piece]:
    """One shipped text with a variable in it, chosen and rendered."""
    content = _script().content
    given = {"balance": 20, "remaining": {}, "limits": {}, "bot": "Sam", "name": "Ada"}

    def say(_: str) -> None:
        one = choose.choose(content, "balance", "mentor", "en", 7)
        assert one.template.fixed is None, "a text without variables costs nothing"
        render.render(one.template, given)

    yield say


@contextmanager
def _log(data: Path, _people: int) -> Iterator[Piece]:
    """The line of a turn."""
    with closing(open_journal(Clock().now, data / "log")) as journal:
        yield lambda _: journal.log.info(
            "turn_answered", turn="0" * 32, kind="message", intent="greet", outcome=None,
            persona="mentor", faults=0, ms=1.25,
        )  # fmt: skip


@contextmanager
def _seal(_data: Path, _people: int) -> Iterator[Piece]:
    """Two private columns packed and sealed, with keys that are at hand."""
    key, _ = Vault(b"0" * 32).make("person")
    person, turn = Person("person-1"), Inbound("0", "person-1", "message", 0, text="x" * 500)

    def seal(_: str) -> None:
        key.seal("persons", "person", pack(person))
        key.seal("turns", "person", pack(turn))

    yield seal


@contextmanager
def _rows(data: Path, people: int) -> Iterator[Piece]:
    """A person updated and a turn inserted, in a batch of whatever waits, synchronous=FULL."""
    place = Sqlite(data / "bot.db")
    with place.engine.connect() as connection, connection.begin():
        metadata.create_all(connection)
    numbers = {f"person-{number}": 1 for number in range(people)}
    _begin(place, list(numbers))
    writing: list[Any] = []

    def write(jobs: list[Job]) -> None:
        if not writing:
            writing.append(place.connect())
        connection = writing[0]
        lines = [job.payload for job in jobs]
        with connection.begin():
            connection.exec_driver_sql(UPDATE, [(n, at, b"p" * PERSON_BYTES, one, n - 1)
                                                for one, n, at, _ in lines])  # fmt: skip
            connection.exec_driver_sql(INSERT, [(one, turn, n, at, b"t" * TURN_BYTES)
                                                for one, n, at, turn in lines])  # fmt: skip

    line, clock = Line("rows", write), Clock()

    def put(person: str) -> object:
        numbers[person] += 1
        return line.put((person, numbers[person], clock.now(), clock.token()))

    yield put


UPDATE = "UPDATE persons SET version = ?, last_at = ?, private = ? WHERE id = ? AND version = ?"
INSERT = "INSERT INTO turns (person_id, id, number, at, private) VALUES (?, ?, ?, ?, ?)"


def _begin(place: Sqlite, people: list[str]) -> None:
    sql = "INSERT INTO persons VALUES (?, 1, 'owner', 0, 0, 0, 'novice', 0.5, '', 0, 0, x'')"
    with place.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(sql, [(person,) for person in people])


def _script() -> Any:
    settings = load(find(Path.cwd()))
    return catalog.load(settings.root, catalog.terms_of(settings)).script


def _nothing(_: object) -> None:
    return None


MADE = {
    "trigger": _trigger,
    "rules": _rules,
    "template": _template,
    "log": _log,
    "seal": _seal,
    "rows": _rows,
}


if __name__ == "__main__":
    main()
