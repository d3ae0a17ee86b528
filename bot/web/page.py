"""The demo page with the widget, and the files of the pages."""

from pathlib import Path

from aiohttp import web

from bot.errors import RequestError
from bot.web.door import Door
from bot.web.files import served

FOLDER = Path(__file__).parent / "pages"
FILES = ("me.css", "me.js", "arrive.js")
DEMO_FILES = ("page.css", "page.js")
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
}


async def index(door: Door, request: web.Request) -> web.Response:
    """What this is, with the widget to try it, in demo mode."""
    if not door.guard.is_demo:
        raise RequestError("unknown", "the page is there in demo mode only")
    return served(request, FOLDER / "page.html", POLICY, name=door.service.settings.bot.name)


async def file(door: Door, request: web.Request) -> web.Response:
    """A file of the page."""
    name = request.match_info["file"]
    if name not in FILES and not (name in DEMO_FILES and door.guard.is_demo):
        raise RequestError("unknown", "no such file")
    return served(request, FOLDER / name, POLICY)
