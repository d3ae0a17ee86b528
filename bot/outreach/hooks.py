"""What becomes of a message to a hook that could not be handed over."""

from msgspec.structs import replace

from bot.model.decision import Plan
from bot.model.message import Message
from bot.model.person import Person
from bot.people.calendar import SECOND_US

# Standard Webhooks' example: the wait in seconds before each further try.
WAITS_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)


def again(
    person: Person, message: Message, now: int, error: str, wait_s: int | None = None
) -> Plan | None:
    """The message held until its next try; None when it has had them all, or has expired.

    `wait_s` is what the receiver asked for; it may lengthen a wait, never shorten it.
    """
    tries = int(message.props.get("tries", 0))
    if tries >= len(WAITS_S):
        return None
    send_at = now + max(WAITS_S[tries], wait_s or 0) * SECOND_US
    if send_at >= message.expires_at:
        return None
    held = replace(
        message,
        state="held",
        reason="hook",
        send_at=send_at,
        props=message.props | {"tries": tries + 1},
        why=(f"hook: {error}, try {tries + 1} of {len(WAITS_S) + 1}",),
    )
    after = replace(person, version=person.version + 1)
    return Plan(now, before=person, person=after, messages=(held,), known=(held.id,))
