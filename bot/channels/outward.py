"""Hands due messages to the hooks and notes how each ended, or when it is tried again."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bot.channels.hook import Hook
from bot.config import Settings
from bot.errors import DeliveryError
from bot.logs import Log
from bot.model.decision import Plan
from bot.model.message import Delivery, Message, MessageState
from bot.model.person import Person
from bot.outreach.hooks import again


class Book(Protocol):
    """What of a store is needed to note a delivery."""

    async def person(self, person_id: str, fresh: bool = False) -> Person | None: ...
    async def settle(self, delivery: Delivery) -> bool: ...


class Outward:
    """At least once for each message; the receiver knows a repetition by its id.

    `hooks` by the kind of message; `commit` writes a plan and counts what it did.
    """

    def __init__(
        self,
        hooks: Mapping[str, Hook],
        book: Book,
        commit: Callable[[Plan, Counter[str]], Awaitable[bool]],
        log: Log,
    ) -> None:
        self._hooks, self._book, self._commit, self._log = hooks, book, commit, log

    async def hand_over(self, message: Message, now: int, counts: Counter[str]) -> None:
        """One message to the hook of its kind; one taken out of bot.toml gets nothing more."""
        hook = self._hooks.get(message.kind)
        if hook is None:
            await self._ended(message, "skipped", now, counts, "no_hook")
            return
        try:
            await hook.send(message.id, message.body.encode(), now)
            await self._ended(message, "sent", now, counts)
        except DeliveryError as error:
            await self._later(message, now, error, counts)
        except Exception as error:  # the others are served; the lease ends and it is tried again
            counts["failed"] += 1
            self._log.error("delivery_failed", message_id=message.id, exc_info=error)

    async def _later(
        self, message: Message, now: int, error: DeliveryError, counts: Counter[str]
    ) -> None:
        person = await self._book.person(message.person_id, fresh=True)
        held = None
        if person is not None and not error.permanent:
            held = again(person, message, now, error.message, error.retry_after_s)
        if held is None:
            await self._ended(message, "failed", now, counts, error.message)
        else:
            await self._commit(held, counts)

    async def _ended(
        self,
        message: Message,
        state: MessageState,
        now: int,
        counts: Counter[str],
        error: str = "",
    ) -> None:
        ended = Delivery(message.id, message.person_id, state, now, error=error)
        counts[state] += await self._book.settle(ended)
        said = {"error": error} if error else {}
        self._log.info(
            "delivered", message_id=message.id, channel=message.channel, state=state, **said
        )


def hooks_of(settings: Settings) -> dict[str, Hook]:
    """The hooks that bot.toml names, each by the kind of what it is told."""
    handoff, habits = settings.handoff, settings.habits
    named = {
        "handoff": (handoff.url, handoff.secret),
        "habit": (habits.forward_url, habits.secret),
    }
    return {kind: Hook(url, secret) for kind, (url, secret) in named.items() if url}
