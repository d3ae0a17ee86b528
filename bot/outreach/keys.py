"""The send key of a message, unique for ever, and the ids and jitter derived from it."""

import hashlib

from bot.people.calendar import MINUTE_US


def send_key(kind: str, occurrence: str, person_id: str, step: int, channel: str) -> str:
    """C2: two ticks that mean the same message make the same key, so only one row can exist.

    `occurrence` names the reason and not the version of a rule: an alert's id, an absence.
    """
    return _digest(kind, occurrence, person_id, str(step), channel)


def derived_id(*parts: str) -> str:
    """128 bits that follow from what the row is about, so that a second try writes the same."""
    return _digest(*parts)[:32]


def jitter_us(message_id: str, most_min: int) -> int:
    """0 to `most_min` minutes, the same for the same message: no dice, yet spread over people."""
    share = int(_digest("jitter", message_id)[:12], 16)
    return share * most_min * MINUTE_US >> 48


def _digest(*parts: str) -> str:
    """Each part with its length, so that no two lists of parts are the same text."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
