"""Request bodies and queries, read into structs; what is wrong is told by field."""

import asyncio
import json
import re
from typing import Any, Literal, Never, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from bot.errors import RequestError

T = TypeVar("T", bound=msgspec.Struct)

BODY_BYTES = 64 * 1024
JSON_DEPTH = 32
FORM = "application/x-www-form-urlencoded"
FIELDS = 100  # of a form
READ_S = 10  # a body that takes longer is given up

_FIELD = re.compile(r" - at `\$\.?(.*)`$")
_NOT_LISTED = "Invalid enum value"
_UNKNOWN_FIELD = re.compile(r"unknown field `(.*?)`|required field `(.*?)`")
_TEXT_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


async def read(request: web.Request, decoder: msgspec.json.Decoder[T]) -> T:
    """The body as what the decoder makes; RequestError too_large, and those of `decoded`."""
    content = request.content
    if content.is_eof() and content.total_bytes <= BODY_BYTES:  # it came with the head
        raw = content.read_nowait()
    else:
        raw = await _whole(request)
    return decoded(raw, decoder)


def decoded(raw: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """JSON as what the decoder makes; RequestError bad_json or bad_input."""
    if raw.count(b"[") + raw.count(b"{") > JSON_DEPTH:
        _check_depth(raw)
    try:
        found = decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refusal(raw, error, decoder.type) from None
    if b"\\u0000" in raw:
        _check_text(msgspec.to_builtins(found))
    return found


async def gathered(request: web.Request, most: int, wait_s: float) -> bytes:
    """A body larger than those of other calls, of at most so many bytes."""
    parts, size = [], request.content_length or 0
    try:
        async with asyncio.timeout(wait_s):
            if size <= most:
                size = 0
                async for part in request.content.iter_any():
                    size += len(part)
                    if size > most:
                        break
                    parts.append(part)
    except TimeoutError:
        raise RequestError("bad_input", f"the body did not arrive in {wait_s:g} s") from None
    if size > most:
        raise RequestError("too_large", f"at most {most} bytes")
    return b"".join(parts)


def query(request: web.Request, kind: type[T]) -> T:
    """The query string as a struct; numbers are read from text, unknown names are refused."""
    given = request.query
    known = {field.encode_name for field in msgspec.structs.fields(kind)}
    for name in given:
        if name not in known:
            raise RequestError("bad_input", "is not a parameter of this call", name[:80])
    _check_text(dict(given))
    try:
        return msgspec.convert(dict(given), kind, strict=False)
    except msgspec.ValidationError as error:
        raise _bad_input(error, kind) from None


async def form(request: web.Request, kind: type[T]) -> T:
    """The fields of a form as a struct; a field left empty is as if it were not there."""
    if request.content_type != FORM:
        raise RequestError("bad_input", f"send a form ({FORM})", "Content-Type")
    raw = await _whole(request)
    try:
        pairs = parse_qsl(raw.decode(), max_num_fields=FIELDS, errors="strict")
        given = dict(pairs)
        _check_text(given)
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _bad_input(error, kind) from None
    except ValueError:
        raise RequestError("bad_input", "this is not a form") from None


async def _whole(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(READ_S):
            if (request.content_length or 0) > BODY_BYTES:
                await _refuse_large(request)
            return await request.read()
    except TimeoutError:
        raise RequestError("bad_input", f"the body did not arrive in {READ_S} s") from None


async def _refuse_large(request: web.Request) -> Never:
    """too_large; but what no size would make acceptable is told as what it is."""
    _check_depth(await request.content.read(4096))
    raise RequestError("too_large", f"at most {BODY_BYTES} bytes")


def _check_depth(raw: bytes) -> None:
    depth = 0
    for token in _TEXT_OR_BRACKET.finditer(raw):
        byte = token[0]
        if byte in b"[{":
            depth += 1
            if depth > JSON_DEPTH:
                raise RequestError("bad_json", f"nested deeper than {JSON_DEPTH} levels")
        elif byte in b"]}":
            depth -= 1


def _refusal(raw: bytes, error: Exception, kind: Any) -> RequestError:
    """bad_json for what is no JSON; bad_input, with the field, for JSON of another shape.

    The typed decoder stops at the first mismatch and so does not see what is broken after it:
    the body is decoded once more without types. msgspec refuses lone surrogates as broken, so
    the standard library has the last word on those.
    """
    try:
        msgspec.json.decode(raw)
    except msgspec.ValidationError as found:
        return _bad_input(found, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if not raw.strip():
            return RequestError("bad_json", "the body is empty; send JSON")
        return _surrogate(raw) or RequestError("bad_json", "the body is not JSON")
    if isinstance(error, msgspec.ValidationError):
        return _bad_input(error, kind)
    return RequestError("bad_json", "the body is not JSON")


def _bad_input(error: msgspec.ValidationError, kind: Any) -> RequestError:
    message, field = str(error), None
    if match := _FIELD.search(message):
        message, field = message[: match.start()], match[1]
    if message.startswith(_NOT_LISTED) and (words := _words(kind, field)):
        message = f"one of {', '.join(words)}"
    if match := _UNKNOWN_FIELD.search(message):
        name = match[1] or match[2]
        field = f"{field}.{name}" if field else name
    return RequestError("bad_input", message[:300], field and field[:80])


def _words(kind: Any, field: str | None) -> list[str]:
    """What a field may be, where it is one of a few words, or a number, and nothing else."""
    allowed = get_type_hints(kind).get(field) if isinstance(kind, type) and field else None
    if get_origin(allowed) is Literal:
        return [str(word) for word in get_args(allowed)]
    lists = [one for one in get_args(allowed) if one is not msgspec.UnsetType]
    numbers = ["a whole number" for one in lists if one is int]
    listed = [one for one in lists if get_origin(one) is Literal]
    if len(numbers) + len(listed) < len(lists):
        return []
    return numbers + [str(word) for one in listed for word in get_args(one)]


def _surrogate(raw: bytes) -> RequestError | None:
    """bad_input with its field when a lone surrogate is all that is wrong."""
    try:
        _check_text(json.loads(raw.decode(), parse_constant=_not_json))
    except RequestError as refusal:
        return refusal
    except (ValueError, RecursionError):
        return None
    return None


def _not_json(constant: str) -> Never:
    raise ValueError(constant)


def _check_text(value: Any, field: str = "") -> None:
    """Refuses U+0000 and lone surrogates, which a database cannot keep, wherever they stand."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            message = "U+0000 and lone surrogates cannot be kept"
            raise RequestError("bad_input", message, field or None)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key, field)
            _check_text(item, f"{field}.{key}" if field else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check_text(item, f"{field}[{number}]")
