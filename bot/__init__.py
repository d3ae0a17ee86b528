"""The engagement bot that keeps its promises: a map of the house.

A message: web -> turn -> talk.decide -> store.commit -> reply.
A tick: tick -> outreach.plan -> store.commit -> channels -> store.settle.

__main__   the command line (click, lazy subcommands)
app        builds every part once and hands each what it needs
turn       one Inbound: lane, load, decide, commit, reply
pace       how fast turns are answered, and how many fail: counted until somebody looks
lanes      who waits for whom: a lane for each person, and those at the head of theirs go abreast
intake     many Inbounds of many people: those of one person in one lane slot, committed together
history    events of the past, brought in by batches beside the turns that come now
tick       the clockwork: every timed thing is a named job, run on time or once by name
jobs       what the named jobs do: due, plan, commit, deliver, settle
retention  events kept for long enough are folded into one opening event a person
closing    leaderboards on time: boards that are over are kept for ever, leagues are made for the
           week
scoring    who drifts away: everybody's risk of leaving, reckoned page by page and kept
stranded   conversations that stand in a state the dialogue no longer has
catalog    personas/, rules/ and content/ as one immutable compiled Catalog; all mistakes in one
           report
keeper     the catalog that is live: swapped whole when its files have been quiet and are right
sources    the files of authors as texts: which of them are read, and which look as if they were
config     bot.toml read into frozen Settings, with every mistake told by its line
clashes    what may not stand together in bot.toml, though each value is fine alone
settings   the sections of bot.toml as frozen structs
clock      the only reader of time and randomness: real, or frozen for tests and `bot try`
logs       structlog: one line per turn, tick and delivery, buffered, without private fields
authored   YAML text as nodes that know file, line and column, with strict scalars of our own
errors     the five families of errors, each with a code and an HTTP status
model      every noun that two rooms share, frozen, without logic
language   conditions and tables: lexer, parser, types, generated functions
people     who we talk to: calendar, duty, profile, skill, engagement, consent, languages
progress   what a person has earned: streaks of days, XP and levels, points, achievements, boards
insight    what the numbers say: market, metrics, the risk of leaving
ledger     money: prices, windows, limits, entries, audit
rules      the rule engine: facts, effects, engine, static checks, explanations
personas   who speaks
content    what is said: parse, choose, render
talk       one Inbound becomes one Decision
outreach   one tick becomes messages to send
training   teaches the classifier: scikit-learn in a child process, models kept by content hash
store      the database: SQLite, PostgreSQL, and the TinyDB notebook and studio
channels   ways out: the in-app feed, the operator's hooks
feeds      market data in: simulated, replay, http
web        the aiohttp server: every URL, authentication, answers
workbench  what authors and operators run: check, try, test, explain, control
"""

__version__ = "0.1.0"
