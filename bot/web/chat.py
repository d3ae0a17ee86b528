"""The message door: what a person writes, and their feed."""

from aiohttp import web
from msgspec import UNSET
from msgspec.json import Decoder

from bot.errors import RequestError
from bot.model.message import FeedItem, Inbound
from bot.people.calendar import rfc3339
from bot.turn import Answer
from bot.web.answers import json, said
from bot.web.asked import FeedQuery, Interact
from bot.web.body import query, read
from bot.web.door import Door
from bot.web.wire import Feed, FeedLine

FEED_LINES = 100  # of one answer; ask again with `last` for more
_interact = Decoder(Interact)


async def interact(door: Door, request: web.Request) -> web.Response:
    """Say something to the bot and get its answer."""
    return said(await heard(door, request))


async def heard(door: Door, request: web.Request) -> Answer:
    """What the bot answers to what is said in the body."""
    ask = await read(request, _interact)
    if not ask.message.strip():
        raise RequestError("bad_input", "the message is empty", "message")
    person_id = door.person_id(ask.user_id, ask.userId, request)
    clock = door.service.clock
    message_id = clock.token() if ask.message_id is UNSET else ask.message_id
    inbound = Inbound(message_id, person_id, "message", clock.now(), text=ask.message)
    return await door.service.turn.take(inbound)


async def feed(door: Door, request: web.Request) -> web.Response:
    """What was said to and by a person, after a number; what the bot said first is in it."""
    ask = query(request, FeedQuery)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    items = await door.service.store.feed(person_id, ask.after, FEED_LINES)
    lines = tuple(map(line, items))
    return json(Feed(lines, max((one.number for one in lines), default=ask.after)))


def line(item: FeedItem) -> FeedLine:
    """A line of the feed as it goes over the wire."""
    return FeedLine(
        number=item.number,
        author=item.author,
        at=rfc3339(item.at),
        text=item.text,
        id=item.id,
        persona=item.persona,
        kind=item.kind,
        choices=item.choices,
        blocks=item.blocks,
    )
