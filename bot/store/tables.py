"""The notebook's tables: plain rows, found by their fields, put whole, written together."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tinydb import where
from tinydb.queries import QueryInstance
from tinydb.table import Table

from bot.store.atomic import AtomicStorage
from bot.store.clash import Clash
from bot.store.protocol import Status

Row = dict[str, Any]


class Tables:
    """One readable file of tables."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._storage = AtomicStorage(path)

    def together(self) -> AbstractContextManager[None]:
        """Everything written inside reaches the file at once, or not at all."""
        return self._storage.together()

    def table(self, name: str) -> Table:
        return Table(self._storage, name, cache_size=0)

    def rows(self, name: str, query: QueryInstance | None = None) -> list[Row]:
        """The rows of a table as they were written, in the order they came."""
        table = self.table(name)
        return [dict(row) for row in (table.all() if query is None else table.search(query))]

    def put(self, name: str, rows: list[Row]) -> None:
        """A small table, written whole."""
        with self.together():
            self.table(name).truncate()
            self.table(name).insert_multiple(rows)

    def once(
        self, name: str, row: Row, query: QueryInstance, status: Status = "duplicate"
    ) -> None:
        """A row that is there only once; Clash where one like it is."""
        if self.table(name).contains(query):
            raise Clash(status)
        self.table(name).insert(row)


def like(**fields: object) -> QueryInstance:
    """Rows with all of these values."""
    found = where("id").noop()
    for name, value in fields.items():
        found &= where(name) == value
    return found


def among(name: str, values: Iterable[object]) -> QueryInstance:
    """Rows whose field has one of these values."""
    return where(name).one_of(list(values))


def whose(table: str, person_id: str) -> QueryInstance:
    """The rows that are about a person."""
    return like(id=person_id) if table == "persons" else like(person_id=person_id)
