"""A person's rows, all of them: given out readable, or erased for good."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Table, insert, select, text
from sqlalchemy import delete as delete_from

from bot.store import lookups, scores, teams
from bot.store.cipher import PersonKey, Vault
from bot.store.kept import kept_of, reply_of
from bot.store.rows import unpack
from bot.store.schema import entries, metadata, persons, tombstones
from bot.store.standings import closed_lines

FILE = "erased"  # beside the database, so that a restored backup forgets again whom it must

# Rows of a person, by table: every table that names a person, found by the schema itself.
PERSONAL: dict[str, tuple[Table, Column[Any]]] = {
    table.name: (table, table.c.person_id) for table in metadata.sorted_tables
    if "person_id" in table.c
} | {"persons": (persons, persons.c.id)}  # fmt: skip
SECRET = {"keys": frozenset({"wrapped", "owner"}), "persons": frozenset({"owner"})}

# What a private column holds once it is opened.
OPENED: Mapping[str, Callable[[PersonKey, Any], Any]] = {
    name: lambda key, row, table=name: unpack(key.open(table, row.id, row.private))
    for name in ("persons", "outcomes")
} | {
    "turns": lambda key, row: _turn(row.id, key.open("turns", row.id, row.private)),
    "outbox": lambda key, row: dict(
        zip(
            ("subject", "body", "props"),
            unpack(key.open("outbox", row.id, row.private)),
            strict=True,
        )
    ),
}


def export(connection: Connection, vault: Vault, person_id: str) -> dict[str, Any]:
    """Every row that touches the person, by table, with private columns opened."""
    row = connection.execute(lookups.KEY_ROW, {"person": person_id}).first()
    if row is None:
        return {}
    key = vault.open(person_id, (row.owner, row.version, row.wrapped))
    tables = {name: _rows(connection, name, key) for name in sorted(PERSONAL)}
    own = select(entries).where(entries.c.owner == key.owner).order_by(entries.c.at, entries.c.id)
    found = connection.execute(own).mappings()
    tables["entries"] = [
        {name: value for name, value in entry.items() if name != "owner"} for entry in found
    ]
    mine = select(closed_lines).where(closed_lines.c.owner == key.owner)
    tables["closed_lines"] = [
        {name: value for name, value in line.items() if name != "owner"}
        for line in connection.execute(mine).mappings()
    ]
    tables["teams"] = teams.exported(connection, person_id)
    return msgspec.to_builtins(tables)  # type: ignore[no-any-return]  # plain in, plain out


def _rows(connection: Connection, name: str, key: PersonKey) -> list[dict[str, Any]]:
    table, owner = PERSONAL[name]
    made = []
    for row in connection.execute(select(table).where(owner == key.person_id)):
        plain = dict(row._mapping)
        if plain.get("private") is not None:
            plain["private"] = OPENED[name](key, row)
        made.append({k: v for k, v in plain.items() if k not in SECRET.get(name, ())})
    return made


def _turn(turn_id: str, plain: bytes) -> dict[str, Any]:
    """A turn as the person may read it."""
    found: dict[str, Any] = unpack(plain)
    found.pop("answer", None)
    return found | {"reply": reply_of(kept_of(plain), turn_id)}


def erase(connection: Connection, vault: Vault, person_id: str, now: int) -> dict[str, int]:
    """Delete the rows, the key first of all; ledger amounts stay under a pseudonym of nobody."""
    scores.left(connection, person_id)
    counts = {}
    for name in sorted(PERSONAL, key=lambda name: name != "keys"):
        table, owner = PERSONAL[name]
        counts[name] = connection.execute(delete_from(table).where(owner == person_id)).rowcount
    teams.left(connection, person_id)  # after the person's own row, as commits lock them
    vault.forget(person_id)
    if counts["persons"]:
        connection.execute(insert(tombstones), {"digest": vault.digest(person_id), "at": now})
    return counts


def remember(path: Path, digest: str, at: int) -> None:
    """Write an erasure down outside the database as well."""
    with path.open("a", encoding="ascii") as file:
        file.write(f"{digest} {at}\n")
        file.flush()
        os.fsync(file.fileno())


def replay(connection: Connection, vault: Vault, path: Path) -> int:
    """Erase again whom a restored backup brought back; how many."""
    lines = path.read_text(encoding="ascii").split("\n") if path.exists() else []
    written = {(line.split()[0], int(line.split()[1])) for line in lines if line.count(" ") == 1}
    known = {(row.digest, row.at) for row in connection.execute(select(tombstones))}
    for digest, at in sorted(known - written):
        remember(path, digest, at)
    missing = dict(sorted(written - known))
    if not missing:
        return 0
    erased = 0
    found = connection.execute(text("SELECT id, created_at FROM persons")).all()
    for person_id, created_at in found:
        at = missing.get(vault.digest(person_id))
        if at is not None and created_at <= at:
            erase(connection, vault, person_id, at)
            erased += 1
    left = written - {(row.digest, row.at) for row in connection.execute(select(tombstones))}
    for digest, at in sorted(left):
        connection.execute(insert(tombstones), {"digest": digest, "at": at})
    return erased
