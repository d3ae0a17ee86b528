"""The statements of a commit for PostgreSQL: one array a column."""

from collections.abc import Sequence

from bot.store.rows import COUNTER, INSERTS, LOT
from bot.store.schema import metadata
from bot.store.scores import ADD_UP, COUNT, KEEP_EARLIER, SCORE

Statement = tuple[str, tuple[str, ...]]  # its text, and the type of each array

SQL_TYPES = {
    "Text": "text",
    "BigInteger": "int8",
    "Integer": "int4",
    "Float": "float8",
    "Boolean": "bool",
    "LargeBinary": "bytea",
}
PERSON = INSERTS["person_new"][1]
MESSAGE = INSERTS["message"][1]
CHANGED = MESSAGE[: MESSAGE.index("person_id")]
DO_NOTHING = " ON CONFLICT DO NOTHING"


def statements() -> dict[str, Statement]:
    """By the name that rows.py gives a row."""
    return {
        **{name: _insert(*INSERTS[name]) for name in INSERTS},
        "person_new": _insert("persons", PERSON, f"{DO_NOTHING} RETURNING id"),
        "person": _update(
            "persons", PERSON[:-3], ("id", "owner", "created_at"), _set(PERSON[:-3]),
            " AND t.version = u.found RETURNING t.id", locks="id", beside="found",
        ),
        "lot": _insert(
            "lots", LOT,
            " ON CONFLICT (person_id, id) DO UPDATE SET amount_left = excluded.amount_left,"
            " expires_at = excluded.expires_at, priority = excluded.priority",
        ),
        "lot_gone": _delete("lots", ("person_id", "id")),
        "counter_add": _insert(
            "counters", COUNTER,
            " ON CONFLICT (person_id, period) DO UPDATE"
            " SET spent = counters.spent + excluded.spent, lim = excluded.lim",
        ),
        "counter_floor": _insert("counters", COUNTER, DO_NOTHING),
        "counter_ease": _update(
            "counters", ("spent", "lim"), ("person_id", "period"),
            "spent = greatest(0, t.spent + u.spent),"
            " lim = greatest(u.lim, greatest(0, t.spent + u.spent))",
        ),
        "revocation": _update(
            "entitlements", ("revoked_at",), ("person_id", "transfer_id", "sku"),
            "revoked_at = u.revoked_at", " AND t.revoked_at IS NULL",
        ),
        "message_change": _update(
            "outbox", CHANGED, ("person_id", "id"),
            f"{_set(CHANGED)}, lease_owner = '', lease_until = 0",
            " AND t.state IN ('wanted', 'held')",
        ),
        "watch": _insert("watches", ("person_id", "asset"), DO_NOTHING),
        "watch_gone": _delete("watches", ("person_id", "asset")),
        **_of_boards(),
    }  # fmt: skip


def _of_boards() -> dict[str, Statement]:
    return {
        "name": _insert("board_names", ("name", "owner"), DO_NOTHING),
        "name_gone": _delete("board_names", ("name", "owner")),
        "lines_gone": _update("closed_lines", (), ("owner",), "name = '', handle = ''"),
        "score": _insert("scores", SCORE, KEEP_EARLIER),
        "score_gone": _delete("scores", ("person_id", "board", "period")),
        "team_share": _update(
            "teams", ("given", "is_won"), ("code", "seat", "member"), _set(("given", "is_won"))
        ),
        "team_left": _update(
            "teams", (), ("code", "seat", "member"), "seat = u.gone, member = ''", beside="gone"
        ),
        "score_count": _insert("score_counts", COUNT, ADD_UP),
    }


def _insert(table: str, columns: Sequence[str], tail: str = "") -> Statement:
    kinds = _kinds(table, columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM {_rows(kinds)}{tail}", kinds


def _update(
    table: str,
    columns: Sequence[str],
    where: Sequence[str],
    change: str,
    condition: str = "",
    locks: str = "",
    beside: str = "",
) -> Statement:
    """`columns`, then `where`, name the arrays; those of `where` must equal the row's.

    `locks`: rows are locked in the order of that column, so that two replicas never wait for
    each other crosswise. `beside`: one more array, of whole numbers, for `condition`.
    """
    more = (beside,) if beside else ()
    kinds = (*_kinds(table, (*columns, *where)), *("int8" for _ in more))
    source = f"{_rows(kinds)} u({', '.join((*columns, *where, *more))})"
    if locks:
        held = f"JOIN {table} held ON held.{locks} = u.{locks} ORDER BY held.{locks}"
        source = f"(SELECT u.* FROM {source} {held} FOR UPDATE OF held) u"
    return f"UPDATE {table} t SET {change} FROM {source} WHERE {_same(where)}{condition}", kinds


def _delete(table: str, where: Sequence[str]) -> Statement:
    kinds = _kinds(table, where)
    source = f"{_rows(kinds)} u({', '.join(where)})"
    return f"DELETE FROM {table} t USING {source} WHERE {_same(where)}", kinds


def _kinds(table: str, columns: Sequence[str]) -> tuple[str, ...]:
    types = metadata.tables[table].c
    return tuple(SQL_TYPES[type(types[name].type).__name__] for name in columns)


def _rows(kinds: Sequence[str]) -> str:
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in kinds)})"


def _set(columns: Sequence[str]) -> str:
    return ", ".join(f"{name} = u.{name}" for name in columns)


def _same(where: Sequence[str]) -> str:
    return " AND ".join(f"t.{name} = u.{name}" for name in where)
