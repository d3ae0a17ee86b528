"""Where a person stands, gathered: from what is stored, the rules, and the boards."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from aiohttp import web

from bot.app import Service
from bot.content.parse import Content
from bot.content.rewards import Reward
from bot.ledger import windows
from bot.model.message import Event
from bot.model.money import Tier
from bot.model.person import Person
from bot.model.progress import Award, Board
from bot.people.calendar import DAY_US, HOUR_US, date_text, rfc3339
from bot.progress import leaderboards, points, streaks
from bot.progress.days import clock
from bot.progress.habits import HUNDRED
from bot.talk.redeeming import refusal
from bot.talk.script import Script
from bot.web.answers import json
from bot.web.asked import WhoQuery
from bot.web.boards import near
from bot.web.body import query
from bot.web.door import Door
from bot.web.standing import (
    AchievementNow,
    BoardsNow,
    DayNow,
    Latest,
    LevelLine,
    MessagesNow,
    Neighbour,
    NextStep,
    PlaceNow,
    PointsNow,
    Repair,
    RewardNow,
    Span,
    Standing,
    StreakNow,
    XpNow,
)
from bot.web.teams import TeamNow, own_team
from bot.web.users import limits_of
from bot.web.wire import LimitsAnswer, Purse

LATEST = 5  # events of the wallet
EVENTS_READ = 2_000  # of these days; who does more than that has the rest in the export
BOARDS: tuple[Board, ...] = ("daily", "weekly", "all_time")

Awarded = Sequence[tuple[Event, Award]]


async def progress(door: Door, request: web.Request) -> web.Response:
    """Everything a person's page shows: streak, XP, points, boards, credits, what to do next."""
    ask = query(request, WhoQuery)
    return json(await standing(door, door.person_id(ask.user_id, ask.userId, request)))


async def standing(door: Door, person_id: str) -> Standing:
    """Where this person stands now; somebody new stands at the start."""
    service = door.service
    person = await door.somebody(person_id)
    now = max(service.clock.now(), person.last_at)
    since = now - (streaks.STRIP_DAYS + 2) * DAY_US
    events = await service.store.events(person_id, since, limit=EVENTS_READ)
    around = await _boards(door, person, now), await own_team(door, person)
    return _standing(service, person, _awards(events), around, now)


def _standing(
    service: Service,
    person: Person,
    awards: Awarded,
    around: tuple[BoardsNow, TeamNow | None],
    now: int,
) -> Standing:
    script, profile = service.catalogs.current.script, person.profile
    zone = profile.time_zone or service.settings.bot.time_zone
    days = _days(script, person, awards, now, zone)
    held, granted = windows.balance(person.spending, now), windows.granted(person.spending, now)
    limits = limits_of(service, person)
    return Standing(
        user_id=person.id,
        number=person.version,
        name=profile.name,
        language=profile.language,
        languages=script.content.locales,
        time_zone=zone,
        at=rfc3339(now),
        next=_next(script.content, person, limits),
        streak=_streak(service, person, now),
        days=days,
        xp=_xp(script, person, days[-1].xp),
        points=_points(person, now),
        rewards=_rewards(script, person, now),
        latest=_latest(awards),
        achievements=_achievements(script, person),
        boards=around[0],
        team=around[1],
        credits=Purse(held, granted, held - granted),
        limits=limits,
        messages=MessagesNow(person.consent.nudges, *(profile.quiet or (None, None))),
    )


def _awards(events: Sequence[Event]) -> list[tuple[Event, Award]]:
    """The events that earned something, with what they earned."""
    return [
        (event, msgspec.convert(event.props["award"], Award))
        for event in events
        if "award" in event.props
    ]


def _days(
    script: Script, person: Person, awards: Awarded, now: int, zone: str
) -> tuple[DayNow, ...]:
    """The last seven local dates, today last."""
    shown = streaks.week(person.progress.streaks, now, zone, script.book.streaks)
    xp = {one.day: 0 for one in shown}
    for _, award in awards:
        if award.day in xp:
            xp[award.day] += award.xp
    return tuple(DayNow(date_text(one.day), one.state, xp[one.day]) for one in shown)


def _latest(awards: Awarded) -> tuple[Latest, ...]:
    found = [
        Latest(rfc3339(event.at), one.action, one.category, one.xp, one.points / HUNDRED)
        for event, one in sorted(awards, key=lambda pair: pair[1].number, reverse=True)
        if one.xp or one.points
    ]
    return tuple(found[:LATEST])


def _next(content: Content, person: Person, limits: LimitsAnswer) -> NextStep:
    """Free lessons in the order of a teacher, then their quizzes; never anything to buy."""
    if limits.care_until is not None:
        return NextStep("rest", "")
    progress, locale = person.progress, person.profile.language
    for topic, known in content.topics["en"].items():
        title = content.topic_title(topic, locale)
        if Tier.FREE in known.texts and f"{topic}.{Tier.FREE}" not in progress.lessons:
            return NextStep("lesson", title)
        if known.quiz and topic not in progress.quizzes:
            return NextStep("quiz", title)
    return NextStep("free", "")


def _streak(service: Service, person: Person, now: int) -> StreakNow:
    rule = service.catalogs.current.script.book.streaks
    found = streaks.standing(person.progress.streaks, now, rule, service.ticks.down())
    broken, repair = found.repairable, None
    if broken is not None:
        repair = Repair(broken.days, rfc3339(broken.at + rule.repair_h * HOUR_US))
    return StreakNow(
        days=found.days,
        best=max(found.best, found.days),
        is_today_done=found.is_today_done,
        freezes=found.freezes,
        most_freezes=rule.most_held,
        freezes_at=rule.freezes,
        milestones=rule.milestones,
        repair_hours=rule.repair_h,
        pause_days_a_year=rule.pause_days_a_year,
        repairable=repair,
        day_start=clock(found.start_min),
        pauses=tuple(Span(date_text(first), date_text(last)) for first, last in found.pauses),
    )


def _xp(script: Script, person: Person, today: int) -> XpNow:
    ladder, earned = script.book.ladder, person.progress
    number = earned.shown_level
    above = ladder.after(number)
    rungs = tuple(
        LevelLine(at, one.name, one.xp, one.freezes, one.discount, one.early_days)
        for at, one in enumerate(ladder.levels, 1)
    )
    return XpNow(
        total=earned.xp,
        today=today,
        level=number,
        name=ladder.level(number).name,
        next_name=None if above is None else above.name,
        next_xp=None if above is None else above.xp,
        share=ladder.share(number, earned.xp),
        ladder=rungs,
    )


def _points(person: Person, now: int) -> PointsNow:
    lifetime = person.progress.points
    level = leaderboards.habit_level(lifetime)
    return PointsNow(
        balance=points.balance(person.spending, now) / HUNDRED,
        free_rewards=person.progress.free_rewards,
        lifetime=lifetime / HUNDRED,
        level=level,
        next_level_points=level * leaderboards.LEVEL_POINTS / HUNDRED,
        by_category=_shown(person.progress.by_category),
    )


def _rewards(script: Script, person: Person, now: int) -> tuple[RewardNow, ...]:
    known = script.content.rewards_in(person.profile.language)
    return tuple(
        RewardNow(one.id, one.title, one.text, one.points / HUNDRED, _reason(person, one, now))
        for one in known.values()
    )


def _reason(
    person: Person, reward: Reward, now: int
) -> Literal["had_before", "insufficient_points"] | None:
    match refusal(person, reward, person.progress.free_rewards > 0, now):
        case "":
            return None
        case "had_before":
            return "had_before"
        case _:
            return "insufficient_points"


def _shown(by_category: Mapping[str, int]) -> dict[str, float]:
    return {name: hundredths / HUNDRED for name, hundredths in by_category.items()}


def _achievements(script: Script, person: Person) -> tuple[AchievementNow, ...]:
    """Those that are earned, the latest first, then those to come, in the order of the file."""
    locale, held = person.profile.language, person.progress.achievements
    found = script.book.achievements.all
    earned = [one for id in reversed(held) for one in found if one.id == id]
    to_come = [one for one in found if one.id not in held]
    return tuple(
        AchievementNow(one.id, one.badge, one.name(locale), one.text(locale), one.id in held)
        for one in (*earned, *to_come)
    )


async def _boards(door: Door, person: Person, now: int) -> BoardsNow:
    """Places for the person alone; neighbours only among those who joined, and to those."""
    zone, boards = door.service.settings.bot.time_zone, door.service.store.boards
    places: list[PlaceNow] = []
    for board in BOARDS:
        period = leaderboards.period_of(board, now, zone)
        score = leaderboards.score_of(person, board, period)
        if score:
            place = await boards.place(board, period, score)
            shown = PlaceNow(board, score, place.rank, place.people, place.top_percent)
            places.append(shown)
    week = leaderboards.period_of("weekly", now, zone)
    around = await near(door, "weekly", week, person) if person.boards.is_listed else []
    own = person.boards.handle
    lines = [Neighbour(a.rank, a.name, a.score, a.level, a.handle == own) for a in around]
    return BoardsNow(person.boards.is_listed, person.boards.name, tuple(places), tuple(lines))
