"""People who earn, decided turn by turn against the shipped files, with all their events."""

from typing import Any

from bot.catalog import load
from bot.model.decision import Decision
from bot.model.message import Event, Inbound
from bot.model.person import Person
from bot.talk.decide import decide
from bot.talk.script import Moment, Script, Terms
from tests.conftest import ROOT

NOW = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z, a Sunday
SECOND, MINUTE, HOUR, DAY = 10**6, 60 * 10**6, 3600 * 10**6, 86_400 * 10**6
SCRIPT: Script = load(ROOT, Terms(new_age="adult")).script


class Earner:
    """Somebody called ada, at a time that tests move."""

    def __init__(self, script: Script = SCRIPT) -> None:
        self.script, self.now, self.number = script, NOW, 0
        self.person: Person | None = None
        self.events: list[Event] = []
        self.entries: list[Any] = []

    @property
    def known(self) -> Person:
        assert self.person is not None
        return self.person

    def acts(self, name: str = "xp", at: int | None = None, **props: Any) -> Decision:
        """A call of one of the doors; `at` is when it happened."""
        if at is not None:
            props["occurred_at"] = at
        return self._takes(Inbound(self._id(), "ada", "action", self.now, name=name, props=props))

    def earns(self, action: str = "lesson_complete", at: int | None = None) -> Decision:
        return self.acts("xp", at, action=action)

    def keeps(self, value: float = 2.0, at: int | None = None) -> Decision:
        """A finance habit."""
        props = {"category": "finance", "action": "paid_invoice", "metadata": {}}
        return self.acts("habit", at, value=value, **props)

    def says(self, text: str) -> Decision:
        return self._takes(Inbound(self._id(), "ada", "message", self.now, text=text))

    def _id(self) -> str:
        self.number += 1
        return f"e{self.number}"

    def _takes(self, inbound: Inbound) -> Decision:
        moment = Moment(f"{self.number:032x}", self.now, self.now, self.number, lambda _: None)
        decision = decide(self.script, self.person, inbound, moment)
        assert decision.trace.faults == ()
        self.person = decision.person
        self.events += decision.events
        self.entries += decision.entries
        return decision
