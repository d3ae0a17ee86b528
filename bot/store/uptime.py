"""When nobody was up: one heartbeat for all processes, and the outages between two beats."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, text

from bot.people.calendar import DAY_US, MINUTE_US

OUTAGE_US = 10 * MINUTE_US  # many missed beats; a restart is none
TOLD_US = 60 * DAY_US  # how long an outage is told; dates are closed within days
BEAT, OUTAGE = "beat", "outage "

_BEATEN = text("SELECT value FROM notes WHERE name = :name")
_BEAT = text(
    "INSERT INTO notes (name, value) VALUES (:name, :value)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_NOTE = text("INSERT INTO notes (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
_OUTAGES = text("SELECT name, value FROM notes WHERE name LIKE 'outage %' ORDER BY name")

Outages = tuple[tuple[int, int], ...]


def beat(connection: Connection, now: int) -> Outages:
    """Somebody is up now; the outages of late, [from, to) each.

    Of two processes that start after the same outage, one notes it.
    """
    found = connection.execute(_BEATEN, {"name": BEAT}).scalar_one_or_none()
    last = int(bytes(found)) if found is not None else now
    if is_outage(last, now):
        noted = {"name": f"{OUTAGE}{last:020}", "value": str(now).encode()}
        connection.execute(_NOTE, noted)
    if found is None or now > last:
        connection.execute(_BEAT, {"name": BEAT, "value": str(now).encode()})
    return told(_noted((row.name, bytes(row.value)) for row in connection.execute(_OUTAGES)), now)


def is_outage(last: int, now: int) -> bool:
    """True when so much time lies between two beats that nobody was up."""
    return now - last >= OUTAGE_US


def told(outages: Iterable[tuple[int, int]], now: int) -> Outages:
    """Those that may still matter to a date that is not closed."""
    return tuple(one for one in outages if one[1] > now - TOLD_US)


def _noted(rows: Iterable[tuple[str, bytes]]) -> Iterator[tuple[int, int]]:
    for name, value in rows:
        yield int(name.removeprefix(OUTAGE)), int(value)
