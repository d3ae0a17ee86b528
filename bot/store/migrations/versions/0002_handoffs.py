"""Who waits for a person of staff is found without looking at every event."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OURS = "name IN ('handoff_wanted', 'handoff_closed')"


def upgrade() -> None:
    op.create_index(
        "events_handoffs",
        "events",
        ["person_id", "at"],
        sqlite_where=sa.text(OURS),
        postgresql_where=sa.text(OURS),
    )


def downgrade() -> None:
    op.drop_index("events_handoffs", "events")
