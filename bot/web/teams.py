"""Team challenges over the wire: what there is, one's own team, and the board of teams."""

from typing import Annotated, Any, Literal

from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from bot.errors import RequestError
from bot.model.person import Person
from bot.model.team import Team
from bot.people.calendar import DAY_US, rfc3339
from bot.progress import leaderboards
from bot.progress.challenges import Challenge
from bot.progress.habits import HUNDRED
from bot.talk.teaming import current
from bot.web.answers import done, json
from bot.web.asked import AnyId, UserId, WhoQuery
from bot.web.body import query, read
from bot.web.door import Door
from bot.web.money import call_id, fingerprint
from bot.web.wire import Instant

SHOWN_D = 7  # days for which a team that is over stays on the board
A_MEMBER = "a member"  # for whom no name is shown
LONGEST_CODE = 20

Code = Annotated[str, Meta(max_length=LONGEST_CODE, pattern="^[A-Za-z0-9]+$")]
Name = Annotated[str, Meta(max_length=200)]


class TeamAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """Open a team; with a `name` it is on the board of its challenge under that name."""

    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    team_id: AnyId | UnsetType = UNSET


class JoinAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """Join the team that a code names."""

    code: Code
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET


class LeaveAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """Leave the team; what was given to it stays there."""

    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET


class TeamDone(Struct, frozen=True):
    """What came of it: opened, joined, left, already (in it), none (in no team)."""

    outcome: str
    user_id: str
    code: str | None
    challenge: str | None
    until: Instant | None
    turn_id: str | UnsetType = UNSET


class GoalLine(Struct, frozen=True):
    """What counts for a goal, and how much of it; of an action or a category: how often."""

    of: Literal["xp", "points", "action", "category"]
    name: str | None
    amount: int


class ChallengeLine(Struct, frozen=True):
    """One challenge; `points` are for each member of a team that meets the goal."""

    id: str
    badge: str
    name: str
    text: str
    goal: GoalLine
    days: int
    team_size: int
    points: float


class MateLine(Struct, frozen=True):
    """A member: by pseudonym who is on the boards, else no more than that there is one."""

    name: str
    is_self: bool


class TeamNow(Struct, frozen=True):
    """One's own team: `share` is what one gave oneself, `total` what all gave; `title` is what the
    challenge is called.
    """

    code: str
    challenge: str
    title: str
    name: str | None
    goal: float
    total: float
    percent: int
    share: float
    members: tuple[MateLine, ...]
    since: Instant
    until: Instant
    is_reached: bool


class ChallengesAnswer(Struct, frozen=True):
    """What there is, and the own team; null: in none."""

    user_id: str
    challenges: tuple[ChallengeLine, ...]
    team: TeamNow | None


class TeamLine(Struct, frozen=True):
    """A team on the board of its challenge, shown as whoever opened it wished."""

    rank: int
    name: str
    total: float
    goal: float
    percent: int
    members: int
    is_reached: bool
    is_own: bool


class TeamBoard(Struct, frozen=True):
    """The teams of a challenge that are shown by name; `rank` is that of the own one."""

    challenge: str
    listed: int
    teams: tuple[TeamLine, ...]
    rank: int | None


_team, _join, _leave = Decoder(TeamAsk), Decoder(JoinAsk), Decoder(LeaveAsk)


async def challenges(door: Door, request: web.Request) -> web.Response:
    """Every challenge in the words of the person, and their team."""
    ask = query(request, WhoQuery)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    person = await door.somebody(person_id)
    language, known = person.profile.language, _known(door)
    lines = tuple(_line(one, language) for one in known.values())
    return json(ChallengesAnswer(person_id, lines, await own_team(door, person)))


async def begin(door: Door, request: web.Request) -> web.Response:
    """Open a team for a challenge; the answer holds the code that others join by."""
    ask = await read(request, _team)
    props: dict[str, Any] = {"challenge": request.match_info["id"]}
    if ask.name is not UNSET:
        props["name"] = ask.name
    own_id = call_id(request, ask.team_id, "team_id")
    return await _take(door, request, "begin", ask, props, own_id)


async def join(door: Door, request: web.Request) -> web.Response:
    """Into a team by its code."""
    ask = await read(request, _join)
    code = ask.code.upper()
    return await _take(door, request, "join", ask, {"code": code}, call_id(request, UNSET, ""))


async def leave(door: Door, request: web.Request) -> web.Response:
    """Out of the team."""
    ask = await read(request, _leave)
    return await _take(door, request, "leave", ask, {}, call_id(request, UNSET, ""))


async def board(door: Door, person: Person | None, of: str | UnsetType, limit: int) -> TeamBoard:
    """The teams of a challenge by what they gave: that of the own team unless one is named."""
    known, now, store = _known(door), door.service.clock.now(), door.service.store.teams
    mine = current(person, now) if person is not None else None
    own = await store.team(mine.code) if mine is not None else None
    id = of if of is not UNSET else (own.challenge if own is not None else next(iter(known), ""))
    if id not in known:
        message = f"one of {', '.join(known)}" if known else "there are no challenges"
        raise RequestError("bad_input", message, "of")
    since = now - SHOWN_D * DAY_US
    found = await store.best(id, since, limit)
    ranks = leaderboards.ranked([one.total for one in found])
    code, rank = own.code if own is not None else "", None
    is_listed = own is not None and own.challenge == id and bool(own.name)
    above, listed = await store.place(id, since, own.total if own is not None else 0)
    if is_listed:
        rank = above + 1
    unit = known[id].goal.unit
    lines = (_team_line(one, rank, unit, code) for one, rank in zip(found, ranks, strict=True))
    return TeamBoard(id, listed, tuple(lines), rank)


async def own_team(door: Door, person: Person) -> TeamNow | None:
    """The team of somebody as they may see it; None for who is in none that runs."""
    mine, known = current(person, door.service.clock.now()), _known(door)
    if mine is None or mine.challenge not in known:
        return None
    team = await door.service.store.teams.team(mine.code)
    if team is None:
        return None
    unit = known[mine.challenge].goal.unit
    people = [await door.service.store.person(mate.person_id) for mate in team.mates]
    return TeamNow(
        code=team.code,
        challenge=team.challenge,
        title=known[mine.challenge].title(person.profile.language),
        name=team.name or None,
        goal=team.goal / unit,
        total=team.total / unit,
        percent=_percent(team),
        share=mine.given / unit,
        members=tuple(_mate(door, one, person) for one in people),
        since=rfc3339(team.since),
        until=rfc3339(team.until),
        is_reached=team.is_reached,
    )


async def _take(
    door: Door,
    request: web.Request,
    name: str,
    ask: TeamAsk | JoinAsk | LeaveAsk,
    props: dict[str, Any],
    own_id: str,
) -> web.Response:
    person_id = door.person_id(ask.user_id, ask.userId, request)
    kept = f"{fingerprint(ask, 'team_id')}{props.get('challenge', '')}" if own_id else ""
    inbound = door.inbound("team", name, person_id, props, own_id, kept)
    return done(await door.service.turn.take(inbound))


def _mate(door: Door, one: Person | None, person: Person) -> MateLine:
    formats = door.service.catalogs.current.script.content.format(person.profile.language)
    name = one.boards.name if one is not None else ""
    is_self = one is not None and one.id == person.id
    return MateLine(name or formats.word(A_MEMBER), is_self)


def _line(one: Challenge, language: str) -> ChallengeLine:
    goal = GoalLine(one.goal.of, one.goal.name or None, one.goal.amount // one.goal.unit)
    return ChallengeLine(
        one.id,
        one.badge,
        one.title(language),
        one.text(language),
        goal,
        one.days,
        one.team_size,
        one.points / HUNDRED,
    )


def _team_line(team: Team, rank: int, unit: int, own: str) -> TeamLine:
    return TeamLine(
        rank,
        team.name,
        team.total / unit,
        team.goal / unit,
        _percent(team),
        len(team.mates),
        team.is_reached,
        team.code == own,
    )


def _percent(team: Team) -> int:
    return min(100, 100 * team.total // team.goal)


def _known(door: Door) -> dict[str, Challenge]:
    return door.service.catalogs.current.script.book.challenges
