"""The tables, keyed by person first, and the constraints that guard money a second time."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

HEAD = "0005"  # the newest revision in migrations/versions

metadata = MetaData()


def _column(name: str, kind: type[TypeEngine[Any]], default: str | None = None) -> Column[Any]:
    return Column(name, kind, nullable=False, server_default=default)


def _texts(*names: str) -> tuple[Column[Any], ...]:
    return tuple(_column(name, Text, "") for name in names)


def _times(*names: str) -> tuple[Column[Any], ...]:
    """Microseconds since 1970 UTC."""
    return tuple(_column(name, BigInteger) for name in names)


persons = Table(
    "persons",
    metadata,
    Column("id", Text, primary_key=True),
    _column("version", BigInteger),
    _column("owner", Text),  # the pseudonym in the ledger; new when an erased id comes back
    *_times("created_at", "last_at", "seen_at"),
    _column("skill", Text),
    _column("engagement", Float),
    _column("persona", Text),
    _column("nudges", Boolean),
    _column("is_demo", Boolean),
    _column("private", LargeBinary),  # the whole Person
    CheckConstraint("version > 0", name="persons_version"),
)

keys = Table(
    "keys",
    metadata,
    Column("person_id", Text, primary_key=True),
    _column("owner", Text),
    _column("version", Integer),
    _column("wrapped", LargeBinary),
    sqlite_with_rowid=False,
)

turns = Table(
    "turns",
    metadata,
    _column("person_id", Text),
    _column("id", Text),
    _column("number", BigInteger),
    *_times("at"),
    *_texts("kind", "name", "intent", "persona", "outcome", "sku", "catalog"),
    _column("private", LargeBinary),
    PrimaryKeyConstraint("person_id", "id", name="turns_pkey"),
    UniqueConstraint("person_id", "number", name="turns_number"),
)

entries = Table(
    "entries",
    metadata,
    _column("owner", Text),
    _column("id", Text),
    *_texts("transfer_id", "account", "unit"),
    _column("amount", BigInteger),
    *_texts("kind", "lot", "sku", "ref", "price_version", "actor"),
    *_times("at"),
    PrimaryKeyConstraint("owner", "id", name="entries_pkey"),
    CheckConstraint("unit IN ('credit', 'point')", name="entries_unit"),
)

lots = Table(
    "lots",
    metadata,
    _column("person_id", Text),
    _column("id", Text),
    *_texts("purse", "unit"),
    _column("amount_left", BigInteger),
    *_times("at"),
    Column("expires_at", BigInteger),
    _column("priority", Integer),
    PrimaryKeyConstraint("person_id", "id", name="lots_pkey"),
    CheckConstraint("amount_left >= 0", name="lots_not_negative"),
    sqlite_with_rowid=False,
)

counters = Table(
    "counters",
    metadata,
    _column("person_id", Text),
    _column("period", Text),
    _column("spent", BigInteger),
    _column("lim", BigInteger),
    PrimaryKeyConstraint("person_id", "period", name="counters_pkey"),
    CheckConstraint("spent >= 0 AND spent <= lim", name="counters_within_limit"),
    sqlite_with_rowid=False,
)

entitlements = Table(
    "entitlements",
    metadata,
    _column("person_id", Text),
    _column("transfer_id", Text),
    _column("sku", Text),
    *_times("at"),
    Column("revoked_at", BigInteger),
    PrimaryKeyConstraint("person_id", "transfer_id", "sku", name="entitlements_pkey"),
    Index(
        "entitlements_owned_once",
        "person_id",
        "sku",
        unique=True,
        sqlite_where=text("revoked_at IS NULL"),
        postgresql_where=text("revoked_at IS NULL"),
    ),
    sqlite_with_rowid=False,
)

outcomes = Table(
    "outcomes",
    metadata,
    _column("person_id", Text),
    _column("id", Text),
    _column("fingerprint", Text),
    *_times("at"),
    _column("private", LargeBinary),  # the Reply
    PrimaryKeyConstraint("person_id", "id", name="outcomes_pkey"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    _column("person_id", Text),
    _column("source", Text),
    _column("id", Text),
    _column("name", Text),
    *_times("at", "received_at"),
    _column("props", Text, "{}"),
    PrimaryKeyConstraint("person_id", "source", "id", name="events_pkey"),
    Index(
        "events_handoffs",
        "person_id",
        "at",
        sqlite_where=text("name IN ('handoff_wanted', 'handoff_closed')"),
        postgresql_where=text("name IN ('handoff_wanted', 'handoff_closed')"),
    ),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    _column("person_id", Text),
    _column("id", Text),
    _column("dedupe", Text),
    *_texts("kind", "channel", "template", "rule", "state", "reason", "why"),
    *_times("at", "send_at", "expires_at"),
    _column("number", BigInteger, "0"),
    *_texts("campaign_id", "variant"),
    _column("step", Integer, "0"),
    *_texts("alert_id", "provider_id", "error", "lease_owner"),
    _column("lease_until", BigInteger, "0"),
    Column("settled_at", BigInteger),
    Column("private", LargeBinary),  # subject, body, props; none yet for an alert's own row
    PrimaryKeyConstraint("person_id", "id", name="outbox_pkey"),
    UniqueConstraint("person_id", "dedupe", name="outbox_dedupe"),
    Index(
        "outbox_due",
        "send_at",
        sqlite_where=text("state IN ('wanted', 'held')"),
        postgresql_where=text("state IN ('wanted', 'held')"),
    ),
    Index(
        "outbox_feed",
        "person_id",
        "number",
        sqlite_where=text("number > 0"),
        postgresql_where=text("number > 0"),
    ),
    Index(
        "outbox_alert",
        "alert_id",
        sqlite_where=text("alert_id <> ''"),
        postgresql_where=text("alert_id <> ''"),
    ),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    *_texts("asset", "alert_type"),
    _column("urgency", Integer),
    _column("message", Text),
    *_times("at"),
    _column("followers", BigInteger),
)

watches = Table(
    "watches",
    metadata,
    _column("person_id", Text),
    _column("asset", Text),
    PrimaryKeyConstraint("person_id", "asset", name="watches_pkey"),
    Index("watches_asset", "asset"),
    sqlite_with_rowid=False,
)

scores = Table(
    "scores",
    metadata,
    _column("person_id", Text),
    *_texts("board", "period"),
    _column("score", BigInteger),
    _column("earliness", BigInteger),  # minus the time it was reached: earlier is higher
    _column("tie", BigInteger),  # a hash of the person's id: higher comes first of two alike
    _column("is_listed", Boolean),
    PrimaryKeyConstraint("person_id", "board", "period", name="scores_pkey"),
    Index(
        "scores_listed",
        "board",
        "period",
        "score",
        "earliness",
        "tie",
        sqlite_where=text("is_listed"),
        postgresql_where=text("is_listed"),
    ),
    sqlite_with_rowid=False,
)

score_counts = Table(  # how many people have a score in [bucket * width, (bucket + 1) * width)
    "score_counts",
    metadata,
    *_texts("board", "period"),
    _column("width", BigInteger),
    _column("bucket", BigInteger),
    *(_column(name, BigInteger) for name in ("people", "listed")),
    PrimaryKeyConstraint("board", "period", "width", "bucket", name="score_counts_pkey"),
    sqlite_with_rowid=False,
)

board_names = Table(  # names that people chose, so that nobody is taken for somebody else
    "board_names",
    metadata,
    Column("name", Text, primary_key=True),
    _column("owner", Text),
    sqlite_with_rowid=False,
)

closed_boards = Table(
    "closed_boards",
    metadata,
    *_texts("board", "period"),
    *_times("at"),
    *(_column(name, BigInteger) for name in ("people", "listed")),
    PrimaryKeyConstraint("board", "period", name="closed_boards_pkey"),
    sqlite_with_rowid=False,
)

closed_lines = Table(
    "closed_lines",
    metadata,
    *_texts("board", "period"),
    *(_column(name, BigInteger) for name in ("place", "rank", "score", "level", "streak")),
    *_texts("name", "handle", "owner"),
    PrimaryKeyConstraint("board", "period", "place", name="closed_lines_pkey"),
    Index("closed_lines_owner", "owner"),
)

leagues = Table(
    "leagues",
    metadata,
    _column("person_id", Text),
    _column("week", Text),
    _column("league", Integer),
    _column("activity", BigInteger),  # XP of the week that placed the person here
    PrimaryKeyConstraint("person_id", "week", name="leagues_pkey"),
    Index("leagues_week", "week", "league"),
    sqlite_with_rowid=False,
)

teams = Table(  # a team at seat 0, and each who gives to it; below 0 those who left
    "teams",
    metadata,
    *_texts("code"),
    _column("seat", BigInteger),
    *_texts("member", "challenge", "name"),
    *(_column(name, BigInteger) for name in ("goal", "given", "since", "until", "reached_at")),
    _column("is_won", Boolean),
    PrimaryKeyConstraint("code", "seat", name="teams_pkey"),
    Index("teams_member", "member"),
    Index("teams_challenge", "challenge", "until"),
    sqlite_with_rowid=False,
)

risks = Table(  # the risk of leaving, as last reckoned
    "risks",
    metadata,
    Column("person_id", Text, primary_key=True),
    _column("level", Text),  # empty: no score, because new or paused
    _column("score", Integer),
    *_times("at"),
    _column("detail", Text),
    Index("risks_level", "level", "score", "person_id"),
    sqlite_with_rowid=False,
)

risk_runs = Table(  # reckonings of everybody
    "risk_runs",
    metadata,
    Column("id", Text, primary_key=True),
    *_times("at", "touched_at"),
    Column("ended_at", BigInteger),
    *(_column(name, BigInteger, "0") for name in ("people", "scored", "at_risk")),
    sqlite_with_rowid=False,
)

tombstones = Table(
    "tombstones",
    metadata,
    _column("digest", Text),  # HMAC of the person's id under the master key
    *_times("at"),
    PrimaryKeyConstraint("digest", "at", name="tombstones_pkey"),
)

notes = Table(  # what the store itself must remember, such as which master key it was made with
    "notes",
    metadata,
    Column("name", Text, primary_key=True),
    _column("value", LargeBinary),
)
