"""One person's part of a tick, in the gate order that is C3 of the specification."""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.ledger import windows
from bot.model.decision import Plan
from bot.model.message import Alert, Event, Fact, Message, MessageState
from bot.model.person import Contact, Person
from bot.outreach import asks, compose, frequency, gates, keys, timing
from bot.outreach.playbook import Hour
from bot.outreach.policy import OutreachPolicy
from bot.people.calendar import MINUTE_US
from bot.personas.select import select
from bot.rules.gather import Scene

RETRY_US = 5 * MINUTE_US
MOST_FAULTS = 6
ORDER = (
    gates.due,
    gates.consent,
    gates.suppression,
    gates.quiet_hours,
    gates.ethics,
    gates.exit_,
    gates.audience,
    gates.cap,
    gates.holdout,
    gates.fresh,
    gates.render,
    gates.send,
)
STATES: dict[str, MessageState] = {"hold": "held", "skip": "skipped", "expire": "expired"}


def deliver(person: Person, due: Sequence[Message], hour: Hour) -> Plan:
    """Settles due messages, the most pressing first, up to and including the first that is sent.

    One sent message a plan: its number in the feed is the person's version after the plan.
    """
    settled: list[Message] = []
    facts: dict[str, Fact] = {}
    once: dict[str, int] = {}
    for message in sorted(due, key=lambda one: _pressing(one, hour.playbook.policy)):
        after, asked = _settled(person, message, hour)
        settled.append(after)
        facts |= asked.facts
        if after.state == "sent":
            once = {rule: day for rule, day in asked.once.items() if rule == after.props["rule"]}
            break
    sent = [one for one in settled if one.state == "sent"]
    contacts = frequency.kept(person.seen.contacts, hour.now)
    contacts += tuple(_contact(one, hour) for one in sent)
    disclosed = any("discloses" in one.props for one in sent)
    seen = replace(
        person.seen,
        contacts=contacts,
        once=person.seen.once | once,
        disclosed_at=hour.now if disclosed else person.seen.disclosed_at,
    )
    return Plan(
        hour.now,
        before=person,
        person=replace(person, version=person.version + 1, seen=seen),
        messages=tuple(settled),
        known=tuple(one.id for one in settled),
        events=tuple(_event(one, hour.now) for one in sent),
        trace={"catalog": hour.playbook.version, "facts": facts},
    )


def nudge(person: Person, hour: Hour) -> Plan | None:
    """The messages the rules ask for now, as wanted rows; None when they ask for nothing new.

    A template goes out at most once between two visits of a person: their absence names it.
    Who last wrote in care is not called back, also when the week of it is over (P24).
    """
    asked = asks.judged(hour.playbook.rules, _scene(person, None, hour))
    in_care = windows.closed_until(person.spending, "care", person.seen_at) is not None
    new = [
        ask
        for ask in asked.asks
        if person.seen.nudged.get(ask.template) != person.seen_at
        and (not in_care or hour.playbook.policy.kind(ask.template).transactional)
    ]
    if not new:
        return None
    rules = {ask.rule for ask in new}
    seen = replace(
        person.seen,
        nudged=person.seen.nudged | {ask.template: person.seen_at for ask in new},
        once=person.seen.once | {rule: day for rule, day in asked.once.items() if rule in rules},
    )
    return Plan(
        hour.now,
        before=person,
        person=replace(person, version=person.version + 1, seen=seen),
        messages=tuple(_wanted(person, ask, hour) for ask in new),
        trace={"catalog": hour.playbook.version, "facts": asked.facts},
    )


def postpone(person: Person, due: Sequence[Message], now: int, fault: str) -> Plan:
    """What becomes of due messages that could not be judged: tried again, at last given up."""
    settled = tuple(_postponed(message, now, fault) for message in due)
    after = replace(person, version=person.version + 1)
    return Plan(
        now, before=person, person=after, messages=settled, known=tuple(one.id for one in due)
    )


def is_flagged(person: Person, hour: Hour) -> bool:
    """Whether the rules see a person at spending risk now."""
    return asks.judged(hour.playbook.rules, _scene(person, None, hour)).is_flagged


def _pressing(message: Message, policy: OutreachPolicy) -> tuple[int, int, int, str]:
    """C7: by priority, then by urgency and by what ends first."""
    kind = policy.kind(message.kind)
    urgency = int(message.props.get("urgency", 0))
    return -kind.priority, -urgency, message.expires_at, message.id


def _settled(person: Person, message: Message, hour: Hour) -> tuple[Message, asks.Asked]:
    """The message after all gates; the first that says no decides, the others are kept too."""
    alert = asks.alert_of(message)
    scene = _scene(person, alert, hour)
    asked = asks.judged(hour.playbook.rules, scene)
    ask = asked.first(message.kind) if alert is not None else _ask_of(message)
    words = _composed(message, scene, asked.persona, hour)
    playbook = hour.playbook
    case = gates.Case(
        message=message,
        person=person,
        now=hour.now,
        zone=timing.zone_of(person, playbook.zone),
        policy=playbook.policy,
        kind=playbook.policy.kind(message.kind),
        limits=playbook.limits,
        is_flagged=asked.is_flagged,
        rule=ask.rule if ask is not None else "",
        because=ask.because if ask is not None else "",
        news_at=alert.at if alert is not None else 0,
        text=words.body,
        fault=words.fault,
    )
    verdicts = [gate(case) for gate in ORDER]
    return _judged(case, words, verdicts), asked


def _judged(case: gates.Case, words: compose.Composed, verdicts: list[gates.Word]) -> Message:
    message = case.message
    props = message.props | {"rule": case.rule, "because": case.because, "zone": case.zone.name}
    if case.zone.is_assumed:
        props["zone_assumed"] = True
    props |= {"persona": words.persona, "judged_at": case.now}
    if words.discloses:
        props["discloses"] = True
    after = replace(message, props=props, why=tuple(str(word) for word in verdicts))
    no = next((word for word in verdicts if word.verdict != "pass"), None)
    if no is None:
        version = case.person.version + 1
        return replace(
            after,
            state="sent",
            reason="",
            subject=words.subject,
            body=words.body,
            template=message.template or message.kind,
            rule=case.rule,
            number=version,
        )
    if no.verdict == "hold":
        return replace(
            after, state="held", reason=no.gate, send_at=min(no.until, message.expires_at)
        )
    was_held = no.verdict == "expire" and message.state == "held"
    reason = message.reason if was_held and message.reason else no.gate
    return replace(after, state=STATES[no.verdict], reason=reason)


def _scene(person: Person, alert: Alert | None, hour: Hour) -> Scene:
    playbook = hour.playbook
    return Scene(
        person=person,
        now=hour.now,
        zone=timing.zone_of(person, playbook.zone).name,
        kind="tick" if alert is None else "alert",
        limits=playbook.limits,
        engagement=playbook.engagement,
        market=asks.market_of(person, alert, hour.markets),
        stale_minutes=playbook.stale_minutes,
        streaks=playbook.streaks,
        outages=hour.outages,
        risk=playbook.risk,
        alert=alert,
    )


def _ask_of(message: Message) -> asks.Ask:
    """The ask a wanted row was written for: it was judged then, and is not judged again."""
    because = str(message.props.get("because", ""))
    return asks.Ask(message.template, 0, message.channel, message.rule, because)


def _composed(message: Message, scene: Scene, voice: str, hour: Hour) -> compose.Composed:
    playbook, person = hour.playbook, scene.person
    persona = select(playbook.personas, person.persona, voice)
    about = compose.Subject(
        person=person,
        now=hour.now,
        zone=scene.zone,
        bot=playbook.bot,
        persona=persona.name,
        voice=persona.titled(person.profile.language),
        market=scene.market,
        stale_minutes=playbook.stale_minutes,
        streaks=playbook.streaks,
        outages=hour.outages,
        alert=scene.alert,
        given=message.props.get("words", {}),
    )
    return compose.compose(playbook.content, message.template or message.kind, about)


def _wanted(person: Person, ask: asks.Ask, hour: Hour) -> Message:
    """A row for what a rule asks; a channel without a way out falls back to the feed."""
    channel = ask.channel if ask.channel in gates.CONNECTED else "in_app"
    props = {"because": ask.because, "seen_at": person.seen_at}
    if channel != ask.channel:
        props["asked_channel"] = ask.channel
    absence = str(person.seen_at)
    dedupe = keys.send_key(ask.template, absence, person.id, 0, channel)
    send_at = hour.now + ask.wait_us
    return Message(
        id=keys.derived_id(person.id, dedupe),
        person_id=person.id,
        dedupe=dedupe,
        kind=ask.template,
        channel=channel,
        send_at=send_at,
        expires_at=send_at + hour.playbook.policy.kind(ask.template).ttl_us,
        at=hour.now,
        template=ask.template,
        rule=ask.rule,
        props=props,
    )


def _postponed(message: Message, now: int, fault: str) -> Message:
    faults = int(message.props.get("faults", 0)) + 1
    after = replace(message, reason="fault", props=message.props | {"faults": faults})
    after = replace(after, why=(f"fault: {fault}, {faults} of {MOST_FAULTS}",))
    if faults >= MOST_FAULTS:
        return replace(after, state="failed")
    return replace(after, state="held", send_at=min(now + RETRY_US, message.expires_at))


def _contact(message: Message, hour: Hour) -> Contact:
    kind = hour.playbook.policy.kind(message.kind)
    return Contact(hour.now, message.kind, kind.promotional)


def _event(message: Message, now: int) -> Event:
    return Event(
        id=keys.derived_id(message.id, "sent"),
        person_id=message.person_id,
        name="message_sent",
        at=now,
        received_at=now,
        props={"message_id": message.id, "kind": message.kind, "channel": message.channel},
    )
