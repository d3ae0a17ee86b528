"""An operator's receiver of webhooks that notes what it got."""

from aiohttp import web

Receiver = list[tuple[dict[str, str], bytes]]


class Told:
    """A receiver that notes what it got and answers with `status`."""

    def __init__(self) -> None:
        self.got: Receiver = []
        self.status = 204

    async def receive(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append((headers, await request.read()))
        return web.Response(status=self.status)
