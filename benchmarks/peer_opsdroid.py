"""Run in an environment of its own: opsdroid with three skills, on its own server; nothing stored.

With the word `bare`: only its dispatch, behind the bare handler's door.
"""

import asyncio
import gettext
import sys

from aiohttp import web
from opsdroid.connector import Connector, register_event
from opsdroid.core import OpsDroid
from opsdroid.events import Message
from opsdroid.logging import configure_logging
from opsdroid.matchers import match_regex
from opsdroid.web import Web
from peer_door import Turn, serve
from peer_turn import PATTERNS, Author


class Door(Connector):
    """A connector that answers a POST, as opsdroid's own for web platforms do."""

    def __init__(self, config: dict, opsdroid: OpsDroid | None = None) -> None:
        super().__init__(config, opsdroid=opsdroid)
        self.name = "door"
        self.said: dict[int, str] = {}

    async def turn(self, user_id: str, text: str) -> str:
        message = Message(text, user_id=user_id, user=user_id, target=user_id, connector=self)
        await self.opsdroid.parse(message)
        return self.said.pop(id(message), "")

    async def interact(self, request: web.Request) -> web.Response:
        ask = await request.json()
        text = await self.turn(ask["user_id"], ask["message"])
        return web.json_response({"text": text}, status=200 if text else 500)

    @register_event(Message)
    async def send_message(self, message: Message) -> None:
        self.said[id(message.linked_event)] = message.text


def prepared() -> tuple[OpsDroid, Door]:
    gettext.install("opsdroid")  # as its own command line does
    port = int(sys.argv[1])
    opsdroid = OpsDroid(config={"web": {"port": port, "host": "127.0.0.1"}}, loopless=True)
    opsdroid.__enter__()
    door = Door({}, opsdroid=opsdroid)
    opsdroid.connectors = [door]
    author = Author()
    for name in PATTERNS:
        opsdroid.register_skill(skill(author, name))
    return opsdroid, door


def skill(author: Author, name: str):
    async def answer(message: Message) -> None:
        await message.respond(author.turn(message.user_id, name, message.text))

    made = match_regex(PATTERNS[name], case_sensitive=False)(answer)
    made.config = {"name": name}
    return made


async def bare() -> Turn:
    opsdroid, door = prepared()
    opsdroid.eventloop = asyncio.get_running_loop()
    return door.turn


async def own_server() -> None:
    opsdroid, door = prepared()
    configure_logging({"path": ""})  # its own default, less the file
    opsdroid.eventloop = asyncio.get_running_loop()
    opsdroid.web_server = Web(opsdroid)
    opsdroid.web_server.web_app.router.add_post("/interact", door.interact)
    await opsdroid.web_server.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[2:] == ["bare"]:
        serve(bare)
    else:
        asyncio.run(own_server())
