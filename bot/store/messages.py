"""The outbox: alerts for their followers, claims of what is due, how deliveries ended."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from bot.errors import RequestError
from bot.model.message import Alert, Delivery, Message
from bot.people.calendar import DAY_US, MINUTE_US
from bot.store.cipher import Vault
from bot.store.lookups import KEY, MESSAGE, message_of

LEASE_US = MINUTE_US  # trust.md: another replica may take a message after 60 s
ALERT_TTL_US = DAY_US  # engagement.md C6

DUE = "state IN ('wanted', 'held') AND send_at <= :now"
FREE = "(lease_until <= :now OR lease_owner = :me)"
CLAIM = text(
    "UPDATE outbox SET lease_owner = :me, lease_until = :until FROM ("
    f"SELECT person_id, id FROM outbox WHERE {DUE} AND {FREE}"
    " ORDER BY send_at LIMIT :most FOR UPDATE SKIP LOCKED) due"
    " WHERE outbox.person_id = due.person_id AND outbox.id = due.id"
)
MINE = " AND o.lease_owner = :me AND o.lease_until > :now"
READ = (
    f"SELECT {MESSAGE}, {KEY} FROM outbox o LEFT JOIN alerts a ON a.id = o.alert_id"
    " JOIN keys k ON k.person_id = o.person_id"
    " WHERE o.state IN ('wanted', 'held') AND o.send_at <= :now{mine}"
    " ORDER BY o.send_at, o.person_id LIMIT :most"
)
SETTLE = text(
    "UPDATE outbox SET state = :state, provider_id = :provider, error = :error,"
    " settled_at = :at, lease_owner = '', lease_until = 0"
    " WHERE person_id = :person AND id = :id"
    " AND state IN ('wanted', 'held', 'leased', 'handing_over')"
)
DIGEST = {
    "sqlite": "digest(:id || '|' || person_id)",
    "postgresql": (
        "substr(encode(sha256(convert_to(CAST(:id AS text) || '|' || person_id, 'UTF8')),"
        " 'hex'), 1, 32)"
    ),
}
FOLLOWERS = (
    "INSERT INTO outbox (person_id, id, dedupe, kind, channel, template, state, at, send_at,"
    " expires_at, alert_id) SELECT person_id, {digest}, 'alert:' || CAST(:id AS text),"
    " 'market_alert', 'in_app', 'market_alert', 'wanted', :at, :at, :expires, :id"
    " FROM watches WHERE asset = :asset"
)


def claim(connection: Connection, now: int, limit: int, me: str) -> None:
    """Lease what is due to this replica; others pass over it until the lease ends."""
    given = {"now": now, "until": now + LEASE_US, "most": limit, "me": me}
    connection.execute(CLAIM, given)


def due(connection: Connection, vault: Vault, now: int, limit: int, me: str) -> list[Message]:
    """What is due by `now`, oldest first; with `me`, only what this replica has leased."""
    given: dict[str, object] = {"now": now, "most": limit}
    if me:
        given["me"] = me
    rows = connection.execute(text(READ.format(mine=MINE if me else "")), given)
    return [
        message_of(row, vault.open(row.person_id, (row.owner, row.version, row.wrapped)))
        for row in rows
    ]


def settle(connection: Connection, delivery: Delivery) -> bool:
    """Write how a message ended, unless that is known already."""
    given = {
        "state": delivery.state, "provider": delivery.provider_id, "error": delivery.error,
        "at": delivery.at, "person": delivery.person_id, "id": delivery.message_id,
    }  # fmt: skip
    return connection.execute(SETTLE, given).rowcount == 1


def keep_alert(connection: Connection, alert: Alert) -> int:
    """The alert and a wanted message for each follower; told twice, it is kept once."""
    insert = text(
        "INSERT INTO alerts (id, asset, alert_type, urgency, message, at, followers)"
        " VALUES (:id, :asset, :alert_type, :urgency, :message, :at, 0) ON CONFLICT DO NOTHING"
    )
    given = {
        "id": alert.id, "asset": alert.asset, "alert_type": alert.alert_type,
        "urgency": alert.urgency, "message": alert.message, "at": alert.at,
    }  # fmt: skip
    if connection.execute(insert, given).rowcount == 0:
        find = text("SELECT * FROM alerts WHERE id = :id")
        return told_before(dict(connection.execute(find, {"id": alert.id}).one()._mapping), alert)
    sql = text(FOLLOWERS.format(digest=DIGEST[connection.dialect.name]))
    wanted = {
        "id": alert.id, "at": alert.at, "expires": alert.at + ALERT_TTL_US, "asset": alert.asset,
    }  # fmt: skip
    followers = connection.execute(sql, wanted).rowcount
    count = text("UPDATE alerts SET followers = :followers WHERE id = :id")
    connection.execute(count, {"followers": followers, "id": alert.id})
    return followers


def told_before(kept: Mapping[str, Any], alert: Alert) -> int:
    """The followers of an alert kept before; RequestError when it was another one."""
    same = (kept["asset"], kept["alert_type"], kept["urgency"], kept["message"])
    if same != (alert.asset, alert.alert_type, alert.urgency, alert.message):
        raise RequestError("conflict", "this alert id was used for another alert", "alert_id")
    return int(kept["followers"])


def alert_message(alert: Alert, person_id: str) -> Message:
    """One follower's wanted message, as FOLLOWERS writes it for all of them."""
    id = hashlib.sha256(f"{alert.id}|{person_id}".encode()).hexdigest()[:32]
    props = {
        "alert_id": alert.id, "asset": alert.asset, "alert_type": alert.alert_type,
        "urgency": alert.urgency, "message": alert.message,
    }  # fmt: skip
    return Message(
        id, person_id, f"alert:{alert.id}", "market_alert", "in_app", alert.at,
        alert.at + ALERT_TTL_US, alert.at, body=alert.message, template="market_alert",
        props=props,
    )  # fmt: skip


def alert_status(connection: Connection, alert_id: str) -> dict[str, Any] | None:
    """An alert, its messages by state, and the reasons of those that were not sent."""
    row = connection.execute(text("SELECT * FROM alerts WHERE id = :id"), {"id": alert_id}).first()
    if row is None:
        return None
    grouped = connection.execute(
        text(
            "SELECT state, reason, count(*) AS rows FROM outbox WHERE alert_id = :id"
            " GROUP BY state, reason ORDER BY state, reason"
        ),
        {"id": alert_id},
    )
    return alert_report(dict(row._mapping), [(one.state, one.reason, one.rows) for one in grouped])


def alert_report(alert: dict[str, Any], grouped: list[tuple[str, str, int]]) -> dict[str, Any]:
    """The same answer from every store."""
    states: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for state, reason, rows in grouped:
        states[state] = states.get(state, 0) + rows
        if state != "sent" and reason:
            reasons[reason] = reasons.get(reason, 0) + rows
    return {**alert, "states": states, "reasons": reasons}
