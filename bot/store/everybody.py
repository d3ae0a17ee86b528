"""Everybody's events and people, page by page, for exports; and what habits add up to."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from bot.model.message import Event
from bot.model.person import Person
from bot.people.calendar import DAY_US
from bot.progress.rebuilt import OPENING
from bot.store import lookups
from bot.store.cipher import Vault
from bot.store.protocol import EventsFrom

UNTOLD = ("care_started",)  # of somebody's worst day: in no list of everybody
OURS = "bot"  # the source of events that no host sent
HANDOFFS = ("handoff_wanted", "handoff_closed")  # never folded: somebody may still wait
WEEK_US = 7 * DAY_US

EVENTS = text(
    "SELECT e.person_id, e.source, e.id, e.name, e.at, e.received_at, e.props, k.owner"
    " FROM events e JOIN keys k ON k.person_id = e.person_id"
    " WHERE (e.person_id, e.source, e.id) > (:person, :source, :id)"
    " AND e.at >= :since AND e.at < :until"
    f" AND e.name NOT IN ({', '.join(repr(name) for name in UNTOLD)})"
    " ORDER BY e.person_id, e.source, e.id LIMIT :most"
)
OWNERS = text(
    "SELECT k.person_id, k.owner FROM keys k WHERE k.person_id > :after AND k.person_id <= :last"
)
CATEGORY = {
    "sqlite": "json_extract(props, '$.award.category')",
    "postgresql": "CAST(props AS json) #>> '{award,category}'",
}
POINTS = text(
    "SELECT count(*) AS people, CAST(coalesce(sum(score), 0) AS BIGINT) AS points FROM scores"
    " WHERE board = 'points' AND period = 'ever'"
)
ACTIVE = text(
    "SELECT count(DISTINCT person_id) AS people FROM events WHERE source = 'habit' AND at > :week"
)


REDEEMERS = text(
    "SELECT DISTINCT person_id FROM events WHERE source = 'bot' AND name = 'reward_redeemed'"
    " AND at >= :since ORDER BY person_id"
)
OVERDUE = text(
    "SELECT DISTINCT person_id FROM events WHERE received_at < :until AND person_id > :after"
    " AND NOT (source = 'bot' AND name IN ('opening', 'handoff_wanted', 'handoff_closed'))"
    " ORDER BY person_id LIMIT :most"
)
FOLDED = text(
    "DELETE FROM events WHERE person_id = :person AND received_at < :until"
    " AND NOT (source = 'bot' AND name IN ('handoff_wanted', 'handoff_closed'))"
)
OPENED = text(
    "INSERT INTO events (person_id, source, id, name, at, received_at, props)"
    " VALUES (:person, :source, :id, :name, :at, :received, :props)"
)


def is_earned(event: Event) -> bool:
    """Whether it is one of those that progress is the sum of; hosts name theirs as they like."""
    if event.source != OURS:
        return "award" in event.props
    name = event.name
    return "award" in event.props or name == OPENING or name.startswith("streak_")


def is_ours(source: str, name: str, names: Sequence[str]) -> bool:
    """Whether it is an event of ours by one of these names."""
    return source == OURS and name in names  # hosts name theirs as they like


def redeemers(since: int, connection: Connection) -> list[str]:
    """People by id who asked for a reward from then on."""
    return list(connection.execute(REDEEMERS, {"since": since}).scalars())


def overdue(connection: Connection, until: int, after: str, limit: int) -> list[str]:
    """People by id who have events learnt before `until` that are not folded."""
    given = {"until": until, "after": after, "most": limit}
    return list(connection.execute(OVERDUE, given).scalars())


def fold(connection: Connection, person_id: str, until: int, opening: Event | None) -> int:
    """Events learnt before `until` replaced by one; how many went. Who was erased has none."""
    gone = connection.execute(FOLDED, {"person": person_id, "until": until}).rowcount
    if gone and opening is not None:
        given = {
            "person": person_id, "source": opening.source, "id": opening.id,
            "name": opening.name, "at": opening.at, "received": opening.received_at,
            "props": msgspec.json.encode(opening.props).decode(),
        }  # fmt: skip
        connection.execute(OPENED, given)
    return gone


def events(asked: EventsFrom, connection: Connection) -> list[tuple[str, Event]]:
    """A page of events by person, source and id, each with the person's pseudonym."""
    person_id, source, id = asked.after
    given = {
        "person": person_id, "source": source, "id": id, "since": asked.since,
        "until": asked.until, "most": asked.limit,
    }  # fmt: skip
    return [(row.owner, lookups.event_of(row)) for row in connection.execute(EVENTS, given)]


def people(
    vault: Vault, after: str, limit: int, connection: Connection
) -> list[tuple[str, Person]]:
    """A page of people by id, each with their pseudonym."""
    page = lookups.people(connection, vault, "all", after, limit, (0, 0))
    if not page:
        return []
    span = {"after": after, "last": page[-1].id}
    owners = {row.person_id: row.owner for row in connection.execute(OWNERS, span)}
    return [(owners[one.id], one) for one in page]


def habits(now: int, connection: Connection) -> dict[str, Any]:
    """Events by category, who was active in a week, points of all who have any."""
    category = CATEGORY[connection.dialect.name]
    rows = connection.execute(
        text(
            f"SELECT {category} AS category, count(*) AS events,"
            " count(DISTINCT person_id) AS people FROM events WHERE source = 'habit'"
            " GROUP BY 1 ORDER BY 1"
        )
    )
    points = connection.execute(POINTS).one()
    active = connection.execute(ACTIVE, {"week": now - WEEK_US}).scalar_one()
    return {
        "categories": [dict(row._mapping) for row in rows],
        "active": active,
        "people": points.people,
        "points": points.points,
    }
