"""What a widget proves itself with: visitors, tokens of fifteen minutes, identities."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from msgspec import Struct

from bot.clock import Clock
from bot.errors import BotError, RequestError
from bot.settings import WidgetSettings

KEY_FILE = "widget.key"
KEY_BYTES = 32
TOKEN_S = 15 * 60
VISITOR_S = 400 * 86_400
IDENTITY_S = 15 * 60  # a host's token may be valid this long at most
LEEWAY_S = 30  # two clocks differ
AUDIENCE = "bot-widget"
PAGE_AUDIENCE = "bot-page"  # of the cookie of a person's page; neither is good for the other
PAGE_S = 12 * 3600
VISITORS = "v-"  # how the ids of visitors begin; no host may name anybody like that
TOKENS_KEPT = 4_096  # checked tokens remembered, so that a call costs no signature
LONGEST = 4_096  # characters of a token
US = 1_000_000


class Pass(Struct, frozen=True):
    """A token and until when it is one, in microseconds."""

    token: str
    expires_at: int


class Tokens:
    """Issues and reads what widgets carry; one key signs them all."""

    def __init__(self, settings: WidgetSettings, data: Path, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._secret = _secret(settings.token_key.value, data)
        self._key = OctKey.import_key(self._secret)
        self._identities = _identities(settings)
        self._known: dict[str, tuple[str, int]] = {}

    def issue(self, person_id: str) -> Pass:
        """A token for one person."""
        return self._issued(person_id, AUDIENCE, TOKEN_S)

    def page(self, person_id: str) -> Pass:
        """What the cookie of a person's page holds."""
        return self._issued(person_id, PAGE_AUDIENCE, PAGE_S)

    def page_of(self, cookie: str) -> str:
        """Whose page a cookie opens; RequestError when it opens none now."""
        person_id, expires_at = self._checked(cookie, PAGE_AUDIENCE)
        if expires_at <= self._clock.now():
            raise RequestError("not_authentic", "this page was open too long; open it anew")
        return person_id

    def read(self, token: str) -> Pass:
        """Whose token this is (in `token`) and until when; RequestError when it is none now."""
        person_id, expires_at = self._known.get(token) or self._noted(token)
        if expires_at <= self._clock.now():
            self._known.pop(token, None)
            raise RequestError("not_authentic", "this token has ended; ask for a new session")
        return Pass(person_id, expires_at)

    def visitor(self) -> str:
        """A new visitor's secret: whoever holds it is that visitor for 400 days."""
        return self._visitor(secrets.token_hex(16))

    def renewed(self, visitor: str) -> str:
        """The same visitor, for another 400 days; RequestError for one we did not issue."""
        issued, _, rest = visitor.partition(".")
        name, _, mark = rest.partition(".")
        if len(visitor) > LONGEST or not hmac.compare_digest(
            mark.encode("utf-8", "replace"), self._mark(issued, name).encode()
        ):
            raise RequestError("not_authentic", "this visitor is not one of ours", "visitor")
        if int(issued) * US + VISITOR_S * US < self._clock.now():
            raise RequestError("not_authentic", "this visitor's time is over", "visitor")
        return self._visitor(name)

    @staticmethod
    def person_of(visitor: str) -> str:
        """The id of the person behind a visitor's secret; it does not give the secret away."""
        name = visitor.split(".")[1]
        return VISITORS + hashlib.sha256(f"visitor|{name}".encode()).hexdigest()[:32]

    def identified(self, identity: str) -> str:
        """The person a host vouches for; RequestError when it does not, or for too long."""
        if self._identities is None:
            message = "no identity key is set in [widget] of bot.toml"
            raise RequestError("not_authentic", message, "identity")
        wrong = RequestError("not_authentic", "this identity cannot be verified", "identity")
        if len(identity) > LONGEST:
            raise wrong
        try:
            claims = jwt.decode(identity, self._identities, algorithms=["HS256"]).claims
        except (JoseError, ValueError, KeyError, TypeError):
            raise wrong from None
        return self._vouched(claims, wrong)

    def _vouched(self, claims: dict[str, Any], wrong: RequestError) -> str:
        now_s = self._clock.now() // US
        expires, subject, audience = claims.get("exp"), claims.get("sub"), claims.get("aud")
        if not isinstance(expires, int) or not isinstance(subject, str) or not subject:
            raise wrong
        if self._settings.audience not in (audience if isinstance(audience, list) else [audience]):
            raise wrong
        if self._settings.issuer and claims.get("iss") != self._settings.issuer:
            raise wrong
        if expires + LEEWAY_S < now_s or expires > now_s + IDENTITY_S + LEEWAY_S:
            message = "an identity is valid for 15 minutes at most, and not in the past"
            raise RequestError("not_authentic", message, "identity")
        if subject.startswith(VISITORS) or len(subject) > 200 or not subject.isprintable():
            raise wrong
        return subject

    def _issued(self, person_id: str, audience: str, lasting_s: int) -> Pass:
        now_s = self._clock.now() // US
        claims = {
            "sub": person_id,
            "aud": audience,
            "iat": now_s,
            "exp": now_s + lasting_s,
            "jti": secrets.token_hex(8),
        }
        token = jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, self._key)
        return Pass(token, (now_s + lasting_s) * US)

    def _noted(self, token: str) -> tuple[str, int]:
        found = self._checked(token, AUDIENCE)
        if len(self._known) >= TOKENS_KEPT:
            self._known.clear()
        self._known[token] = found
        return found

    def _checked(self, token: str, audience: str) -> tuple[str, int]:
        wrong = RequestError("not_authentic", "this token is not one of ours")
        if len(token) > LONGEST:
            raise wrong
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
        except (JoseError, ValueError, KeyError, TypeError):
            raise wrong from None
        if claims.get("aud") != audience:
            raise wrong
        return str(claims["sub"]), int(claims["exp"]) * US

    def _visitor(self, name: str) -> str:
        issued = str(self._clock.now() // US)
        return f"{issued}.{name}.{self._mark(issued, name)}"

    def _mark(self, issued: str, name: str) -> str:
        text = f"visitor|{issued}|{name}".encode("utf-8", "replace")
        return hmac.new(self._secret, text, "sha256").hexdigest()[:32]


def _secret(given: str, data: Path) -> bytes:
    """The key of the settings, else the one made at first start (0600)."""
    if given:
        if len(given.encode()) < KEY_BYTES:
            raise BotError(f"[widget] token_key needs {KEY_BYTES} bytes at least")
        return given.encode()
    path = data / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(KEY_BYTES).encode())
    return path.read_bytes()


def _identities(settings: WidgetSettings) -> KeySet | None:
    """The keys hosts sign with: the present one, and the one before while they change it."""
    keys: list[OctKey | RSAKey | ECKey | OKPKey] = []
    for kid, secret in (("main", settings.identity_key), ("old", settings.identity_key_old)):
        if not secret.value:
            continue
        if len(secret.value.encode()) < KEY_BYTES:
            raise BotError(f"[widget] an identity key needs {KEY_BYTES} bytes at least")
        keys.append(OctKey.import_key(secret.value.encode(), {"kid": kid}))
    return KeySet(keys) if keys else None
