"""Which database a url names."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.store.sqlite import FILE, Sqlite

if TYPE_CHECKING:
    from bot.store.postgres import Postgres


def place_of(url: str, data: Path, schema: str) -> "Sqlite | Postgres":
    """`sqlite` is bot.db in the data folder; a path or a PostgreSQL server otherwise."""
    if url in ("", "sqlite"):
        return Sqlite(data / FILE)
    if url.startswith("sqlite:///"):
        return Sqlite(Path(url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql://", "postgres://")):
        return _postgres(url.replace("postgres://", "postgresql://", 1), schema)
    raise StoreError(f"'{url.partition(':')[0]}' is no store; write sqlite or postgresql://...")


def _postgres(url: str, schema: str) -> "Postgres":
    try:
        from bot.store.postgres import Postgres  # its driver is an extra
    except ImportError:
        message = "PostgreSQL needs its driver: pip install 'bot[postgres]'"
        raise StoreError(message, code="bad_setting") from None
    return Postgres(url, schema)
