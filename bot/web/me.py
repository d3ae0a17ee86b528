"""A person's own page: who it is, what it shows, how they come and go."""

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from bot.errors import RequestError
from bot.people.locales import DEFAULT
from bot.web import sheet
from bot.web.answers import json
from bot.web.asked import person_of
from bot.web.body import form
from bot.web.door import Door
from bot.web.forms import ACTS
from bot.web.gathering import standing
from bot.web.session import LONGEST, opened
from bot.web.tokens import PAGE_S

COOKIE = "me"
PATH = "/me"


class Entering(Struct, frozen=True, forbid_unknown_fields=True):
    """A widget's token, which becomes the cookie of the page."""

    token: Annotated[str, Meta(min_length=1, max_length=LONGEST)]


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
