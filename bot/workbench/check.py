"""Bot check: every mistake of the authored files, and what they cost."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from bot.authored import Mistake
from bot.catalog import Catalog, load, terms_of
from bot.clock import Clock
from bot.config import Settings
from bot.errors import AuthorError
from bot.rules.facts import Vocabulary


def run(settings: Settings, form: str, facts: bool, is_strict: bool) -> int:
    """Print the report; 0 when clean or warnings only, 1 with errors (or any finding, strict)."""
    clock = Clock()
    began = clock.cpu_s()
    catalog, mistakes = _load(settings)
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


def _print(
    root: Path, catalog: Catalog | None, mistakes: Sequence[Mistake], spent_s: float
) -> None:
    for mistake in mistakes:
        click.echo(str(mistake))
        if (source := _line_of(root, mistake)) is not None:
            click.echo(f"  {mistake.line:5} | {source}")
            click.echo(f"        | {' ' * (mistake.column - 1)}^")
    errors = sum(mistake.level == "error" for mistake in mistakes)
    found = f"{len(mistakes)} findings ({errors} errors)" if mistakes else "clean"
    if catalog is None:
        click.echo(f"{found}; the catalog does not load. {spent_s:.2f} s.")
        return
    rules = catalog.script.rules
    click.echo(
        f"{found}: {catalog.files} files, {len(rules.rules)} rules, "
        f"rules cost: {rules.cost} atoms, catalog {catalog.version}. {spent_s:.2f} s."
    )


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
