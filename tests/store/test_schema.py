"""The schema: migrated as declared, keyed by person, exported and erased completely."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

from bot.clock import FrozenClock
from bot.store import erasure
from bot.store.migrate import FOLDER
from bot.store.places import place_of
from bot.store.schema import HEAD, metadata
from bot.store.store import open_store

OF_NOBODY = {"alerts", "tombstones", "notes", "score_counts", "closed_boards", "risk_runs"}
UNDER_A_PSEUDONYM = {"entries", "board_names", "closed_lines"}
BY_HAND = {"teams"}  # erased in place: what somebody gave stays as a sum


async def test_the_migrations_make_the_declared_schema(
    place: tuple[str, str], tmp_path: Path, clock: FrozenClock
) -> None:
    url, schema = place
    await (await open_store(url, tmp_path, clock, schema=schema)).close()
    with place_of(url, tmp_path, schema).connect() as connection:
        assert _differences(connection) == []


def _made(connection: Connection) -> dict[str, tuple[list[str], list[str]]]:
    """Each table's columns and indexes as they stand in the database."""
    found = inspect(connection)
    return {
        table: (
            [str(one["name"]) for one in found.get_columns(table)],
            sorted(str(one["name"]) for one in found.get_indexes(table)),
        )
        for table in found.get_table_names()
    }


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": False}
    )
    return list(compare_metadata(context, metadata))


def test_the_newest_revision_is_the_one_the_program_wants() -> None:
    revisions = sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))
    assert revisions[-1] == HEAD


async def test_opening_again_changes_nothing(
    place: tuple[str, str], tmp_path: Path, clock: FrozenClock
) -> None:
    url, schema = place
    seen = []
    for _ in range(2):
        await (await open_store(url, tmp_path, clock, schema=schema)).close()
        with place_of(url, tmp_path, schema).connect() as connection:
            kept = connection.exec_driver_sql("SELECT name, value FROM notes ORDER BY name")
            seen.append((_made(connection), [(name, bytes(value)) for name, value in kept]))
    assert seen[0] == seen[1]


def test_every_table_that_names_a_person_is_exported_and_erased() -> None:
    handled = set(erasure.PERSONAL)
    assert set(metadata.tables) == handled | OF_NOBODY | UNDER_A_PSEUDONYM | BY_HAND
    for name, table in metadata.tables.items():
        for column in table.columns:
            if "person" in column.name:
                assert name in handled, f"{name}.{column.name} has no export and no erasure"


def test_every_private_column_has_one_who_opens_it() -> None:
    private = {name for name, table in metadata.tables.items() if "private" in table.c}
    assert private == set(erasure.OPENED)


def test_keys_of_a_persons_tables_lead_with_the_person() -> None:
    for name in erasure.PERSONAL:
        table = metadata.tables[name]
        first = "id" if name == "persons" else "person_id"
        assert next(iter(table.primary_key.columns)).name == first
        unique = [index for index in table.indexes if index.unique]
        assert all(next(iter(index.columns)).name == first for index in unique)


def test_the_declared_schema_can_be_made_from_nothing() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    assert set(inspect(engine).get_table_names()) == set(metadata.tables)
