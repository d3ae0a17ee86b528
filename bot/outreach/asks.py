"""What the rules ask for on a tick: messages by template, and whether a person is at risk."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from bot.model.message import Alert, Channel, Fact, Market, Message
from bot.model.person import Person
from bot.outreach.policy import CHANNELS
from bot.people.calendar import SECOND_US, local_date
from bot.rules.engine import RuleSet, facts_read, judge
from bot.rules.gather import Scene, gather

FLAG = "derived.vulnerable"


class Ask(Struct, frozen=True):
    """One message a rule asks for: which template, when, and the sentence that says why."""

    template: str
    wait_us: int
    channel: Channel
    rule: str
    because: str


class Asked(Struct, frozen=True):
    """All that the rules say of one person at one moment.

    `once` are the entries of Person.seen.once if what they ask for is done, `persona` the voice
    they choose.
    """

    asks: tuple[Ask, ...] = ()
    persona: str = ""
    is_flagged: bool = False
    once: dict[str, int] = {}
    facts: dict[str, Fact] = {}

    def first(self, kind: str) -> Ask | None:
        """The ask for a kind of message; a kind is named like its template."""
        return next((ask for ask in self.asks if ask.template == kind), None)


def judged(rules: RuleSet, scene: Scene) -> Asked:
    """The verdict of a tick; only nudges, voice and the risk flag count."""
    facts = gather(scene, rules.reads)
    day = local_date(scene.now, scene.zone).toordinal()
    verdict = judge(rules, facts, scene.person.seen.once, scene.now, day)
    return Asked(
        tuple(_ask(one) for one in verdict.effects.get("nudge", ())),
        verdict.effects.get("persona", ""),
        bool(verdict.derived.get(FLAG)),
        verdict.once,
        facts_read(rules, facts),
    )


def alert_of(message: Message) -> Alert | None:
    """The market alert an outbox row tells of, if it does."""
    props = message.props
    if "alert_id" not in props:
        return None
    return Alert(
        id=str(props["alert_id"]),
        asset=str(props.get("asset", "")),
        alert_type=str(props.get("alert_type", "")),
        urgency=int(props.get("urgency", 1)),
        message=str(props.get("message", "")),
        at=int(props.get("at", message.at)),
    )


def market_of(person: Person, alert: Alert | None, markets: Mapping[str, Market]) -> Market | None:
    """The market a message is about: the alert's, else the first one the person follows."""
    if alert is not None:
        return markets.get(alert.asset)
    return next((markets[asset] for asset in person.watch if asset in markets), None)


def _ask(effect: Mapping[str, Any]) -> Ask:
    return Ask(
        effect["template"],
        int(effect["in_s"]) * SECOND_US,
        next(channel for channel in CHANNELS if channel == effect["channel"]),
        effect["rule"],
        effect["because"],
    )
