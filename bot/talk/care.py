"""What follows words of somebody who may not want to go on: help, and a week without selling."""

from msgspec.structs import replace

from bot.ledger import caps
from bot.people.calendar import rfc3339
from bot.talk import charges
from bot.talk.acts import CRISIS, Result
from bot.talk.case import Case, Done


def begun(case: Case) -> Done:
    """The answer that no rule, voice or state changes; paid depths close for seven days."""
    spending, until = caps.care(case.person.spending, case.now)
    person = replace(case.person, spending=spending)
    event = charges.event(case, "care_started", {"until": rfc3339(until)})
    return Done(Result.TOLD, person, CRISIS, events=(event,))
