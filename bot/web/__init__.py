"""The aiohttp server: every URL, authentication, answers.

routes     every URL on one page: who may call it, what it takes, what it answers
server     the running server: the application, its socket, its start and its stop
short      the short way of the call that comes most: no router, no middleware, one write
answers    answers as bytes, and the one place where the five families of errors are told
auth       who may call: demo mode and key mode, scopes, Host and Origin, how often
rates      token buckets: how often an address or a person may call
body       request bodies and queries, read into structs; what is wrong is told by field
asked      what may be asked over the wire: the shape of every body and query
wire       what is answered over the wire: the shape of every body
vitals     how the service fares, over the wire: catalog, jobs, market, and who waits for a person
door       what every call is given: the service, the guard and the meter
chat       the message door: what a person writes, and their feed
socket     the widget's socket: messages answered after the commit, and what is said elsewhere
frames     the frames of the widget's socket: what either side says, read from text and written
hub        who is listening now: open sockets by person, told when something was said to one of
           them
session    where a widget begins: a visitor or a person the host vouches for gets a token
tokens     what a widget proves itself with: visitors, tokens of fifteen minutes, identities
mine       what a person sees and sets of themselves in the widget
settings   what a person may set in the widget, described as elements it only has to draw
widget     the widget's own files: small modules, served as they are, and the frame for other
           hosts
money      the doors to money: unlocks, limits, pauses, and what staff may do
engagement  the doors of the learner: XP, tracking, the streak
habits     the doors of the habit economy: events, balance, statistics, rewards
rewards    rewards as staff sees them: what waits to be handed over, and what was had of late
bulk       many events in one call: NDJSON in, a verdict for each line out
boards     leaderboards over the wire: who joined, in order; one's own place for oneself alone
ranking    leaderboards over the wire: the shape of what is asked, and of a board that is answered
teams      team challenges over the wire: what there is, one's own team, and the board of teams
risk       the doors of the risk of leaving: of one person, of everybody, and who is at risk
imports    files of history for `bot import events`: NDJSON or CSV, batch by batch, told as it goes
users      what a host may know and say about a person
handoffs   who wants to talk to a person of staff, and the end of it
alerts     market news in, and what the feed knows of an asset
analytics  the five key metrics, with cells of fewer than ten people suppressed
health     how the house is: health, metrics and the description of every call
metrics    what /metrics tells Prometheus: calls, their times, and the state of the house
openapi    the description of every call (OpenAPI 3.1), made from the shapes themselves
registry   a service registry is told where we are: at start, at every beat, and when we leave
files      files of ours, served as they are: with a tag, compressed for whoever understands it
page       the demo page with the widget, and the files of the pages
me         a person's own page: who it is, what it shows, how they come and go
forms      what the forms of a person's own page do: each with its fields, told by a word
standing   where a person stands: the shape of everything their page shows, as one answer
gathering  where a person stands, gathered: from what is stored, the rules, and the boards
sheet      the person's page as HTML: templates filled with numbers and authored words
"""
