"""Questions over everybody: totals for the key metrics, and the audit of every ledger."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, text

from bot.ledger.audit import audit as audit_ledger
from bot.model.message import Event
from bot.model.money import Entry
from bot.model.person import Person
from bot.people.calendar import DAY_US
from bot.store import lookups, scores, teams
from bot.store.cipher import Vault

ACTIVE_DAYS = 7
GONE_DAYS = 14  # engagement.md R1
PAGE = 500  # people opened together
FOR_EVER = 2**62  # microseconds; no time of anybody is past it

ENTRIES = text(
    "SELECT id, transfer_id, account, unit, amount, kind, at, lot, sku, ref, price_version, actor"
    " FROM entries WHERE owner = :owner ORDER BY at, id"
)
UNBALANCED = text(
    "SELECT owner, transfer_id, unit, sum(amount) AS total FROM entries"
    " GROUP BY owner, transfer_id, unit HAVING sum(amount) <> 0"
)
LOTS = text("SELECT id, amount_left FROM lots WHERE person_id = :person")
OWNED = text(
    "SELECT sku, transfer_id FROM entitlements WHERE person_id = :person AND revoked_at IS NULL"
)


# The names as the index events_handoffs has them, else it is not used.
OURS = "name IN ('handoff_wanted', 'handoff_closed')"
HANDOFFS = text(
    f"SELECT w.id, w.person_id, w.at, w.received_at FROM events w WHERE w.{OURS}"
    " AND w.source = 'bot'"  # hosts name their events as they like
    f" AND w.name = 'handoff_wanted' AND NOT EXISTS (SELECT 1 FROM events c WHERE c.{OURS}"
    " AND c.source = 'bot' AND c.name = 'handoff_closed' AND c.person_id = w.person_id"
    " AND c.at >= w.at)"
    " ORDER BY w.at, w.id"
)
HANDOFF = text(
    f"SELECT id, person_id, at, received_at FROM events WHERE {OURS}"
    " AND source = 'bot' AND name = 'handoff_wanted' AND id = :id LIMIT 1"
)

MONTH_DAYS = 30
WHO = (
    "SELECT count(*) AS people,"
    " coalesce(sum(CASE WHEN seen_at > :day THEN 1 ELSE 0 END), 0) AS active_day,"
    " coalesce(sum(CASE WHEN seen_at > :month THEN 1 ELSE 0 END), 0) AS active_month,"
    " coalesce(sum(CASE WHEN created_at <= :month THEN 1 ELSE 0 END), 0) AS old_enough,"
    " coalesce(sum(CASE WHEN created_at <= :month AND seen_at - created_at >= :old"
    " THEN 1 ELSE 0 END), 0) AS retained,"
    " coalesce(sum(CASE WHEN skill <> 'novice' THEN 1 ELSE 0 END), 0) AS advanced FROM persons"
)
SPENT = (
    "SELECT CAST(coalesce(-sum(amount), 0) AS BIGINT) AS credits_spent FROM entries"
    " WHERE unit = 'credit' AND account LIKE 'wallet:%' AND at > :month"
    " AND kind IN ('unlock', 'refund', 'void')"
)
LEARNT = (
    "SELECT count(DISTINCT CASE WHEN name = 'lesson_start' THEN person_id END) AS began,"
    " count(DISTINCT CASE WHEN name = 'quiz_complete' THEN person_id END) AS finished"
    " FROM events WHERE name IN ('lesson_start', 'quiz_complete')"
)
HAPPENED = text(
    "SELECT name, person_id, props FROM events"
    " WHERE source = 'bot' AND name IN ('session_ended', 'rated') AND at > :month"
)

BANDS = ((0.25, "low"), (0.5, "fair"), (0.75, "good"))  # of the engagement score; above: high


def band(score: float) -> str:
    """The name of an engagement score's quarter."""
    return next((name for end, name in BANDS if score < end), "high")


def counts(connection: Connection) -> dict[str, int]:
    """How much there is, cheaply enough for /health."""
    row = connection.execute(
        text(
            "SELECT (SELECT count(*) FROM persons) AS people,"
            " (SELECT count(*) FROM outbox WHERE state IN ('wanted', 'held')) AS waiting,"
            " (SELECT count(*) FROM alerts) AS alerts"
        )
    ).one()
    return {name: int(value) for name, value in row._mapping.items()}


def handoffs(connection: Connection) -> list[Event]:
    """Wishes for a person of staff after which nothing was closed, oldest first."""
    return [_handoff(row) for row in connection.execute(HANDOFFS)]


def handoff(id: str, connection: Connection) -> Event | None:
    """One wish, answered or not."""
    row = connection.execute(HANDOFF, {"id": id}).first()
    return None if row is None else _handoff(row)


def _handoff(row: Any) -> Event:
    return Event(row.id, row.person_id, "handoff_wanted", row.at, row.received_at)


def totals(now: int, connection: Connection) -> dict[str, Any]:
    """The numbers of the five key metrics; `people` beside a number says how many it counts."""
    active, gone = now - ACTIVE_DAYS * DAY_US, now - GONE_DAYS * DAY_US
    people = _one(
        connection,
        "SELECT count(*) AS people, avg(engagement) AS engagement,"
        " coalesce(sum(CASE WHEN seen_at >= :active THEN 1 ELSE 0 END), 0) AS active,"
        " coalesce(sum(CASE WHEN seen_at < :gone THEN 1 ELSE 0 END), 0) AS gone FROM persons",
        active=active,
        gone=gone,
    )
    cases = " ".join(f"WHEN engagement < {end} THEN '{name}'" for end, name in BANDS)
    return {
        "people": people["people"],
        "engagement": {
            "mean": people["engagement"],
            "bands": _many(
                connection,
                f"SELECT CASE {cases} ELSE 'high' END AS band,"
                " count(*) AS people FROM persons GROUP BY 1 ORDER BY 1",
            ),
        },
        "skill": _many(
            connection, "SELECT skill, count(*) AS people FROM persons GROUP BY skill ORDER BY 1"
        ),
        "credits": _credits(connection),
        "content": _content(connection),
        "churn": {"active": people["active"], "gone": people["gone"]},
        "success": _success(now, connection),
    }


def _success(now: int, connection: Connection) -> dict[str, Any]:
    """The counts behind the success metrics."""
    month, day = now - MONTH_DAYS * DAY_US, now - DAY_US
    found = _one(connection, WHO, day=day, month=month, old=MONTH_DAYS * DAY_US)
    found |= _one(connection, SPENT, month=month)
    found |= _one(connection, LEARNT)
    happened = connection.execute(HAPPENED, {"month": month}).all()
    return {name: int(count) for name, count in found.items()} | told(
        (row.name, row.person_id, json.loads(row.props)) for row in happened
    )


def told(happened: Iterable[tuple[str, str, dict[str, Any]]]) -> dict[str, Any]:
    """What sessions and ratings, as (event, person, props), add up to."""
    stars: Counter[int] = Counter()
    who: dict[str, set[str]] = {"rated": set(), "session_ended": set()}
    sessions = seconds = 0
    for name, person_id, props in happened:
        who[name].add(person_id)
        if name == "rated":
            stars[int(props["stars"])] += 1
        else:
            sessions += 1
            seconds += int(props["seconds"])
    return {
        "stars": dict(stars),
        "raters": len(who["rated"]),
        "sessions": sessions,
        "session_seconds": seconds,
        "session_people": len(who["session_ended"]),
    }


def _credits(connection: Connection) -> list[dict[str, Any]]:
    """What moved in or out of wallets, by kind of entry."""
    return _many(
        connection,
        "SELECT kind, CAST(sum(amount) AS BIGINT) AS credits, count(DISTINCT owner) AS people"
        " FROM entries WHERE unit = 'credit' AND account LIKE 'wallet:%'"
        " GROUP BY kind ORDER BY kind",
    )


def _content(connection: Connection) -> dict[str, Any]:
    return {
        "unlocks": _many(
            connection,
            "SELECT sku, count(*) AS unlocks, count(DISTINCT person_id) AS people"
            " FROM entitlements GROUP BY sku ORDER BY sku",
        ),
        "intents": _many(
            connection,
            "SELECT intent, count(*) AS turns, count(DISTINCT person_id) AS people FROM turns"
            " WHERE kind = 'message' GROUP BY intent ORDER BY intent",
        ),
    }


def standing(vault: Vault, since: int, connection: Connection) -> dict[str, int]:
    """How many conversations stand in each state; where one stands is sealed with the person."""
    found: Counter[str] = Counter()
    after = ""
    while crowd := lookups.people(connection, vault, "seen", after, PAGE, (since, FOR_EVER)):
        found.update(person.state.name for person in crowd)
        after = crowd[-1].id
    return dict(found)


def audit(vault: Vault, connection: Connection) -> list[str]:
    """Every broken promise about money, in words."""
    found = [
        f"I1: transfer {row.transfer_id} of {row.owner} sums to {row.total} {row.unit}s"
        for row in connection.execute(UNBALANCED)
    ]
    found += scores.audit(connection)
    after = ""
    while crowd := lookups.people(connection, vault, "all", after, PAGE, (0, 0)):
        for person in crowd:
            found += [f"{person.id}: {line}" for line in _person(connection, vault, person)]
        after = crowd[-1].id
    return found


def _person(connection: Connection, vault: Vault, person: Person) -> Iterator[str]:
    """One person's ledger against what is stored beside it."""
    key = connection.execute(lookups.KEY_ROW, {"person": person.id}).one()
    rows = connection.execute(ENTRIES, {"owner": key.owner})
    entries = [Entry(person_id=person.id, **row._mapping) for row in rows]
    for finding in audit_ledger(entries, person.spending):
        yield f"{finding.invariant}: {finding.problem}"
    given = {"person": person.id}
    lots = {row.id: row.amount_left for row in connection.execute(LOTS, given)}
    if lots != (stored := {lot.id: lot.left for lot in person.spending.lots}):
        yield f"I10: lots are {lots}, the person has {stored}"
    owned = {row.sku: row.transfer_id for row in connection.execute(OWNED, given)}
    if owned != person.spending.owned:
        yield f"I6: entitlements are {owned}, the person owns {person.spending.owned}"
    yield from scores.audit_own(connection, person)
    yield from teams.audit_own(connection, person)


def _one(connection: Connection, sql: str, **given: object) -> dict[str, Any]:
    return dict(connection.execute(text(sql), given).one()._mapping)


def _many(connection: Connection, sql: str) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(text(sql))]
