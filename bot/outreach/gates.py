"""What each gate says to one message: pass, hold, skip or expire, and why.

Every gate looks at every message, also after another said no: the row keeps all their words.
plan.py alone knows their order.
"""

from typing import Literal

from msgspec import Struct

from bot.ledger import windows
from bot.ledger.settings import LimitSettings
from bot.model.message import Message
from bot.model.person import Person
from bot.outreach import frequency, keys, timing
from bot.outreach.policy import KindPolicy, OutreachPolicy
from bot.people.calendar import HOUR_US, rfc3339

CONNECTED = frozenset({"in_app"})  # the channels that have a way out today
NEVER = 1 << 62


class Word(Struct, frozen=True):
    """One gate's verdict; `until` is when a held message may be tried again."""

    gate: str
    verdict: Literal["pass", "hold", "skip", "expire"]
    detail: str
    until: int = 0

    def __str__(self) -> str:
        return f"{self.gate}: {self.verdict}: {self.detail}"


class Case(Struct, frozen=True):
    """One message at the moment of sending, with what rules and content said of it.

    `rule` asked for it ("" when none does), `text` is what would be sent, "" when `fault`.
    """

    message: Message
    person: Person
    now: int
    zone: timing.Zone
    policy: OutreachPolicy
    kind: KindPolicy
    limits: LimitSettings
    is_flagged: bool = False
    rule: str = ""
    because: str = ""
    news_at: int = 0
    text: str = ""
    fault: str = ""


def due(case: Case) -> Word:
    """C5, C6: not after its time, and not long after a missed moment."""
    message, late = case.message, case.now - case.message.send_at
    if case.now >= message.expires_at:
        return Word("due", "expire", f"its time ended at {rfc3339(message.expires_at)}")
    if late > case.policy.max_lateness_h * HOUR_US:
        return Word(
            "due", "skip", f"{late // HOUR_US} h late, {case.policy.max_lateness_h} allowed"
        )
    return _passed("due", f"until {rfc3339(message.expires_at)}")


def consent(case: Case) -> Word:
    """P18: the yes this kind needs, as it stands now."""
    if case.kind.transactional:
        return _passed("consent", "transactional, none needed")
    if getattr(case.person.consent, case.kind.consent):
        return _passed("consent", f"{case.kind.consent}: yes")
    return Word("consent", "skip", f"{case.kind.consent}: no")


def suppression(case: Case) -> Word:
    """C8: addresses that bounced or complained; the in-app feed has no address."""
    return _passed("suppression", f"{case.message.channel} has no address to suppress")


def quiet_hours(case: Case) -> Word:
    """C6: held to the end of quiet hours and a jitter."""
    name = f"{case.zone.name}{' (assumed)' if case.zone.is_assumed else ''}"
    quiet = timing.night_of(case.person, case.policy.quiet)
    hours = f"{quiet.start:02}:00-{quiet.end:02}:00 {name}"
    if case.kind.transactional:
        return _passed("quiet_hours", f"transactional, outside or inside {hours}")
    until = open_from(case, case.now)
    if until == case.now:
        return _passed("quiet_hours", f"outside {hours}")
    return Word("quiet_hours", "hold", f"{hours}, until {rfc3339(until)}", until)


def ethics(case: Case) -> Word:
    """P10, P20, P24: nothing promotional in a pause, a rest or a cooling-off, nor to minors;
    nothing but what must be said to somebody in care.
    """
    in_care = windows.closed_until(case.person.spending, "care", case.now)
    if in_care is not None and not case.kind.transactional:
        return Word("ethics", "skip", f"in care until {rfc3339(in_care)}")
    if not case.kind.promotional:
        return _passed("ethics", "not promotional")
    spending = case.person.spending
    closed = windows.closed(spending, case.now)
    if closed is not None:
        return Word("ethics", "skip", f"in a {closed.kind} until {rfc3339(closed.until)}")
    if windows.is_cooling(spending, case.limits, case.now):
        return Word("ethics", "skip", "in a cooling-off")
    waiting = (spending.request, spending.topup_request)
    if any(one is not None and case.now < one.lapses_at for one in waiting):
        return Word("ethics", "skip", "a higher limit was asked for and waits")
    if case.person.profile.age == "minor":
        return Word("ethics", "skip", "nothing promotional for minors")
    return _passed("ethics", "no pause, rest or cooling-off")


def exit_(case: Case) -> Word:
    """A nudge to somebody who is away ends when they come back; a word on points, without them."""
    left_at = case.message.props.get("seen_at")
    if left_at is not None and left_at != case.person.seen_at:
        return Word("exit", "skip", f"came back at {rfc3339(case.person.seen_at)}")
    lot = case.message.props.get("lot")
    if lot is not None and not any(o.id == lot and o.left for o in case.person.spending.lots):
        return Word("exit", "skip", "what it is about was spent")
    return _passed("exit", "nothing ended it")


def audience(case: Case) -> Word:
    """Whether a rule asks for this message."""
    if case.rule:
        return _passed("audience", f"rule {case.rule}: {case.because}")
    return Word("audience", "skip", "no rule asks for it")


def cap(case: Case) -> Word:
    """C7: held until every window has room, then moved out of quiet hours."""
    person = case.person
    reached = frequency.full(
        person.seen.contacts, case.kind, case.policy, case.now, case.zone.name, case.is_flagged
    )
    if reached is None:
        exempt = "transactional, not capped" if case.kind.transactional else "room in every window"
        return _passed("cap", exempt)
    until = NEVER if reached.until is None else open_from(case, reached.until)
    return Word("cap", "hold", f"{reached.window}: {reached.limit} reached", until)


def holdout(case: Case) -> Word:
    """A1: no experiment runs on this message yet; nobody is held out."""
    return _passed("holdout", f"no experiment on {case.message.kind}")


def fresh(case: Case) -> Word:
    """News is only told while it is news."""
    if not case.kind.fresh_h or not case.news_at:
        return _passed("fresh", "no news to grow old")
    age_h = (case.now - case.news_at) // HOUR_US
    if case.now - case.news_at > case.kind.fresh_h * HOUR_US:
        return Word("fresh", "skip", f"{age_h} h old, {case.kind.fresh_h} allowed")
    return _passed("fresh", f"{age_h} h old")


def render(case: Case) -> Word:
    """Whether there is a text."""
    if case.fault:
        return Word("render", "skip", case.fault)
    return _passed("render", f"{len(case.text)} characters")


def send(case: Case) -> Word:
    """Whether there is a way out."""
    asked = case.message.props.get("asked_channel")
    if case.message.channel not in CONNECTED:
        return Word("send", "skip", f"{case.message.channel} is not connected")
    instead = f", for {asked} is not connected" if asked else ""
    return _passed("send", f"{case.message.channel}{instead}")


def open_from(case: Case, at: int) -> int:
    """`at`, or the end of quiet hours it lies in and this message's jitter."""
    from_id = keys.jitter_us(case.message.id, case.policy.jitter_min)
    quiet = timing.night_of(case.person, case.policy.quiet)
    return timing.open_from(at, case.zone.name, quiet, from_id)


def _passed(gate: str, detail: str) -> Word:
    return Word(gate, "pass", detail)
