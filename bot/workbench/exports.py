"""Bot export: events or balances of everybody, as NDJSON or CSV, a page at a time."""

import asyncio
import csv
import io
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any, Literal

import click

from bot.app import open_reads
from bot.catalog import load, terms_of
from bot.clock import Clock
from bot.config import Settings
from bot.errors import BotError
from bot.model.message import Event
from bot.model.person import Person
from bot.people.calendar import from_rfc3339, rfc3339
from bot.progress import points, streaks
from bot.progress.habits import HUNDRED
from bot.progress.terms import StreakRule
from bot.store.protocol import EventsFrom, Reads

PAGE = 1_000  # rows in memory
TOLD_EVERY = 50  # pages between two words of how far it is
REACHED = ("achievement", "milestones")  # of our own events: which one it was
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute at a cell's begin

Row = dict[str, Any]
Form = Literal["ndjson", "csv"]


def run(
    settings: Settings,
    what: Literal["events", "balances"],
    form: Form,
    since: str | None,
    until: str | None,
    has_pseudonyms: bool,
) -> int:
    """Print the rows; how many there are goes to standard error."""
    asked = EventsFrom(since=_at(since, "--since", 0), until=_at(until, "--until", 2**62))
    try:
        count = asyncio.run(_run(settings, what, form, asked, has_pseudonyms))
    except BrokenPipeError:  # whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    click.echo(f"{count} rows", err=True)
    return 0


async def _run(
    settings: Settings, what: str, form: Form, asked: EventsFrom, has_pseudonyms: bool
) -> int:
    reads = await open_reads(settings)
    write = _ndjson if form == "ndjson" else _csv()
    count = pages = 0
    try:
        if what == "events":
            found = _events(reads, asked, has_pseudonyms)
        else:
            rule = load(settings.root, terms_of(settings)).script.book.streaks
            found = _balances(reads, Clock().now(), rule, has_pseudonyms)
        async for page in found:
            sys.stdout.write("".join(map(write, page)))
            count, pages = count + len(page), pages + 1
            if pages % TOLD_EVERY == 0:
                click.echo(f"{count} rows so far", err=True)
        sys.stdout.flush()
    finally:
        await reads.close()
    return count


async def _events(
    reads: Reads, asked: EventsFrom, has_pseudonyms: bool
) -> AsyncIterator[list[Row]]:
    after = asked.after
    while page := await reads.all_events(EventsFrom(after, asked.since, asked.until, PAGE)):
        last = page[-1][1]
        after = (last.person_id, last.source, last.id)
        yield [event_row(one, owner if has_pseudonyms else "") for owner, one in page]


async def _balances(
    reads: Reads, now: int, rule: StreakRule, has_pseudonyms: bool
) -> AsyncIterator[list[Row]]:
    after = ""
    while page := await reads.all_people(after, PAGE):
        after = page[-1][1].id
        yield [
            balance_row(one, max(now, one.last_at), rule, owner if has_pseudonyms else "")
            for owner, one in page
        ]


def event_row(event: Event, pseudonym: str = "") -> Row:
    """An event by the names of the calls; under a pseudonym without what the host sent with it."""
    award = event.props.get("award", {})
    others = {name: value for name, value in event.props.items() if name != "award"}
    given = others.get("metadata", others.get("props", others))
    reached = {name: award[name] for name in REACHED if award.get(name)}
    return {
        "user_id": pseudonym or event.person_id,
        "event_id": event.id if not pseudonym else "",
        "source": event.source,
        "action": event.name,
        "category": award.get("category", ""),
        "value": award.get("value", 0),
        "points": award.get("points", 0) / HUNDRED,
        "xp": award.get("xp", 0),
        "occurred_at": rfc3339(event.at),
        "received_at": rfc3339(event.received_at),
        "flags": list(award.get("flags", ())),
        "metadata": reached if pseudonym else {**given, **reached},
    }


def balance_row(person: Person, now: int, rule: StreakRule, pseudonym: str = "") -> Row:
    """What somebody has earned, by the names of the calls."""
    progress = person.progress
    standing = streaks.standing(progress.streaks, now, rule)
    return {
        "user_id": pseudonym or person.id,
        "total_points": points.balance(person.spending, now) / HUNDRED,
        "lifetime_points": progress.points / HUNDRED,
        "xp": progress.xp,
        "level": progress.shown_level,
        "streak_days": standing.days,
        "best_streak": standing.best,
        "events": sum(progress.habits.values()),
        "last_event": rfc3339(progress.last_habit) if progress.last_habit else None,
        "achievements": list(progress.achievements),
        "points_by_category": {
            name: sum_ / HUNDRED for name, sum_ in progress.by_category.items()
        },
    }


def _ndjson(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _csv() -> Callable[[Row], str]:
    """Rows as CSV, the first with the names of the columns before it."""
    is_first = True

    def written(row: Row) -> str:
        nonlocal is_first
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if is_first:
            writer.writerow(row)
            is_first = False
        writer.writerow([_cell(value) for value in row.values()])
        return text.getvalue()

    return written


def _cell(value: object) -> object:
    """Lists and objects as text; what a spreadsheet would compute is text too."""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    elif isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _at(text: str | None, option: str, default: int) -> int:
    if text is None:
        return default
    at = from_rfc3339(text)
    if at is None:
        raise BotError(f"{option} is a time like 2026-03-01 or 2026-03-01T12:00:00Z")
    return at
