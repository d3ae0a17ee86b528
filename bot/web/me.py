"""A person's own page: who it is, what it shows, and what its forms do."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from bot.content.texts import DEFAULT
from bot.errors import RequestError
from bot.model.money import NO_LIMIT, PERIODS
from bot.model.person import Person
from bot.web import sheet
from bot.web.answers import json
from bot.web.asked import Credits, person_of
from bot.web.body import form
from bot.web.door import Door
from bot.web.gathering import standing
from bot.web.mine import Hour
from bot.web.session import LONGEST, opened
from bot.web.tokens import PAGE_S
from bot.web.users import limits_of

COOKIE = "me"
PATH = "/me"
HOURS_A_DAY = 24


class Entering(Struct, frozen=True, forbid_unknown_fields=True):
    """A widget's token, which becomes the cookie of the page."""

    token: Annotated[str, Meta(min_length=1, max_length=LONGEST)]


class LimitsForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Credits a day, a week, a month; a field left empty: no limit."""

    day: Credits | None = None
    week: Credits | None = None
    month: Credits | None = None


class PauseForm(Struct, frozen=True, forbid_unknown_fields=True):
    """How many days paid content is to be closed."""

    days: Literal[1, 7, 30, 42]


class MessagesForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the bot may write first, and own quiet hours; both empty: the usual ones."""

    nudges: bool = False
    quiet_from: Hour | None = None
    quiet_to: Hour | None = None


class BoardForm(Struct, frozen=True, forbid_unknown_fields=True):
    """On the leaderboards or off them; a name left empty asks for a made-up one."""

    join: bool
    name: Annotated[str, Meta(max_length=60)] = ""


class LanguageForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The language of the page and of the replies."""

    language: Annotated[str, Meta(min_length=2, max_length=12)]


class EraseForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything goes; the box must be ticked."""

    confirm: Literal["true"]


class NoFields(Struct, frozen=True, forbid_unknown_fields=True):
    """A button alone."""


async def page(door: Door, request: web.Request) -> web.Response:
    """What a person has earned and may set, as a page; to who is not known yet, how to come."""
    service = door.service
    if not service.catalogs.current.script.content.pages.get(DEFAULT):
        raise RequestError("unknown", "there are no words for this page: content/en/pages.yaml")
    person_id = _who(door, request)
    if not person_id:
        wished = request.headers.get("Accept-Language", "")
        return sheet.arrival(service, wished, request.query.get("told", ""))
    stands = await standing(door, person_id)
    return sheet.drawn(service, stands, _own(door, request), request.query.get("told", ""))


async def enter(door: Door, request: web.Request) -> web.Response:
    """A widget's token for a cookie, which opens the page for twelve hours on this device."""
    ask = await form(request, Entering)
    person_id = door.tokens.read(ask.token).token
    door.guard.count(person_id)
    response = json({"user_id": person_id})
    response.set_cookie(
        COOKIE,
        door.tokens.page(person_id).token,
        max_age=PAGE_S,
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=not door.guard.is_demo,
    )
    return response


async def session(door: Door, request: web.Request) -> web.Response:
    """A widget's session for whoever the page is of: its chat and its socket begin with it."""
    return json(await opened(door, _known(door, request)))


async def export(door: Door, request: web.Request) -> web.Response:
    """Everything stored about whoever the page is of, as a file to keep."""
    response = json(await door.service.export(_known(door, request)))
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


async def act(door: Door, request: web.Request) -> web.Response:
    """What a form of the page asks for; answered by the page again."""
    name = request.match_info["act"]
    if name not in ACTS:
        raise RequestError("unknown", "the page has no such form", "act")
    person_id = _who(door, request)
    if not person_id:
        return _back("again", "")
    shape, does = ACTS[name]
    told = await does(door, person_id, await form(request, shape))
    response = _back(told, _own(door, request))
    if told in ("erased", "left"):
        response.del_cookie(COOKIE, path=PATH)
    return response


async def moved(door: Door, request: web.Request) -> web.Response:
    """Where the page of a learner was described to be."""
    return web.Response(status=308, headers={"Location": PATH + _own(door, request)})


async def _limits(door: Door, person_id: str, ask: LimitsForm) -> str:
    """Only what differs is changed, so that saving the same again asks for nothing."""
    person = await _person(door, person_id)
    before = limits_of(door.service, person).limits
    props: dict[str, Any] = {
        period: NO_LIMIT if (wished := getattr(ask, period)) is None else wished
        for period in PERIODS
        if getattr(ask, period) != getattr(before, period)
    }
    if not props:
        return "nothing"
    answer = await door.service.turn.take(door.inbound("limits", "limits_put", person_id, props))
    body = answer.reply.body or {}
    if body.get("reason"):
        return "refused_limits"
    return "higher" if body.get("pending") else "limits"


async def _confirm(door: Door, person_id: str, _: NoFields) -> str:
    answer = await door.service.turn.take(door.inbound("limits", "limits_confirm", person_id, {}))
    return "refused_limits" if (answer.reply.body or {}).get("reason") else "limits"


async def _pause(door: Door, person_id: str, ask: PauseForm) -> str:
    props = {"hours": ask.days * HOURS_A_DAY}
    await door.service.turn.take(door.inbound("pause", "pause_start", person_id, props))
    return "pause"


async def _messages(door: Door, person_id: str, ask: MessagesForm) -> str:
    props: dict[str, Any] = {
        "consent": {"nudges": ask.nudges},
        "quiet_from": ask.quiet_from,
        "quiet_to": ask.quiet_to,
    }
    try:
        await door.service.turn.take(door.inbound("profile", "put", person_id, props))
    except RequestError as error:
        if error.field != "quiet_from":
            raise
        return "refused_quiet"
    return "messages"


async def _board(door: Door, person_id: str, ask: BoardForm) -> str:
    wish: dict[str, Any] = {"join": ask.join}
    person = await _person(door, person_id)
    if ask.join and person.boards.is_listed:
        wish["name"] = ask.name
    try:
        inbound = door.inbound("profile", "put", person_id, {"leaderboard": wish})
        await door.service.turn.take(inbound)
    except RequestError as error:
        if error.field != "leaderboard.name":
            raise
        return "refused_name"
    return "board" if ask.join else "left_board"


async def _language(door: Door, person_id: str, ask: LanguageForm) -> str:
    if ask.language not in door.service.catalogs.current.script.content.locales:
        raise RequestError("bad_input", "this language is not spoken here", "language")
    props = {"language": ask.language}
    await door.service.turn.take(door.inbound("profile", "put", person_id, props))
    return "language"


async def _erase(door: Door, person_id: str, _: EraseForm) -> str:
    if await door.service.store.person(person_id) is not None:
        await door.service.erase(person_id)
    return "erased"


async def _leave(_: Door, __: str, ___: NoFields) -> str:
    return "left"


Does = Callable[[Door, str, Any], Awaitable[str]]
ACTS: dict[str, tuple[type[Struct], Does]] = {
    "limits": (LimitsForm, _limits),
    "confirm": (NoFields, _confirm),
    "pause": (PauseForm, _pause),
    "messages": (MessagesForm, _messages),
    "board": (BoardForm, _board),
    "language": (LanguageForm, _language),
    "erase": (EraseForm, _erase),
    "leave": (NoFields, _leave),
}


async def _person(door: Door, person_id: str) -> Person:
    return await door.service.store.person(person_id, fresh=True) or Person(person_id)


def _known(door: Door, request: web.Request) -> str:
    """Whose page this is; 401 when nobody's."""
    person_id = _who(door, request)
    if not person_id:
        raise RequestError("not_authentic", "open your page first, at /me")
    return person_id


def _who(door: Door, request: web.Request) -> str:
    """Whose page this is: the person of the cookie; in demo mode also anybody named by `user`."""
    person_id, named = "", request.query.get("user")
    if named is not None and door.guard.is_demo:
        person_id = person_of(named, msgspec.UNSET, is_demo=True)
    elif cookie := request.cookies.get(COOKIE):
        try:
            person_id = door.tokens.page_of(cookie)
        except RequestError:
            return ""
    if person_id:
        door.guard.count(person_id)
    return person_id


def _own(door: Door, request: web.Request) -> str:
    """The query that names a demo person, to be kept by every address of the page."""
    named = request.query.get("user")
    return "?" + urlencode({"user": named}) if named is not None and door.guard.is_demo else ""


def _back(told: str, own: str) -> web.Response:
    """To the page again, at the section where it is said what was done."""
    query = f"{own}&" if own else "?"
    section = sheet.SECTION_OF.get(told, "")
    location = f"{PATH}{query}told={told}{'#' + section if section else ''}"
    return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})
