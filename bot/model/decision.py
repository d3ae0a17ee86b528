"""What a turn or a tick decided: the only things a store commits."""

from typing import Any, Literal

from msgspec import Struct

from bot.model.message import Event, Fact, Inbound, Message, Reply
from bot.model.money import Counter, Entry, Outcome
from bot.model.person import Person
from bot.model.progress import Score
from bot.model.team import Team

Lack = Literal["", "seats", "team"]  # what the store must be asked before something can be told


class Trace(Struct, frozen=True, omit_defaults=True):
    """What a replay and an explanation need: plain values only.

    `facts` are those the rules read. `fired` are rule names in order, `effects` the verdict,
    `said` the replies the answer was joined from, `faults` names engine faults that made a gate
    deny.
    """

    catalog: str
    seed: int
    facts: dict[str, Fact] = {}
    fired: tuple[str, ...] = ()
    effects: dict[str, Any] = {}
    intent: str = ""
    slots: dict[str, str] = {}
    step: str = ""
    said: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class Decision(Struct, frozen=True):
    """One turn, decided: committed whole, then answered.

    `before` is the person as loaded (None for somebody new), `person` the one to store; its
    version is `before.version + 1` and is also the number of this turn in the person's feed.
    `outcome_id` set: the reply is kept for ever under it, with the inbound's fingerprint; `kept`
    are further ids, each with its fingerprint and its own reply.
    One that `lacks` something is not committed: it is made again once that was looked up.
    """

    turn_id: str
    inbound: Inbound
    now: int
    before: Person | None
    person: Person
    reply: Reply
    trace: Trace
    entries: tuple[Entry, ...] = ()
    counters: tuple[Counter, ...] = ()
    events: tuple[Event, ...] = ()
    outbox: tuple[Message, ...] = ()
    outcome: Outcome | None = None
    outcome_id: str = ""
    granted: tuple[tuple[str, str], ...] = ()
    revoked: tuple[tuple[str, str], ...] = ()
    is_erasing: bool = False
    scores: tuple[Score, ...] = ()
    kept: tuple[tuple[str, str, Reply], ...] = ()
    lacks: Lack = ""
    opened: Team | None = None


class Chain(Struct, frozen=True):
    """Decisions of one person, each for the person the one before it left; committed whole."""

    decisions: tuple[Decision, ...]

    @property
    def person(self) -> Person:
        return self.decisions[-1].person


class Plan(Struct, frozen=True):
    """One person's part of a tick: outbox rows to insert or settle, and the person after it.

    `messages` with state `wanted` are new unless `known` lists their id; `sent` in-app rows
    carry their feed number, the person's version after this plan.
    """

    now: int
    before: Person
    person: Person
    messages: tuple[Message, ...] = ()
    known: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    trace: dict[str, Any] = {}
