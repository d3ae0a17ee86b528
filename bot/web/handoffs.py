"""Who wants to talk to a person of staff, and the end of it."""

from aiohttp import web

from bot.errors import RequestError
from bot.model.message import Event
from bot.people.calendar import rfc3339
from bot.web.answers import done, json
from bot.web.door import Door
from bot.web.vitals import HandoffLine, Handoffs, HandoffState


async def waiting(door: Door, request: web.Request) -> web.Response:
    """Staff: everybody who waits, the longest first."""
    wanted = await door.service.reads.handoffs()
    lines = tuple(HandoffLine(one.id, one.person_id, rfc3339(one.at)) for one in wanted)
    return json(Handoffs(lines))


async def close(door: Door, request: web.Request) -> web.Response:
    """Staff: this wish is answered, or will not be; the person may ask again."""
    found = await door.service.reads.handoff(request.match_info["id"])
    if found is None:
        raise RequestError("unknown", "no such hand-off", "id")
    props = {"id": found.id}
    inbound = door.inbound(
        "staff", "handoff_close", found.person_id, props, found.id, found.id, actor="operator"
    )
    return done(await door.service.turn.take(inbound))


def state_of(wanted: list[Event]) -> HandoffState:
    """As /health tells it."""
    return HandoffState(len(wanted), rfc3339(wanted[0].at) if wanted else None)
