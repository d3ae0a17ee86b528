"""What every store can do: the promises that SQLite, PostgreSQL and the notebook keep alike."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct

from bot.model.decision import Chain, Decision, Plan, Trace
from bot.model.message import Alert, Delivery, Event, FeedItem, Inbound, Message, Reply
from bot.model.person import Person
from bot.model.progress import Board, Closed, Member
from bot.model.risk import Distribution, Level, Risk, Run
from bot.model.team import Team
from bot.progress.leaderboards import Place

Status = Literal["committed", "stale", "duplicate", "guarded", "taken"]
Crowd = Literal["all", "idle", "seen", "active"]


class Receipt(Struct, frozen=True):
    """What became of a Decision or Plan.

    `stale`: the person changed meanwhile, load and decide again. `duplicate`: these ids were
    committed before, read the recorded answer. `guarded`: a limit kept by the database itself
    refused, load and decide again. `taken`: a name in it is somebody else's. Only `committed`
    left anything behind.
    """

    status: Status


class TurnRecord(Struct, frozen=True):
    """One stored turn, with all a replay needs; `before` is the person it was decided for.

    A tick's Plan is kept as a turn of kind `tick` without inbound and reply.
    """

    id: str
    person_id: str
    number: int
    now: int
    kind: str
    before: Person | None
    inbound: Inbound
    reply: Reply
    trace: Trace


class EventsFrom(Struct, frozen=True):
    """A page of everybody's events: those after (person, source, id), that happened in a span."""

    after: tuple[str, str, str] = ("", "", "")
    since: int = 0
    until: int = 2**62
    limit: int = 1000


class Reads(Protocol):
    """Reading for pages and analyses; never on the path of a turn."""

    async def turn(self, turn_id: str) -> TurnRecord | None:
        """A stored turn by the id that its reply carries."""

    async def turns(self, person_id: str, after: int = 0, limit: int = 50) -> list[TurnRecord]:
        """A person's turns in order, numbers above `after`."""

    async def totals(self, now: int) -> dict[str, Any]:
        """The numbers behind the key metrics, each cell with the people it counts."""

    async def handoffs(self) -> list[Event]:
        """Each wish for a person of staff that is not answered yet, oldest first."""

    async def handoff(self, id: str) -> Event | None:
        """The wish with this id, answered or not."""

    async def habits(self, person_id: str, limit: int) -> list[Event]:
        """A person's latest events that are habits, the newest first."""

    async def redeemers(self, since: int) -> list[str]:
        """Who asked for a reward from then on, by id."""

    async def earned(self, person_id: str) -> list[Event]:
        """Every event of a person that keeps an award, or closed a date of their streak."""

    async def all_events(self, asked: EventsFrom) -> list[tuple[str, Event]]:
        """A page of everybody's events, each with the pseudonym of its person."""

    async def all_people(self, after: str, limit: int) -> list[tuple[str, Person]]:
        """A page of people by id, each with their pseudonym."""

    async def habit_totals(self, now: int) -> dict[str, Any]:
        """Habits by category, who was active in a week, points of all who have any."""

    async def counts(self) -> dict[str, int]:
        """How many rows of each kind there are."""

    async def standing(self, since: int) -> dict[str, int]:
        """How many conversations stand in each state, of people seen from `since` on."""

    async def audit(self) -> list[str]:
        """Every broken promise about money, in words; empty when all hold."""

    async def close(self) -> None:
        """Let go of the database."""


Scored = tuple[Person, int]  # somebody on a board, with their score there


class Leaderboards(Protocol):
    """Reading and closing boards; their scores come with the decisions that earned them."""

    async def top(self, board: Board, period: str, limit: int) -> list[Scored]:
        """The first of those who joined, in display order."""

    async def near(self, person_id: str, board: Board, period: str, each: int) -> list[Scored]:
        """Somebody who joined and up to `each` on either side, in display order; else nobody."""

    async def place(self, board: Board, period: str, score: int) -> Place:
        """Where a score stands, from counts: it costs the same among ten and among a million."""

    async def running(self) -> list[tuple[Board, str]]:
        """The daily and weekly boards that are not closed."""

    async def close(self, closed: Closed, who: list[str]) -> bool:
        """Keep a board as it stands for ever, its lines those of `who`; false: it is kept."""

    async def closed(self, board: Board, period: str, limit: int) -> Closed | None:
        """A board as it stood, with the first `limit` of its lines."""

    async def active(self, week: str, after: str, limit: int) -> list[tuple[str, int]]:
        """A page of those who joined and have XP in a week: ids above `after`, with the XP."""

    async def members(self, week: str) -> list[Member]:
        """Everybody who is in a league of a week."""

    async def enrol(self, week: str, members: list[Member]) -> None:
        """Put people into leagues; who is in one of that week stays there."""

    async def league(self, week: str, person_id: str) -> int | None:
        """The league that somebody is in."""

    async def in_league(self, week: str, league: int) -> list[Scored]:
        """The members of a league who are on the boards, with their XP, in display order."""


class Teams(Protocol):
    """Reading teams, and noting whose goal is met; their rows come with decisions."""

    async def team(self, code: str) -> Team | None:
        """A team as it stands."""

    async def best(self, challenge: str, since: int, limit: int) -> list[Team]:
        """Those with a name that end after `since`, the best first."""

    async def place(self, challenge: str, since: int, total: int) -> tuple[int, int]:
        """How many of them have more than that, and how many there are."""

    async def reached(self, now: int, since: int) -> list[tuple[str, str]]:
        """Note whose goal is met; codes and members who have not had what it brings."""


class Risks(Protocol):
    """The risk of leaving of each person, as it was last reckoned."""

    async def keep(self, risks: Sequence[Risk]) -> None:
        """Keep these, each unless a later one is kept; of people who are gone, nothing."""

    async def of(self, first: str, last: str) -> dict[str, Risk]:
        """What is kept of people with ids from `first` to `last`, by id."""

    async def listed(
        self, levels: Sequence[Level], below: tuple[int, str] | None, limit: int
    ) -> list[Risk]:
        """A page of people at these levels, the highest score first, after (score, id)."""

    async def distribution(self) -> Distribution:
        """How many people are at each level."""

    async def begin(self, run_id: str, now: int) -> bool:
        """Begin a run of everybody; false where it is begun or over already."""

    async def note(self, run: Run) -> None:
        """How far a run has come."""

    async def run(self, run_id: str) -> Run | None:
        """A run, however it stands."""


class Store(Protocol):
    """Everything a turn and a tick need; one commit is one transaction."""

    @property
    def reads(self) -> Reads:
        """The reading side."""

    @property
    def boards(self) -> Leaderboards:
        """The leaderboards."""

    @property
    def teams(self) -> Teams:
        """The teams of challenges."""

    @property
    def risks(self) -> Risks:
        """The risk of leaving."""

    async def person(self, person_id: str, fresh: bool = False) -> Person | None:
        """The person at a version; `fresh` asks the database even if one is remembered."""

    async def replied(self, person_id: str, turn_id: str) -> Reply | None:
        """The recorded answer of a turn."""

    async def outcome(self, person_id: str, outcome_id: str) -> tuple[str, Reply] | None:
        """The fingerprint and the answer kept for ever under a caller's own id."""

    async def outcomes(
        self, asked: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[str, Reply]]:
        """The same for many (person, id) at once; those never kept are left out."""

    async def commit(self, decided: Decision | Plan | Chain) -> Receipt:
        """Write it whole or not at all; StoreError means the outcome is unknown."""

    async def commit_all(self, decided: Sequence[Decision]) -> list[Receipt]:
        """Decisions of different people in one transaction; those that do not fit stay out."""

    async def people(
        self,
        kind: Crowd,
        now: int,
        after: str = "",
        limit: int = 500,
        since: int = 0,
        until: int | None = None,
    ) -> list[Person]:
        """A page of people by id, beginning after `after`.

        `idle` have nudges on and were last seen in [since, until), which ends a day ago unless
        told; `seen` were seen in [since, until) whatever they agreed to; `active` had a turn of
        any kind in it; `all` is everybody.
        """

    async def outbox(self, now: int, limit: int = 200) -> list[Message]:
        """Messages due by `now`, leased to this process, oldest first."""

    async def settle(self, delivery: Delivery) -> bool:
        """How a handed-over message ended; false when it had ended before."""

    async def alert(self, alert: Alert) -> int:
        """Keep an alert and one wanted message for each follower, once; how many followers."""

    async def alert_status(self, alert_id: str) -> dict[str, Any] | None:
        """An alert, how many have it, and why the others do not."""

    async def events(
        self, person_id: str, since: int = 0, names: tuple[str, ...] = (), limit: int = 1000
    ) -> list[Event]:
        """A person's events from `since` on, oldest first."""

    async def overdue(self, until: int, after: str, limit: int) -> list[str]:
        """A page of people by id who have events learnt before `until`, not folded yet."""

    async def fold(self, person_id: str, until: int, opening: Event | None) -> int:
        """Replace events learnt before `until` by one; how many went. Hand-offs stay."""

    async def feed(self, person_id: str, after: int, limit: int) -> list[FeedItem]:
        """What was said by and to a person, numbers above `after`; a number is never split."""

    async def export(self, person_id: str) -> dict[str, Any]:
        """Every row that touches a person, by table, readable."""

    async def erase(self, person_id: str) -> dict[str, Any]:
        """Remove a person and destroy their key; how many rows went, by table."""

    async def beat(self, now: int) -> tuple[tuple[int, int], ...]:
        """Note that somebody is up; the outages of late, when nobody was, [from, to) each."""

    async def maintain(self) -> Mapping[str, int]:
        """Housekeeping of the database, now and then."""

    def listen(self, told: Callable[[str], None]) -> None:
        """Call `told`, in this loop, with the id of whoever was written to first, anywhere."""

    async def clock_offset(self) -> int:
        """How many microseconds the database's clock is ahead of ours."""

    async def close(self) -> None:
        """Write what waits, then let go of the database."""
