"""The catalog that is live: swapped whole when its files have been quiet and are right."""

import asyncio
from pathlib import Path

from bot.authored import Mistake
from bot.catalog import Catalog, load, on_terms, with_model
from bot.errors import AuthorError
from bot.logs import Log
from bot.sources import paths
from bot.talk.script import Terms
from bot.training.tutor import Tutor

SCAN_S = 1.0  # a changed folder is loaded after two equal scans this far apart


class CatalogKeeper:
    """Holds the live catalog and its classifier; a bad edit keeps the old one."""

    def __init__(
        self,
        root: Path,
        terms: Terms,
        log: Log,
        loaded: Catalog | None = None,
        tutor: Tutor | None = None,
    ) -> None:
        self.root, self._terms, self._log, self._tutor = root, terms, log, tutor
        self.current = on_terms(loaded, terms) if loaded is not None else load(root, terms)
        self.mistakes: tuple[Mistake, ...] = ()
        self._loaded = self._signature()
        self._last = self._loaded
        self._task: asyncio.Task[None] | None = None
        self.learning: asyncio.Task[None] | None = None

    async def teach(self) -> None:
        """The classifier of the live catalog: kept, or trained now; the old one stays else."""
        taught = self.current
        if self._tutor is not None:
            model = await self._tutor.taught(taught.script.understanding.learnt.sentences)
            if model is not None and self.current is taught:
                self.current = with_model(taught, model)

    def start(self) -> None:
        """Watch the folders from now on."""
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        for task in (self._task, self.learning):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def reload_if_quiet(self) -> bool:
        """One scan: reload when the files changed and two scans agree; True when it swapped."""
        seen = await asyncio.to_thread(self._signature)
        is_quiet, self._last = seen == self._last, seen
        if seen == self._loaded or not is_quiet:
            return False
        self._loaded = seen
        return await self._reload()

    async def _reload(self) -> bool:
        try:
            fresh = await asyncio.to_thread(load, self.root, self._terms)
        except AuthorError as error:
            self.mistakes = tuple(m for m in error.mistakes if isinstance(m, Mistake))
            self._log.error("catalog_refused", mistakes=[str(m) for m in self.mistakes][:20])
            return False
        except Exception as error:  # an engine fault must not end the watch
            self.mistakes = (Mistake("", 0, 0, "error", "A999", f"could not load: {error!r}"),)
            self._log.error("catalog_refused", mistakes=[str(m) for m in self.mistakes])
            return False
        model = self.current.script.understanding.learnt.model
        self.current, self.mistakes = with_model(fresh, model), ()
        self._log.info("catalog_loaded", catalog=fresh.version, files=fresh.files)
        if self.learning is not None:
            self.learning.cancel()
        self.learning = asyncio.create_task(self.teach())
        return True

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(SCAN_S)
            try:
                await self.reload_if_quiet()
            except OSError as error:
                self._log.error("catalog_unreadable", reason=str(error))

    def _signature(self) -> tuple[tuple[str, int, int], ...]:
        found = []
        for path in paths(self.root):
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue  # renamed between listing and looking: the next scan sees it
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(found)
