"""A row that did not go in as its decision believed, and what that means."""

from bot.store.protocol import Status

# What a broken constraint of a row means for the decision that brought it.
BROKEN: dict[str, Status] = {
    "person_new": "stale",
    "key": "stale",
    "turn": "duplicate",
    "entry": "duplicate",
    "outcome": "duplicate",
    "event": "duplicate",
    "message": "duplicate",
    "lot": "guarded",
    "counter_add": "guarded",
    "counter_ease": "guarded",
    "entitlement": "guarded",
    "team": "guarded",
}


class Clash(Exception):
    """Raised for a batch: try one by one. Raised for one alone: `status` is its receipt."""

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status: Status = status
