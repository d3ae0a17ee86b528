"""What every call is given: the service, the guard and the meter."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from bot.errors import RequestError
from bot.model.message import Inbound, Kind
from bot.model.person import Person
from bot.turn import known
from bot.web.asked import person_of
from bot.web.auth import PERSON, Guard
from bot.web.hub import Hub
from bot.web.metrics import Meter
from bot.web.tokens import Tokens

if TYPE_CHECKING:
    from bot.app import Service


class Door(Struct, frozen=True):
    """One for the whole server; `describe` makes the description of every call.

    `hub` knows who listens, `sockets` are the open ones, `bulk` the calls of many events that
    are being answered.
    """

    service: "Service"
    guard: Guard
    tokens: Tokens
    hub: Hub
    meter: Meter
    describe: Callable[[], bytes]
    sockets: set[web.WebSocketResponse]
    bulk: set[object]

    def person_id(
        self,
        user_id: str | UnsetType,
        other: str | UnsetType,
        request: web.BaseRequest | None = None,
    ) -> str:
        """Whom a call is about, counted against the rate of that person.

        A widget's token is about its own person, whoever else is named.
        """
        own = ""
        if request is not None and len(request):  # a look-up in vain is slow
            own = request.get(PERSON, "")
        if own:
            if any(given not in (own, UNSET) for given in (user_id, other)):
                raise RequestError("not_allowed", "a token is for its own person", "user_id")
            person_id = str(own)
        else:
            person_id = person_of(user_id, other, self.guard.is_demo)
        self.guard.count(person_id)
        return person_id

    def own(self, request: web.Request) -> str:
        """The person whose token came with the call; 401 when none did."""
        own = request.get(PERSON, "")
        if not own:
            raise RequestError("not_authentic", "send the token of a session as Bearer")
        self.guard.count(str(own))
        return str(own)

    def path_person(self, request: web.Request, is_own: bool = False) -> str:
        """The person named in the address; `is_own`: a widget's token may ask for its own."""
        named = request.match_info["id"]
        return self.person_id(named, named, request if is_own else None)

    async def seen(self, person_id: str) -> Person:
        """The stored person; 404 for somebody never seen."""
        return known(await self.service.store.person(person_id, fresh=True), person_id)

    async def somebody(self, person_id: str) -> Person:
        """The stored person, or somebody new under this id."""
        return await self.service.store.person(person_id, fresh=True) or Person(person_id)

    def inbound(
        self,
        kind: Kind,
        name: str,
        person_id: str,
        props: dict[str, Any],
        call_id: str = "",
        fingerprint: str = "",
        actor: str = "",
    ) -> Inbound:
        """A call without words; `call_id` is the caller's own id, else one is drawn."""
        clock = self.service.clock
        return Inbound(
            id=call_id or clock.token(),
            person_id=person_id,
            kind=kind,
            at=clock.now(),
            name=name,
            props=props,
            fingerprint=fingerprint,
            actor=actor,
        )
