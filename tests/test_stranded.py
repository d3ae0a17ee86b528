"""A state is renamed while somebody stands in it: told by bot check, the log and /health."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from msgspec.structs import replace

from bot.app import Service, build
from bot.clock import FrozenClock
from bot.config import Settings
from bot.errors import StoreError
from bot.model.message import Inbound, Reply
from bot.web.server import make_app
from bot.workbench import check
from tests.projects import copied


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with authored files of the test's own."""
    return replace(settings, root=copied(tmp_path))


@pytest.fixture
async def house(own: Settings, clock: FrozenClock) -> AsyncIterator[Service]:
    built = await build(own, clock)
    yield built
    await built.stop()


async def said(house: Service, person: str, text: str) -> Reply:
    now = house.clock.now()
    inbound = Inbound(house.clock.token(), person, "message", now, text=text)
    return (await house.turn.take(inbound)).reply


def rename(root: Path) -> None:
    """asking_pause becomes asking_a_pause, wherever it is named."""
    for path in root.rglob("content/**/*.yaml"):
        path.write_text(path.read_text().replace("asking_pause", "asking_a_pause"))


async def reload(house: Service) -> None:
    await house.catalogs.reload_if_quiet()
    assert await house.catalogs.reload_if_quiet()


async def test_nobody_is_stranded_where_nothing_was_renamed(house: Service) -> None:
    await said(house, "ada", "pause")
    assert await house.stranded.look()
    assert house.stranded.found == {}


async def test_a_reload_that_renames_a_state_counts_who_stood_there(
    house: Service, own: Settings
) -> None:
    for person in ("ada", "bob"):
        assert (await said(house, person, "pause")).state == "asking_pause"
    await said(house, "cid", "hello")
    rename(own.root)
    await reload(house)
    assert await house.stranded.look()
    assert house.stranded.found == {"asking_pause": 2}
    house.journal.flush()
    lines = [json.loads(line) for line in Path(own.logs.file).read_text().splitlines()]
    told = [line for line in lines if line["event"] == "conversations_stranded"]
    assert [(line["state"], line["people"]) for line in told] == [("asking_pause", 2)]
    async with TestClient(TestServer(make_app(house))) as client:
        health = await (await client.get("/health")).json()
    assert health["catalog"]["stranded"] == {"asking_pause": 2}


async def test_a_stranded_conversation_goes_on_in_the_resume_state(
    house: Service, own: Settings
) -> None:
    await said(house, "ada", "pause")
    rename(own.root)
    await reload(house)
    assert (await said(house, "ada", "thanks")).state == "idle"
    await house.stranded.look()
    assert house.stranded.found == {}


async def test_who_was_not_here_for_two_months_is_not_looked_at(
    house: Service, own: Settings, clock: FrozenClock
) -> None:
    await said(house, "ada", "pause")
    rename(own.root)
    await reload(house)
    clock.move(61 * 86_400)
    await house.stranded.look()
    assert house.stranded.found == {}


async def test_a_database_that_does_not_answer_is_asked_again(
    house: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(since: int) -> dict[str, int]:
        raise StoreError("the disk is gone")

    monkeypatch.setattr(house.reads, "standing", failing)
    assert not await house.stranded.look()


def checked(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = check.run(settings, "text", False, False)
    return code, capsys.readouterr().out


async def test_check_names_the_state_and_how_many_stand_there(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    house = await build(own)
    await said(house, "ada", "pause")
    await house.stop()
    assert (await asyncio.to_thread(checked, own, capsys))[0] == 0
    rename(own.root)
    code, printed = await asyncio.to_thread(checked, own, capsys)
    assert code == 1
    assert (
        "content/dialogue.yaml:1:1  error F018  1 conversation stands in 'asking_pause'" in printed
    )
    assert "they go on in 'idle'; did you mean 'asking_a_pause'?" in printed


async def test_check_looks_beside_a_running_server_and_changes_nothing(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    house = await build(own)
    try:
        await said(house, "ada", "pause")
        rename(own.root)
        code, printed = await asyncio.to_thread(checked, own, capsys)
        assert code == 1 and "F018" in printed
        assert (await said(house, "ada", "no")).state == "idle"
    finally:
        await house.stop()


def test_check_without_data_looks_at_the_files_alone(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed = checked(own, capsys)
    assert code == 0 and printed.startswith("clean:")
    assert not own.data.exists()


async def test_check_says_so_when_the_database_cannot_be_read(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    own.data.mkdir(parents=True)
    (own.data / "bot.db").write_text("not a database")
    code, printed = await asyncio.to_thread(checked, own, capsys)
    assert code == 0 and "warning F017  where conversations stand could not be seen" in printed
