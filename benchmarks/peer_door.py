"""The fastest door a peer can be measured behind: the bare handler's, with its turn inside."""

import sys
from collections.abc import Awaitable, Callable

import msgspec
import uvloop
from aiohttp import web

Turn = Callable[[str, str], Awaitable[str]]
Prepare = Callable[[], Awaitable[Turn]]


class Ask(msgspec.Struct):
    user_id: str
    message: str


def serve(prepare: Prepare) -> None:
    """POST /interact on the port of the command line until killed."""
    decode, encode = msgspec.json.Decoder(Ask).decode, msgspec.json.Encoder().encode

    async def made() -> web.Application:
        turn = await prepare()

        async def interact(request: web.Request) -> web.Response:
            ask = decode(await request.read())
            text = await turn(ask.user_id, ask.message)
            if not text:
                return web.Response(status=500)
            body = encode({"text": text, "user_id": ask.user_id})
            return web.Response(body=body, content_type="application/json")

        async def health(_: web.Request) -> web.Response:
            return web.Response(text="ok")

        app = web.Application()
        app.router.add_post("/interact", interact)
        app.router.add_get("/health", health)
        return app

    uvloop.install()
    web.run_app(made(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
