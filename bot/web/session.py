"""Where a widget begins: a visitor or a person the host vouches for gets a token."""

from typing import Annotated

from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from bot.errors import RequestError
from bot.people.calendar import rfc3339
from bot.web.answers import json
from bot.web.asked import UserId
from bot.web.body import read
from bot.web.door import Door

LONGEST = 4_096  # characters of a token

_Token = Annotated[str, Meta(max_length=LONGEST)]


class SessionAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """Who comes: a visitor who was here before, or somebody the host signs for; else a new one.

    `user_id` names anybody, in demo mode only.
    """

    site_key: Annotated[str, Meta(max_length=200)] = ""
    visitor: _Token = ""
    identity: _Token = ""
    user_id: UserId | UnsetType = UNSET


class Look(Struct, frozen=True):
    """How the widget looks and what it calls itself, as [brand] of bot.toml says."""

    name: str
    color: str
    text_color: str
    logo: str
    greeting: str
    placeholder: str


class Session(Struct, frozen=True):
    """A token for fifteen minutes; `visitor` is to be kept, it renews the same person.

    `number` is that of the latest line of the feed.
    """

    token: str
    expires_at: str
    visitor: str
    user_id: str
    number: int
    language: str
    languages: tuple[str, ...]
    brand: Look


_ask = Decoder(SessionAsk)


async def begin(door: Door, request: web.Request) -> web.Response:
    """A token for the widget, and the visitor's secret it keeps."""
    ask = await read(request, _ask)
    _check_site(door, ask.site_key)
    visitor, person_id = _who(door, ask)
    door.guard.count(person_id)
    return json(await opened(door, person_id, visitor))


async def opened(door: Door, person_id: str, visitor: str = "") -> Session:
    """A session of this person."""
    given = door.tokens.issue(person_id)
    person = await door.service.store.person(person_id)
    content = door.service.catalogs.current.script.content
    brand = door.service.settings.brand
    return Session(
        token=given.token,
        expires_at=rfc3339(given.expires_at),
        visitor=visitor,
        user_id=person_id,
        number=person.version if person is not None else 0,
        language=person.profile.language if person is not None else content.locales[0],
        languages=content.locales,
        brand=Look(
            name=brand.name or door.service.settings.bot.name,
            color=brand.color,
            text_color=brand.text_color,
            logo=brand.logo,
            greeting=brand.greeting,
            placeholder=brand.placeholder,
        ),
    )


def _check_site(door: Door, given: str) -> None:
    """A public key that tells one site from another; it is no secret, the Origin is checked."""
    wanted = door.service.settings.widget.site_key
    if wanted and given != wanted and not door.guard.is_demo:
        raise RequestError("not_allowed", "this site key is not ours", "site_key")


def _who(door: Door, ask: SessionAsk) -> tuple[str, str]:
    """The visitor's secret (empty for people a host vouches for) and the person's id."""
    if ask.identity:
        return "", door.tokens.identified(ask.identity)
    if ask.user_id is not UNSET:
        if not door.guard.is_demo:
            raise RequestError("not_allowed", "a user_id is signed for, see identity", "user_id")
        return "", ask.user_id
    visitor = door.tokens.renewed(ask.visitor) if ask.visitor else door.tokens.visitor()
    return visitor, door.tokens.person_of(visitor)
