"""What a turn earns: awards, their events, points in the ledger, and who is told of it how."""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.ledger.postings import Transfer, derived_id
from bot.model.message import Event, Message
from bot.model.person import Person
from bot.model.progress import Award
from bot.people import calendar
from bot.people.calendar import HOUR_US, MINUTE_US
from bot.progress import award, challenges, days, fold, points, streaks
from bot.progress.actions import OLD
from bot.progress.award import Happened
from bot.progress.settling import LATE_US
from bot.talk import charges, expiring
from bot.talk.acts import Command
from bot.talk.arrivals import TALKING
from bot.talk.case import NOTHING, Case, Done, Posted

LOGIN = "daily_login"  # the first message of a local day
BY_RULES = "rules_awarded"  # XP that rules award for a message
LEVEL, UNLOCKED = "level_reached", "achievement_unlocked"
TOLD_H = 72  # an achievement is news for so long
AHEAD_US = 5 * MINUTE_US  # E2: a clock may be so far ahead
IMPORTED = "backfill"  # the flag of history: it counts on its own day, and tells nobody
SOURCE = "bot"
AGAIN = "again"  # what an event says of something finished before: it earns nothing twice


class Earned(Struct, frozen=True):
    """The person after something counted, each award of it, and the points booked."""

    person: Person
    awards: tuple[Award, ...] = ()
    posted: Posted = NOTHING


def earned(case: Case, person: Person, what: Happened) -> Earned:
    """An action counted for a person, with all that it leads to."""
    progress, awards = award.award(person.progress, case.script.book, what)
    spending, posted = person.spending, NOTHING
    for one in awards:
        if one.points:
            name = derived_id(case.moment.turn_id, "points", one.number)
            transfer = Transfer(name, person.id, case.now, one.action)
            until = expiring.expires_at(case, what.today)
            posting = points.earned(transfer, spending, one.points, until)
            spending, posted = posting.spending, posted + Posted(posting.entries)
    team = person.team
    if team is not None:
        team = challenges.with_share(team, case.script.book.challenges, awards)
    person = replace(person, progress=progress, spending=spending, team=team)
    return Earned(person, awards, posted)


def awarded(case: Case, done: Done, person: Person) -> tuple[Done, Person]:
    """The turn with what it earned by its own events, and by being the first of a day; never by
    what was paid (X6, L6).
    """
    actions = case.script.book.actions
    day = today(case, person)
    names: list[str] = []
    if done.events:
        names = [e.name for e in done.events if e.name in actions and _earns(e)]
    if _is_first(case, person, day):
        names.insert(0, LOGIN)
    more = 0 if charges.is_paid(done) else _by_rules(case)
    if more:
        names.append(BY_RULES)
    if not names:
        return done, person
    events, caused = list(done.events), list[Event]()
    awards: tuple[Award, ...] = ()
    posted = done.posted
    for name in names:
        what = Happened(name, case.now, day, case.zone, day)
        what = replace(what, more=more if name == BY_RULES else 0, is_checkin=name == LOGIN)
        found = earned(case, person, what)
        person, awards, posted = found.person, awards + found.awards, posted + found.posted
        own = next((one for one in events if one.name == name), None)
        if own is not None:
            events.remove(own)
            caused.append(replace(own, props={**own.props, **kept(found.awards[0])}))
        else:
            caused.append(event_of(case, found.awards[0], {}))
        caused += beside(case, found.awards)
    told = news(case, person, awards)
    words = {**done.words, "achieved": told} if told else done.words
    if case.inbound.kind not in TALKING:  # there is no reply to tell it in
        done = replace(done, outbox=(*done.outbox, *outbox(case, person, awards)))
    return replace(done, events=(*events, *caused), posted=posted, words=words), person


def happened(case: Case, action: str) -> Happened:
    """When and where an action counts: E2, E3, S1."""
    now = case.now
    flags: tuple[str, ...] = ()
    at = int(case.inbound.props.get("occurred_at", now))
    if at > now + AHEAD_US:
        at, flags = now, ("future",)
    elif at < now - LATE_US:
        flags = (OLD,)
    zone = case.zone
    streak = streaks.moved(case.person.progress.streaks, now, zone)
    day, today = (days.date_of(streak.clocks, one) for one in (at, now))
    if case.is_import:
        is_open = day > streak.told  # else it was decided what became of that date
        flags = tuple(one for one in flags if one != OLD)
        flags = (*flags, IMPORTED) if is_open else (*flags, OLD, IMPORTED)
        return Happened(action, at, day, zone, day, at if is_open else now, flags=flags)
    return Happened(action, at, day, zone, today, now, more=_by_rules(case), flags=flags)


def today(case: Case, person: Person) -> int:
    """The local date of this turn, by the person's own days."""
    clocks = person.progress.streaks.clocks
    if len(clocks) == 1 and clocks[0].zone == case.zone and not clocks[0].start:
        return calendar.local_date(case.now, case.zone).toordinal()
    streak = streaks.moved(person.progress.streaks, case.now, case.zone)
    return days.date_of(streak.clocks, case.now)


def event_of(case: Case, one: Award, props: dict[str, Any], id: str = "") -> Event:
    """The event that keeps an award; an id of the caller's own comes with its source."""
    own = id or derived_id(case.moment.turn_id, "award", one.number)
    source = case.inbound.name if id else SOURCE
    return Event(own, case.person.id, one.action, one.at, case.now, {**props, **kept(one)}, source)


def beside(case: Case, awards: tuple[Award, ...]) -> tuple[Event, ...]:
    """The events of what a first award led to: levels, milestones, achievements."""
    ladder, found = case.script.book.ladder, list[Event]()
    for number, one in enumerate(awards):
        if number:
            found.append(event_of(case, one, {}))
        for level in one.levels:
            id = derived_id(case.moment.turn_id, LEVEL, level)
            props = {"level": level, "name": ladder.level(level).name}
            found.append(Event(id, case.person.id, LEVEL, one.at, case.now, props))
    return tuple(found)


def kept(one: Award) -> dict[str, Any]:
    """What the row of an event keeps of its award."""
    return {"award": msgspec.to_builtins(one)}


def news(case: Case, person: Person, awards: tuple[Award, ...]) -> tuple[str, ...]:
    """Levels and achievements reached, in the person's words."""
    return tuple(title for _, title in _reached(case, person, awards))


def outbox(case: Case, person: Person, awards: tuple[Award, ...]) -> tuple[Message, ...]:
    """A message for each level and achievement, for what was done elsewhere."""
    return tuple(message(case, key, title) for key, title in _reached(case, person, awards))


def message(case: Case, key: str, title: str) -> Message:
    """The line in which somebody is told of something reached, once a key."""
    now = case.now
    return Message(
        id=derived_id(case.person.id, key),
        person_id=case.person.id,
        dedupe=key,
        kind=UNLOCKED,
        channel="in_app",
        send_at=now,
        expires_at=now + TOLD_H * HOUR_US,
        at=now,
        template=UNLOCKED,
        rule="earned",
        props={"because": "You did what it is for", "words": {"achieved": [title]}},
    )


def _reached(case: Case, person: Person, awards: tuple[Award, ...]) -> list[tuple[str, str]]:
    book, language = case.script.book, person.profile.language
    word, found = case.script.content.format(language).word, []
    for one in awards:
        found += [(f"level:{n}", word(book.ladder.level(n).name)) for n in one.levels]
        if one.achievement and (achievement := book.achievements.one(one.achievement)):
            title = f"{achievement.badge} {achievement.name(language)}"
            found.append((f"achievement:{achievement.id}", title))
    return found


def _earns(event: Event) -> bool:
    return not {AGAIN, charges.PAID, "award"} & event.props.keys()


def _by_rules(case: Case) -> int:
    """XP that rules add to this turn."""
    return int(case.verdict.effects.get("award", 0)) if case.verdict is not None else 0


def _is_first(case: Case, person: Person, day: int) -> bool:
    """Whether this message makes its local day count: the first one, or the second where a broken
    streak comes back by it (S7). Words of despair are not counted.
    """
    if case.inbound.kind != "message" or case.command == Command.CARE:
        return False
    progress, rule = person.progress, case.script.book.streaks
    if not fold.count_on(progress, day, LOGIN):
        return True
    streak = progress.streaks
    if streak.since >= day or any(one.day == day - 1 for one in streak.done):
        return False  # no run lies before it, or none is broken
    return streaks.standing(streak, case.now, rule).repairable is not None
