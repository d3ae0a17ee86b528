"""Files of history for `bot import events`: NDJSON or CSV, batch by batch, told as it goes."""

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Never, TextIO

import click

from bot.app import Service
from bot.config import Settings
from bot.errors import BotError, RequestError, no_unicode
from bot.history import BATCH
from bot.intake import Asked, Verdict
from bot.web.bulk import EventLine, line_inbound
from bot.workbench.control import Ask, Commands, asking

BATCH_BYTES = 4_000_000  # of one command to the running server
WRONG_SHOWN = 20  # of one file
NUMBERS, OBJECTS = ("value",), ("metadata", "props")  # columns of CSV that are no text
WRONG = ("refused", "conflict", "unknown")

# What each source sends, by the columns of `bot export --events`; the rest is reckoned anew.
SENT = {
    "xp": {"action": "action"},
    "habit": {
        "action": "action", "category": "category", "value": "value", "metadata": "metadata",
    },
    "track": {"event": "action", "props": "metadata"},
    "streak": {},
}  # fmt: skip
WHOSE = ("user_id", "event_id", "source", "occurred_at")
RECKONED = ("points", "xp", "received_at", "flags")

Line = tuple[int, str]  # its number in the file, and one event in JSON


def run(settings: Settings, path: Path, has_points: bool, after: int) -> int:
    """Bring in a file; what stands where goes to standard error, the counts to standard output.

    0 when every line was taken, now or before.
    """
    counts = asyncio.run(_run(settings, path, has_points, after))
    click.echo(json.dumps(dict(counts)))
    return 1 if any(counts[name] for name in WRONG) else 0


async def _run(settings: Settings, path: Path, has_points: bool, after: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = (line for line in _lines(path, file) if line[0] > after)
        async with asking(settings, COMMANDS) as ask:
            for batch in _batches(lines):
                counts += await _batch(ask, batch, has_points, shown=_wrong(counts))
                told = ", ".join(f"{counts[name]} {name}" for name in sorted(counts))
                click.echo(f"up to line {batch[-1][0]}: {told}", err=True)
                if counts["unknown"]:
                    click.echo(f"go on with --after {batch[0][0] - 1}", err=True)
                    break
    return counts


async def _batch(ask: Ask, batch: list[Line], has_points: bool, shown: int) -> Counter[str]:
    answer = await ask({"do": "import_events", "lines": batch, "points": has_points})
    if "error" in answer:
        raise BotError(f"{answer['error']}; go on with --after {batch[0][0] - 1}")
    done: dict[str, Any] = answer["done"]
    for wrong in done["wrong"][: max(0, WRONG_SHOWN - shown)]:
        click.echo(f"line {wrong['line']}: {wrong['status']}: {wrong['message']}", err=True)
    return Counter(done["counts"])


async def import_events(service: Service, command: dict[str, Any]) -> object:
    """One batch: how many lines came to what, and what is wrong with those that were not taken."""
    verdicts: dict[int, Verdict] = {}
    asked = []
    for number, line in command["lines"]:
        try:
            asked.append(Asked(number, line_inbound(line.encode(), service.clock)))
        except (RequestError, UnicodeError) as error:
            fault = error if isinstance(error, RequestError) else no_unicode()
            verdicts[number] = Verdict("refused", error=fault)
    await service.history.take(asked, bool(command["points"]), verdicts.__setitem__)
    wrong = [
        {"line": number, "status": one.status, "message": _words(one)}
        for number, one in sorted(verdicts.items())
        if one.error is not None
    ]
    return {"counts": Counter(one.status for one in verdicts.values()), "wrong": wrong}


COMMANDS: Commands = {"import_events": import_events}


def _wrong(counts: Counter[str]) -> int:
    return sum(counts[name] for name in WRONG)


def _words(verdict: Verdict) -> str:
    error = verdict.error
    assert error is not None, "only of what went wrong"
    field = getattr(error, "field", None)
    return f"{field}: {error.message}" if field else error.message


def _lines(path: Path, file: TextIO) -> Iterator[Line]:
    is_table = path.suffix.lower() == ".csv"
    found = _rows(path, file) if is_table else enumerate(file, 1)
    lines = ((number, _as_sent(line)) for number, line in found)
    return ((number, line) for number, line in lines if line.strip())


def _as_sent(line: str) -> str:
    """A line of our own export as it was sent; empty for an event that we make ourselves."""
    if '"received_at"' not in line:
        return line
    try:
        row = json.loads(line)
    except ValueError:
        return line
    source = row.get("source") if isinstance(row, dict) else None
    if source == "bot":
        return ""
    if source not in SENT:
        return line
    names = {name: name for name in WHOSE} | SENT[source]
    return json.dumps({name: row[given] for name, given in names.items() if given in row})


def _rows(path: Path, file: TextIO) -> Iterator[Line]:
    """Each row of a CSV file as an event; an empty cell is left out."""
    reader = csv.DictReader(file, strict=True)
    known = EventLine.__struct_fields__
    for name in reader.fieldnames or ():
        if name not in (*known, *RECKONED):
            raise BotError(f"{path.name}:1: '{name}' is no column; there are {', '.join(known)}")
    try:
        for row in reader:
            yield reader.line_num, json.dumps({k: _cell(k, v) for k, v in row.items() if k and v})
    except csv.Error as error:
        raise BotError(f"{path.name}:{reader.line_num}: {error}") from None


def _cell(name: str, text: str) -> object:
    """A number or an object where the column holds them; what is none is told by its line."""
    if name not in NUMBERS + OBJECTS:
        return text
    try:
        return json.loads(text, parse_constant=_no_number)
    except ValueError:
        return text


def _no_number(constant: str) -> Never:
    """NaN and Infinity are no JSON: told as a text where a number belongs."""
    raise ValueError(constant)


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    size = 0
    for line in lines:
        if batch and (len(batch) >= BATCH or size + len(line[1]) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line[1])
    if batch:
        yield batch
