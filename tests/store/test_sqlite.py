"""The database file: one writer, append-only entries, everything back after a restart."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.clock import FrozenClock
from bot.content.markdown import read_markdown
from bot.errors import StoreError
from bot.store import erasure
from bot.store.kept import answer_of
from bot.store.reads import open_reads_only
from bot.store.sqlite import FILE
from bot.store.store import Database, open_store
from tests.builders import a_decision, a_person, a_topup, an_unlock
from tests.contract.test_store import committed


async def test_what_was_committed_is_there_after_a_restart(
    tmp_path: Path, clock: FrozenClock
) -> None:
    store = await open_store("sqlite", tmp_path, clock)
    decision = a_decision(text="remember")
    await store.commit(decision)
    await store.close()
    store = await open_store("sqlite", tmp_path, clock)
    assert await store.person("ada") == decision.person
    assert await store.replied("ada", decision.turn_id) == decision.reply
    assert (await store.commit(a_decision(decision.person, id="m1"))).status == "duplicate"
    await store.close()


async def test_one_process_writes_a_folder(
    sqlite: Database, tmp_path: Path, clock: FrozenClock
) -> None:
    with pytest.raises(StoreError) as refused:
        await open_store("sqlite", tmp_path, clock)
    assert refused.value.code == "locked"


async def test_commits_are_on_the_disk_before_they_are_answered(tmp_path: Path) -> None:
    from bot.store.sqlite import Sqlite

    with Sqlite(tmp_path / FILE).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


async def test_reading_commands_read_beside_a_running_server_and_change_nothing(
    sqlite: Database, tmp_path: Path
) -> None:
    decision = a_decision()
    await sqlite.commit(decision)
    reads = await open_reads_only("sqlite", tmp_path)
    found = await reads.turn(decision.turn_id)
    assert found is not None and found.reply == decision.reply
    assert (await reads.counts())["people"] == 1
    await reads.close()


async def test_reading_commands_read_where_no_server_runs(
    tmp_path: Path, clock: FrozenClock
) -> None:
    store = await open_store("sqlite", tmp_path, clock)
    decision = a_decision()
    await store.commit(decision)
    await store.close()
    reads = await open_reads_only("sqlite", tmp_path)
    assert await reads.turn(decision.turn_id) is not None
    await reads.close()
    store = await open_store("sqlite", tmp_path, clock)
    assert await store.person("ada") == decision.person
    await store.close()


async def test_reading_where_nothing_was_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        await open_reads_only("sqlite", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sql", ["UPDATE entries SET amount = 1", "DELETE FROM entries"])
async def test_an_entry_is_never_changed_or_removed(
    sqlite: Database, tmp_path: Path, sql: str
) -> None:
    ada = await committed(sqlite, a_decision())
    await committed(sqlite, a_topup(ada))
    refusal = pytest.raises(sqlite3.IntegrityError, match="never changed")
    with sqlite3.connect(tmp_path / FILE) as connection, refusal:
        connection.execute(sql)


async def test_ledger_amounts_outlive_a_person_under_a_pseudonym(
    sqlite: Database, tmp_path: Path
) -> None:
    ada = await committed(sqlite, a_decision(person=a_person("ada-lovelace")))
    ada = await committed(sqlite, a_topup(ada))
    await committed(sqlite, an_unlock(ada))
    await sqlite.erase("ada-lovelace")
    with sqlite3.connect(tmp_path / FILE) as connection:
        amounts = connection.execute("SELECT owner, amount FROM entries").fetchall()
        assert len(amounts) == 4 and sum(amount for _, amount in amounts) == 0
        assert "lovelace" not in str(amounts)
        assert connection.execute("SELECT count(*) FROM keys").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM tombstones").fetchone() == (1,)
    assert await sqlite.reads.audit() == []


async def test_a_restored_backup_forgets_again_whom_it_must(
    tmp_path: Path, clock: FrozenClock
) -> None:
    store = await open_store("sqlite", tmp_path, clock)
    for name in ("ada", "bob"):
        await committed(store, a_decision(person=a_person(name)))
    await store.close()
    backup = (tmp_path / FILE).read_bytes()
    clock.move(60)
    store = await open_store("sqlite", tmp_path, clock)
    await store.erase("ada")
    await store.close()
    for path in tmp_path.glob(f"{FILE}*"):
        path.unlink()
    (tmp_path / FILE).write_bytes(backup)
    store = await open_store("sqlite", tmp_path, clock)
    assert await store.person("ada") is None
    assert await store.person("bob") is not None
    later = a_person(created_at=clock.now() + 1)
    again = await committed(store, a_decision(person=later))
    await store.close()
    store = await open_store("sqlite", tmp_path, clock)
    assert await store.person("ada") == again
    await store.close()


async def test_an_erasure_written_only_in_the_database_reaches_the_file(
    tmp_path: Path, clock: FrozenClock
) -> None:
    store = await open_store("sqlite", tmp_path, clock)
    await committed(store, a_decision())
    await store.erase("ada")
    await store.close()
    written = (tmp_path / erasure.FILE).read_text()
    (tmp_path / erasure.FILE).unlink()
    await (await open_store("sqlite", tmp_path, clock)).close()
    assert (tmp_path / erasure.FILE).read_text() == written != ""


async def test_a_database_that_takes_nothing_is_unavailable_and_recovers(
    sqlite: Database, tmp_path: Path
) -> None:
    ada = await committed(sqlite, a_decision())
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("ALTER TABLE turns RENAME TO hidden")
    with pytest.raises(StoreError) as refused:
        await sqlite.commit(a_decision(ada))
    assert refused.value.code == "unavailable" and refused.value.status == 503
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("ALTER TABLE hidden RENAME TO turns")
    assert await sqlite.person("ada") == ada
    await committed(sqlite, a_decision(ada))


async def test_a_full_disk_refuses_the_commit_and_keeps_what_was_there(
    sqlite: Database, tmp_path: Path
) -> None:
    ada = await committed(sqlite, a_decision())
    pages = (await sqlite.maintain())["pages"]
    await sqlite._writer.run(
        lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").scalar()
    )
    with pytest.raises(StoreError):
        for number in range(200):
            ada = await committed(sqlite, a_decision(ada, "x" * 3000, id=f"long {number}"))
    assert await sqlite.person("ada", fresh=True) == ada
    after = await committed(sqlite, a_decision(ada))  # a new connection has no such limit
    assert await sqlite.person("ada", fresh=True) == after


async def test_whoever_gives_up_waiting_leaves_a_store_that_knows_the_truth(
    sqlite: Database,
) -> None:
    ada = await committed(sqlite, a_decision())
    waiting = asyncio.ensure_future(sqlite.commit(a_decision(ada)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await sqlite.maintain()  # the line is served in order
    found = await sqlite.person("ada")
    assert found is not None and found.version == 2


async def test_erasing_drops_the_answers_held_in_memory(sqlite: Database) -> None:
    said = read_markdown("Hello Ada")
    decision = a_decision()
    decision = replace(decision, reply=replace(decision.reply, text=said.text, blocks=said.blocks))
    await sqlite.commit(decision)
    held = answer_of(decision.reply).words
    assert answer_of(decision.reply).words is held
    await sqlite.erase("ada")
    assert answer_of(decision.reply).words is not held
    assert read_markdown("Hello Ada") is not said
