"""The widget's own files: small modules, served as they are, and the frame for other hosts."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from aiohttp import web
from multidict import CIMultiDict

from bot.errors import RequestError
from bot.web.door import Door

FOLDER = Path(__file__).parent / "widget"
FRAME = "frame.html"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' https: data:; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {ancestors}"
)


async def module(door: Door, request: web.Request) -> web.Response:
    """One module of the widget."""
    name = request.match_info["file"]
    if name not in _names():
        raise RequestError("unknown", "no such module")
    return _served(request, name, CIMultiDict())


async def frame(door: Door, request: web.Request) -> web.Response:
    """The widget alone on a page, to be framed by listed origins."""
    origins = " ".join(door.service.settings.widget.origins) or "'self'"
    policy = FRAME_POLICY.format(ancestors=origins if origins == "'self'" else f"'self' {origins}")
    return _served(request, FRAME, CIMultiDict({"Content-Security-Policy": policy}))


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(path.name for path in FOLDER.glob("*.js"))


def _served(request: web.Request, name: str, headers: CIMultiDict[str]) -> web.Response:
    body, packed, tag = _body(name)
    headers.update(
        {
            "Content-Type": f"{TYPES[Path(name).suffix]}; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "no-cache",
            "ETag": tag,
            "Vary": "Accept-Encoding, Origin",
        }
    )
    if tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = packed
    return web.Response(body=body, headers=headers)


@lru_cache(maxsize=64)
def _body(name: str) -> tuple[bytes, bytes, str]:
    """The bytes of a file, the same compressed, and their tag."""
    body = (FOLDER / name).read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:16]
    return body, gzip.compress(body, 9, mtime=0), f'"{digest}"'
