"""Models that tests share: made once for the same sentences, kept between runs."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from bot.catalog import Catalog, load, with_model
from bot.clock import Clock
from bot.logs import open_journal
from bot.talk.classify import Classifier
from bot.talk.script import Terms
from bot.talk.tongues import Understanding
from bot.training.tutor import Tutor

ROOT = Path(__file__).resolve().parents[1]
SHELF = ROOT / ".pytest_cache" / "models"


def taught(understanding: Understanding) -> Understanding:
    """The same with the classifier of its sentences."""
    model = model_of(understanding.learnt.sentences)
    assert model is not None
    return replace(understanding, learnt=replace(understanding.learnt, model=model))


@cache
def model_of(sentences: tuple[tuple[str, str], ...]) -> Classifier | None:
    SHELF.mkdir(parents=True, exist_ok=True)
    journal = open_journal(Clock().now, SHELF / "log.jsonl")
    try:
        tutor = Tutor(SHELF, journal.log, Clock())
        with ThreadPoolExecutor(1) as thread:  # the caller may be inside a running loop
            return thread.submit(asyncio.run, tutor.taught(sentences)).result()
    finally:
        journal.close()


@cache
def shipped_catalog() -> Catalog:
    """The shipped files with their classifier."""
    catalog = load(ROOT, Terms(new_age="adult"))
    model = model_of(catalog.script.understanding.learnt.sentences)
    return with_model(catalog, model)


def lend(data: Path) -> None:
    """Put the shipped model into a data folder, so that a server there starts at once."""
    shipped_catalog()
    shutil.copytree(SHELF, data / "models", dirs_exist_ok=True)
