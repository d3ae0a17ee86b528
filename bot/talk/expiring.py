"""Points that expire, where bot.toml says so: until when, and who is told of it how early."""

from datetime import date

from bot.ledger.postings import derived_id
from bot.model.message import Message
from bot.model.money import Spending
from bot.people import calendar
from bot.people.calendar import DAY_US
from bot.talk.case import Case

KIND = "points_expiring"
EARLY_D = (7, 1)  # P2: told so many days before


def expires_at(case: Case, day: int) -> int | None:
    """P2: the end of the local date so many days after the one on which points were earned."""
    lasting = case.script.terms.points_expire_days
    if not lasting:
        return None
    return calendar.midnight(date.fromordinal(day + lasting + 1), case.zone)


def notices(case: Case, before: Spending, after: Spending) -> tuple[Message, ...]:
    """A message 7 days and one a day before each new lot expires; none where that is past."""
    if not case.script.terms.points_expire_days:
        return ()
    known = {lot.id for lot in before.lots}
    return tuple(
        _message(case, lot.id, lot.expires_at, early)
        for lot in after.lots
        if lot.unit == "point" and lot.expires_at is not None and lot.id not in known
        for early in EARLY_D
        if lot.expires_at - early * DAY_US > case.now
    )


def _message(case: Case, lot: str, expires: int, early: int) -> Message:
    key = f"points_expire:{lot}:{early}"
    send_at = expires - early * DAY_US
    ways = case.script.content.format(case.person.profile.language)
    words = {"until": ways.instant(expires, case.zone)}
    return Message(
        id=derived_id(case.person.id, key),
        person_id=case.person.id,
        dedupe=key,
        kind=KIND,
        channel="in_app",
        send_at=send_at,
        expires_at=expires,
        at=case.now,
        template=KIND,
        rule="earned",
        props={"because": "Points you earned have a last day", "words": words, "lot": lot},
    )
