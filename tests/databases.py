"""The databases that tests run on: a file, and PostgreSQL in a schema of its own."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg
import pytest

POSTGRES = os.environ.get("BOT_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
DATABASES = ("sqlite", "postgres")


@cache
def postgres_missing() -> str | None:
    """Why PostgreSQL cannot be used, or None."""
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.Error as error:
        return str(error).splitlines()[0]
    return None


def need_postgres() -> None:
    """Skip without PostgreSQL, with the reason; in CI that is a failure."""
    reason = postgres_missing()
    if reason is None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"PostgreSQL is needed in CI: {reason}")
    pytest.skip(f"no PostgreSQL at BOT_TEST_POSTGRES: {reason}")


@contextmanager
def database(kind: str) -> Iterator[tuple[str, str]]:
    """(url, schema) of an empty database; the schema is dropped afterwards."""
    if kind == "sqlite":
        yield "sqlite", ""
        return
    need_postgres()
    schema = f"bot_test_{secrets.token_hex(6)}"
    try:
        yield POSTGRES, schema
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
