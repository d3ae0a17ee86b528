"""The doors of the habit economy: events, balance, statistics."""

from typing import Any

from aiohttp import web
from msgspec import UNSET, Struct, UnsetType
from msgspec.json import Decoder

from bot.web.asked import AnyId, UserId, Word
from bot.web.body import read
from bot.web.door import Door
from bot.web.engagement import act


class HabitAsk(Struct, frozen=True):
    """A habit done; without `value` it is made of `metadata` where the action says how."""

    category: Word
    action: Word
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    value: float | UnsetType = UNSET
    metadata: dict[str, Any] = {}
    event_id: AnyId | UnsetType = UNSET
    occurred_at: str | UnsetType = UNSET


class HabitAnswer(Struct, frozen=True):
    """What was counted, and the points it earned."""

    id: str
    user_id: str
    category: str
    action: str
    value: float
    points: float
    created_at: str
    flags: tuple[str, ...]


_habit = Decoder(HabitAsk)


async def event(door: Door, request: web.Request) -> web.Response:
    """Count a habit: value x weight of its category, with the bonus of the streak."""
    ask = await read(request, _habit)
    props: dict[str, Any] = {
        "category": ask.category, "action": ask.action, "metadata": ask.metadata,
    }  # fmt: skip
    if ask.value is not UNSET:
        props["value"] = ask.value
    return await act(door, request, "habit", ask, props)
