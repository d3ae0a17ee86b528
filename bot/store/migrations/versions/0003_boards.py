"""Scores on leaderboards, counts of them by buckets, closed boards, and leagues."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LISTED = sa.text("is_listed")


def upgrade() -> None:
    op.create_table(
        "scores",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("board", sa.Text(), server_default="", nullable=False),
        sa.Column("period", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("earliness", sa.BigInteger(), nullable=False),
        sa.Column("tie", sa.BigInteger(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "board", "period", name="scores_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "scores_listed",
        "scores",
        ["board", "period", "score", "earliness", "tie"],
        sqlite_where=LISTED,
        postgresql_where=LISTED,
    )
    op.create_table(
        "score_counts",
        sa.Column("board", sa.Text(), server_default="", nullable=False),
        sa.Column("period", sa.Text(), server_default="", nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("bucket", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("board", "period", "width", "bucket", name="score_counts_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "board_names",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    _closed()
    op.create_table(
        "leagues",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("league", sa.Integer(), nullable=False),
        sa.Column("activity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "week", name="leagues_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index("leagues_week", "leagues", ["week", "league"])


def _closed() -> None:
    op.create_table(
        "closed_boards",
        sa.Column("board", sa.Text(), server_default="", nullable=False),
        sa.Column("period", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("board", "period", name="closed_boards_pkey"),
        sqlite_with_rowid=False,
    )
    numbers = ("place", "rank", "score", "level", "streak")
    op.create_table(
        "closed_lines",
        sa.Column("board", sa.Text(), server_default="", nullable=False),
        sa.Column("period", sa.Text(), server_default="", nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in numbers),
        *(
            sa.Column(name, sa.Text(), server_default="", nullable=False)
            for name in ("name", "handle", "owner")
        ),
        sa.PrimaryKeyConstraint("board", "period", "place", name="closed_lines_pkey"),
    )
    op.create_index("closed_lines_owner", "closed_lines", ["owner"])


def downgrade() -> None:
    for table in (
        "leagues", "closed_lines", "closed_boards", "board_names", "score_counts", "scores",
    ):  # fmt: skip
        op.drop_table(table)
