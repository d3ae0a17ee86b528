"""The doors of the learner: XP, tracking, the streak."""

from typing import Any

from aiohttp import web
from msgspec import UNSET, Struct, UnsetType
from msgspec.json import Decoder

from bot.clock import Clock
from bot.errors import RequestError
from bot.model.message import Inbound
from bot.people.calendar import from_rfc3339
from bot.progress import leaderboards
from bot.web.answers import done, json
from bot.web.asked import AnyId, Line, UserId, WhoQuery
from bot.web.auth import PERSON
from bot.web.body import query, read
from bot.web.door import Door
from bot.web.money import fingerprint

MOST_AT = 253_402_300_800_000_000  # microseconds: the year 10000


class XpAsk(Struct, frozen=True):
    """Something done that earns XP; the same event_id again gets the same answer."""

    action: Line
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    event_id: AnyId | UnsetType = UNSET
    occurred_at: str | UnsetType = UNSET


class TrackAsk(Struct, frozen=True):
    """Something to note, which earns nothing."""

    event: Line
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    event_id: AnyId | UnsetType = UNSET
    occurred_at: str | UnsetType = UNSET
    props: dict[str, Any] = {}


class StreakAsk(Struct, frozen=True):
    """Here today; once a local date counts. `occurred_at` is for hosts: with a token it is now."""

    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    event_id: AnyId | UnsetType = UNSET
    occurred_at: str | UnsetType = UNSET


class XpAnswer(Struct, frozen=True):
    """The total after, the level, and how far the next one is, in per cent."""

    userId: str
    action: str
    id: str
    awarded: int
    newXP: int
    newLevel: int
    levelName: str
    leveledUp: bool
    levels: tuple[str, ...]
    achievements: tuple[str, ...]
    progress: float
    flags: tuple[str, ...]


class XpState(Struct, frozen=True):
    """Where somebody stands on the ladder; `nextLevel` is null at its top."""

    userId: str
    xp: int
    currentLevel: int
    levelName: str
    nextLevel: int | None
    nextLevelName: str | None
    nextLevelXP: int | None
    progressPercentage: float
    rank: int | None


class TrackAnswer(Struct, frozen=True):
    """It was noted."""

    id: str
    user_id: str
    event: str
    created_at: str
    flags: tuple[str, ...]


class StreakAnswer(Struct, frozen=True):
    """Days in a row, the longest run so far, freezes held."""

    userId: str
    id: str
    streak: int
    bestStreak: int
    freezes: int
    isNewDay: bool
    newXP: int
    flags: tuple[str, ...]


_xp, _track, _streak = Decoder(XpAsk), Decoder(TrackAsk), Decoder(StreakAsk)


async def xp(door: Door, request: web.Request) -> web.Response:
    """Award what an action earns: XP, and the levels reached by it."""
    ask = await read(request, _xp)
    return await act(door, request, "xp", ask, xp_props(ask))


async def xp_state(door: Door, request: web.Request) -> web.Response:
    """XP, level and the way to the next one; somebody new is at the start."""
    ask = query(request, WhoQuery)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    person = await door.somebody(person_id)
    progress, ladder = person.progress, door.service.catalogs.current.script.book.ladder
    number = progress.shown_level
    above = ladder.after(number)
    return json(
        XpState(
            person_id,
            progress.xp,
            number,
            ladder.level(number).name,
            None if above is None else number + 1,
            None if above is None else above.name,
            None if above is None else above.xp,
            ladder.share(number, progress.xp),
            await _rank(door, progress.xp),
        )
    )


async def _rank(door: Door, xp: int) -> int | None:
    """Among everybody who has XP; None for somebody who has none."""
    if not xp:
        return None
    return (await door.service.store.boards.place("all_time", leaderboards.EVER, xp)).rank


async def track(door: Door, request: web.Request) -> web.Response:
    """Note that something happened; it earns nothing."""
    ask = await read(request, _track)
    return await act(door, request, "track", ask, track_props(ask))


async def streak(door: Door, request: web.Request) -> web.Response:
    """The daily check-in: once a local date, however often it is called."""
    ask = await read(request, _streak) if request.can_read_body else StreakAsk()
    if ask.occurred_at is not UNSET and request.get(PERSON):  # a browser would claim missed days
        raise RequestError("not_allowed", "with a token, a check-in is now", "occurred_at")
    return await act(door, request, "streak", ask, {})


def xp_props(ask: XpAsk) -> dict[str, Any]:
    return {"action": ask.action}


def track_props(ask: TrackAsk) -> dict[str, Any]:
    return {"action": ask.event, "props": ask.props}


async def act(
    door: Door, request: web.Request, name: str, ask: Any, props: dict[str, Any]
) -> web.Response:
    """An action through the turn; `ask` has user_id, userId, event_id and occurred_at."""
    person_id = door.person_id(ask.user_id, ask.userId, request)
    inbound = inbound_of(door.service.clock, name, person_id, ask, props)
    return done(await door.service.turn.take(inbound))


def inbound_of(
    clock: Clock, name: str, person_id: str, ask: Any, props: dict[str, Any]
) -> Inbound:
    """An action as the turn takes it, whichever call brought it."""
    event_id = "" if ask.event_id is UNSET else ask.event_id
    if event_id:
        props["event_id"] = event_id
    if ask.occurred_at is not UNSET:
        props["occurred_at"] = instant(ask.occurred_at, "occurred_at")
    return Inbound(
        id=event_id or clock.token(),
        person_id=person_id,
        kind="action",
        at=clock.now(),
        channel=name,  # E1: an id is one's within a source
        name=name,
        props=props,
        fingerprint=fingerprint(ask, "event_id") if event_id else "",
    )


def instant(text: str, field: str) -> int:
    """A time of the wire in microseconds; bad_input for anything else."""
    at = from_rfc3339(text)
    if at is None or not 0 <= at < MOST_AT:
        raise RequestError("bad_input", "a time like 2026-03-01T12:00:00Z", field)
    return at
