"""People who repeat each call with its id until it is answered, and know what they were told."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.live import LiveServer

MESSAGES = ("hello", "what is leverage?", "topics", "how much can I still spend?", "thanks")
GRANTED = 20  # starting credits of the shipped bot.toml
PATIENCE_S = 60.0  # for one answer; far more than any fault of these tests takes
AGAIN_S = 0.05
LOST = (aiohttp.ClientConnectionError, aiohttp.ServerDisconnectedError, TimeoutError)


@dataclass
class Talker:
    """One person: every other call is a message, every other a top-up of one credit."""

    name: str
    told: dict[str, str] = field(default_factory=dict)  # message id -> turn id
    topped: set[str] = field(default_factory=set)
    answered_at: float = 0.0
    calls: int = 0


@dataclass
class Crowd:
    """Talkers at one server; `outcomes` counts statuses, `lost` those without any answer."""

    server: LiveServer
    talkers: list[Talker]
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    is_over: bool = False

    @property
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.server.operator_key}"}

    async def talk(self, http: aiohttp.ClientSession, talker: Talker) -> None:
        while not self.is_over:
            number, talker.calls = talker.calls, talker.calls + 1
            own_id = f"{talker.name}-{number}"
            if number % 2:
                body = {"user_id": talker.name, "topup_id": own_id, "credits": 1}
                await self._until_answered(http, "/v1/topups", body, self.key)
                talker.topped.add(own_id)
            else:
                words = MESSAGES[number // 2 % len(MESSAGES)]
                body = {"user_id": talker.name, "message_id": own_id, "message": words}
                found = await self._until_answered(http, "/interact", body, {})
                talker.told[own_id] = found["turn_id"]
            talker.answered_at = time.monotonic()

    async def _until_answered(
        self, http: aiohttp.ClientSession, path: str, body: dict[str, Any], headers: dict[str, str]
    ) -> dict[str, Any]:
        while True:
            try:
                async with http.post(
                    self.server.url + path, json=body, headers=headers
                ) as response:
                    found = await response.json()
                    self.outcomes[str(response.status)] += 1
            except LOST as error:
                self.outcomes[f"lost {type(error).__name__}"] += 1
                await asyncio.sleep(AGAIN_S)
                continue
            if response.status == 200:
                return dict(found)
            self._note(response.status, found)
            await asyncio.sleep(AGAIN_S)

    def _note(self, status: int, found: Any) -> None:
        """A refusal has the one shape, and says that the same call may be sent again."""
        code = found.get("error", {}).get("code") if isinstance(found, dict) else None
        if (status, code) not in ((503, "unavailable"), (409, "in_progress")):
            self.wrong.append(f"{status} {found}")

    async def all_answered(self, since: float | None = None) -> float:
        """Wait until each was answered once more; seconds it took the slowest."""
        since = time.monotonic() if since is None else since
        async with asyncio.timeout(PATIENCE_S):
            while min(talker.answered_at for talker in self.talkers) <= since:
                await asyncio.sleep(0.01)
        return max(talker.answered_at for talker in self.talkers) - since

    async def refused(self, most_s: float = PATIENCE_S) -> None:
        """Wait until somebody was answered 503."""
        before = self.outcomes["503"]
        async with asyncio.timeout(most_s):
            while self.outcomes["503"] == before:
                await asyncio.sleep(0.01)

    async def check(self) -> None:
        """Nothing lost, nothing doubled: the feed and the money of everybody."""
        assert not self.wrong, self.wrong[:5]
        async with aiohttp.ClientSession() as http:
            for talker in self.talkers:
                lines = await feed(http, self.server.url, talker.name)
                said = [line["id"] for line in lines if line["author"] == "person"]
                assert said == list(talker.told), f"{talker.name}: {said} {list(talker.told)}"
                replies = [line["id"] for line in lines if line["author"] == "bot"]
                assert replies == list(talker.told.values()), talker.name
                async with http.get(f"{self.server.url}/user/{talker.name}") as response:
                    found = await response.json()
                balance = GRANTED + len(talker.topped)
                assert found["credits"]["balance"] == balance, talker.name


async def feed(http: aiohttp.ClientSession, url: str, name: str) -> list[dict[str, Any]]:
    """Every line of somebody's feed."""
    lines: list[dict[str, Any]] = []
    after = 0
    while True:
        params = {"user_id": name, "after": str(after)}
        async with http.get(f"{url}/widget/feed", params=params) as response:
            found = await response.json()
        if not found["items"]:
            return lines
        lines += found["items"]
        after = found["last"]


@asynccontextmanager
async def crowd(server: LiveServer, count: int) -> AsyncIterator[Crowd]:
    """So many people talk until the block ends; then each has an answer to all they sent."""
    made = Crowd(server, [Talker(f"talker-{number}") for number in range(count)])
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as http:
        talking = [asyncio.create_task(made.talk(http, talker)) for talker in made.talkers]
        try:
            await made.all_answered()
            yield made
            made.is_over = True
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*talking)
        finally:
            for task in talking:
                task.cancel()
            await asyncio.gather(*talking, return_exceptions=True)


def audited(server: LiveServer, arguments: Sequence[str] = ()) -> None:
    """`bot audit` finds nothing wrong with any ledger."""
    command = [sys.executable, "-m", "bot", "audit", "--data", str(server.data), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
