"""Teams of a challenge: one row for the team (seat 0), and one for each who gives to it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teams",
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("seat", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), server_default="", nullable=False)
            for name in ("member", "challenge", "name")
        ),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("goal", "given", "since", "until", "reached_at")
        ),
        sa.Column("is_won", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", "seat", name="teams_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index("teams_member", "teams", ["member"])
    op.create_index("teams_challenge", "teams", ["challenge", "until"])


def downgrade() -> None:
    op.drop_table("teams")
