"""The small reads a turn or a tick needs: a person, a recorded answer, a crowd, a feed."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, assert_never

import msgspec
from sqlalchemy import Connection, TextClause, text

from bot.errors import RequestError, no_unicode
from bot.model.message import Event, FeedItem, Message, Reply
from bot.model.person import Person
from bot.people.calendar import DAY_US
from bot.store.cipher import PersonKey, Vault
from bot.store.kept import KeptRaw, kept_of, reply_of
from bot.store.protocol import Crowd

_person_of = msgspec.msgpack.Decoder(Person).decode
_reply_of = msgspec.msgpack.Decoder(Reply).decode
_said_of = msgspec.msgpack.Decoder(tuple[str, str, dict[str, Any]]).decode
_why_of = msgspec.json.Decoder(tuple[str, ...]).decode
_props_of = msgspec.json.Decoder(dict[str, Any]).decode

ASKED_TOGETHER = 256  # ids looked for by one statement

KEY = "k.owner, k.version, k.wrapped"
MESSAGE = (
    "o.person_id, o.id, o.dedupe, o.kind, o.channel, o.send_at, o.expires_at, o.at, o.template,"
    " o.rule, o.state, o.reason, o.why, o.number, o.campaign_id, o.step, o.variant, o.private,"
    " a.message AS alert_message, a.id AS alert_id, a.asset, a.alert_type, a.urgency"
)
KEY_ROW = text("SELECT owner, version, wrapped FROM keys WHERE person_id = :person")
ONE_PERSON = text(
    f"SELECT p.id, p.private, {KEY} FROM persons p JOIN keys k ON k.person_id = p.id"
    " WHERE p.id = :person"
)
CROWDS: dict[Crowd, str] = {
    "all": "",
    "seen": " AND p.seen_at >= :since AND p.seen_at < :until",
    "active": " AND p.last_at >= :since AND p.last_at < :until",
    "idle": " AND p.nudges AND p.seen_at >= :since AND p.seen_at < :until",
}
REPLIED = text(
    f"SELECT t.private, {KEY} FROM turns t JOIN keys k ON k.person_id = t.person_id"
    " WHERE t.person_id = :person AND t.id = :id"
)
OUTCOME = text(
    f"SELECT o.fingerprint, o.private, {KEY} FROM outcomes o"
    " JOIN keys k ON k.person_id = o.person_id WHERE o.person_id = :person AND o.id = :id"
)
SAID = text(
    f"SELECT t.number, t.id, t.at, t.kind, t.private, {KEY} FROM turns t"
    " JOIN keys k ON k.person_id = t.person_id WHERE t.person_id = :person"
    " AND t.number > :after AND t.kind IN ('message', 'purchase') ORDER BY t.number LIMIT :most"
)
BEGUN = text(
    f"SELECT {MESSAGE}, {KEY} FROM outbox o LEFT JOIN alerts a ON a.id = o.alert_id"
    " JOIN keys k ON k.person_id = o.person_id WHERE o.person_id = :person"
    " AND o.number > :after AND o.number > 0 AND o.state = 'sent' AND o.channel = 'in_app'"
    " ORDER BY o.number LIMIT :most"
)


def checked(*given: str) -> None:
    """Text that no database can hold is a bad request, not a fault."""
    for value in given:
        if "\0" in value:
            raise RequestError("bad_input", "text must not contain the character U+0000")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise no_unicode() from None


def person(connection: Connection, vault: Vault, person_id: str) -> Person | None:
    """The person as committed."""
    row = connection.execute(ONE_PERSON, {"person": person_id}).first()
    return None if row is None else opened(vault, row)


def people(
    connection: Connection,
    vault: Vault,
    kind: Crowd,
    after: str,
    limit: int,
    span: tuple[int, int],
) -> list[Person]:
    """A page of people by id."""
    sql = text(
        f"SELECT p.id, p.private, {KEY} FROM persons p JOIN keys k ON k.person_id = p.id"
        f" WHERE p.id > :after{CROWDS[kind]} ORDER BY p.id LIMIT :most"
    )
    given: dict[str, object] = {"after": after, "most": limit}
    if kind != "all":
        given |= {"since": span[0], "until": span[1]}
    return [opened(vault, row) for row in connection.execute(sql, given)]


def opened(vault: Vault, row: Any) -> Person:
    """The person of a row that has `id`, `private` and the columns of KEY."""
    key = vault.open(row.id, (row.owner, row.version, row.wrapped))
    return _person_of(key.open("persons", row.id, row.private))


def end_of(kind: Crowd, now: int, until: int | None) -> int:
    """Where the span of a crowd ends unless told: a day ago for the idle, else after now."""
    if until is not None:
        return until
    return now - DAY_US if kind == "idle" else now + 1


def belongs(person: Person, kind: Crowd, since: int, until: int) -> bool:
    """What CROWDS says, of one person."""
    match kind:
        case "all":
            return True
        case "seen":
            return since <= person.seen_at < until
        case "active":
            return since <= person.last_at < until
        case "idle":
            return person.consent.nudges and since <= person.seen_at < until
        case other:
            assert_never(other)


def replied(connection: Connection, vault: Vault, person_id: str, turn_id: str) -> Reply | None:
    """The answer recorded with a turn."""
    row = connection.execute(REPLIED, {"person": person_id, "id": turn_id}).first()
    if row is None:
        return None
    key = vault.open(person_id, (row.owner, row.version, row.wrapped))
    return reply_of(kept_of(key.open("turns", turn_id, row.private)), turn_id)


def outcome(
    connection: Connection, vault: Vault, person_id: str, outcome_id: str
) -> tuple[str, Reply] | None:
    """The answer kept for ever under a caller's own id."""
    row = connection.execute(OUTCOME, {"person": person_id, "id": outcome_id}).first()
    if row is None:
        return None
    key = vault.open(person_id, (row.owner, row.version, row.wrapped))
    return row.fingerprint, _reply_of(key.open("outcomes", outcome_id, row.private))


def outcomes(
    connection: Connection, vault: Vault, asked: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, Reply]]:
    """The answers kept for ever under many ids, by person and id."""
    found = {}
    for at in range(0, len(asked), ASKED_TOGETHER):
        part = asked[at : at + ASKED_TOGETHER]
        given = {f"p{n}": person_id for n, (person_id, _) in enumerate(part)}
        given |= {f"i{n}": outcome_id for n, (_, outcome_id) in enumerate(part)}
        for row in connection.execute(_outcomes_of(len(part)), given):
            key = vault.open(row.person_id, (row.owner, row.version, row.wrapped))
            reply = _reply_of(key.open("outcomes", row.id, row.private))
            found[row.person_id, row.id] = (row.fingerprint, reply)
    return found


@cache
def _outcomes_of(many: int) -> TextClause:
    rows = ", ".join(f"(:p{n}, :i{n})" for n in range(many))
    return text(
        f"WITH asked(person_id, id) AS (VALUES {rows})"
        f" SELECT o.person_id, o.id, o.fingerprint, o.private, {KEY} FROM asked a"
        " JOIN outcomes o ON o.person_id = a.person_id AND o.id = a.id"
        " JOIN keys k ON k.person_id = o.person_id"
    )


def events(
    connection: Connection, person_id: str, since: int, names: Sequence[str], limit: int
) -> list[Event]:
    """A person's events, oldest first."""
    sql = text(
        "SELECT id, person_id, name, at, received_at, props, source FROM events"
        " WHERE person_id = :person AND at >= :since ORDER BY at, id"
    )
    wanted = frozenset(names)
    found = connection.execute(sql, {"person": person_id, "since": since})
    made = (event_of(row) for row in found if not wanted or row.name in wanted)
    return [event for event, _ in zip(made, range(limit), strict=False)]


def newest(connection: Connection, person_id: str) -> Iterator[Event]:
    """A person's events, the newest first."""
    sql = text(
        "SELECT id, person_id, name, at, received_at, props, source FROM events"
        " WHERE person_id = :person ORDER BY at DESC, received_at DESC, id DESC"
    )
    for row in connection.execute(sql, {"person": person_id}):
        yield event_of(row)


def event_of(row: Any) -> Event:
    """A row of table `events`."""
    props = _props_of(row.props)
    return Event(row.id, row.person_id, row.name, row.at, row.received_at, props, row.source)


def feed(
    connection: Connection, vault: Vault, person_id: str, after: int, limit: int
) -> list[FeedItem]:
    """Turns and sent messages by number; what shares a number stays together."""
    given = {"person": person_id, "after": after, "most": limit}
    items: list[FeedItem] = []
    for row in connection.execute(SAID, given):
        key = vault.open(person_id, (row.owner, row.version, row.wrapped))
        kept = kept_of(key.open("turns", row.id, row.private))
        items.extend(_exchange(row.id, row.number, row.at, kept))
    for row in connection.execute(BEGUN, given):
        key = vault.open(person_id, (row.owner, row.version, row.wrapped))
        items.append(begun(message_of(row, key)))
    return cut(items, limit)


def _exchange(turn_id: str, number: int, at: int, kept: KeptRaw) -> list[FeedItem]:
    reply = reply_of(kept, turn_id)
    if kept.inbound is None or reply is None:
        return []
    return exchange(number, at, kept.inbound.text, kept.inbound.id, reply)


def exchange(number: int, at: int, said: str, inbound_id: str, reply: Reply) -> list[FeedItem]:
    """What one turn leaves in the feed: the person's words and the answer."""
    items = [FeedItem(number, "person", at, said, inbound_id, kind="message")] if said else []
    if reply.text:
        answer = FeedItem(
            number=number,
            author="bot",
            at=at,
            text=reply.text,
            id=reply.turn_id,
            persona=reply.persona,
            choices=reply.choices,
            blocks=reply.blocks,
        )
        items.append(answer)
    return items


def begun(message: Message) -> FeedItem:
    """A sent message as a line of the feed, at the time it was sent, not wanted."""
    persona = str(message.props.get("persona", ""))
    at = int(message.props.get("judged_at", message.at))
    return FeedItem(message.number, "bot", at, message.body, message.id, persona, message.kind)


def cut(items: Iterable[FeedItem], limit: int) -> list[FeedItem]:
    """The first `limit` items by number, and what else has the last one's number."""
    ordered = sorted(items, key=lambda item: item.number)
    if len(ordered) <= limit:
        return ordered
    last = ordered[limit - 1].number
    return [item for item in ordered if item.number <= last]


def message_of(row: Any, key: PersonKey) -> Message:
    """An outbox row; that of an alert has the alert's words until it is rendered."""
    if row.private is not None:
        subject, body, props = _said_of(key.open("outbox", row.id, row.private))
    else:
        subject, body = "", row.alert_message or ""
        props = {
            "alert_id": row.alert_id, "asset": row.asset, "alert_type": row.alert_type,
            "urgency": row.urgency, "message": row.alert_message,
        }  # fmt: skip
    return Message(
        row.id, row.person_id, row.dedupe, row.kind, row.channel, row.send_at, row.expires_at,
        row.at, subject, body, row.template, row.rule, props, row.state, row.reason,
        _why_of(row.why) if row.why else (), row.number, row.campaign_id, row.step, row.variant,
    )  # fmt: skip
