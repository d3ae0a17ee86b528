"""Days that are over: streaks are closed for people who are not there."""

from msgspec.structs import replace

from bot.model.decision import Plan
from bot.model.person import Person
from bot.progress import streaks, telling
from bot.progress.downtime import Outages
from bot.progress.terms import StreakRule


def closed(person: Person, now: int, rule: StreakRule, outages: Outages = ()) -> Plan | None:
    """A freeze that was used, a run that broke, a date that our downtime took; None for nothing.

    What nobody needs to be told is not written: the next turn counts the same again (S9).
    """
    change = streaks.closed(person.progress.streaks, now, rule, outages)
    if not change.is_news:
        return None
    progress = replace(person.progress, streaks=change.streak)
    after = replace(person, version=person.version + 1, progress=progress)
    events = telling.events_of(change, person.id, now)
    return Plan(now, before=person, person=after, events=events)
