"""Which database a url names."""

from pathlib import Path

from bot.errors import StoreError
from bot.store.sqlite import FILE, Sqlite

Place = Sqlite


def place_of(url: str, data: Path, schema: str) -> Place:
    """`sqlite` is bot.db in the data folder; a path or a PostgreSQL server otherwise."""
    if url in ("", "sqlite"):
        return Sqlite(data / FILE)
    if url.startswith("sqlite:///"):
        return Sqlite(Path(url.removeprefix("sqlite:///")))
    raise StoreError(f"'{url.partition(':')[0]}' is no store; write sqlite or postgresql://...")
