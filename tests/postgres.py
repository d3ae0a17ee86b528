"""A schema of its own for each test that needs PostgreSQL; skipped where there is none."""

import functools
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

DEFAULT = "postgresql://postgres@127.0.0.1:5432/test"


def postgres_url() -> str:
    return os.environ.get("BOT_TEST_POSTGRES", DEFAULT)


@functools.cache
def missing() -> str | None:
    """Why PostgreSQL cannot take part, or None."""
    try:
        psycopg.connect(postgres_url(), connect_timeout=3).close()
    except psycopg.Error as error:
        return f"PostgreSQL is absent: {str(error).splitlines()[0]}"
    return None


def need_postgres() -> None:
    """Skip with the reason; where CI=true, fail: nothing is left out there."""
    if (reason := missing()) is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@contextmanager
def a_schema() -> Iterator[str]:
    """The name of a schema that is gone afterwards."""
    need_postgres()
    schema = f"bot_test_{secrets.token_hex(6)}"
    try:
        yield schema
    finally:
        with psycopg.connect(postgres_url(), autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def settled(schema: str) -> None:
    """Wait until the database has ended what clients were writing when they were killed.

    A commit that had reached it goes on without them; until then its tables are locked.
    """
    with psycopg.connect(postgres_url()) as connection:
        connection.execute(f"LOCK TABLE {schema}.persons, {schema}.turns IN SHARE MODE")
