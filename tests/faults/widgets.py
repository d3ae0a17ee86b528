"""A widget without a page: an outbox resent by id, and lines asked for from the last one seen."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp.client_exceptions import WSMessageTypeError

PATIENCE_S = 20.0
AGAIN_S = 0.05
# Cut off: before the upgrade, in the middle, or before the first frame.
LOST = (aiohttp.ClientError, ConnectionError, TimeoutError, WSMessageTypeError)


@dataclass
class Widget:
    """One person's widget; `answers` are those it was told, by message id."""

    name: str
    outbox: deque[tuple[str, str]] = field(default_factory=deque)
    answers: dict[str, list[str]] = field(default_factory=dict)
    last: int = 0
    token: str = ""
    connected: int = 0
    wrong: list[str] = field(default_factory=list)

    async def run(self, http: aiohttp.ClientSession, url: str) -> None:
        """Until the outbox is empty: connect, send what waits, connect again when cut off."""
        while self.outbox:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    if not self.token:
                        self.token = await session(http, url, self.name)
                    await self._talk(http, url)
            except LOST:
                await asyncio.sleep(AGAIN_S)

    async def _talk(self, http: aiohttp.ClientSession, url: str) -> None:
        async with http.ws_connect(f"{url}/widget/socket") as socket:
            hello = {"type": "hello", "token": self.token, "after": self.last}
            await socket.send_json(hello)
            ready = await socket.receive_json()
            self.connected += 1
            if ready["number"] > self.last:
                self._hear(await socket.receive_json())
            for message_id, text in tuple(self.outbox):
                await socket.send_json({"type": "say", "id": message_id, "text": text})
            while self.outbox:
                frame = await socket.receive()
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    return
                self._hear(frame.json())

    def _hear(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "said":
                self.last = max(self.last, frame["number"])
                self._answered(frame["id"], frame["reply"]["turn_id"])
            case "items":
                self.last = frame["last"]
                said = {line["number"]: line["id"] for line in frame["items"]
                        if line["author"] == "person"}  # fmt: skip
                for line in frame["items"]:
                    if line["author"] == "bot" and line["number"] in said:
                        self._answered(said[line["number"]], line["id"])
            case "refused" if frame["code"] != "unavailable":
                self.wrong.append(str(frame))

    def _answered(self, message_id: str, turn_id: str) -> None:
        self.answers.setdefault(message_id, []).append(turn_id)
        self.outbox = deque(one for one in self.outbox if one[0] != message_id)


async def session(http: aiohttp.ClientSession, url: str, name: str) -> str:
    """A token for a person of this name (demo mode)."""
    async with http.post(f"{url}/widget/session", json={"user_id": name}) as response:
        found = await response.json()
        return str(found["token"])
