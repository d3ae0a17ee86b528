"""Private columns open only with the right key, in the right place."""

import stat
from pathlib import Path

import pytest

from bot.clock import FrozenClock
from bot.errors import StoreError
from bot.store.cipher import FILE, Vault, master_key
from bot.store.store import Database, open_store
from tests.builders import a_decision, a_message, a_person, a_plan, an_event

KEY = "ab" * 32


def test_what_was_sealed_opens_again_and_twice_sealed_differs() -> None:
    key, _ = Vault(b"m" * 32).make("ada")
    one, two = key.seal("turns", "t1", b"hello"), key.seal("turns", "t1", b"hello")
    assert one != two and key.open("turns", "t1", one) == b"hello"


@pytest.mark.parametrize("table,row", [("outbox", "t1"), ("turns", "t2")])
def test_a_column_moved_to_another_place_does_not_open(table: str, row: str) -> None:
    key, _ = Vault(b"m" * 32).make("ada")
    with pytest.raises(StoreError):
        key.open(table, row, key.seal("turns", "t1", b"hello"))


def test_another_persons_key_and_a_flipped_bit_do_not_open() -> None:
    vault = Vault(b"m" * 32)
    (ada, row), (bob, _) = vault.make("ada"), vault.make("bob")
    sealed = ada.seal("turns", "t1", b"hello")
    with pytest.raises(StoreError):
        bob.open("turns", "t1", sealed)
    with pytest.raises(StoreError):
        ada.open("turns", "t1", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(StoreError):
        vault.open("eve", row)


def test_a_wrapped_key_opens_with_the_master_key_alone() -> None:
    key, row = Vault(b"m" * 32).make("ada")
    sealed = key.seal("turns", "t1", b"hello")
    assert Vault(b"m" * 32).open("ada", row).open("turns", "t1", sealed) == b"hello"
    with pytest.raises(StoreError) as refused:
        Vault(b"n" * 32).open("ada", row)
    assert refused.value.code == "wrong_key"


def test_the_folders_own_master_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = master_key("", tmp_path)
    assert master_key("", tmp_path) == first and len(first) == 32
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_master_key_is_given_by_value_by_environment_or_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_MASTER", KEY)
    (tmp_path / "key").write_text(KEY + "\n")
    given = (KEY, "env:BOT_MASTER", f"file:{tmp_path / 'key'}")
    assert {master_key(one, tmp_path) for one in given} == {bytes.fromhex(KEY)}


@pytest.mark.parametrize("given", ["short", "env:NOT_SET_HERE", "file:/nowhere/key", "zz" * 32])
def test_a_master_key_that_is_none_is_refused(given: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        master_key(given, tmp_path)
    assert refused.value.code == "no_key"


async def test_a_store_does_not_open_with_another_master_key(
    tmp_path: Path, clock: FrozenClock
) -> None:
    await (await open_store("sqlite", tmp_path, clock, KEY)).close()
    with pytest.raises(StoreError) as refused:
        await open_store("sqlite", tmp_path, clock, "cd" * 32)
    assert refused.value.code == "wrong_key"
    await (await open_store("sqlite", tmp_path, clock, KEY)).close()


async def test_no_word_that_was_said_is_readable_in_the_files(
    sqlite: Database, tmp_path: Path
) -> None:
    said = "canary-in-the-coal-mine"
    ada = a_person(profile=a_person().profile.__class__(name=said, goal=said))
    first = a_decision(person=ada, text=said, answer=said, events=(an_event(ada),))
    await sqlite.commit(first)
    await sqlite.commit(a_plan(first.person, a_message(ada, body=said, subject=said)))
    await sqlite.maintain()
    whole = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"persons" in whole
    assert said.encode() not in whole and said.encode("utf-16-le") not in whole
