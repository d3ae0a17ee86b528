"""What a person sees and sets of themselves in the widget."""

from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from bot.errors import RequestError
from bot.ledger import windows
from bot.model.person import Person
from bot.web.answers import json
from bot.web.asked import LeaderboardWish
from bot.web.body import read
from bot.web.door import Door
from bot.web.users import limits_of, on_boards
from bot.web.wire import LimitsAnswer, OnBoards

Hour = Annotated[int, Meta(ge=0, le=23)]


class Mine(Struct, frozen=True):
    """The settings of one person; `quiet_from` and `quiet_to` are their own quiet hours."""

    user_id: str
    name: str
    language: str
    languages: tuple[str, ...]
    time_zone: str | None
    nudges: bool
    quiet_from: int | None
    quiet_to: int | None
    credits: int
    limits: LimitsAnswer
    leaderboard: OnBoards


class MinePut(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is to change; quiet hours may be named together, and null takes them away."""

    language: Annotated[str, Meta(min_length=2, max_length=12)] | UnsetType = UNSET
    time_zone: Annotated[str, Meta(min_length=1, max_length=60)] | UnsetType = UNSET
    nudges: bool | UnsetType = UNSET
    quiet_from: Hour | UnsetType | None = UNSET
    quiet_to: Hour | UnsetType | None = UNSET
    leaderboard: LeaderboardWish | UnsetType = UNSET


class EraseAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything goes, for good; `confirm` must be true."""

    confirm: bool = False


_put = Decoder(MinePut)
_erase = Decoder(EraseAsk)


async def mine(door: Door, request: web.Request) -> web.Response:
    """The settings of whoever calls; the defaults for somebody new."""
    person_id = door.own(request)
    person = await door.somebody(person_id)
    return json(_mine(door, person))


async def put_mine(door: Door, request: web.Request) -> web.Response:
    """Change settings; what is left out stays."""
    ask = await read(request, _put)
    person_id = door.own(request)
    locales = door.service.catalogs.current.script.content.locales
    if ask.language is not UNSET and ask.language not in locales:
        words = ", ".join(locales)
        raise RequestError("bad_input", f"one of {words}", "language")
    props: dict[str, Any] = msgspec.to_builtins(ask)
    if "nudges" in props:
        props["consent"] = {"nudges": props.pop("nudges")}
    await door.service.turn.take(door.inbound("profile", "put", person_id, props))
    return json(_mine(door, await door.seen(person_id)))


async def export(door: Door, request: web.Request) -> web.Response:
    """Everything stored about whoever calls, as a file to keep."""
    response = json(await door.service.export(door.own(request)))
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


async def erase(door: Door, request: web.Request) -> web.Response:
    """Delete whoever calls, for good; the receipt counts what went."""
    ask = await read(request, _erase)
    if not ask.confirm:
        raise RequestError("bad_input", "this deletes everything: send confirm true", "confirm")
    return json(await door.service.erase(door.own(request)))


def _mine(door: Door, person: Person) -> Mine:
    profile = person.profile
    now = max(door.service.clock.now(), person.last_at)
    quiet = profile.quiet
    return Mine(
        user_id=person.id,
        name=profile.name,
        language=profile.language,
        languages=door.service.catalogs.current.script.content.locales,
        time_zone=profile.time_zone,
        nudges=person.consent.nudges,
        quiet_from=quiet[0] if quiet else None,
        quiet_to=quiet[1] if quiet else None,
        credits=windows.balance(person.spending, now),
        limits=limits_of(door.service, person),
        leaderboard=on_boards(person),
    )
