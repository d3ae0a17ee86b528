"""The operator's hooks: a signed POST (Standard Webhooks) to the address in bot.toml."""

import base64
import hashlib
import hmac

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.config import Secret
from bot.errors import DeliveryError

CALL_S = 5.0  # one try; the other messages of a run wait for it
MOST_WAIT_S = 86_400  # a receiver may ask for no longer a wait than a day
PREFIX = "whsec_"
GONE = 410  # the receiver wants nothing more
LATER = frozenset({408, 425, 429})


class Hook:
    """Hands messages over; the same message id is the same delivery for the receiver.

    Only the address of bot.toml is ever called: no redirects, no proxy from the environment, and
    nothing of the answer but its status and Retry-After is looked at.
    """

    def __init__(self, url: str, secret: Secret) -> None:
        self._url = url
        self._key = signing_key(secret.value)

    async def send(self, message_id: str, body: bytes, now: int) -> None:
        """Deliver, or DeliveryError: `permanent` when further tries are no use."""
        headers = signed(self._key, message_id, now // 1_000_000, body)
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=CALL_S)) as session,
                session.post(
                    self._url, data=body, headers=headers, allow_redirects=False
                ) as response,
            ):
                status, wait = response.status, response.headers.get("Retry-After", "")
        except (ClientError, OSError, ValueError) as error:
            raise DeliveryError(f"no answer ({type(error).__name__})") from None
        if 200 <= status < 300:
            return
        is_final = status < 500 and status not in LATER
        wait_s = min(int(wait), MOST_WAIT_S) if wait.isascii() and wait.isdigit() else None
        raise DeliveryError(f"it answered {status}", permanent=is_final, retry_after_s=wait_s)


def signed(key: bytes, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks: HMAC-SHA256 of id.timestamp.body."""
    text = f"{message_id}.{seconds}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{signature}",
    }


def signing_key(secret: str) -> bytes:
    """The bytes of a secret like whsec_ and base64, as bot.config checked it."""
    return base64.b64decode(secret.removeprefix(PREFIX))
