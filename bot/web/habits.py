"""The doors of the habit economy: events, balance, statistics, rewards."""

from typing import Annotated, Any

from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from bot.errors import RequestError
from bot.model.message import Event
from bot.model.person import Person
from bot.people.calendar import rfc3339
from bot.progress import points, streaks
from bot.progress.habits import HUNDRED
from bot.web.answers import done, json
from bot.web.asked import AnyId, Line, NoQuery, UserId, WhoQuery, Word
from bot.web.body import query, read
from bot.web.door import Door
from bot.web.engagement import act
from bot.web.money import call_id, fingerprint

LEVEL = 100 * HUNDRED  # level N spans (N - 1) x 100 to N x 100 lifetime points


class HabitAsk(Struct, frozen=True):
    """A habit done; without `value` it is made of `metadata` where the action says how."""

    category: Word
    action: Word
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    value: float | UnsetType = UNSET
    metadata: dict[str, Any] = {}
    event_id: AnyId | UnsetType = UNSET
    occurred_at: str | UnsetType = UNSET


class HabitAnswer(Struct, frozen=True):
    """What was counted, and the points it earned."""

    id: str
    user_id: str
    category: str
    action: str
    value: float
    points: float
    created_at: str
    flags: tuple[str, ...]


class EventsQuery(Struct, frozen=True):
    """How many of the latest."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 50


class Balance(Struct, frozen=True):
    """Points to spend and points ever earned, the streak, the level and its achievements."""

    user_id: str
    total_points: float
    lifetime_points: float
    streak_days: int
    last_event: str | None
    level: int
    next_level_points: float
    achievements: tuple[str, ...]
    free_rewards: int


class Stats(Struct, frozen=True):
    """What a person did, by category."""

    user_id: str
    total_events: int
    events_by_category: dict[str, int]
    points_by_category: dict[str, float]
    best_streak: int
    current_streak: int
    achievements: tuple[str, ...]


class RewardLine(Struct, frozen=True):
    """A reward and its price in points; `per_person` 0: as often as wanted."""

    id: str
    title: str
    text: str
    points: float
    per_person: int


class RewardsAnswer(Struct, frozen=True):
    """Everything points buy."""

    rewards: tuple[RewardLine, ...]


class RedeemAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """Spend points on a reward; keep redeem_id before you send (or send Idempotency-Key)."""

    reward_id: Line
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    redeem_id: AnyId | UnsetType = UNSET
    use_free: bool = False


class RedeemAnswer(Struct, frozen=True):
    """What came of it; `points` were spent or are held, `total_points` are left."""

    outcome: str
    user_id: str
    redeem_id: str
    reward_id: str
    title: str
    points: float
    total_points: float
    free_rewards: int
    reason: str | None
    created_at: str
    held_until: str | UnsetType | None = UNSET
    turn_id: str | UnsetType = UNSET


class ReturnAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """A redemption of somebody."""

    user_id: UserId
    redeem_id: AnyId


class ReturnAnswer(Struct, frozen=True):
    """What staff decided: `points` went back to the lots they came from, or are spent."""

    outcome: str
    user_id: str
    redeem_id: str
    points: float
    total_points: float
    turn_id: str | UnsetType = UNSET


_habit, _redeem, _return = Decoder(HabitAsk), Decoder(RedeemAsk), Decoder(ReturnAsk)


async def event(door: Door, request: web.Request) -> web.Response:
    """Count a habit: value x weight of its category, with the bonus of the streak."""
    ask = await read(request, _habit)
    return await act(door, request, "habit", ask, habit_props(ask))


def habit_props(ask: HabitAsk) -> dict[str, Any]:
    """What the turn is told of a habit."""
    props: dict[str, Any] = {
        "category": ask.category, "action": ask.action, "metadata": ask.metadata,
    }  # fmt: skip
    if ask.value is not UNSET:
        props["value"] = ask.value
    return props


async def events(door: Door, request: web.Request) -> web.Response:
    """The latest habits of a person as a list, the newest first."""
    ask = query(request, EventsQuery)
    person = await door.seen(door.path_person(request, is_own=True))
    found = await door.service.reads.habits(person.id, ask.limit)
    return json([_line(one) for one in found])


async def balance(door: Door, request: web.Request) -> web.Response:
    """What a person has earned, and has left to spend."""
    query(request, NoQuery)
    person = await door.seen(door.path_person(request, is_own=True))
    progress = person.progress
    level = progress.points // LEVEL + 1
    return json(
        Balance(
            user_id=person.id,
            total_points=points.balance(person.spending, _now(door, person)) / HUNDRED,
            lifetime_points=progress.points / HUNDRED,
            streak_days=_standing(door, person).days,
            last_event=rfc3339(progress.last_habit) if progress.last_habit else None,
            level=level,
            next_level_points=level * LEVEL / HUNDRED,
            achievements=progress.achievements,
            free_rewards=progress.free_rewards,
        )
    )


async def stats(door: Door, request: web.Request) -> web.Response:
    """What a person did and earned, by category."""
    query(request, NoQuery)
    person = await door.seen(door.path_person(request, is_own=True))
    progress, standing = person.progress, _standing(door, person)
    return json(
        Stats(
            user_id=person.id,
            total_events=sum(progress.habits.values()),
            events_by_category=progress.habits,
            points_by_category={k: v / HUNDRED for k, v in progress.by_category.items()},
            best_streak=standing.best,
            current_streak=standing.days,
            achievements=progress.achievements,
        )
    )


async def rewards(door: Door, request: web.Request) -> web.Response:
    """What points buy, in the words of the person."""
    ask = query(request, WhoQuery)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    person = await door.somebody(person_id)
    known = door.service.catalogs.current.script.content.rewards_in(person.profile.language)
    lines = (
        RewardLine(one.id, one.title, one.text, one.points / HUNDRED, one.per_person)
        for one in known.values()
    )
    return json(RewardsAnswer(tuple(lines)))


async def redeem(door: Door, request: web.Request) -> web.Response:
    """Spend points on a reward; the same redeem_id has the same outcome for ever (P4)."""
    ask = await read(request, _redeem)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    own_id = call_id(request, ask.redeem_id, "redeem_id")
    if not own_id:
        message = "redeem_id is missing: keep one before you send"
        raise RequestError("bad_input", message, "redeem_id")
    props: dict[str, Any] = {"reward_id": ask.reward_id, "use_free": ask.use_free}
    kept = fingerprint(ask, "redeem_id")
    inbound = door.inbound("action", "redeem", person_id, props, own_id, kept)
    return done(await door.service.turn.take(inbound))


async def give_back(door: Door, request: web.Request) -> web.Response:
    """Staff: the points of a redemption go back to where they came from."""
    return await _decided(door, request, "reward_return")


async def hand_over(door: Door, request: web.Request) -> web.Response:
    """Staff: a reward was handed over, so the points held for it are spent."""
    return await _decided(door, request, "reward_confirm")


async def _decided(door: Door, request: web.Request, name: str) -> web.Response:
    ask = await read(request, _return)
    person_id = door.person_id(ask.user_id, ask.user_id)
    props: dict[str, Any] = {"redeem_id": ask.redeem_id}
    kept = fingerprint(ask, "redeem_id")
    inbound = door.inbound("staff", name, person_id, props, ask.redeem_id, kept, actor="operator")
    return done(await door.service.turn.take(inbound))


def _line(event: Event) -> HabitAnswer:
    award = event.props["award"]
    return HabitAnswer(
        event.id,
        event.person_id,
        award["category"],
        event.name,
        award.get("value", 0.0),
        award.get("points", 0) / HUNDRED,
        rfc3339(event.at),
        tuple(award.get("flags", ())),
    )


def _standing(door: Door, person: Person) -> streaks.Standing:
    rule = door.service.catalogs.current.script.book.streaks
    down = door.service.ticks.down()
    return streaks.standing(person.progress.streaks, _now(door, person), rule, down)


def _now(door: Door, person: Person) -> int:
    return max(door.service.clock.now(), person.last_at, person.spending.last_at)
