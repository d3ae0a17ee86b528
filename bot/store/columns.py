"""What every table is made of: columns that are never null, texts, times."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    Text,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()


def column(name: str, kind: type[TypeEngine[Any]], default: str | None = None) -> Column[Any]:
    return Column(name, kind, nullable=False, server_default=default)


def texts(*names: str) -> tuple[Column[Any], ...]:
    return tuple(column(name, Text, "") for name in names)


def times(*names: str) -> tuple[Column[Any], ...]:
    """Microseconds since 1970 UTC."""
    return tuple(column(name, BigInteger) for name in names)
