"""What the hops hand on: one Inbound being decided, and how its command turned out."""

from typing import Any

from msgspec import Struct

from bot.model.decision import Lack
from bot.model.message import Event, Inbound, Intent, Message
from bot.model.money import Counter, Entry, Item, Outcome
from bot.model.person import Conversation, Person
from bot.model.team import Team
from bot.rules.engine import Verdict
from bot.talk.acts import Command, Result
from bot.talk.script import Moment, Script


class Posted(Struct, frozen=True):
    """Ledger lines, guards and events that one Inbound leads to besides its answer."""

    entries: tuple[Entry, ...] = ()
    counters: tuple[Counter, ...] = ()
    events: tuple[Event, ...] = ()

    def __add__(self, other: "Posted") -> "Posted":
        if other is NOTHING:
            return self
        entries, counters = self.entries + other.entries, self.counters + other.counters
        return Posted(entries, counters, self.events + other.events)


NOTHING = Posted()


class Case(Struct, frozen=True):
    """One Inbound being decided; `posted` holds what opening the person already booked.

    `slots` are those of the intent, or the fields of a call without words; `mark` is that of the
    text. `left` is the conversation as the intent left it; `is_back` after a session ended;
    `needs_break` a minor who has been here for hours; `action` with its tags is what is counted,
    `is_import`: it is history that is brought in.
    """

    script: Script
    moment: Moment
    inbound: Inbound
    person: Person
    intent: Intent
    command: Command
    slots: dict[str, Any]
    zone: str
    item: Item | None = None
    mark: str = ""
    is_confirmed: bool = False
    is_new: bool = False
    is_back: bool = False
    needs_break: bool = False
    left: Conversation = Conversation()
    verdict: Verdict | None = None
    posted: Posted = NOTHING
    action: str = "none"
    is_import: bool = False
    tags: tuple[str, ...] = ()

    @property
    def now(self) -> int:
        return self.moment.now


class Done(Struct, frozen=True):
    """How a command turned out.

    `act` is the reply to choose (empty: the proposal's own), `acts` where it is more than one,
    `words` the variables they may use; `data` is what the conversation keeps from now on.
    `body` is the wire answer of a call without words. `lacks` is what must be looked up first,
    `opened` a team that begins.
    """

    result: Result
    person: Person
    act: str = ""
    words: dict[str, Any] = {}
    posted: Posted = NOTHING
    events: tuple[Event, ...] = ()
    outbox: tuple[Message, ...] = ()
    outcome: Outcome | None = None
    lesson: Item | None = None
    sku: str = ""
    acts: tuple[str, ...] = ()
    data: dict[str, str] | None = None
    granted: tuple[tuple[str, str], ...] = ()
    revoked: tuple[tuple[str, str], ...] = ()
    body: dict[str, Any] | None = None
    status: int = 200
    checks: tuple[str, ...] = ()
    lacks: Lack = ""
    opened: Team | None = None
