"""What every call is given: the service, the guard and the meter."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web
from msgspec import Struct, UnsetType

from bot.model.message import Inbound, Kind
from bot.model.person import Person
from bot.turn import known
from bot.web.asked import person_of
from bot.web.auth import Guard
from bot.web.metrics import Meter

if TYPE_CHECKING:
    from bot.app import Service


class Door(Struct, frozen=True):
    """One for the whole server; `describe` makes the description of every call."""

    service: "Service"
    guard: Guard
    meter: Meter
    describe: Callable[[], bytes]

    def person_id(self, user_id: str | UnsetType, other: str | UnsetType) -> str:
        """Whom a call is about, counted against the rate of that person."""
        person_id = person_of(user_id, other, self.guard.is_demo)
        self.guard.count(person_id)
        return person_id

    def path_person(self, request: web.Request) -> str:
        """The person named in the address."""
        return self.person_id(request.match_info["id"], request.match_info["id"])

    async def seen(self, person_id: str) -> Person:
        """The stored person; 404 for somebody never seen."""
        return known(await self.service.store.person(person_id, fresh=True), person_id)

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
