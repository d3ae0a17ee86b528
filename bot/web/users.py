"""What a host may know and say about a person."""

from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web
from msgspec.json import Decoder

from bot.ledger import windows
from bot.model.money import NO_LIMIT, PERIODS, PauseKind, Spending
from bot.model.person import Person
from bot.people import calendar
from bot.people.engagement import score
from bot.progress import streaks
from bot.progress.days import clock
from bot.web.answers import json
from bot.web.asked import ProfilePut
from bot.web.body import read
from bot.web.door import Door
from bot.web.wire import (
    Consents,
    LimitsAnswer,
    OnBoards,
    Pending,
    PerPeriod,
    Purse,
    SkillNow,
    StreakPaused,
    UserAnswer,
)

if TYPE_CHECKING:
    from bot.app import Service

_profile_put = Decoder(ProfilePut)


async def user(door: Door, request: web.Request) -> web.Response:
    """A person: skill, engagement, persona, credits, limits, streak, what they own."""
    person = await door.seen(door.path_person(request))
    return json(user_of(door.service, person))


async def put_user(door: Door, request: web.Request) -> web.Response:
    """Tell what is known of a person; what is left out stays."""
    ask = await read(request, _profile_put)
    person_id = door.path_person(request)
    props: dict[str, Any] = msgspec.to_builtins(ask)
    actor = "host" if door.guard.is_demo or door.guard.has_key(request) else ""
    inbound = door.inbound("profile", "put", person_id, props, actor=actor)
    await door.service.turn.take(inbound)
    return json(user_of(door.service, await door.seen(person_id)))


def user_of(service: "Service", person: Person) -> UserAnswer:
    """The answer of GET and PUT /user."""
    now = max(service.clock.now(), person.last_at)
    script = service.catalogs.current.script
    profile, spending = person.profile, person.spending
    held, granted = windows.balance(spending, now), windows.granted(spending, now)
    limits = limits_of(service, person)
    rule, down = script.book.streaks, service.ticks.down()
    streak = streaks.standing(person.progress.streaks, now, rule, down)
    return UserAnswer(
        user_id=person.id,
        name=profile.name,
        time_zone=profile.time_zone,
        language=profile.language,
        age=profile.age,
        learning_style=profile.learning_style,
        skill=SkillNow(person.skill.level, person.skill.lessons, person.skill.quizzes),
        engagement=round(score(person.activity, now, script.engagement), 3),
        persona=person.persona or script.personas.default,
        credits=Purse(held, granted, held - granted),
        limits=limits.limits,
        remaining=limits.remaining,
        paused_until=limits.paused_until,
        resting_until=limits.resting_until,
        care_until=limits.care_until,
        streak=streak.days,
        freezes=streak.freezes,
        day_start=clock(streak.start_min),
        streak_pauses=tuple(
            StreakPaused(*map(calendar.date_text, pause)) for pause in streak.pauses
        ),
        owned=tuple(sorted(spending.owned)),
        consent=consents(person),
        watch=person.watch,
        leaderboard=on_boards(person),
        turns=person.activity.turns,
        last_seen=calendar.rfc3339(person.seen_at) if person.seen_at else None,
    )


def consents(person: Person) -> Consents:
    """What somebody agreed to."""
    agreed = person.consent
    return Consents(agreed.nudges, agreed.promotions, agreed.tracking, agreed.sms)


def on_boards(person: Person) -> OnBoards:
    """Who somebody is on the leaderboards."""
    boards = person.boards
    return OnBoards(boards.is_listed, boards.name, boards.handle)


def limits_of(service: "Service", person: Person) -> LimitsAnswer:
    """The answer of GET /v1/limits."""
    spending = person.spending
    now = max(service.clock.now(), spending.last_at)
    settings = service.catalogs.current.script.limits
    caps = [windows.cap(spending, period, now, settings) for period in PERIODS]
    left = windows.remaining(spending, settings, now)
    return LimitsAnswer(
        limits=PerPeriod(*caps),
        remaining=PerPeriod(left.day, left.week, left.month),
        pending=_pending(spending, now),
        paused_until=_until(spending, "pause", now),
        resting_until=_until(spending, "rest", now),
        care_until=_until(spending, "care", now),
    )


def _pending(spending: Spending, now: int) -> Pending | None:
    request = spending.request
    if request is None or now >= request.lapses_at:
        return None
    amounts = request.amounts.items()
    return Pending(
        limits={period: None if amount >= NO_LIMIT else amount for period, amount in amounts},
        confirm_from=calendar.rfc3339(request.confirm_from),
        lapses_at=calendar.rfc3339(request.lapses_at),
    )


def _until(spending: Spending, kind: PauseKind, now: int) -> str | None:
    until = windows.closed_until(spending, kind, now)
    return None if until is None else calendar.rfc3339(until)
