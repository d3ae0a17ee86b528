"""The tables, keyed by person first, and the constraints that guard money a second time."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store import standings as standings  # its tables are part of the schema
from bot.store.columns import column, texts, times
from bot.store.columns import metadata as metadata

HEAD = "0005"  # the newest revision in migrations/versions

persons = Table(
    "persons",
    metadata,
    Column("id", Text, primary_key=True),
    column("version", BigInteger),
    column("owner", Text),  # the pseudonym in the ledger; new when an erased id comes back
    *times("created_at", "last_at", "seen_at"),
    column("skill", Text),
    column("engagement", Float),
    column("persona", Text),
    column("nudges", Boolean),
    column("is_demo", Boolean),
    column("private", LargeBinary),  # the whole Person
    CheckConstraint("version > 0", name="persons_version"),
)

keys = Table(
    "keys",
    metadata,
    Column("person_id", Text, primary_key=True),
    column("owner", Text),
    column("version", Integer),
    column("wrapped", LargeBinary),
    sqlite_with_rowid=False,
)

turns = Table(
    "turns",
    metadata,
    column("person_id", Text),
    column("id", Text),
    column("number", BigInteger),
    *times("at"),
    *texts("kind", "name", "intent", "persona", "outcome", "sku", "catalog"),
    column("private", LargeBinary),
    PrimaryKeyConstraint("person_id", "id", name="turns_pkey"),
    UniqueConstraint("person_id", "number", name="turns_number"),
)

entries = Table(
    "entries",
    metadata,
    column("owner", Text),
    column("id", Text),
    *texts("transfer_id", "account", "unit"),
    column("amount", BigInteger),
    *texts("kind", "lot", "sku", "ref", "price_version", "actor"),
    *times("at"),
    PrimaryKeyConstraint("owner", "id", name="entries_pkey"),
    CheckConstraint("unit IN ('credit', 'point')", name="entries_unit"),
)

lots = Table(
    "lots",
    metadata,
    column("person_id", Text),
    column("id", Text),
    *texts("purse", "unit"),
    column("amount_left", BigInteger),
    *times("at"),
    Column("expires_at", BigInteger),
    column("priority", Integer),
    PrimaryKeyConstraint("person_id", "id", name="lots_pkey"),
    CheckConstraint("amount_left >= 0", name="lots_not_negative"),
    sqlite_with_rowid=False,
)

counters = Table(
    "counters",
    metadata,
    column("person_id", Text),
    column("period", Text),
    column("spent", BigInteger),
    column("lim", BigInteger),
    PrimaryKeyConstraint("person_id", "period", name="counters_pkey"),
    CheckConstraint("spent >= 0 AND spent <= lim", name="counters_within_limit"),
    sqlite_with_rowid=False,
)

entitlements = Table(
    "entitlements",
    metadata,
    column("person_id", Text),
    column("transfer_id", Text),
    column("sku", Text),
    *times("at"),
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
    column("person_id", Text),
    column("id", Text),
    column("fingerprint", Text),
    *times("at"),
    column("private", LargeBinary),  # the Reply
    PrimaryKeyConstraint("person_id", "id", name="outcomes_pkey"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    column("person_id", Text),
    column("source", Text),
    column("id", Text),
    column("name", Text),
    *times("at", "received_at"),
    column("props", Text, "{}"),
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
    column("person_id", Text),
    column("id", Text),
    column("dedupe", Text),
    *texts("kind", "channel", "template", "rule", "state", "reason", "why"),
    *times("at", "send_at", "expires_at"),
    column("number", BigInteger, "0"),
    *texts("campaign_id", "variant"),
    column("step", Integer, "0"),
    *texts("alert_id", "provider_id", "error", "lease_owner"),
    column("lease_until", BigInteger, "0"),
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
    *texts("asset", "alert_type"),
    column("urgency", Integer),
    column("message", Text),
    *times("at"),
    column("followers", BigInteger),
)

watches = Table(
    "watches",
    metadata,
    column("person_id", Text),
    column("asset", Text),
    PrimaryKeyConstraint("person_id", "asset", name="watches_pkey"),
    Index("watches_asset", "asset"),
    sqlite_with_rowid=False,
)

tombstones = Table(
    "tombstones",
    metadata,
    column("digest", Text),  # HMAC of the person's id under the master key
    *times("at"),
    PrimaryKeyConstraint("digest", "at", name="tombstones_pkey"),
)

notes = Table(  # what the store itself must remember, such as which master key it was made with
    "notes",
    metadata,
    Column("name", Text, primary_key=True),
    column("value", LargeBinary),
)
