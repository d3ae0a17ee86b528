"""Bot test: whole conversations on a frozen clock, and what they reached."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from bot.app import MODELS
from bot.authored import Node
from bot.catalog import Catalog, load, terms_of, with_model
from bot.clock import Clock
from bot.config import Settings
from bot.errors import RequestError
from bot.logs import open_journal
from bot.people.calendar import SECOND_US, local_date, local_minute_of_day
from bot.training.tutor import Tutor
from bot.workbench.names import names_of
from bot.workbench.reached import Coverage, Reached, coverage, watched
from bot.workbench.stage import Failure, play
from bot.workbench.storybook import Step, Story, read

FOLDER = "tests/stories"


class Stories:
    """The stories of some files, one catalog to play them with, and what they reach of it."""

    def __init__(
        self, settings: Settings, paths: Sequence[Path], catalog: Catalog | None = None
    ) -> None:
        self.settings = settings
        self.catalog = catalog or asyncio.run(_taught(settings))
        self.stories = read(list(paths), settings.root, names_of(self.catalog))
        self.reached: Reached = watched(self.catalog)

    def play(self, story: Story) -> Failure | None:
        """Plays one story; the step it failed at, if it did."""
        return asyncio.run(play(story, self.settings, self.catalog, self.reached))

    def coverage(self) -> tuple[Coverage, ...]:
        return coverage(self.catalog, self.reached)


async def _taught(settings: Settings) -> Catalog:
    """The catalog with its classifier, kept in the data folder or trained now."""
    catalog = load(settings.root, terms_of(settings))
    clock = Clock()
    journal = open_journal(clock.now)
    try:
        tutor = Tutor(settings.data / MODELS, journal.log, clock)
        model = await tutor.taught(catalog.script.understanding.learnt.sentences)
    finally:
        journal.close()
    return with_model(catalog, model)


def files(settings: Settings, given: Iterable[Path]) -> list[Path]:
    """The files that were named, those of named folders, or all of tests/stories."""
    found: list[Path] = []
    for path in list(given) or [settings.root / FOLDER]:
        found += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    if not found:
        raise RequestError("bad_input", f"no stories: there is no .yaml file in {FOLDER}/")
    return [path.resolve() for path in found]


def run(settings: Settings, given: Iterable[Path], form: str, names_missing: bool) -> int:
    """Play the stories and print how they went; 0 when every one went as expected."""
    clock = Clock()
    stories = Stories(settings, files(settings, given))
    began = clock.cpu_s()
    failures: list[tuple[Story, Failure]] = []
    told: list[dict[str, object]] = []
    for story in stories.stories:
        started = clock.cpu_s()
        failure = stories.play(story)
        spent_ms = (clock.cpu_s() - started) * 1000
        if failure is not None:
            failures.append((story, failure))
        told.append(_as_json(story, failure, spent_ms))
        if form == "text":
            click.echo(_line(story, failure, spent_ms))
            for line in explained(story, failure) if failure is not None else ():
                click.echo(line)
    passed = len(stories.stories) - len(failures)
    if form == "json":
        covered = {one.what: _share(one) for one in stories.coverage()}
        whole = {"passed": passed, "failed": len(failures), "stories": told, "coverage": covered}
        click.echo(json.dumps(whole, indent=1, ensure_ascii=False))
    else:
        spent = clock.cpu_s() - began
        click.echo(f"{passed} passed, {len(failures)} failed, {spent:.1f} s.")
        _print_coverage(stories.coverage(), names_missing)
    return 1 if failures else 0


def _line(story: Story, failure: Failure | None, spent_ms: float) -> str:
    dots = "." * max(2, 60 - len(story.name))
    return f"{story.name} {dots} {'FAILED' if failure else 'ok'}  {spent_ms:5.0f} ms"


def explained(story: Story, failure: Failure) -> Iterator[str]:
    """A failure, for people: where, what was said, what was expected and what came."""
    step, came = failure.step, failure.came
    yield f"{_place(step.node)}  {_said(step)}   ({_moment(failure.at, story.zone)}, {story.zone})"
    for miss in failure.misses:
        yield f"  expected  {miss.key}: {miss.wanted}   ({_place(miss.node)})"
        yield f"  came      {miss.came}"
    if came.reply is not None:
        yield f"  answer    {came.reply.persona} [{came.reply.state}] {came.text!r}"
        labels = [choice.label for choice in came.reply.choices]
        yield f"  choices   {', '.join(labels) or 'none'}"
    if came.trace is not None:
        trace = came.trace
        yield f"  dialogue  {trace.intent} {trace.slots or ''} {trace.step}"
        yield f"  rules     {', '.join(trace.fired) or 'none'}"


def _said(step: Step) -> str:
    return f"{step.action}: {step.given}" if step.action else "afterwards"


def _place(node: Node) -> str:
    return f"{node.file}:{node.line}:{node.column}"


def _moment(at: int, zone: str) -> str:
    hour, minute = divmod(local_minute_of_day(at, zone), 60)
    return f"{local_date(at, zone)} {hour:02}:{minute:02}:{at // SECOND_US % 60:02}"


def _share(one: Coverage) -> dict[str, object]:
    reached = one.all - len(one.missing)
    return {"all": one.all, "reached": reached, "missing": list(one.missing)}


def _print_coverage(found: Iterable[Coverage], names_missing: bool) -> None:
    for one in found:
        reached = one.all - len(one.missing)
        click.echo(f"{one.what:12} {reached}/{one.all} ({one.share:.1%})")
        for name in one.missing if names_missing else ():
            click.echo(f"   not reached: {name}")


def _as_json(story: Story, failure: Failure | None, spent_ms: float) -> dict[str, object]:
    found: dict[str, object] = {
        "name": story.name,
        "file": story.file,
        "steps": len(story.steps),
        "passed": failure is None,
        "ms": round(spent_ms, 1),
    }
    if failure is not None:
        misses = [
            {"at": _place(miss.node), "key": miss.key, "wanted": miss.wanted, "came": miss.came}
            for miss in failure.misses
        ]
        found["failure"] = {"at": _place(failure.step.node), "said": _said(failure.step),
                            "misses": misses, "text": failure.came.text}  # fmt: skip
    return found
