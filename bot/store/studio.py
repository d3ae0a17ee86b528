"""What pages and the operator edit at run time: API keys' hashes, site and widget settings."""

import fcntl
import hashlib
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, convert, to_builtins
from tinydb import where
from tinydb.table import Table

from bot.clock import Clock
from bot.errors import RequestError
from bot.store.atomic import AtomicStorage

Scope = Literal["operator", "server"]
SCOPES: tuple[Scope, ...] = ("operator", "server")
KEY_BYTES = 32  # 256 bits, as hexadecimal after a prefix that tells what it is
LONGEST_NAME = 80


class ApiKey(Struct, frozen=True):
    """A key as it is kept: what it may do, never the key itself."""

    name: str
    scope: Scope
    sha256: str
    created: int


class Studio:
    """One small readable file; safe for several threads and for commands beside a server."""

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._clock = path, clock or Clock()
        self._storage = AtomicStorage(path)
        self._turn = threading.Lock()

    def add_key(self, name: str, scope: str) -> str:
        """A new key, shown this once; RequestError when the name is taken or not one."""
        if scope not in SCOPES:
            raise RequestError("bad_input", f"a scope is {' or '.join(SCOPES)}", "scope")
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise RequestError("bad_input", "a name is 1 to 80 printable characters", "name")
        key = f"bot_{scope}_{secrets.token_hex(KEY_BYTES)}"
        with self._writing():
            if self._table("keys").contains(where("name") == name):
                raise RequestError("conflict", f"there is a key called '{name}' already", "name")
            kept = ApiKey(name, scope, _hash(key), self._clock.now())
            self._table("keys").insert(to_builtins(kept))
        return key

    def key(self, given: str) -> ApiKey | None:
        """Whose key this is, or None."""
        sha256 = _hash(given)
        with self._turn:
            found = self._table("keys").get(where("sha256") == sha256)
        return None if found is None else convert(found, ApiKey)

    def keys(self) -> list[ApiKey]:
        """Every key, oldest first."""
        with self._turn:
            found = [convert(one, ApiKey) for one in self._table("keys").all()]
        return sorted(found, key=lambda one: (one.created, one.name))

    def remove_key(self, name: str) -> bool:
        """From now on this key opens nothing; false when there was none."""
        with self._writing():
            return bool(self._table("keys").remove(where("name") == name))

    def settings(self, section: str) -> dict[str, Any]:
        """What was saved under `site`, `widget`, ...; empty at first."""
        with self._turn:
            found = self._table("settings").get(where("section") == section)
        return {} if found is None else dict(found["values"])

    def save(self, section: str, values: dict[str, Any]) -> None:
        """Replace a section whole."""
        with self._writing():
            row = {"section": section, "values": values}
            self._table("settings").upsert(row, where("section") == section)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time, among threads and processes; all of it or nothing."""
        handle = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            with self._turn, self._storage.together():
                yield
        finally:
            os.close(handle)

    def _table(self, name: str) -> Table:
        """A view without memory of its own: another process may have replaced the file."""
        return Table(self._storage, name, cache_size=0)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
