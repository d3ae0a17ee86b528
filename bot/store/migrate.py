"""Brings a database to the newest revision, by alembic, before anything else touches it."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store.schema import HEAD

FOLDER = Path(__file__).parent / "migrations"
LOCK_ID = 8350_2026  # replicas that start together migrate one after the other


def migrate(connection: Connection) -> None:
    """Run what is missing; a database newer than this program is refused."""
    found = _revision(connection)
    connection.rollback()
    if found == HEAD:
        return
    if found > HEAD:
        message = f"the database is at revision {found}, newer than this program's {HEAD}"
        raise StoreError(message, code="newer")
    from alembic import command  # slow to import, rarely needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": LOCK_ID})
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return found or ""
