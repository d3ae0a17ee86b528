"""Who may call: demo mode and key mode, scopes, Host and Origin, how often."""

import ipaddress
from typing import Literal
from urllib.parse import urlsplit

from aiohttp import web

from bot.clock import Clock
from bot.config import Settings
from bot.errors import BotError, RequestError
from bot.store.studio import Studio
from bot.web.rates import Buckets
from bot.web.tokens import Tokens

# person: a key, or a widget's token for oneself; page: a page of a listed origin, or our own;
# self: somebody's own page, which knows by a cookie of ours who it is; its forms are our own.
# staff_view: what only staff may read, and everybody in demo mode.
Scope = Literal["open", "page", "person", "self", "server", "operator", "staff_view"]
PERSON = web.RequestKey("person", str)  # whose token came with a call
KNOWN_HOSTS = 200  # Host headers remembered as good, so that they are parsed once
PREFLIGHT_S = "600"


class Guard:
    """Lets a call in or says why not; scopes are by route, the unnamed route is open."""

    def __init__(
        self,
        settings: Settings,
        studio: Studio,
        tokens: Tokens,
        clock: Clock,
        scopes: dict[str, Scope],
    ) -> None:
        auth, rate = settings.auth, settings.rate
        self.is_demo = auth.mode == "demo"
        origins = (auth.origins if self.is_demo else ()) + settings.widget.origins
        self.is_shared = bool(origins)
        self._studio, self._tokens, self._scopes = studio, tokens, scopes
        self._hosts = frozenset(host.lower().strip("[]") for host in auth.hosts)
        self._origins = frozenset(origin.lower().rstrip("/") for origin in origins)
        self._good_hosts: set[str] = set()
        self._proxies = frozenset(settings.server.forwarded_by)
        self._addresses = Buckets(clock, rate.ip_per_minute, rate.ip_burst)
        self._people = Buckets(clock, rate.person_per_minute, rate.person_burst)

    def admit(self, request: web.Request, route: str) -> None:
        """Raises RequestError when this call may not be made, by this caller, now."""
        scope = self._scopes.get(route, "open")
        if self.is_demo:
            self._check_host(request)
            if "Origin" in request.headers:
                self._check_origin(request)
            if scope == "operator":
                self._check_key(request, scope)
            elif scope == "person":
                self._take_token(request)
            elif scope == "self":
                self._check_form(request)
            return
        self._addresses.take(self._address(request))
        if scope == "self":
            self._check_form(request)
        elif scope == "page" or (scope == "person" and self._take_token(request)):
            self._check_page(request)
        elif scope != "open":
            self._check_key(request, scope)

    def count(self, person_id: str) -> None:
        """One more call about a person; too_many when they come too fast."""
        if not self.is_demo:
            self._people.take(person_id)

    def demand_operator(self, request: web.Request) -> None:
        """For the part of a call that only staff may ask for."""
        self._check_key(request, "operator")

    def has_key(self, request: web.Request) -> bool:
        """Whether a valid key of any scope came with the call."""
        return self._scope(request) is not None

    def preflight(self, request: web.Request) -> web.Response | None:
        """The answer to a browser that asks whether a page of a listed origin may call."""
        if not self.is_shared or request.method != "OPTIONS" or not self._is_listed(request):
            return None
        headers = {
            "Access-Control-Allow-Methods": "GET, POST, PUT",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
            "Access-Control-Max-Age": PREFLIGHT_S,
        }
        return web.Response(status=204, headers=headers)

    def share(self, request: web.Request, response: web.StreamResponse) -> None:
        """Let pages of listed origins read the answer."""
        if self.is_shared:
            response.headers.setdefault("Vary", "Origin")
            if self._is_listed(request):
                response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
                response.headers["Access-Control-Expose-Headers"] = "Retry-After"

    def _check_host(self, request: web.Request) -> None:
        """Only our own names: a page elsewhere may not reach us through a name of its own."""
        host = request.headers.get("Host", "")
        if host in self._good_hosts:
            return
        if _host_name(host) not in self._hosts:
            raise RequestError("not_allowed", "this Host is not served in demo mode", "Host")
        if len(self._good_hosts) < KNOWN_HOSTS:
            self._good_hosts.add(host)

    def _check_origin(self, request: web.Request) -> None:
        """Only our own pages and those of listed origins."""
        if not _is_own(request) and not self._is_listed(request):
            raise RequestError("not_allowed", "pages of this Origin may not call", "Origin")

    def _check_form(self, request: web.Request) -> None:
        """What changes something is sent by our own page, not even by one of a listed origin."""
        if request.method == "POST" and not _is_own(request):
            raise RequestError("not_allowed", "send this from the page itself", "Origin")

    def _check_page(self, request: web.Request) -> None:
        """Browsers say which page calls; one that says nothing is no page."""
        if "Origin" in request.headers:
            self._check_origin(request)
        elif request.method != "GET" or "Upgrade" in request.headers:
            raise RequestError("not_allowed", "call this from a page", "Origin")

    def _take_token(self, request: web.Request) -> bool:
        """Whether a widget's token came with the call; it is noted whose it is."""
        form, _, token = request.headers.get("Authorization", "").partition(" ")
        if form.lower() != "bearer" or token.count(".") != 2:
            return False
        request[PERSON] = self._tokens.read(token.strip()).token
        return True

    def _is_listed(self, request: web.Request) -> bool:
        return request.headers.get("Origin", "").lower() in self._origins

    def _check_key(self, request: web.Request, scope: Scope) -> None:
        found = self._scope(request)
        if found is None:
            raise RequestError("not_authentic", "send a valid key as 'Authorization: Bearer KEY'")
        if scope in ("operator", "staff_view") and found != "operator":
            raise RequestError("not_allowed", "this call needs a key of scope operator")

    def _scope(self, request: web.Request) -> str | None:
        form, _, key = request.headers.get("Authorization", "").partition(" ")
        if form.lower() != "bearer" or not key:
            return None
        found = self._studio.key(key.strip())
        return None if found is None else found.scope

    def _address(self, request: web.Request) -> str:
        """The caller's address; that of the last hop that is not a proxy of ours."""
        remote = request.remote or ""
        if remote in self._proxies:
            hops = request.headers.get("X-Forwarded-For", "").split(",")
            for hop in reversed([hop.strip() for hop in hops]):
                if hop and hop not in self._proxies:
                    return hop[:60]
        return remote


def check_demo(settings: Settings) -> None:
    """Refuses to start in demo mode anywhere but on loopback."""
    if settings.auth.mode == "demo" and not is_loopback(settings.server.host):
        raise BotError(
            f"demo mode is open to everybody who can reach it, so it is served on loopback only, "
            f'not on {settings.server.host}; set [auth] mode = "key" in bot.toml'
        )


def is_loopback(host: str) -> bool:
    """True for localhost and the loopback addresses."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_own(request: web.Request) -> bool:
    """True for a call of a page that we served."""
    scheme, _, netloc = request.headers.get("Origin", "").lower().partition("://")
    return scheme in ("http", "https") and netloc == request.headers.get("Host", "").lower()


def _host_name(host: str) -> str:
    """The name in a Host header, without its port, in lower case; empty when it has none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
