"""The notebook is one readable file that is always whole."""

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from bot.clock import FrozenClock
from bot.store.notebook import Notebook
from bot.store.tables import Tables
from tests.builders import a_decision
from tests.contract.test_store import committed
from tests.sizes import size


async def test_a_conversation_goes_on_where_it_stopped(tmp_path: Path, clock: FrozenClock) -> None:
    path = tmp_path / "notebook.json"
    first = await committed(Notebook(path, clock), a_decision(text="remember me"))
    again = Notebook(path, clock)
    assert await again.person("ada") == first
    assert "remember me" in path.read_text()
    assert set(json.loads(path.read_text())) == {"persons", "turns"}


async def test_a_write_that_fails_leaves_file_and_memory_as_they_were(
    tmp_path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notebook.json"
    notebook = Notebook(path, clock)
    ada = await committed(notebook, a_decision())
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            await notebook.commit(a_decision(ada))
    assert path.read_bytes() == before
    assert await notebook.person("ada") == ada
    await committed(notebook, a_decision(ada))


def test_a_table_that_cannot_be_put_anew_stays_as_it_was(tmp_path: Path) -> None:
    tables = Tables(tmp_path / "notebook.json")
    tables.put("teams", [{"code": "A1"}])
    with pytest.raises(TypeError):
        tables.put("teams", [{"code": "A1"}, {"code": object()}])
    assert tables.rows("teams") == [{"code": "A1"}]


def test_what_is_put_within_several_writes_reaches_the_file_with_them(tmp_path: Path) -> None:
    path = tmp_path / "notebook.json"
    tables = Tables(path)
    with tables.together():
        tables.put("teams", [{"code": "A1"}])
        assert not path.exists()
        tables.put("risks", [{"score": 1}])
    assert set(json.loads(path.read_text())) == {"teams", "risks"}


def test_a_killed_notebook_is_whole_and_keeps_what_it_promised(tmp_path: Path) -> None:
    import asyncio

    path, promised = tmp_path / "notebook.json", tmp_path / "promised"
    promised.touch()
    dice = random.Random(8350)
    for _ in range(size(5, 100)):
        offset = promised.stat().st_size
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(_talk(path, promised))
            finally:
                os._exit(1)
        while promised.stat().st_size == offset:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        version = asyncio.run(_version(path))
        last = int(promised.read_text().split()[-1])
        assert last <= version <= last + 1


async def _talk(path: Path, promised: Path) -> None:
    notebook = Notebook(path, FrozenClock())
    handle = os.open(promised, os.O_WRONLY | os.O_APPEND)
    while True:
        person = await notebook.person("ada")
        decision = a_decision(person)
        assert (await notebook.commit(decision)).status == "committed"
        os.write(handle, f"{decision.person.version}\n".encode())


async def _version(path: Path) -> int:
    notebook = Notebook(path, FrozenClock())
    person = await notebook.person("ada")
    assert person is not None
    assert len(await notebook.reads.turns("ada", limit=10_000)) == person.version
    return person.version
