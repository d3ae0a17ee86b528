"""Bot check: every mistake of the authored files, and what they cost."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import click

from bot.authored import Mistake, did_you_mean
from bot.catalog import Catalog, load, terms_of
from bot.clock import Clock
from bot.config import Settings
from bot.errors import AuthorError, BotError
from bot.rules.facts import Vocabulary
from bot.talk.story import Story

DIALOGUE = "content/dialogue.yaml"


def run(settings: Settings, form: str, facts: bool, is_strict: bool) -> int:
    """Print the report; 0 when clean or warnings only, 1 with errors (or any finding, strict)."""
    clock = Clock()
    began = clock.cpu_s()
    catalog, mistakes = _load(settings)
    if catalog is not None:
        mistakes = [*mistakes, *_stranded(settings, catalog, clock.now())]
    spent = clock.cpu_s() - began
    shown = [mistake for mistake in mistakes if mistake.level != "info"]
    errors = sum(mistake.level == "error" for mistake in mistakes)
    if form == "json":
        click.echo(json.dumps(_as_json(catalog, mistakes, facts), indent=1))
    else:
        _print(settings.root, catalog, shown, spent)
        if facts and catalog is not None:
            _print_facts(catalog.vocabulary)
    return 1 if errors or (is_strict and shown) else 0


def _load(settings: Settings) -> tuple[Catalog | None, Sequence[Mistake]]:
    try:
        catalog = load(settings.root, terms_of(settings))
    except AuthorError as error:
        return None, [mistake for mistake in error.mistakes if isinstance(mistake, Mistake)]
    return catalog, catalog.mistakes


def _stranded(settings: Settings, catalog: Catalog, now: int) -> list[Mistake]:
    """States that are gone while conversations stand in them; looked for where there is data."""
    if settings.store.url.value == "sqlite" and not (settings.data / "bot.db").exists():
        return []
    from bot.app import open_reads  # only where there is something to open: it takes its time
    from bot.stranded import stranded

    story = catalog.script.dialogue.story

    async def looked() -> dict[str, int]:
        reads = await open_reads(settings)
        try:
            return await stranded(reads, story.states, now)
        finally:
            await reads.close()

    try:
        found = asyncio.run(looked())
    except BotError as error:
        problem = f"where conversations stand could not be seen: {error.message}"
        return [Mistake(DIALOGUE, 1, 1, "warning", "F017", problem)]
    return [_gone(name, count, story) for name, count in found.items()]


def _gone(name: str, count: int, story: Story) -> Mistake:
    stand = "1 conversation stands" if count == 1 else f"{count} conversations stand"
    problem = f"{stand} in '{name}', which is no state (any more): they go on in '{story.resume}'"
    return Mistake(DIALOGUE, 1, 1, "error", "F018", problem, did_you_mean(name, story.states))


def _print(
    root: Path, catalog: Catalog | None, mistakes: Sequence[Mistake], spent_s: float
) -> None:
    for mistake in mistakes:
        click.echo(str(mistake))
        if (source := _line_of(root, mistake)) is not None:
            click.echo(f"  {mistake.line:5} | {source}")
            click.echo(f"        | {' ' * (mistake.column - 1)}^")
    errors = sum(mistake.level == "error" for mistake in mistakes)
    found = (
        f"{_many(len(mistakes), 'finding')} ({_many(errors, 'error')})" if mistakes else "clean"
    )
    if catalog is None:
        click.echo(f"{found}; the catalog does not load. {spent_s:.2f} s.")
        return
    rules = catalog.script.rules
    click.echo(
        f"{found}: {catalog.files} files, {len(rules.rules)} rules, "
        f"rules cost: {rules.cost} atoms, catalog {catalog.version}. {spent_s:.2f} s."
    )


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _line_of(root: Path, mistake: Mistake) -> str | None:
    try:
        lines = (root / mistake.file).read_text("utf-8", "replace").splitlines()
        return lines[mistake.line - 1]
    except (OSError, IndexError):
        return None


def _as_json(
    catalog: Catalog | None, mistakes: Sequence[Mistake], facts: bool
) -> dict[str, object]:
    names = ("file", "line", "column", "level", "code", "problem", "hint")
    found: dict[str, object] = {
        "catalog": catalog.version if catalog else None,
        "findings": [{name: getattr(m, name) for name in names} for m in mistakes],
    }
    if facts and catalog is not None:
        found["facts"] = catalog.vocabulary.described()
    return found


def _print_facts(vocabulary: Vocabulary) -> None:
    for fact in vocabulary.described():
        click.echo(f"{fact['name']:30} {fact['type']:34} default {fact['default']}")
