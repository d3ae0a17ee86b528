"""What is asked for without money changing hands: profile, limits, pauses, market, erasing."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from bot.errors import RequestError
from bot.ledger import caps, windows
from bot.ledger.caps import CapChange
from bot.model.message import Market
from bot.model.money import NO_LIMIT, PERIODS, Period
from bot.model.person import Person
from bot.people import profile
from bot.people.calendar import rfc3339
from bot.people.consent import given
from bot.talk import (
    care,
    charges,
    daily,
    filling,
    grounds,
    handoff,
    joining,
    placing,
    quizzing,
    rating,
    rewarding,
    teaming,
)
from bot.talk.acts import Command, Result
from bot.talk.case import Case, Done, Posted

AUTOMATIC = "automatic"  # the voice is the rules' choice again


def said(case: Case) -> Done:
    """Nothing but the reply of the dialogue itself."""
    return Done(Result.TOLD, case.person)


def limits_put(case: Case) -> Done:
    """New caps, from a sentence (one period) or a call (any of three)."""
    amounts = _amounts(case.slots)
    if not amounts:
        return Done(Result.REFUSED, case.person, "limits_refused", words={"reason": "unclear"})
    change = caps.put(case.person.spending, amounts, case.now, case.script.limits)
    return _limits(case, change, "limits_requested" if change.pending else "limits_set")


def limits_confirm(case: Case) -> Done:
    """The second yes to an increase; too early or too late it changes nothing."""
    change = caps.confirm(case.person.spending, case.now, case.script.limits)
    if not change.reason:
        return _limits(case, change, "limits_confirmed")
    done = _limits(case, change, "limits_refused")
    words = {**done.words, "reason": change.reason, "_until": change.until}
    body = {**(done.body or {}), "reason": change.reason, "until": _wire_time(change.until)}
    return replace(done, result=Result.REFUSED, words=words, body=body)


def _limits(case: Case, change: CapChange, act: str) -> Done:
    person = replace(case.person, spending=change.spending)
    slots = case.slots
    words = {"amount": int(slots.get("amount") or 0), "period": str(slots.get("period") or "day")}
    posted = Posted(counters=change.counters)
    body = limits_body(case, person)
    done = Done(Result.TOLD, person, act, words=words, posted=posted, body=body)
    if act != "limits_set":
        return done
    return replace(done, events=(charges.event(case, "limit_set", {}),))


def limits_body(case: Case, person: Person) -> dict[str, Any]:
    """The limits on the wire: caps, what is left of them, and an increase that waits."""
    spending, settings = person.spending, case.script.limits
    now = max(case.now, spending.last_at)  # a pause begins a microsecond after what came before
    left = windows.remaining(spending, settings, now)
    body: dict[str, Any] = {
        "limits": {p: windows.cap(spending, p, now, settings) for p in PERIODS},
        "remaining": {p: getattr(left, p) for p in PERIODS},
        "pending": None,
        "paused_until": _wire_time(windows.closed_until(spending, "pause", now)),
        "resting_until": _wire_time(windows.closed_until(spending, "rest", now)),
        "care_until": _wire_time(windows.closed_until(spending, "care", now)),
    }
    if (request := spending.request) is not None:
        amounts = {p: None if a >= NO_LIMIT else a for p, a in request.amounts.items()}
        body["pending"] = {
            "limits": amounts,
            "confirm_from": rfc3339(request.confirm_from),
            "lapses_at": rfc3339(request.lapses_at),
        }
    return body


def _amounts(slots: dict[str, Any]) -> dict[Period, int]:
    """Credits by period: `amount` and `period` of a sentence, or the periods of a call."""
    if "amount" in slots and slots.get("period") in PERIODS:
        amount = slots["amount"]
        return {slots["period"]: int(amount)} if str(amount).isdigit() else {}
    found: dict[Period, int] = {}
    for period in PERIODS:
        if (amount := slots.get(period)) is not None:
            found[period] = int(amount)
    return found


def pause(case: Case) -> Done:
    """Close paid depths from now on; a running pause only grows."""
    asked = str(case.slots.get("hours") or case.slots.get("duration") or "")
    hours = int(asked) if asked.isdigit() else 0
    if case.inbound.kind == "message" and hours not in caps.PAUSE_HOURS:
        words = {"hours": hours, "reason": "unclear"}
        return Done(Result.ASK, case.person, "pause_refused", words=words)
    person = replace(case.person, spending=caps.pause(case.person.spending, hours, case.now))
    running = windows.closed(person.spending, case.now)
    until = running.until if running is not None else None
    body = limits_body(case, person)
    words = {"hours": hours, "_until": until}
    events = (charges.event(case, "break_taken", {"hours": hours}),)
    return Done(Result.TOLD, person, "pause_started", words=words, body=body, events=events)


def profile_put(case: Case) -> Done:
    """What a person or a host says about a person."""
    person = profile.changed(case.person, case.inbound.props, case.now, can_grow_up=True)
    person, events = daily.put(case, joining.put(case, person))
    return Done(Result.TOLD, filling.zoned(case, person), events=events)


def answer_age(case: Case) -> Done:
    """The age question answered; a charge that waited for it is offered again."""
    is_adult = case.slots.get("age") == "adult"
    aged = profile.aged(case.person.profile, is_adult, can_grow_up=False)
    person = replace(case.person, profile=aged)
    if aged.age == "minor":
        act = "age_kept" if is_adult else "age_is_minor"
        return Done(Result.REFUSED, person, act)
    if case.item is None or case.item.sku in person.spending.owned:
        return Done(Result.TOLD, person, "age_adult")
    return charges.offered(replace(case, person=person), None)


def set_zone(case: Case) -> Done:
    """The person's own zone, at once; the limits follow later (money.md)."""
    zone = str(case.slots.get("zone", ""))
    found = filling.clocks(zone)
    if len(found) > 1:
        words = filling.clock_words(case, found)
        return Done(Result.ASK_ZONE, case.person, filling.WHICH_ZONE, words=words)
    if not found:
        return Done(Result.REFUSED, case.person, "zone_refused", words={"zone": zone})
    person = replace(case.person, profile=replace(case.person.profile, time_zone=found[0]))
    person, events = daily.put(case, person)
    person = filling.zoned(case, person)
    return Done(Result.TOLD, person, "zone_set", words={"zone": found[0]}, events=events)


def set_nudges(case: Case) -> Done:
    """Whether the bot may write first."""
    is_on = case.slots.get("answer") == "on"
    person = replace(case.person, consent=given(case.person.consent, {"nudges": is_on}, case.now))
    return Done(Result.TOLD, person, "nudges_on" if is_on else "nudges_off")


def pick_persona(case: Case) -> Done:
    """This voice from now on, or the one that fits each moment."""
    name = str(case.slots.get("persona", ""))
    if name == AUTOMATIC:
        return Done(Result.TOLD, replace(case.person, persona=""), "persona_automatic")
    if name not in case.script.personas.names:
        return Done(Result.REFUSED, case.person, "persona_refused")
    return Done(Result.TOLD, replace(case.person, persona=name), "persona_set")


def market(case: Case) -> Done:
    """What the feed knows of an asset."""
    asset = _asset(case)
    if case.moment.market(asset) is None:
        return Done(Result.REFUSED, case.person, "market_unknown", words={"asset": asset})
    return Done(Result.TOLD, case.person, "market", words=market_words(case, asset))


def market_words(case: Case, asset: str) -> dict[str, Any]:
    known: Market | None = case.moment.market(asset)
    return {"_market": known, "asset": asset}


def watch(case: Case) -> Done:
    """An asset onto the watch list."""
    asset = _asset(case)
    try:
        watched = profile.watched([*case.person.watch, asset])
    except RequestError:
        return Done(Result.REFUSED, case.person, "watch_refused", words={"asset": asset})
    if case.moment.market(asset) is None:
        return Done(Result.REFUSED, case.person, "market_unknown", words={"asset": asset})
    person = replace(case.person, watch=watched)
    return Done(Result.TOLD, person, "watching", words=market_words(case, asset))


def unwatch(case: Case) -> Done:
    """An asset off the watch list."""
    asset = _asset(case)
    if asset not in case.person.watch:
        return Done(Result.REFUSED, case.person, "not_watching", words=market_words(case, asset))
    person = replace(case.person, watch=tuple(a for a in case.person.watch if a != asset))
    return Done(Result.TOLD, person, "not_watching", words=market_words(case, asset))


def _asset(case: Case) -> str:
    """The asset named, the first one followed, or the first one the feed knows."""
    named = str(case.slots.get("asset", "")).upper()
    return named or next(iter((*case.person.watch, *case.script.terms.assets)), "")


def erase(case: Case) -> Done:
    """The second yes was said: turn.py erases the person instead of committing this turn."""
    return Done(Result.TOLD, case.person, "erased", events=(charges.event(case, "erasing", {}),))


def _shown(act: str) -> Callable[[Case], Done]:
    def show(case: Case) -> Done:
        return Done(Result.TOLD, case.person, act)

    return show


def _wire_time(at: int | None) -> str | None:
    return None if at is None else rfc3339(at)


COMMANDS: dict[Command, Callable[[Case], Done]] = {
    Command.SAY: said,
    Command.DECLINE: charges.declined,
    Command.SHOW_BALANCE: _shown("balance"),
    Command.SHOW_LIMITS: _shown("limits"),
    Command.SET_LIMITS: limits_put,
    Command.CONFIRM_LIMITS: limits_confirm,
    Command.PAUSE: pause,
    Command.SHOW_PROFILE: _shown("profile"),
    Command.ANSWER_AGE: answer_age,
    Command.SET_ZONE: set_zone,
    Command.SET_NUDGES: set_nudges,
    Command.PICK_PERSONA: pick_persona,
    Command.BEGIN: filling.begin,
    Command.FILL: filling.fill,
    Command.SKIP: filling.skip,
    Command.QUIZ: quizzing.begin,
    Command.ANSWER: quizzing.answer,
    Command.SHOW_SPENDING: _shown("spending"),
    Command.SHOW_WATCHED: _shown("watched"),
    Command.SET_LANGUAGE: filling.set_language,
    Command.MARKET: market,
    Command.WATCH: watch,
    Command.UNWATCH: unwatch,
    Command.RATE: rating.rate,
    Command.HAND_OFF: handoff.hand_off,
    Command.SHOW_PROGRESS: _shown("progress"),
    Command.SHOW_BOARD: placing.show,
    Command.SHOW_TEAM: teaming.show,
    Command.JOIN_BOARD: placing.join,
    Command.LEAVE_BOARD: placing.leave,
    Command.PAUSE_STREAK: daily.pause,
    Command.RESUME_STREAK: daily.resume,
    Command.OFFER_REWARD: rewarding.offer,
    Command.REDEEM: rewarding.redeem,
    Command.WHY: grounds.told,
    Command.EXPORT: _shown("export"),
    Command.ERASE: erase,
    Command.CARE: care.begun,
}
