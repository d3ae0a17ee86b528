"""The baseline: a bare aiohttp handler, JSON in, JSON out, with uvloop and msgspec."""

import sys

import msgspec
import uvloop
from aiohttp import web


class Ask(msgspec.Struct):
    user_id: str
    message: str


decoder = msgspec.json.Decoder(Ask)
encoder = msgspec.json.Encoder()


async def handle(request: web.Request) -> web.Response:
    body = body_of(decoder.decode(await request.read()))
    return web.Response(body=encoder.encode(body), content_type="application/json")


def body_of(ask: Ask) -> dict[str, object]:
    """An answer with the keys that ours has."""
    return {
        "text": ask.message,
        "blocks": [],
        "choices": [],
        "tier": "free",
        "price": 0,
        "persona": "",
        "state": "idle",
        "turn_id": "0" * 32,
        "replayed": False,
    }


async def health(request: web.Request) -> web.Response:
    return web.Response(text="ok")


def main(port: int) -> None:
    app = web.Application()
    app.router.add_post("/interact", handle)
    app.router.add_get("/health", health)
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
