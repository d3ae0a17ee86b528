"""The widget's own files: small modules, served as they are, and the frame for other hosts."""

from functools import lru_cache
from pathlib import Path

from aiohttp import web

from bot.errors import RequestError
from bot.web.door import Door
from bot.web.files import served

FOLDER = Path(__file__).parent / "widget"
FRAME = "frame.html"
EVERYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}
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
    return served(request, FOLDER / name, EVERYWHERE)


async def frame(door: Door, request: web.Request) -> web.Response:
    """The widget alone on a page, to be framed by listed origins."""
    ours = door.service.settings.widget
    policy = FRAME_POLICY.format(ancestors=" ".join(("'self'", *ours.origins)))
    headers = {**EVERYWHERE, "Content-Security-Policy": policy}
    return served(request, FOLDER / FRAME, headers, site_key=ours.site_key)


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(path.name for path in FOLDER.glob("*.js"))
