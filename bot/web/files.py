"""Files of ours, served as they are: with a tag, compressed for whoever understands it."""

import gzip
import hashlib
import html
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from aiohttp import web
from msgspec import Struct
from multidict import CIMultiDict

TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}


def served(
    request: web.Request, path: Path, headers: Mapping[str, str], **given: str
) -> web.Response:
    """A file, or that what the caller has is still right; `given` fills the holes of a page."""
    file = _file(path, tuple(given.items()))
    told = CIMultiDict(
        {
            "Content-Type": f"{TYPES[path.suffix]}; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
            "ETag": file.tag,
            "Vary": "Accept-Encoding, Origin",
            **headers,
        }
    )
    if file.tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=told)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=file.plain, headers=told)
    told["Content-Encoding"] = "gzip"
    return web.Response(body=file.packed, headers=told)


class _File(Struct, frozen=True):
    """The bytes of a file, the same compressed, and their tag."""

    plain: bytes
    packed: bytes
    tag: str


@lru_cache(maxsize=64)
def _file(path: Path, given: tuple[tuple[str, str], ...]) -> _File:
    plain = path.read_bytes()
    for name, said in given:
        plain = plain.replace(b"{{%b}}" % name.encode(), html.escape(said).encode())
    digest = hashlib.sha256(plain).hexdigest()[:16]
    return _File(plain, gzip.compress(plain, 9, mtime=0), f'"{digest}"')
