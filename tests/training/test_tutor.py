"""Models are made once by a child process, kept by what they were taught, and swapped whole."""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.clock import Clock
from bot.keeper import CatalogKeeper
from bot.logs import Journal, open_journal
from bot.talk.script import Terms
from bot.training import shelf
from bot.training.learn import Sentence, train
from bot.training.tutor import Tutor
from tests.models import ROOT, lend, shipped_catalog

SENTENCES = tuple(
    (intent, text)
    for intent, texts in {
        "greet": ("hello", "hi there", "good morning", "hey you"),
        "leave": ("bye", "see you", "good night", "until tomorrow"),
        "thank": ("thanks", "thank you", "many thanks", "i thank you"),
    }.items()
    for text in texts
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = open_journal(Clock().now, tmp_path / "log.jsonl")
    yield made
    made.close()


def a_tutor(folder: Path, journal: Journal) -> Tutor:
    return Tutor(folder / "models", journal.log, Clock())


def events(folder: Path, journal: Journal) -> list[dict[str, object]]:
    journal.flush()
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


async def test_a_model_is_made_once_and_found_again(tmp_path: Path, journal: Journal) -> None:
    made = await a_tutor(tmp_path, journal).taught(SENTENCES)
    again = a_tutor(tmp_path, journal)
    found = await again.taught(SENTENCES)
    assert made is not None
    assert found is not None
    assert found.head == made.head
    assert again.training.state == "ready"
    assert again.training.sentences == len(SENTENCES)
    trained = [e for e in events(tmp_path, journal) if e["event"] == "classifier_trained"]
    assert len(trained) == 1
    assert float(str(trained[0]["seconds"])) > 0


async def test_other_sentences_are_another_model_and_old_ones_go(
    tmp_path: Path, journal: Journal
) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    for number in range(5):
        (folder / f"old{number}{shelf.SUFFIX}").write_bytes(b"x")
    tutor = a_tutor(tmp_path, journal)
    assert await tutor.taught(SENTENCES) is not None
    kept = sorted(folder.glob(f"*{shelf.SUFFIX}"))
    assert len(kept) == shelf.KEPT
    assert shelf.path_of(folder, shelf.name_of(SENTENCES)) in kept
    assert shelf.name_of(SENTENCES) != shelf.name_of(SENTENCES[1:])


async def test_a_damaged_model_is_made_anew(tmp_path: Path, journal: Journal) -> None:
    path = shelf.path_of(tmp_path / "models", shelf.name_of(SENTENCES))
    shelf.written(path, b"half a mod")
    assert await a_tutor(tmp_path, journal).taught(SENTENCES) is not None
    assert shelf.taken(tmp_path / "models", path.stem) is not None


async def test_a_failed_training_is_told_and_answers_nothing(
    tmp_path: Path, journal: Journal
) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    tutor = a_tutor(tmp_path, journal)
    assert await tutor.taught(SENTENCES) is None
    assert tutor.training.state == "failed"
    assert tutor.training.problem
    assert "classifier_failed" in [event["event"] for event in events(tmp_path, journal)]


async def test_too_few_intents_need_no_classifier(tmp_path: Path, journal: Journal) -> None:
    tutor = a_tutor(tmp_path, journal)
    assert await tutor.taught(SENTENCES[:4]) is None
    assert tutor.training.state == "none"


async def test_a_cancelled_training_leaves_no_child(tmp_path: Path, journal: Journal) -> None:
    tutor = a_tutor(tmp_path, journal)
    us = psutil.Process()
    task = asyncio.create_task(tutor.taught(SENTENCES))
    while not us.children():
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert us.children() == []
    assert not list((tmp_path / "models").glob("*"))


def add_example(project: Path, text: str) -> None:
    path = project / "content" / "en" / "examples.yaml"
    path.write_text(path.read_text().replace("  greet:\n", f"  greet:\n    - {text}\n", 1))


async def reloaded(keeper: CatalogKeeper) -> None:
    assert not await keeper.reload_if_quiet()
    assert await keeper.reload_if_quiet()


async def test_the_old_model_answers_until_the_new_one_is_ready(
    project: Path, journal: Journal
) -> None:
    lend(project)
    keeper = CatalogKeeper(
        project, Terms(), journal.log, tutor=Tutor(project / "models", journal.log, Clock())
    )
    await keeper.teach()
    old = keeper.current.script.understanding.learnt.model
    add_example(project, "wonderful to be among you")
    await reloaded(keeper)
    assert old is not None
    assert keeper.current.script.understanding.learnt.model is old
    assert keeper.learning is not None
    await keeper.learning
    new = keeper.current.script.understanding.learnt.model
    assert new is not None
    assert new.head.sentences == old.head.sentences + 1
    await keeper.stop()


async def test_a_training_that_fails_keeps_the_old_model(project: Path, journal: Journal) -> None:
    lend(project)
    tutor = Tutor(project / "models", journal.log, Clock())
    keeper = CatalogKeeper(project, Terms(), journal.log, tutor=tutor)
    await keeper.teach()
    old = keeper.current.script.understanding.learnt.model
    shutil.rmtree(project / "models")
    (project / "models").write_text("a file where the folder should be")
    add_example(project, "delightful to be among you")
    await reloaded(keeper)
    assert keeper.learning is not None
    await keeper.learning
    assert keeper.current.script.understanding.learnt.model is old
    assert (tutor.training.state, bool(tutor.training.problem)) == ("failed", True)
    await keeper.stop()


def test_the_shipped_sentences_are_enough_to_learn_from() -> None:
    said = shipped_catalog().script.understanding.learnt.sentences
    _, figures = train([Sentence(words.split(), intent) for intent, words in said])
    assert figures.accuracy > 0.75  # of sentences held back, with a third of the intents unknown
    assert figures.accepted > 0.68


def test_the_serving_process_never_imports_what_trains(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from bot import config\n"
        "from bot.app import build\n"
        "from bot.model.message import Inbound\n"
        "async def main():\n"
        f"    settings = config.override(config.load(Path({str(ROOT / 'bot.toml')!r}), {{}}),"
        f" data={str(tmp_path / 'data')!r})\n"
        "    service = await build(settings)\n"
        "    await service.start()\n"
        "    assert service.catalogs.current.script.understanding.learnt.model is not None\n"
        "    said = Inbound('m', 'p', 'message', 0, text='would you teach me a thing or two')\n"
        "    assert (await service.turn.take(said)).reply.text\n"
        "    await service.stop()\n"
        "    print(sorted({'sklearn', 'numpy', 'scipy', 'joblib'} & sys.modules.keys()))\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"
