"""Bot explain: why a turn was answered as it was."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import click

from bot.app import open_reads
from bot.catalog import Catalog, load, terms_of
from bot.config import Settings
from bot.people.calendar import rfc3339
from bot.rules import why
from bot.store.protocol import TurnRecord


def run(settings: Settings, turn_id: str) -> int:
    """Print the explanation of one stored turn; 1 when there is no such turn."""
    record = asyncio.run(_read(settings, turn_id))
    if record is None:
        click.echo(f"bot: no turn '{turn_id}' is kept here", err=True)
        return 1
    for line in explained(record, load(settings.root, terms_of(settings))):
        click.echo(line)
    return 0


async def _read(settings: Settings, turn_id: str) -> TurnRecord | None:
    reads = await open_reads(settings)
    try:
        return await reads.turn(turn_id)
    finally:
        await reads.close()


def explained(record: TurnRecord, catalog: Catalog) -> Iterator[str]:
    """The story of a turn, line by line; rules are those of `catalog`, said when it changed."""
    trace, reply = record.trace, record.reply
    yield f"turn {reply.turn_id}  {rfc3339(record.now)}  {record.inbound.kind}"
    if record.inbound.text:
        yield f"  they wrote   {record.inbound.text!r}"
    yield f"  understood   {trace.intent or '-'}  {_pairs(trace.slots)}"
    yield f"  dialogue     {trace.step}"
    yield f"  replies      {', '.join(trace.said) or '-'}"
    yield f"  answered     {reply.text!r}"
    yield f"  persona      {reply.persona}   outcome {reply.outcome or '-'}"
    for check in trace.checks:
        yield f"  limits       {check}"
    for fault in trace.faults:
        yield f"  fault        {fault} (an engine fault denies)"
    if trace.catalog != catalog.version:
        yield f"  decided with catalog {trace.catalog}; explained with {catalog.version}"
    rules = catalog.script.rules
    yield f"  rules fired  {', '.join(trace.fired) or 'none'}"
    for line in why.why(rules, trace.facts):
        yield f"    {line}"
    yield f"  facts read   {_pairs(trace.facts)}"


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={written(value)}" for name, value in sorted(values.items()))


def written(value: object) -> str:
    """A value as authors write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    return str(value)
