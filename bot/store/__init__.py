"""The database: SQLite, PostgreSQL, and the TinyDB notebook and studio.

protocol  what every store can do: the promises that SQLite, PostgreSQL and the notebook keep alike
store     one store for turn, tick and pages: an async face over threads that talk to the database
columns   what every table is made of: columns that are never null, texts, times
standings  the tables of what people stand at: boards, leagues, teams, the risk of leaving
schema    the tables, keyed by person first, and the constraints that guard money a second time
migrate   brings a database to the newest revision, by alembic, before anything else touches it
rows      a Decision or Plan as rows: plain tuples by table, private columns sealed
kept      the private part of a turn's row: trace, message and answer, in few bytes
changes   what a turn changed in a person, kept so that the person before it can be seen again
prepared  a decision on its way to the database: its rows, sealed, and the key of somebody new
line      a queue between the event loop and one thread that serves it in batches
writer    group commit: one thread writes whatever waits as one transaction, then answers it all
desk      a thread that reads: questions are answered one after the other on one connection
clash     a row that did not go in as its decision believed, and what that means
places    which database a url names
sqlite    SQLite: one process, one writing connection that also checkpoints, FULL durability
postgres  PostgreSQL: any number of replicas, hot statements as arrays, guarded by version
unnest    the statements of a commit for PostgreSQL: one array a column
arrays    columns of rows as PostgreSQL arrays in binary: the cheapest way there
notices   what replicas tell each other: who wrote, and to whom
watch     hangs up on a database that has not answered for too long, so that nobody waits for ever
listener  hears from other replicas, by LISTEN, whom they have written to
seats     where one person stands on the boards, and who is around them
lookups   the small reads a turn or a tick needs: a person, a recorded answer, a crowd, a feed
messages  the outbox: alerts for their followers, claims of what is due, how deliveries ended
uptime    when nobody was up: one heartbeat for all processes, and the outages between two beats
scores    scores as rows: a decision's, those of who is erased, and the counts that rank them
boards    leaderboards in the database: lines in order, places from counts, boards that close,
          leagues
teams     teams as rows: a decision's, those of who is erased, and a team made of them again
contests  teams in the database: how they stand, which are the best, whose goal is met
risks     the risk of leaving as rows: kept page by page, listed by level, counted
reads     reading for pages and analyses, on a connection of its own so that no turn waits for it
everybody  everybody's events and people, page by page, for exports; and what habits add up to
analyses  questions over everybody: totals for the key metrics, and the audit of every ledger
erasure   a person's rows, all of them: given out readable, or erased for good
cipher    private columns: AES-256-GCM with a key per person, wrapped by one master key
notebook  a whole store in one readable file, for `bot try`: the same promises
tables    the notebook's tables: plain rows, found by their fields, put whole, written together
turnnotes  turns and ticks written into the notebook, guarded as in the database
boardnotes  leaderboards of the notebook: the same promises, straight from the rows
teamnotes  teams of the notebook: the same promises, straight from the rows
risknotes  the risk of leaving in the notebook: the same promises, straight from the rows
notes     the reading side of the notebook
atomic    a TinyDB storage that replaces its file whole, so that no crash leaves half a document
studio    what pages and the operator edit at run time: API keys' hashes, site and widget settings
recent    a bounded memory of what was used last, safe for several threads
"""
