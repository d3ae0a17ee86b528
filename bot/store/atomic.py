"""A TinyDB storage that replaces its file whole, so that no crash leaves half a document."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from bot.errors import StoreError

Document = dict[str, dict[str, Any]]


class AtomicStorage(Storage):
    """One readable JSON file; written beside, synced, renamed into place, folder synced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._document: Document | None = None
        self._is_together = False

    def read(self) -> Document | None:
        """The document; the file is parsed again only when another process replaced it."""
        if not self._is_together and (stamp := self._stamp_now()) != self._stamp:
            self._document, self._stamp = self._parsed(), stamp
        return self._document

    def write(self, data: Document) -> None:
        self._document = data
        if not self._is_together:
            self._replace()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything written inside reaches the file at once, or not at all; inside another of
        these, with that one.
        """
        if self._is_together:
            yield
            return
        self.read()
        self._stamp = None
        self._is_together = True
        try:
            yield
            self._replace()
        finally:
            self._is_together = False  # without a stamp, what stands in memory is read anew

    def _replace(self) -> None:
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(self._document, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        self._stamp = self._stamp_now()

    def _parsed(self) -> Document | None:
        if not self._path.exists():
            return None
        try:
            document: Document = json.loads(self._path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise StoreError(f"{self._path} is not readable: {error}", code="damaged") from None
        return document

    def _stamp_now(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (found.st_ino, found.st_mtime_ns, found.st_size)
