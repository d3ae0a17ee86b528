"""The command line (click, lazy subcommands)."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bot import __version__
from bot.errors import AuthorError, BotError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 99}
# as in [jobs] of bot.toml; told here so that `bot --help` loads nothing
JOBS = ("market", "deliver", "nudges", "sessions", "engagement", "health", "streaks", "uptime",
        "boards", "risk", "retention")  # fmt: skip
FINDINGS, USAGE, INTERNAL = 1, 2, 3  # exit codes; 0 is clean


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="bot")
def cli() -> None:
    """The engagement bot: serve it, check its files, try it, ask it why."""


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--config and --data, the same for every command."""
    command = click.option(
        "--data", type=click.Path(file_okay=False), help="Folder of everything made at run time."
    )(command)
    return click.option(
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A bot.toml; default: the nearest one, from here upward.",
    )(command)


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--store and --schema: another database than bot.toml's."""
    command = click.option("--schema", help="PostgreSQL schema.")(command)
    return click.option("--store", "store_url", help="sqlite, or postgresql://...")(command)


def _settings(config: Path | None, data: str | None, **given: Any) -> Any:
    from bot import config as settings

    path = config or settings.find(Path.cwd())
    return settings.override(settings.load(path), data=data, **given)


@cli.command()
@config_option
@store_option
@click.option("--host", help="Address to listen on.")
@click.option("--port", help="Port, or auto: the first free one of [server] port_range.")
def serve(
    config: Path | None,
    data: str | None,
    store_url: str | None,
    schema: str | None,
    host: str | None,
    port: str | None,
) -> None:
    """Serve the bot until Ctrl-C; messages in flight are answered before it stops."""
    from bot.web.server import run

    if port is not None and port != "auto" and not port.isdigit():
        raise click.BadParameter("a number, or auto", param_hint="--port")
    chosen = int(port) if port is not None and port.isdigit() else port
    run(_settings(config, data, host=host, port=chosen, store_url=store_url, schema=schema))


@cli.command()
@config_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--facts", is_flag=True, help="List every fact that conditions may read.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def check(config: Path | None, data: str | None, form: str, facts: bool, strict: bool) -> None:
    """Check every authored file: all mistakes at once, by file, line and column."""
    from bot.workbench import check as workbench

    sys.exit(workbench.run(_settings(config, data), form, facts, strict))


@cli.command("try")
@config_option
@click.option("--notebook", type=click.Path(dir_okay=False, path_type=Path), help="Keep it here.")
@click.option("--user", default="you", show_default=True, help="Who is talking.")
@click.option("--at", help="The time it starts at, RFC 3339; default: now.")
def try_(
    config: Path | None, data: str | None, notebook: Path | None, user: str, at: str | None
) -> None:
    """Talk with the bot in the terminal, on a clock you move; nothing is served or sent."""
    from bot.workbench import tryout

    sys.exit(tryout.run(_settings(config, data), notebook, user, at))


@cli.command("test")
@config_option
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--coverage", is_flag=True, help="Name what no story reached.")
def test_(
    config: Path | None, data: str | None, files: tuple[Path, ...], form: str, coverage: bool
) -> None:
    """Play whole conversations: FILES, or all of tests/stories."""
    from bot.workbench import stories

    sys.exit(stories.run(_settings(config, data), files, form, coverage))


@cli.command()
@config_option
@store_option
@click.argument("turn")
def explain(
    config: Path | None, data: str | None, store_url: str | None, schema: str | None, turn: str
) -> None:
    """Say why TURN (the turn_id of a reply) was answered as it was."""
    from bot.workbench import explain as workbench

    settings = _settings(config, data, store_url=store_url, schema=schema)
    sys.exit(workbench.run(settings, turn))


@cli.command()
@config_option
@store_option
@click.argument("name", metavar="NAME", type=click.Choice(JOBS))
@click.option("--at", help="As if it were this time, RFC 3339.")
def tick(
    config: Path | None,
    data: str | None,
    store_url: str | None,
    schema: str | None,
    name: str,
    at: str | None,
) -> None:
    """Run the job NAME once, in the running server if there is one.

    Jobs: market, deliver, nudges, sessions, engagement, health, streaks, uptime, boards, risk,
    retention.
    """
    _work(_settings(config, data, store_url=store_url, schema=schema), "tick", name=name, at=at)


@cli.group()
def key() -> None:
    """API keys."""


@key.command("add")
@config_option
@click.argument("name")
@click.option("--scope", type=click.Choice(["operator", "server"]), required=True)
def key_add(config: Path | None, data: str | None, name: str, scope: str) -> None:
    """Make a key called NAME; it is shown once and only its hash is kept."""
    _work(_settings(config, data), "key_add", name=name, scope=scope)


@key.command("list")
@config_option
def key_list(config: Path | None, data: str | None) -> None:
    """Every key by name, scope and day; never the key itself."""
    _work(_settings(config, data), "key_list")


@key.command("remove")
@config_option
@click.argument("name")
def key_remove(config: Path | None, data: str | None, name: str) -> None:
    """Make the key called NAME open nothing any more, at once."""
    _work(_settings(config, data), "key_remove", name=name)


@cli.group()
def clock() -> None:
    """The clock that limits rely on."""


@clock.command("confirm")
@config_option
def clock_confirm(config: Path | None, data: str | None) -> None:
    """Say that the clock of the running server is right, after it jumped."""
    _work(_settings(config, data), "clock_confirm")


@cli.group("import")
def import_() -> None:
    """Bring in what happened elsewhere."""


@import_.command("events")
@config_option
@store_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--points", is_flag=True, help="Habit points of it can be spent.")
@click.option("--after", default=0, help="Go on after this line of the file.")
def import_events(
    config: Path | None,
    data: str | None,
    store_url: str | None,
    schema: str | None,
    file: Path,
    points: bool,
    after: int,
) -> None:
    """Bring in the history of FILE (NDJSON, or CSV by its ending); the same file again is safe."""
    from bot.web import imports

    settings = _settings(config, data, store_url=store_url, schema=schema)
    sys.exit(imports.run(settings, file, points, after))


@cli.command()
@config_option
@store_option
@click.argument("person", required=False)
@click.option("--events", "what", flag_value="events", help="Events of everybody.")
@click.option("--balances", "what", flag_value="balances", help="What everybody has earned.")
@click.option("--format", "form", type=click.Choice(["ndjson", "csv"]), default="ndjson")
@click.option("--since", help="Events from this time on, RFC 3339.")
@click.option("--until", help="Events before this time.")
@click.option("--pseudonyms", is_flag=True, help="Nobody's own id, nothing a host sent along.")
def export(
    config: Path | None,
    data: str | None,
    store_url: str | None,
    schema: str | None,
    person: str | None,
    what: Any,
    form: Any,
    since: str | None,
    until: str | None,
    pseudonyms: bool,
) -> None:
    """Print everything kept about PERSON, as JSON; or the events or balances of everybody."""
    settings = _settings(config, data, store_url=store_url, schema=schema)
    if (person is None) == (what is None):
        raise click.UsageError("name a PERSON, or --events, or --balances")
    if person is not None:
        _work(settings, "export", person=person)
    from bot.workbench import exports

    sys.exit(exports.run(settings, what, form, since, until, pseudonyms))


@cli.command()
@config_option
@store_option
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(
    config: Path | None,
    data: str | None,
    store_url: str | None,
    schema: str | None,
    person: str,
    yes: bool,
) -> None:
    """Erase PERSON for good and print a receipt."""
    if not yes and not click.confirm(f"Erase everything about {person}? This cannot be undone"):
        click.echo("bot: nothing was erased", err=True)
        sys.exit(FINDINGS)
    settings = _settings(config, data, store_url=store_url, schema=schema)
    _work(settings, "erase", person=person)


@cli.command()
@config_option
@store_option
@click.argument("what", type=click.Choice(["money", "progress"]), default="money")
def audit(
    config: Path | None, data: str | None, store_url: str | None, schema: str | None, what: str
) -> None:
    """Check every promise about money against the ledger (sums, balances, ownership), or that
    what everybody has earned is what their events add up to.
    """
    _work(_settings(config, data, store_url=store_url, schema=schema), "audit", what=what)


def _work(settings: Any, do: str, **given: Any) -> None:
    from bot.workbench.control import work

    sys.exit(work(settings, {"do": do, **given}))


def main() -> None:
    """The console script; errors are told in a sentence, never as a traceback."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except AuthorError as error:
        click.echo(str(error), err=True)
        sys.exit(FINDINGS)
    except BotError as error:
        click.echo(f"bot: {error.message}", err=True)
        sys.exit(FINDINGS)
    except Exception as error:
        click.echo(f"bot: a fault of ours: {error!r}", err=True)
        sys.exit(INTERNAL)


if __name__ == "__main__":
    main()
