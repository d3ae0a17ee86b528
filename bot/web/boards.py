"""Leaderboards over the wire: who joined, in order; one's own place for oneself alone."""

from aiohttp import web
from msgspec import UNSET, Struct

from bot.errors import RequestError
from bot.model.person import Person
from bot.model.progress import Board, Line
from bot.people.calendar import rfc3339
from bot.progress import leaderboards, pseudonyms
from bot.progress.habits import HUNDRED
from bot.progress.leaderboards import Place
from bot.store.protocol import Scored
from bot.web import teams
from bot.web.answers import json
from bot.web.auth import PERSON
from bot.web.body import query
from bot.web.door import Door
from bot.web.ranking import (
    BoardAnswer,
    BoardLine,
    BoardQuery,
    Own,
    PointsAnswer,
    PointsLine,
    PointsQuery,
)

NEIGHBOURS = 3  # on either side
REMOVED = "removed user"
# in other languages: content/<locale>/formats.yaml, under words
JOIN = (
    "Nobody is on this board yet. To be on the boards, send PUT /user/{id} with leaderboard:"
    " {join: true}; you are shown under a made-up name unless you choose one."
)
WAIT = "Nobody is on this board yet. You have joined: what you earn puts you on it."
NO_LEAGUE = (
    "You are in no league this week. Join the boards and earn XP; leagues are filled as people"
    " come."
)


class _Seen(Struct, frozen=True):
    """A board as whoever asks may see it."""

    listed: int
    lines: list[Line]
    near: list[Line]
    own: Own | None
    message: str | None


async def leaderboard(door: Door, request: web.Request) -> web.Response:
    """The board of a day, a week, for ever or of one's league; the own place beside it."""
    ask = query(request, BoardQuery)
    person = await _caller(door, ask, request)
    now, zone = door.service.clock.now(), door.service.settings.bot.time_zone
    if ask.period == "team":
        return json(await _of_teams(door, ask, person, zone))
    timed: Board = "weekly" if ask.period == "league" else ask.period
    period = leaderboards.period_of(timed, now, zone) if ask.of is UNSET else ask.of
    span = leaderboards.span_of(timed, period, zone)
    if ask.of is not UNSET and span is None:
        example = "2026-03-01" if timed == "daily" else "2026-W09"
        message = f"like {example}" if timed != "all_time" else "this board has no periods"
        raise RequestError("bad_input", message, "of")
    closes = leaderboards.closes_at(timed, period, zone)
    seen = await _seen(door, ask.period, period, person, ask.limit)
    return json(
        BoardAnswer(
            period=ask.period,
            of=period,
            zone=zone,
            since=rfc3339(span[0]) if span else None,
            until=rfc3339(span[1]) if span else None,
            closesAt=rfc3339(closes) if closes is not None else None,
            closed=closes is not None and now >= closes,
            listed=seen.listed,
            leaderboard=tuple(_line(one) for one in seen.lines),
            neighbours=tuple(_line(one) for one in seen.near),
            own=seen.own,
            message=seen.message,
        )
    )


async def _of_teams(door: Door, ask: BoardQuery, person: Person | None, zone: str) -> BoardAnswer:
    found = await teams.board(door, person, ask.of, ask.limit)
    return BoardAnswer(
        period="team",
        of=found.challenge,
        zone=zone,
        since=None,
        until=None,
        closesAt=None,
        closed=False,
        listed=found.listed,
        leaderboard=(),
        neighbours=(),
        own=None,
        message=None,
        team=found,
    )


async def points(door: Door, request: web.Request) -> web.Response:
    """The board of habit points ever earned; the own place beside it."""
    ask = query(request, PointsQuery)
    person = await _caller(door, ask, request)
    seen = await _seen(door, "points", leaderboards.EVER, person, ask.limit)
    own = seen.own
    return json(
        PointsAnswer(
            listed=seen.listed,
            leaderboard=tuple(_points_line(one) for one in seen.lines),
            neighbours=tuple(_points_line(one) for one in seen.near),
            own=own,
            message=seen.message,
        )
    )


async def _caller(
    door: Door, ask: BoardQuery | PointsQuery, request: web.Request
) -> Person | None:
    """Whose own place is asked for; a host may ask for nobody's."""
    is_named = ask.user_id is not UNSET or ask.userId is not UNSET
    if not is_named and not request.get(PERSON) and not door.guard.is_demo:
        return None
    person_id = door.person_id(ask.user_id, ask.userId, request)
    return await door.somebody(person_id)


async def _seen(door: Door, board: Board, period: str, person: Person | None, limit: int) -> _Seen:
    boards = door.service.store.boards
    if board == "league":
        return await _league(door, period, person, limit)
    closed = await boards.closed(board, period, limit)
    if closed is not None:
        return _Seen(closed.listed, list(closed.lines), [], None, None)
    found = await boards.top(board, period, limit)
    ranks = leaderboards.ranked([score for _, score in found])
    score = leaderboards.score_of(person, board, period) if person is not None else 0
    place = await boards.place(board, period, score)
    return _Seen(
        place.listed,
        _lines(door, board, found, ranks),
        await near(door, board, period, person) if person is not None else [],
        _own(board, person, score, place) if person is not None else None,
        None if place.listed else _empty(door, person),
    )


async def _league(door: Door, week: str, person: Person | None, limit: int) -> _Seen:
    """The league of whoever asks: at most thirty people, in the order of this week's XP."""
    boards = door.service.store.boards
    if person is None:
        raise RequestError("bad_input", "whose league?", "user_id")
    number = await boards.league(week, person.id)
    if number is None:
        return _Seen(0, [], [], None, _told(door, NO_LEAGUE, person))
    closed = await boards.closed("league", leaderboards.league_of(week, number), limit)
    if closed is not None:
        return _Seen(closed.listed, list(closed.lines), [], None, None)
    found = await boards.in_league(week, number)
    scores = [score for _, score in found]
    lines = _lines(door, "league", found, leaderboards.ranked(scores))
    score = leaderboards.score_of(person, "league", week)
    above, equal = sum(one > score for one in scores), scores.count(score)
    place = Place(above, equal, len(found), above, len(found))
    return _Seen(len(found), lines[:limit], [], _own("league", person, score, place), None)


async def near(door: Door, board: Board, period: str, person: Person) -> list[Line]:
    """Three on either side; ranks are asked for, as it may begin amid people who are alike."""
    boards = door.service.store.boards
    found = await boards.near(person.id, board, period, NEIGHBOURS)
    ranks = {
        score: (await boards.place(board, period, score)).listed_above + 1
        for score in {score for _, score in found}
    }
    return _lines(door, board, found, [ranks[score] for _, score in found])


def _lines(door: Door, board: Board, found: list[Scored], ranks: list[int]) -> list[Line]:
    rule = door.service.catalogs.current.script.book.streaks
    now, down = door.service.clock.now(), door.service.ticks.down()
    return leaderboards.lines(board, found, ranks, now, rule, down)


def _own(board: Board, person: Person, score: int, place: Place) -> Own:
    has_score = score > 0
    return Own(
        joined=person.boards.is_listed,
        score=score / HUNDRED if board == "points" else score,
        rank=place.rank if has_score else None,
        people=place.people,
        percentile=place.percentile if has_score else None,
        topPercent=place.top_percent if has_score else None,
        boardRank=place.listed_above + 1 if has_score and person.boards.is_listed else None,
    )


def _line(line: Line) -> BoardLine:
    image = pseudonyms.picture(line.handle, line.name) if line.name else None
    name = line.name or REMOVED
    return BoardLine(line.handle, name, image, line.score, line.level, line.rank)


def _points_line(line: Line) -> PointsLine:
    return PointsLine(
        line.handle, line.name or REMOVED, line.score / HUNDRED, line.level, line.streak, line.rank
    )


def _empty(door: Door, person: Person | None) -> str:
    """What a board without a line says to whoever asks."""
    has_joined = person is not None and person.boards.is_listed
    return _told(door, WAIT if has_joined else JOIN, person)


def _told(door: Door, sentence: str, person: Person | None) -> str:
    if person is None:
        return sentence
    content = door.service.catalogs.current.script.content
    return content.format(person.profile.language).word(sentence)
