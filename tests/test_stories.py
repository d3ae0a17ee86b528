"""Every whole conversation of tests/stories, and what they reach together."""

from functools import cache
from pathlib import Path

import pytest

from bot import config
from bot.catalog import load, terms_of, with_model
from bot.workbench.stage import Failure
from bot.workbench.stories import FOLDER, Stories, explained
from bot.workbench.storybook import Story
from tests.models import SHELF, model_of

ROOT = Path(__file__).resolve().parents[1]
PATHS = sorted((ROOT / FOLDER).glob("*.yaml"))
LEAST = 0.95  # of the transitions of content/dialogue.yaml
MANY = 40  # whole conversations


@cache
def stories() -> Stories:
    """All of them, with one catalog that nobody else reaches anything of."""
    settings = config.override(config.load(ROOT / "bot.toml", {}), data=str(SHELF.parent))
    catalog = load(ROOT, terms_of(settings))
    model = model_of(catalog.script.understanding.learnt.sentences)
    return Stories(settings, PATHS, with_model(catalog, model))


@cache
def played(path: Path) -> tuple[Story, Failure | None]:
    """A story is played once, whichever test asks for it first."""
    story = next(one for one in stories().stories if ROOT / one.file == path)
    return story, stories().play(story)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_story_goes_as_it_is_told(path: Path) -> None:
    story, failure = played(path)
    assert failure is None, "\n" + "\n".join(explained(story, failure) if failure else ())


def test_the_stories_reach_what_is_shipped() -> None:
    for path in PATHS:
        played(path)
    transitions, rules, replies = stories().coverage()
    for one in (transitions, rules, replies):
        print(f"{one.what}: {one.all - len(one.missing)} of {one.all}; not: {one.missing}")
    assert transitions.share >= LEAST, transitions.missing
    assert rules.missing == ()


def test_there_are_many_stories_and_each_has_a_name_of_its_own() -> None:
    names = [story.name for story in stories().stories]
    assert len(set(names)) == len(names) >= MANY
