"""Something a person did outside the chat: counted, awarded, answered."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from bot.errors import RequestError
from bot.ledger.postings import derived_id
from bot.model.message import Event, Inbound, Intent, Message
from bot.people.calendar import rfc3339
from bot.progress import streaks
from bot.progress.award import Happened
from bot.progress.habits import HUNDRED, Habit, ValueFrom, exact, nearest
from bot.talk import earning, hooked, redeeming
from bot.talk.acts import Command, Result
from bot.talk.arrivals import Arrival
from bot.talk.case import Case, Done
from bot.talk.earning import Earned
from bot.talk.script import Moment, Script

Body = Callable[[Case, Earned, Event], dict[str, Any]]  # the answer of a call
HABIT = "habit"  # the call that counts one, and the kind of its rows for the hook
CHECK_IN = "check_in"  # the action of a call that only says: here today


def opened(script: Script, arrival: Arrival, inbound: Inbound, moment: Moment) -> Case:
    """The case of an action; RequestError for one that authors did not write."""
    name = str(inbound.props.get("action", CHECK_IN))
    tags: tuple[str, ...] = ()
    if inbound.name == "xp":
        if name not in script.book.actions:
            hint = nearest(name, script.book.actions)
            raise RequestError("bad_input", f"there is no action '{name}': {hint}", "action")
        tags = script.book.actions[name].tags
    elif inbound.name == "habit":
        tags = _habit(script, inbound).tags
    return Case(
        script=script,
        moment=moment,
        inbound=inbound,
        person=arrival.person,
        intent=Intent(inbound.name),
        command=Command.SAY,
        slots={},
        zone=arrival.zone,
        posted=arrival.posted,
        action=name,
        tags=tags,
    )


def counted(case: Case) -> Done:
    """The action counted, what it earned, and the answer of the call."""
    match case.inbound.name:
        case "track":
            return _tracked(case)
        case "habit":
            return _habited(case)
        case "redeem":
            return redeeming.redeem(case)
        case "streak":
            return _awarded(
                case, replace(earning.happened(case, case.action), is_checkin=True), _streak_body
            )
        case _:
            return _awarded(case, earning.happened(case, case.action), _xp_body)


def _tracked(case: Case) -> Done:
    """Only noted: it earns nothing."""
    happened, props = earning.happened(case, case.action), case.inbound.props
    kept = {"props": props["props"]} if props.get("props") else {}
    event = Event(_own_id(case), case.person.id, case.action, happened.at, case.now, kept, "track")
    body = {
        "id": event.id, "user_id": case.person.id, "event": case.action,
        "created_at": rfc3339(event.at), "flags": list(happened.flags),
    }  # fmt: skip
    return Done(Result.TOLD, case.person, events=(event,), body=body)


def _habited(case: Case) -> Done:
    """A habit with its value, which is clamped to the most of its action."""
    habit = _habit(case.script, case.inbound)
    value, flags = _value(habit, case.inbound.props)
    happened = earning.happened(case, case.action)
    happened = replace(happened, habit=habit, value=value, flags=(*happened.flags, *flags))
    done = _awarded(case, happened, _habit_body)
    return replace(done, outbox=(*done.outbox, *_forwarded(case, done)))


def _forwarded(case: Case, done: Done) -> tuple[Message, ...]:
    """A habit goes on to the operator's hook, where bot.toml names one; history does not."""
    if not case.script.terms.has_habit_hook or case.is_import or done.body is None:
        return ()
    id = derived_id(case.moment.turn_id, HABIT, "hook")
    return (hooked.row(case, id, HABIT, "habit.counted", done.body),)


def _awarded(case: Case, happened: Happened, body: Body) -> Done:
    found = earning.earned(case, case.person, happened)
    given = case.inbound.props
    props = {"metadata": given["metadata"]} if given.get("metadata") else {}
    first = earning.event_of(case, found.awards[0], props, _own_id(case))
    return Done(
        Result.TOLD,
        found.person,
        events=(first, *earning.beside(case, found.awards)),
        posted=found.posted,
        outbox=earning.outbox(case, found.person, found.awards),
        body=body(case, found, first),
    )


def _habit(script: Script, inbound: Inbound) -> Habit:
    """The habit that a call names; the category must be its own."""
    habits, props = script.book.habits, inbound.props
    category, name = str(props["category"]), str(props["action"])
    if category not in habits.weights:
        hint = nearest(category, habits.weights)
        raise RequestError("bad_input", f"there is no category '{category}': {hint}", "category")
    habit = habits.actions.get(name)
    if habit is None or habit.category != category:
        own = {key: one for key, one in habits.actions.items() if one.category == category}
        hint = nearest(name, own)
        raise RequestError("bad_input", f"{category} has no action '{name}': {hint}", "action")
    return habit


def _value(habit: Habit, props: dict[str, Any]) -> tuple[Fraction, tuple[str, ...]]:
    """The value of a call, from its metadata where it has none, and whether it was clamped."""
    given, source = props.get("value"), habit.value_from
    if given is None and source is not None:
        value = _made(source, props.get("metadata", {}))
    else:
        value = _above_0(Fraction(1) if given is None else exact(given), "value")
    most = exact(habit.most)
    return (most, ("clamped",)) if value > most else (value, ())


def _made(source: ValueFrom, metadata: dict[str, Any]) -> Fraction:
    """The value that metadata makes; where it makes none, what is wanted of it."""
    made, field = source.value(metadata), f"metadata.{source.field}"
    if made is None:
        raise RequestError("bad_input", source.wanted(), field)
    return _above_0(made, field)


def _above_0(value: Fraction, field: str) -> Fraction:
    if value <= 0:
        raise RequestError("bad_input", "must be above 0", field)
    return value


def _own_id(case: Case) -> str:
    """The caller's id of the event, else one that follows from the turn."""
    own = str(case.inbound.props.get("event_id", ""))
    return own or f"evt_{derived_id(case.moment.turn_id, case.action)}"


def _xp_body(case: Case, found: Earned, event: Event) -> dict[str, Any]:
    ladder, awards = case.script.book.ladder, found.awards
    after = found.person.progress
    number, before = after.shown_level, case.person.progress.shown_level
    return {
        "userId": case.person.id,
        "action": case.action,
        "id": event.id,
        "awarded": sum(one.xp for one in awards),
        "newXP": after.xp,
        "newLevel": number,
        "levelName": ladder.level(number).name,
        "leveledUp": number > before,
        "levels": [ladder.level(one).name for award in awards for one in award.levels],
        "achievements": [one.achievement for one in awards if one.achievement],
        "progress": ladder.share(number, after.xp),
        "flags": list(awards[0].flags),
    }


def _streak_body(case: Case, found: Earned, event: Event) -> dict[str, Any]:
    before, after = case.person.progress.streaks, found.person.progress.streaks
    day = found.awards[0].day
    now = streaks.standing(after, case.now, case.script.book.streaks)
    return {
        "userId": case.person.id,
        "id": event.id,
        "streak": now.days,
        "bestStreak": now.best,
        "freezes": now.freezes,
        "isNewDay": streaks.is_done(after, day) > streaks.is_done(before, day),
        "newXP": found.person.progress.xp,
        "flags": list(found.awards[0].flags),
    }


def _habit_body(case: Case, found: Earned, event: Event) -> dict[str, Any]:
    one = found.awards[0]
    return {
        "id": event.id,
        "user_id": case.person.id,
        "category": one.category,
        "action": one.action,
        "value": one.value,
        "points": one.points / HUNDRED,
        "created_at": rfc3339(event.at),
        "flags": list(one.flags),
    }
