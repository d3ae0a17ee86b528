"""What a form asks for and a person answers: the profile, field by field."""

from typing import Any

from msgspec.structs import replace

from bot.ledger import caps
from bot.model.person import Person, Profile
from bot.people import profile
from bot.people.calendar import is_zone, local_minute_of_day
from bot.people.countries import clocks_of
from bot.talk import daily
from bot.talk.acts import Result
from bot.talk.case import Case, Done
from bot.talk.forms import FIELD, FORM, PASSED, Form
from bot.talk.slots import COUNTRY

SLOT = {"time_zone": "zone"}  # the slot that fills a field, where it is not called the same
EMPTY = Profile()
WHICH_ZONE = "which_zone"  # the reply that asks for one of a country's clocks


def begin(case: Case) -> Done:
    """The form of the state, at its first open field; nothing is asked that is known."""
    form = _form(case)
    return _asking(form, frozenset(), case.person) if form else Done(Result.TOLD, case.person)


def fill(case: Case) -> Done:
    """What the message told, into the profile; then the next field, where a form stands."""
    told = {
        field: value
        for field in profile.TOLD
        if (value := str(case.slots.get(SLOT.get(field, field), "")))
    }
    found = clocks(told["time_zone"]) if "time_zone" in told else ()
    if len(found) > 1:
        return Done(Result.REFUSED, case.person, WHICH_ZONE, words=clock_words(case, found))
    told |= {"time_zone": found[0]} if found else {}
    if not told or not _is_known(case, told):
        return Done(Result.REFUSED, case.person, "not_an_answer")
    person = replace(case.person, profile=_filled(case.person.profile, told))
    person, events = daily.put(case, zoned(case, person))
    form = _form(case)
    if form is None:
        return Done(Result.TOLD, person, events=events)
    return replace(_asking(form, _passed(case) | told.keys(), person), events=events)


def skip(case: Case) -> Done:
    """The field asked for stays open."""
    form = _form(case)
    if form is None:
        return Done(Result.TOLD, case.person)
    return _asking(form, _passed(case) | {case.left.data.get(FIELD, "")}, case.person)


def set_language(case: Case) -> Done:
    """The language of the replies from now on."""
    language = str(case.slots.get("language", ""))
    if language not in case.script.content.locales:
        return Done(Result.REFUSED, case.person, "language_refused")
    spoken = replace(case.person.profile, language=language)
    return Done(Result.TOLD, replace(case.person, profile=spoken), "language_set")


def clocks(place: str) -> tuple[str, ...]:
    """The zones that a zone or country may mean: one for each time its clocks show."""
    if place.startswith(COUNTRY):
        return clocks_of(place.removeprefix(COUNTRY))
    return (place,) if is_zone(place) else ()


def clock_words(case: Case, zones: tuple[str, ...]) -> dict[str, Any]:
    """Which of these zones? Each with its city, and the time it shows."""
    return {
        "zones": tuple(
            {
                "zone": zone,
                "city": zone.rsplit("/", 1)[-1].replace("_", " "),
                "time": "{:02}:{:02}".format(*divmod(local_minute_of_day(case.now, zone), 60)),
            }
            for zone in zones
        )
    }


def zoned(case: Case, person: Person) -> Person:
    """The person with limits that follow a changed time zone, later (money.md)."""
    zone = person.profile.time_zone
    if zone is None or zone == case.person.profile.time_zone:
        return person
    return replace(person, spending=caps.change_zone(person.spending, zone, case.now))


def _form(case: Case) -> Form | None:
    story = case.script.dialogue.story
    state = story.states.get(case.left.name)
    return story.forms.get(state.form) if state is not None else None


def _passed(case: Case) -> frozenset[str]:
    return frozenset(case.left.data.get(PASSED, "").split())


def _asking(form: Form, passed: frozenset[str], person: Person) -> Done:
    """The next open field asked for, or the end of the form."""
    following = form.following(passed, _known(person.profile))
    if not following:
        return Done(Result.FINISHED, person, form.done)
    data = {FORM: form.name, FIELD: following, PASSED: " ".join(sorted(passed))}
    return Done(Result.TOLD, person, data=data)


def _known(told: Profile) -> frozenset[str]:
    """The fields a person has filled; one that still has its default may be asked for."""
    names = profile.TOLD
    return frozenset(name for name in names if getattr(told, name) != getattr(EMPTY, name))


def _is_known(case: Case, told: dict[str, str]) -> bool:
    """Zones and languages must exist; other answers are the person's own."""
    zone, language = told.get("time_zone", "UTC"), told.get("language", "")
    return is_zone(zone) and (not language or language in case.script.content.locales)


def _filled(known: Profile, told: dict[str, str]) -> Profile:
    changes: dict[str, Any] = {
        name: value[: profile.LONGEST.get(name, len(value))]
        for name, value in told.items()
        if name != "age"
    }
    filled = replace(known, **changes)
    if "age" in told:
        filled = profile.aged(filled, told["age"] == "adult", can_grow_up=False)
    return filled
