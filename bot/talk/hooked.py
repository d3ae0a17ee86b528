"""What the operator's hooks are told: rows of the outbox, which the tick delivers, signed."""

from typing import Any

import msgspec

from bot.model.message import Message
from bot.people.calendar import DAY_US, rfc3339
from bot.talk.case import Case

LASTS_US = 4 * DAY_US  # a hook that answers nobody for so long is given up


def row(case: Case, id: str, kind: str, what: str, data: dict[str, Any]) -> Message:
    """One call of a hook: `kind` says of which, `what` happened in the words of its receiver."""
    body = {"type": what, "timestamp": rfc3339(case.now), "data": data}
    return Message(
        id=id,
        person_id=case.person.id,
        dedupe=f"{kind}:{id}",
        kind=kind,
        channel="hook",
        send_at=case.now,
        expires_at=case.now + LASTS_US,
        at=case.now,
        body=msgspec.json.encode(body).decode(),
        template=kind,
    )
