"""What replicas tell each other: who wrote, and to whom."""

from collections.abc import Iterable

PAYLOAD_BYTES = 7_900  # PostgreSQL takes less than 8,000
BETWEEN = "\x1f"  # stands between ids, in none of them


def payloads(me: str, people: Iterable[str]) -> list[str]:
    """Whom this replica wrote to, in as few notices as hold them."""
    found: list[str] = []
    room = 0
    for person_id in people:
        size = len(person_id.encode()) + 1
        if size > room:
            found.append(me)
            room = PAYLOAD_BYTES - len(me)
        found[-1] += BETWEEN + person_id
        room -= size
    return found


def heard(payload: str) -> tuple[str, list[str]]:
    """Which replica spoke, and of whom."""
    who, *people = payload.split(BETWEEN)
    return who, people
