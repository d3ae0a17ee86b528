"""One to five stars for a finished topic: asked now and then, answered or not."""

from msgspec.structs import replace

from bot.model.person import Person
from bot.people.calendar import DAY_US
from bot.talk import charges
from bot.talk.acts import Result
from bot.talk.case import Case, Done

ASK_EVERY_US = 30 * DAY_US  # nobody is asked more often, whatever they answered
OPEN_US = DAY_US  # an answer counts so long after the question
MOST = 5
ASK = "ask_rating"


def asked(person: Person, topic: str, now: int) -> Person | None:
    """The person with the question put; None when it is too soon to ask."""
    seen = person.seen
    if seen.rating_at and now - seen.rating_at < ASK_EVERY_US:
        return None
    return replace(person, seen=replace(seen, rating_at=now, rating_topic=topic))


def rate(case: Case) -> Done:
    """The answer, kept as an event; a number nobody asked for changes nothing."""
    seen = case.person.seen
    if not seen.rating_topic or case.now - seen.rating_at > OPEN_US:
        return Done(Result.REFUSED, case.person, "rating_not_asked")
    stars = str(case.slots.get("number", ""))
    if not stars.isdigit() or not 1 <= int(stars) <= MOST:
        return Done(Result.REFUSED, case.person, "rating_unclear")
    event = charges.event(case, "rated", {"stars": int(stars), "topic": seen.rating_topic})
    person = replace(case.person, seen=replace(seen, rating_topic=""))
    return Done(Result.TOLD, person, "rated", events=(event,))
