"""Who an Inbound finds: somebody new with a welcome, or the person as time has left them."""

from msgspec import Struct
from msgspec.structs import replace

from bot.ledger import caps, entries
from bot.ledger.postings import Transfer, derived_id
from bot.model.message import Inbound
from bot.model.money import Spending
from bot.model.person import Consent, Person, Profile
from bot.people import engagement
from bot.people.calendar import DAY_US, HOUR_US, MINUTE_US
from bot.progress import holds, points, streaks, telling
from bot.talk.case import NOTHING, Posted
from bot.talk.script import Moment, Script

Owned = tuple[tuple[str, str], ...]  # sku, transfer id
IMPORT = "import"  # history that is brought in, day by day: none is closed before its turn
TALKING = frozenset({"message", "purchase"})
STRETCH_US = 3 * HOUR_US  # P08: minors are told to take a break, and what they talk to, as often


class Arrival(Struct, frozen=True):
    """The person at this moment, and what was booked on the way in.

    `is_rested`: hours without a visit lie before it; `needs_break`: a minor who had none.
    """

    person: Person
    posted: Posted
    zone: str
    is_new: bool
    is_new_session: bool
    is_rested: bool = False
    needs_break: bool = False


def arrived(script: Script, found: Person | None, inbound: Inbound, moment: Moment) -> Arrival:
    """The person with everything done that time alone does, and this visit counted."""
    now = moment.now
    person, posted = found, NOTHING
    if person is None:
        person, posted = _welcomed(script, Person(inbound.person_id, created_at=now), moment)
    spending, expired = _settled(person, moment)
    zone = person.profile.time_zone or script.terms.time_zone
    closed = NOTHING
    if inbound.name != IMPORT:
        person, closed = _closed(script, person, zone, moment)
    posted, version = posted + expired + closed, person.version + 1
    if inbound.kind not in TALKING:
        person = replace(person, version=version, last_at=now, spending=spending)
        return Arrival(person, posted, zone, found is None, False)
    is_new_session = now - person.seen_at > script.terms.session_minutes * MINUTE_US
    if is_new_session:
        spending = replace(spending, session_started=now)
    is_rested = now - person.seen_at >= STRETCH_US
    needs_break = (
        not is_rested
        and person.profile.age == "minor"
        and now - person.seen.break_from >= STRETCH_US
    )
    person = replace(
        person,
        version=version,
        last_at=now,
        seen_at=now,
        spending=spending,
        activity=engagement.counted(person.activity, now, script.engagement, is_new_session),
    )
    return Arrival(person, posted, zone, found is None, is_new_session, is_rested, needs_break)


def _welcomed(script: Script, person: Person, moment: Moment) -> tuple[Person, Posted]:
    terms = script.terms
    person = replace(
        person,
        profile=Profile(age=terms.new_age),
        spending=replace(person.spending, limits_zone=terms.time_zone),
    )
    if not terms.starting_credits:
        return person, Posted()
    lasting = terms.granted_expire_days
    posting = entries.grant(
        Transfer(derived_id(person.id, "welcome"), person.id, moment.now, "welcome"),
        person.spending,
        terms.starting_credits,
        expires_at=moment.now + lasting * DAY_US if lasting else None,
    )
    return replace(person, spending=posting.spending), Posted(posting.entries)


def _settled(person: Person, moment: Moment) -> tuple[Spending, Posted]:
    spending = caps.settle(person.spending, moment.now)
    back = holds.lapsed(spending, person.id, moment.now)
    spending = back.spending
    if not [lot for lot in spending.lots if lot.expires_at is not None]:
        return spending, Posted(back.entries) if back.entries else NOTHING
    transfer = Transfer(derived_id(moment.turn_id, "expire"), person.id, moment.now, "expiry")
    expired = entries.expire(transfer, spending)
    own = replace(transfer, id=derived_id(moment.turn_id, "expire", "points"))
    gone = points.expired(own, expired.spending)
    return gone.spending, Posted(back.entries + expired.entries + gone.entries)


def _closed(script: Script, person: Person, zone: str, moment: Moment) -> tuple[Person, Posted]:
    """The days that are over closed, in the zone the person lives in now."""
    before = person.progress.streaks
    if not before.clocks:
        return person, NOTHING
    streak = streaks.moved(before, moment.now, zone)
    change = streaks.closed(streak, moment.now, script.book.streaks, moment.outages)
    if change.streak is before:
        return person, NOTHING  # no day is over since the last visit
    streak = change.streak if change.is_news else streak
    if streak is before:
        return person, NOTHING
    person = replace(person, progress=replace(person.progress, streaks=streak))
    told = telling.events_of(change, person.id, moment.now)
    gone = telling.moved(before, streak, person.id, moment.now)
    return person, Posted(events=(*gone, *told))


def demo(
    script: Script, inbound: Inbound, now: int
) -> tuple[Person, Posted, tuple[tuple[str, str], ...]]:
    """A demo person: the novice with the welcome alone, the expert with three premium items."""
    person = Person(
        inbound.person_id,
        version=1,
        created_at=now,
        last_at=now,
        seen_at=now,
        profile=Profile(age="adult", time_zone="UTC"),
        consent=Consent(nudges=True, tracking=True),
        watch=("BTC",),
        is_demo=True,
    )
    if inbound.person_id != "demo_expert":
        grant = entries.grant(_demo_transfer(person, "welcome", now), person.spending, 20)
        return replace(person, spending=grant.spending), Posted(grant.entries), ()
    return _expert(script, person, now)


def _expert(script: Script, person: Person, now: int) -> tuple[Person, Posted, Owned]:
    """Bought six weeks ago, a day apart, so that no limit of today is touched."""
    began = now - 45 * DAY_US
    grant = entries.grant(_demo_transfer(person, "welcome", began), person.spending, 20)
    topup_at = _demo_transfer(person, "topup", began + 1)
    posting = entries.topup(topup_at, grant.spending, 25, script.limits)
    posted = Posted(grant.entries + posting.entries, posting.counters)
    spending = posting.spending
    granted: Owned = ()
    items = [i for i in script.content.items.values() if i.tier == "premium"][:3]
    for number, item in enumerate(items):
        at = _demo_transfer(person, item.sku, began + (number + 1) * DAY_US)
        bought = entries.unlock(at, spending, item, item.price, script.limits)
        spending = bought.spending
        posted = posted + Posted(bought.entries, bought.counters)
        granted = (*granted, *bought.granted)
    person = replace(
        person,
        spending=spending,
        created_at=began,
        skill=replace(person.skill, level="expert", lessons=len(items)),
        progress=replace(person.progress, lessons=tuple(item.sku for item in items)),
    )
    return person, posted, granted


def _demo_transfer(person: Person, name: str, at: int) -> Transfer:
    return Transfer(derived_id(person.id, "demo", name), person.id, at, "demo")
