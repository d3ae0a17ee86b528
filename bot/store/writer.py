"""Group commit: one thread writes whatever waits as one transaction, then answers it all."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from bot.errors import BotError, StoreError, no_unicode
from bot.store.cipher import Row, Vault
from bot.store.clash import Clash
from bot.store.line import Job, Line
from bot.store.lookups import KEY_ROW
from bot.store.prepared import Prepared
from bot.store.protocol import Status
from bot.store.rows import Rows

T = TypeVar("T")
TRIES = 5  # of a transaction that another replica made impossible


class Dialect(Protocol):
    """How one kind of database takes a batch."""

    def connect(self) -> Connection:
        """The writing connection."""

    def apply(self, connection: Connection, batch: Sequence[Rows]) -> Sequence[Status]:
        """Write the rows of several people; Clash when they must be tried one by one."""

    def watched(self, connection: Connection) -> AbstractContextManager[None]:
        """What is asked inside fails when the database does not answer."""

    def should_retry(self, error: DBAPIError) -> bool:
        """Whether the same transaction may succeed when run again."""


class Writer:
    """The only one who writes; decisions in batches, other jobs one by one."""

    def __init__(self, dialect: Dialect, vault: Vault) -> None:
        self._dialect, self._vault = dialect, vault
        self._connection: Connection | None = None
        self._line = Line("store-writer", self._serve)

    def commit(self, one: Prepared) -> "asyncio.Future[Status]":
        """What became of it; StoreError when nobody knows."""
        return self._line.put(one)

    def commit_all(self, ones: Sequence[Prepared]) -> "asyncio.Future[list[Status]]":
        """What became of each, all in one transaction; those that do not fit stay out of it."""
        loop = asyncio.get_running_loop()
        jobs = [Job(one, loop.create_future()) for one in ones]
        return self._line.put(partial(self._together, jobs))

    def run(self, work: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """The result of `work`, done in a transaction of its own."""
        return self._line.put(work)

    async def close(self) -> None:
        await self._line.close()
        if self._connection is not None:
            self._connection.close()

    def _serve(self, jobs: Sequence[Job]) -> None:
        """Decisions first, a person at most once in a batch; then everything else."""
        waiting = [job for job in jobs if isinstance(job.payload, Prepared)]
        while waiting:
            people: dict[str, Job] = {}
            later = [
                job for job in waiting if people.setdefault(job.payload.person_id, job) is not job
            ]
            self._safely(list(people.values()), self._commit)
            waiting = later
        for job in jobs:
            if not isinstance(job.payload, Prepared):
                self._safely([job], self._work)

    def _safely(
        self, jobs: Sequence[Job], serve: Callable[[Connection, Sequence[Job]], None]
    ) -> None:
        """Serve, and whatever happens leave no job without an answer."""
        for attempt in range(TRIES):
            try:
                if self._connection is None:
                    self._connection = self._dialect.connect()
                with self._dialect.watched(self._connection):
                    serve(self._connection, jobs)
                return
            except DBAPIError as error:
                self._roll_back(is_broken=not isinstance(error, IntegrityError))
                if attempt + 1 < TRIES and self._dialect.should_retry(error):
                    continue
                _fail(jobs, StoreError(f"the database did not take it: {error.orig}"))
                return
            except BotError as error:
                self._roll_back()
                _fail(jobs, error)
                return
            except Exception as error:
                self._roll_back(is_broken=True)
                _fail(jobs, error)
                return

    def _work(self, connection: Connection, jobs: Sequence[Job]) -> None:
        for job in jobs:
            with connection.begin():
                job.result = job.payload(connection)

    def _commit(self, connection: Connection, jobs: Sequence[Job]) -> None:
        with connection.begin() as transaction:
            batch = [job for job in jobs if self._is_ready(connection, job)]
            try:
                statuses = self._dialect.apply(connection, [job.payload.rows for job in batch])
            except (Clash, DataError, UnicodeError):
                transaction.rollback()
            else:
                transaction.commit()
                for job, status in zip(batch, statuses, strict=True):
                    job.result = status
                self._keep(batch)
                return
        with connection.begin():
            for job in batch:
                self._alone(connection, job)
        self._keep(batch)

    def _together(self, jobs: Sequence[Job], connection: Connection) -> list[Status]:
        batch = [job for job in jobs if self._is_ready(connection, job)]
        try:
            with connection.begin_nested():
                statuses = self._dialect.apply(connection, [job.payload.rows for job in batch])
        except (Clash, DataError, UnicodeError):
            for job in batch:
                self._alone(connection, job)
        else:
            for job, status in zip(batch, statuses, strict=True):
                job.result = status
        for job in jobs:
            if job.error is not None:
                raise job.error
        return [job.result for job in jobs]

    def _alone(self, connection: Connection, job: Job) -> None:
        """One bad row fails alone."""
        try:
            with connection.begin_nested():
                (job.result,) = self._dialect.apply(connection, [job.payload.rows])
        except Clash as clash:
            job.result = clash.status
        except (DataError, UnicodeError):
            job.error = no_unicode()

    def _is_ready(self, connection: Connection, job: Job) -> bool:
        """Whether there are rows to write; the key of somebody not in memory is read here."""
        one: Prepared = job.payload
        try:
            if one.rows or one.fill(self._vault, lambda: key_row(connection, one.person_id)):
                return True
            job.result = "stale"  # erased meanwhile
        except (BotError, AssertionError, TypeError, ValueError, OverflowError) as error:
            job.error = error
        return False

    def _keep(self, batch: Sequence[Job]) -> None:
        """After the commit: remember new keys, forget those that did not fit."""
        for job in batch:
            one: Prepared = job.payload
            if job.result != "committed":
                self._vault.forget(one.person_id)
            elif one.made is not None:
                self._vault.keep(one.made)

    def _roll_back(self, is_broken: bool = False) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            if connection.in_transaction():
                connection.rollback()
            if is_broken:
                connection.invalidate()
                connection.close()
        except DBAPIError:
            is_broken = True
        if is_broken:
            self._connection = None


def key_row(connection: Connection, person_id: str) -> Row | None:
    """A person's row of table `keys`."""
    found = connection.execute(KEY_ROW, {"person": person_id}).first()
    return None if found is None else (found[0], found[1], bytes(found[2]))


def _fail(jobs: Sequence[Job], error: BaseException) -> None:
    for job in jobs:
        job.result = None
        job.error = job.error or error
