"""A JSON source asked over HTTP, a few times and never for long."""

import asyncio
from urllib.parse import quote

import msgspec
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.config import MarketFields, MarketHttp
from bot.errors import DeliveryError
from bot.feeds.mapping import market_of
from bot.model.message import Market

MOST_BYTES = 256 * 1024  # an answer longer than this is no snapshot
LATER = frozenset({408, 425, 429})  # refusals that may pass; other 4xx will not
AGENT = {"User-Agent": "bot", "Accept": "application/json"}


class HttpFeed:
    """Asks `url` for one asset; the address and the secret come from bot.toml only.

    No redirects, no proxies from the environment, at most 256 KiB, `timeout_s` a try.
    """

    def __init__(self, settings: MarketHttp, fields: MarketFields) -> None:
        self._settings, self._fields = settings, fields
        secret = settings.secret.value
        self._headers = AGENT | ({settings.header: secret} if secret else {})
        self._timeout = ClientTimeout(total=settings.timeout_s)

    async def fetch(self, asset: str, now: int) -> Market:
        """The snapshot; DeliveryError when every try failed."""
        url = self._settings.url.replace("{asset}", quote(asset, safe=""))
        for attempt in range(self._settings.retries + 1):
            if attempt:
                await asyncio.sleep(self._settings.backoff_s * 2 ** (attempt - 1))
            try:
                body = await self._asked(url)
                break
            except DeliveryError as error:
                if error.permanent or attempt == self._settings.retries:
                    raise
        return market_of(body, asset, now, self._fields)

    async def _asked(self, url: str) -> object:
        try:
            async with (
                ClientSession(timeout=self._timeout, headers=self._headers) as session,
                session.get(url, allow_redirects=False) as response,
            ):
                _check(response)
                body = await _read(response)
        except (ClientError, OSError, ValueError) as error:  # never its text: it holds the address
            raise DeliveryError(f"no answer ({type(error).__name__})") from None
        try:
            return msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise DeliveryError("the answer is not JSON") from None


def _check(response: ClientResponse) -> None:
    if response.status == 200:
        return
    is_final = response.status < 500 and response.status not in LATER
    raise DeliveryError(f"it answered {response.status}", permanent=is_final)


async def _read(response: ClientResponse) -> bytes:
    """The body, unless it is too long; a longer one is not read to its end."""
    found = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        found += chunk
        if len(found) > MOST_BYTES:
            response.close()
            raise DeliveryError(f"the answer is longer than {MOST_BYTES} bytes", permanent=True)
    return bytes(found)
