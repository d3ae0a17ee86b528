"""The tables of what people stand at: boards, leagues, teams, the risk of leaving."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from bot.store.columns import column, metadata, texts, times

scores = Table(
    "scores",
    metadata,
    column("person_id", Text),
    *texts("board", "period"),
    column("score", BigInteger),
    column("earliness", BigInteger),  # minus the time it was reached: earlier is higher
    column("tie", BigInteger),  # a hash of the person's id: higher comes first of two alike
    column("is_listed", Boolean),
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
    *texts("board", "period"),
    column("width", BigInteger),
    column("bucket", BigInteger),
    *(column(name, BigInteger) for name in ("people", "listed")),
    PrimaryKeyConstraint("board", "period", "width", "bucket", name="score_counts_pkey"),
    sqlite_with_rowid=False,
)

board_names = Table(  # names that people chose, so that nobody is taken for somebody else
    "board_names",
    metadata,
    Column("name", Text, primary_key=True),
    column("owner", Text),
    sqlite_with_rowid=False,
)

closed_boards = Table(
    "closed_boards",
    metadata,
    *texts("board", "period"),
    *times("at"),
    *(column(name, BigInteger) for name in ("people", "listed")),
    PrimaryKeyConstraint("board", "period", name="closed_boards_pkey"),
    sqlite_with_rowid=False,
)

closed_lines = Table(
    "closed_lines",
    metadata,
    *texts("board", "period"),
    *(column(name, BigInteger) for name in ("place", "rank", "score", "level", "streak")),
    *texts("name", "handle", "owner"),
    PrimaryKeyConstraint("board", "period", "place", name="closed_lines_pkey"),
    Index("closed_lines_owner", "owner"),
)

leagues = Table(
    "leagues",
    metadata,
    column("person_id", Text),
    column("week", Text),
    column("league", Integer),
    column("activity", BigInteger),  # XP of the week that placed the person here
    PrimaryKeyConstraint("person_id", "week", name="leagues_pkey"),
    Index("leagues_week", "week", "league"),
    sqlite_with_rowid=False,
)

teams = Table(  # a team at seat 0, and each who gives to it; below 0 those who left
    "teams",
    metadata,
    *texts("code"),
    column("seat", BigInteger),
    *texts("member", "challenge", "name"),
    *(column(name, BigInteger) for name in ("goal", "given", "since", "until", "reached_at")),
    column("is_won", Boolean),
    PrimaryKeyConstraint("code", "seat", name="teams_pkey"),
    Index("teams_member", "member"),
    Index("teams_challenge", "challenge", "until"),
    sqlite_with_rowid=False,
)

risks = Table(  # the risk of leaving, as last reckoned
    "risks",
    metadata,
    Column("person_id", Text, primary_key=True),
    column("level", Text),  # empty: no score, because new or paused
    column("score", Integer),
    *times("at"),
    column("detail", Text),
    Index("risks_level", "level", "score", "person_id"),
    sqlite_with_rowid=False,
)

risk_runs = Table(  # reckonings of everybody
    "risk_runs",
    metadata,
    Column("id", Text, primary_key=True),
    *times("at", "touched_at"),
    Column("ended_at", BigInteger),
    *(column(name, BigInteger, "0") for name in ("people", "scored", "at_risk")),
    sqlite_with_rowid=False,
)
