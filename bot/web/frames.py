"""The frames of the widget's socket: what either side says, read from text and written."""

import json
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from bot.web.asked import MESSAGE_CHARS
from bot.web.wire import FeedLine, Said

_ClientId = Annotated[str, Meta(min_length=1, max_length=64)]


class Hello(Struct, frozen=True, tag="hello"):
    """The first frame: who, and the number of the last line seen.

    Who watches is told that something changed about the person, not what was said.
    """

    token: str
    after: Annotated[int, Meta(ge=0)] = 0
    watch: bool = False


class Say(Struct, frozen=True, tag="say"):
    """A message; the same id again gets the same answer."""

    id: _ClientId
    text: Annotated[str, Meta(min_length=1, max_length=MESSAGE_CHARS)]


class Renew(Struct, frozen=True, tag="renew"):
    """A fresh token of the same person, before the one before ends."""

    token: str


class Ready(Struct, frozen=True, tag="ready"):
    """Welcome: whose socket this is, and the number of their latest line."""

    user_id: str
    number: int
    expires_at: str


class Items(Struct, frozen=True, tag="items"):
    """Lines of the feed in order; `last` is the number to go on from."""

    items: tuple[FeedLine, ...]
    last: int


class Changed(Struct, frozen=True, tag="changed"):
    """Something happened to the person: look again. For those who watch."""


class Answered(Struct, frozen=True, tag="said"):
    """The answer to a message, committed; `number` is that of its lines, 0 for one kept before.

    `language` is the one it is in; empty for one kept before.
    """

    id: str
    number: int
    reply: Said
    language: str


class NotTaken(Struct, frozen=True, tag="refused"):
    """Why a message was not taken; with `retry_after_s` it may be sent again by itself."""

    id: str
    code: str
    message: str
    retry_after_s: int | UnsetType = UNSET


class Renewed(Struct, frozen=True, tag="renewed"):
    """The socket stays open until then."""

    expires_at: str


Spoken = Hello | Say | Renew

_decode = msgspec.json.Decoder(Spoken).decode
_encode = msgspec.json.Encoder().encode


def read(text: str) -> Spoken | NotTaken | None:
    """What was said; a message that cannot be taken is told by its id, None is no frame."""
    try:
        frame: Spoken = _decode(text)
        return frame
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _refused(text)


def written(frame: Struct) -> bytes:
    """A frame as it goes over the wire."""
    return _encode(frame)


def _refused(text: str) -> NotTaken | None:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or given.get("type") != "say":
        return None
    return NotTaken(str(given.get("id", ""))[:64], "bad_input", "this message cannot be read")
