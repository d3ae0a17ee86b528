"""Columns of rows as PostgreSQL arrays in binary: the cheapest way there."""

from collections.abc import Callable, Sequence
from struct import Struct
from typing import Any

from psycopg.abc import AdaptContext, Buffer, PyFormat
from psycopg.pq import Format

Encode = Callable[[Any], bytes]

_head = Struct(">iiiii").pack  # dimensions, has nulls, element type, length, lower bound
_size = Struct(">i").pack
_int4 = Struct(">i").pack
_int8 = Struct(">q").pack
_float8 = Struct(">d").pack
_NULL = _size(-1)


def _bool(value: object) -> bytes:
    return b"\1" if value else b"\0"


# PostgreSQL's own numbers: of an element, of its array; and how an element is written
TYPES: dict[str, tuple[int, int, Encode]] = {
    "text": (25, 1009, str.encode),
    "int8": (20, 1016, _int8),
    "int4": (23, 1007, _int4),
    "float8": (701, 1022, _float8),
    "bool": (16, 1000, _bool),
    "bytea": (17, 1001, bytes),
}


class Column:
    """One column of several rows, ready to travel as one parameter."""

    __slots__ = ("data", "oid")

    def __init__(self, kind: str, values: Sequence[Any]) -> None:
        element, self.oid, encode = TYPES[kind]
        parts = [_head(1, 1, element, len(values), 1)]
        for value in values:
            if value is None:
                parts.append(_NULL)
            else:
                encoded = encode(value)
                parts.append(_size(len(encoded)))
                parts.append(encoded)
        self.data = b"".join(parts)


class ColumnDumper:
    """How psycopg sends a Column: as it is."""

    format = Format.BINARY
    oid = 0

    def __init__(self, cls: type, context: AdaptContext | None = None) -> None:
        self.cls = cls

    def dump(self, obj: Column) -> Buffer:
        return obj.data

    def quote(self, obj: Column) -> Buffer:
        raise NotImplementedError("a column travels as a parameter")

    def get_key(self, obj: Column, format: PyFormat) -> tuple[type, int]:
        """Columns of one element type share a dumper."""
        return (self.cls, obj.oid)

    def upgrade(self, obj: Column, format: PyFormat) -> "ColumnDumper":
        typed = ColumnDumper(self.cls)
        typed.oid = obj.oid
        return typed
