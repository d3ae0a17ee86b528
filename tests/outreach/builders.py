"""A playbook from the shipped rules and two short texts, people and messages for tests."""

from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot.authored import Node, Report, parse
from bot.content.allowed import NOTIFICATION
from bot.content.compile import compile_source
from bot.content.parse import Content, NoticeText, ReplyText
from bot.ledger.settings import LimitSettings
from bot.model.message import Market, Message
from bot.model.person import Consent, Person, Profile, Seen
from bot.outreach.keys import derived_id, send_key
from bot.outreach.playbook import Hour, Playbook
from bot.outreach.policy import parse_outreach
from bot.people.engagement import EngagementRule
from bot.personas.parse import Persona, Personas
from bot.rules.engine import Names, RuleSet, build
from bot.rules.facts import parse_facts

ROOT = Path(__file__).resolve().parents[2]
NOON = 1_772_366_400_000_000  # Sunday 2026-03-01T12:00:00Z
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
TEMPLATES = {
    "comeback": "{{ name }}, {{ days_idle }} days since we talked about {{ asset }}.",
    "market_alert": "{{ asset }}: {{ alert }} ({{ alert_hours }} h ago, now {{ price_now }})",
    "insight": "One thing you may like.",
}


def rules_of(extra: str = "") -> RuleSet:
    """The shipped rules that concern ticks, and what a test adds to them."""
    report = Report()
    files: dict[str, Node] = {}
    for path in sorted((ROOT / "rules").glob("*.yaml")):
        if path.stem in ("facts", "effects", "outreach", "market"):
            root = parse(path.read_text(), f"rules/{path.name}", report)
            assert root is not None
            files[f"rules/{path.name}"] = root
    for file, text in (("rules/risk.yaml", VULNERABLE), ("rules/extra.yaml", extra)):
        more = parse(text, file, report)
        assert more is not None
        files[file] = more
    vocabulary = parse_facts(dict(files["rules/facts.yaml"].items())["facts"], report)
    names = Names(frozenset(), frozenset(TEMPLATES), frozenset({"calm"}))
    ruleset = build(files, vocabulary, names, report)
    assert not report.errors, "\n".join(map(str, report.mistakes))
    return ruleset


VULNERABLE = """
rules:
  - name: hits
    when: ledger.cap_hits_30d >= 3
    then: {set: {derived.vulnerable: true}}
    because: Repeated refusals by a limit
"""


@cache
def playbook(extra: str = "") -> Playbook:
    report = Report()
    root = parse((ROOT / "rules/outreach.yaml").read_text(), "rules/outreach.yaml", report)
    assert root is not None
    policy = parse_outreach(dict(root.items())["outreach"], report)
    assert not report.mistakes, "\n".join(map(str, report.mistakes))
    return Playbook(
        version="catalog",
        policy=policy,
        rules=rules_of(extra),
        content=content(),
        personas=Personas({"mentor": Persona("mentor", "Mentor")}, "mentor"),
        limits=LimitSettings(),
        engagement=EngagementRule(),
    )


def content(templates: dict[str, str] = TEMPLATES) -> Content:
    notices = {
        ("en", name): NoticeText(
            name,
            compile_source("Hello", NOTIFICATION),
            compile_source(text, NOTIFICATION),
            compile_source("short: {{ alert }}", NOTIFICATION),
        )
        for name, text in templates.items()
    }
    machine = compile_source("I am {{ bot }}, a machine.", frozenset({"bot"}))
    risk = compile_source("Prices can fall.", frozenset())
    replies = {
        ("", "en", "disclosure"): ReplyText("disclosure", (machine,)),
        ("", "en", "risk"): ReplyText("risk", (risk,)),
    }
    return Content({}, {}, {}, replies, notices, {}, ("en",))


def hour(now: int = NOON, book: Playbook | None = None, change: float = 1.0) -> Hour:
    market = Market("BTC", 45_000.0, 0.4, "up", change, (), (), now, "simulated")
    return Hour(now, book or playbook(), {"BTC": market})


def person(**fields: Any) -> Person:
    """Somebody in UTC who follows BTC, agreed to nudges and was here four days ago."""
    base = Person(
        "anna",
        version=7,
        created_at=NOON - 30 * DAY,
        seen_at=NOON - 4 * DAY,
        seen=Seen(disclosed_at=NOON),
        profile=Profile(name="Anna", time_zone="UTC"),
        consent=Consent(nudges=True),
        watch=("BTC",),
    )
    return replace(base, **fields)


def comeback(now: int = NOON, seen_at: int = NOON - 4 * DAY, **fields: Any) -> Message:
    """A wanted nudge that is due now and was asked for two hours ago."""
    dedupe = send_key("comeback", str(seen_at), "anna", 0, "in_app")
    base = Message(
        id=derived_id("anna", dedupe),
        person_id="anna",
        dedupe=dedupe,
        kind="comeback",
        channel="in_app",
        send_at=now,
        expires_at=now + DAY,
        at=now - 2 * HOUR,
        template="comeback",
        rule="comeback-nudge",
        props={"because": "You were away", "seen_at": seen_at},
    )
    return replace(base, **fields)


def alert(now: int = NOON, number: int = 1, **fields: Any) -> Message:
    """The row of a follower of BTC as the store writes it."""
    props = {
        "alert_id": f"alert{number}",
        "asset": "BTC",
        "alert_type": "liquidation",
        "urgency": 5,
        "message": "a large cluster forms",
    }
    base = Message(
        id=derived_id("anna", f"alert{number}"),
        person_id="anna",
        dedupe=f"alert:alert{number}",
        kind="market_alert",
        channel="in_app",
        send_at=now,
        expires_at=now + DAY,
        at=now,
        template="market_alert",
        props=props | fields.pop("props", {}),
    )
    return replace(base, **fields)
