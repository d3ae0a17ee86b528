"""Rewards as staff sees them: what waits to be handed over, and what was had of late."""

from typing import Annotated, Literal

from aiohttp import web
from msgspec import Meta, Struct

from bot.model.money import Redeemed
from bot.people.calendar import DAY_US, rfc3339
from bot.progress.habits import HUNDRED
from bot.web.answers import json
from bot.web.body import query
from bot.web.door import Door
from bot.web.wire import Instant

SHOWN_D = 90  # nothing waits longer: a reward is handed over within so many days


class AskedQuery(Struct, frozen=True):
    """`held` are those that wait for staff, the next to lapse first; `redeemed` were had at once
    or are handed over, the latest first.
    """

    state: Literal["held", "redeemed"] = "held"
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class AskedLine(Struct, frozen=True):
    """A reward that somebody asked for; `points` are held for it or were spent."""

    user_id: str
    redeem_id: str
    reward_id: str
    title: str
    points: float
    is_free: bool
    since: Instant
    held_until: Instant | None


class AskedFor(Struct, frozen=True):
    """Rewards asked for in the last 90 days; `count` is of all, also those beyond limit."""

    state: Literal["held", "redeemed"]
    count: int
    rewards: tuple[AskedLine, ...]


async def asked_for(door: Door, request: web.Request) -> web.Response:
    """Staff: who waits for a reward, until when; or who has had which."""
    ask = query(request, AskedQuery)
    service, now = door.service, door.service.clock.now()
    people = await service.reads.redeemers(now - SHOWN_D * DAY_US)
    found: list[tuple[str, Redeemed]] = []
    for person_id in people:
        person = await service.store.person(person_id)
        mine = person.spending.redeemed if person is not None else ()
        found += [(person_id, one) for one in mine if _is_in(one, ask.state, now)]
    if ask.state == "held":
        found.sort(key=lambda pair: (pair[1].held_until, pair[1].id))
    else:
        found.sort(key=lambda pair: (-pair[1].at, pair[1].id))
    lines = tuple(_line(door, who, one) for who, one in found[: ask.limit])
    return json(AskedFor(ask.state, len(found), lines))


def _is_in(one: Redeemed, state: str, now: int) -> bool:
    """One that nobody handed over in time is in neither: its points went back."""
    if state == "held":
        return one.held_until > now
    is_late = one.at < now - SHOWN_D * DAY_US
    return not one.held_until and not one.is_returned and not is_late


def _line(door: Door, person_id: str, one: Redeemed) -> AskedLine:
    language = door.service.settings.bot.languages[0]
    known = door.service.catalogs.current.script.content.rewards_in(language).get(one.reward)
    return AskedLine(
        person_id,
        one.redeem_id,
        one.reward,
        known.title if known is not None else one.reward,
        sum(part for _, part in one.parts) / HUNDRED,
        one.is_free,
        rfc3339(one.at),
        rfc3339(one.held_until) if one.held_until else None,
    )
