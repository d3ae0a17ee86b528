"""The demo page with the widget, and its files."""

import hashlib
import html
from functools import lru_cache
from pathlib import Path

from aiohttp import web
from multidict import CIMultiDict

from bot.errors import RequestError
from bot.web.door import Door

FOLDER = Path(__file__).parent / "pages"
TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html"}
FILES = ("page.css", "page.js")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


async def index(door: Door, request: web.Request) -> web.Response:
    """What this is, with the widget to try it, in demo mode."""
    if not door.guard.is_demo:
        raise RequestError("unknown", "the page is there in demo mode only")
    return _served(request, "page.html", door.service.settings.bot.name)


async def file(door: Door, request: web.Request) -> web.Response:
    """A file of the page."""
    name = request.match_info["file"]
    if name not in FILES or not door.guard.is_demo:
        raise RequestError("unknown", "no such file")
    return _served(request, name, door.service.settings.bot.name)


def _served(request: web.Request, name: str, bot_name: str) -> web.Response:
    body, tag = _body(name, bot_name)
    headers = CIMultiDict(
        {
            "Content-Type": f"{TYPES[Path(name).suffix]}; charset=utf-8",
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
            "ETag": tag,
        }
    )
    if tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, headers=headers)


@lru_cache(maxsize=16)
def _body(name: str, bot_name: str) -> tuple[bytes, str]:
    """The bytes of a file, with the bot's name in it, and their tag."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    if name.endswith(".html"):
        text = text.replace("{{name}}", html.escape(bot_name))
    body = text.encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
