"""What the forms of a person's own page do: each with its fields, told by a word."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from bot.errors import RequestError
from bot.model.money import NO_LIMIT, PERIODS
from bot.web.asked import AnyId, Credits, Line
from bot.web.door import Door
from bot.web.mine import Hour
from bot.web.users import limits_of

HOURS_A_DAY = 24


class LimitsForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Credits a day, a week, a month; a field left empty: no limit."""

    day: Credits | None = None
    week: Credits | None = None
    month: Credits | None = None


class PauseForm(Struct, frozen=True, forbid_unknown_fields=True):
    """How many days paid content is to be closed."""

    days: Literal[1, 7, 30, 42]


class MessagesForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the bot may write first, and own quiet hours; both empty: the usual ones."""

    nudges: bool = False
    quiet_from: Hour | None = None
    quiet_to: Hour | None = None


class BoardForm(Struct, frozen=True, forbid_unknown_fields=True):
    """On the leaderboards or off them; a name left empty asks for a made-up one."""

    join: bool
    name: Annotated[str, Meta(max_length=60)] = ""


class DaysForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The local time at which a person's days start."""

    day_start: Annotated[str, Meta(pattern=r"^0[0-6]:[0-5]\d$")]


class StreakPauseForm(Struct, frozen=True, forbid_unknown_fields=True):
    """So many days from a date on which the streak waits; without a date pauses end."""

    first: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    days: Annotated[int, Meta(ge=1, le=366)] = 1


class RewardForm(Struct, frozen=True, forbid_unknown_fields=True):
    """A reward for its points; the id is that of the page as it was drawn, so twice is once."""

    reward_id: Line
    redeem_id: AnyId
    use_free: bool = False


class LanguageForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The language of the page and of the replies."""

    language: Annotated[str, Meta(min_length=2, max_length=12)]


class EraseForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything goes; the box must be ticked."""

    confirm: Literal["true"]


class NoFields(Struct, frozen=True, forbid_unknown_fields=True):
    """A button alone."""


async def _limits(door: Door, person_id: str, ask: LimitsForm) -> str:
    """Only what differs is changed, so that saving the same again asks for nothing."""
    person = await door.somebody(person_id)
    before = limits_of(door.service, person).limits
    props: dict[str, Any] = {
        period: NO_LIMIT if (wished := getattr(ask, period)) is None else wished
        for period in PERIODS
        if getattr(ask, period) != getattr(before, period)
    }
    if not props:
        return "nothing"
    answer = await door.service.turn.take(door.inbound("limits", "limits_put", person_id, props))
    body = answer.reply.body or {}
    if body.get("reason"):
        return "refused_limits"
    return "higher" if body.get("pending") else "limits"


async def _confirm(door: Door, person_id: str, _: NoFields) -> str:
    answer = await door.service.turn.take(door.inbound("limits", "limits_confirm", person_id, {}))
    return "refused_limits" if (answer.reply.body or {}).get("reason") else "limits"


async def _pause(door: Door, person_id: str, ask: PauseForm) -> str:
    props = {"hours": ask.days * HOURS_A_DAY}
    await door.service.turn.take(door.inbound("pause", "pause_start", person_id, props))
    return "pause"


async def _messages(door: Door, person_id: str, ask: MessagesForm) -> str:
    props: dict[str, Any] = {
        "consent": {"nudges": ask.nudges},
        "quiet_from": ask.quiet_from,
        "quiet_to": ask.quiet_to,
    }
    try:
        await _put(door, person_id, props)
    except RequestError as error:
        if error.field != "quiet_from":
            raise
        return "refused_quiet"
    return "messages"


async def _board(door: Door, person_id: str, ask: BoardForm) -> str:
    wish: dict[str, Any] = {"join": ask.join}
    person = await door.somebody(person_id)
    if ask.join and person.boards.is_listed:
        wish["name"] = ask.name
    try:
        await _put(door, person_id, {"leaderboard": wish})
    except RequestError as error:
        if error.field != "leaderboard.name":
            raise
        return "refused_name"
    return "board" if ask.join else "left_board"


async def _days(door: Door, person_id: str, ask: DaysForm) -> str:
    await _put(door, person_id, {"day_start": ask.day_start})
    return "days"


async def _streak_pause(door: Door, person_id: str, ask: StreakPauseForm) -> str:
    wish = None if ask.first is None else {"from": ask.first, "days": ask.days}
    try:
        await _put(door, person_id, {"streak_pause": wish})
    except RequestError as error:
        if not (error.field or "").startswith("streak_pause"):
            raise
        return "refused_pause"
    return "streak_paused" if wish else "days"


async def _reward(door: Door, person_id: str, ask: RewardForm) -> str:
    props = {"reward_id": ask.reward_id, "use_free": ask.use_free}
    kept = f"{ask.reward_id} {ask.use_free}"
    inbound = door.inbound("action", "redeem", person_id, props, ask.redeem_id, kept)
    answer = await door.service.turn.take(inbound)
    return "refused_reward" if (answer.reply.body or {}).get("reason") else "reward"


async def _language(door: Door, person_id: str, ask: LanguageForm) -> str:
    if ask.language not in door.service.catalogs.current.script.content.locales:
        raise RequestError("bad_input", "this language is not spoken here", "language")
    props = {"language": ask.language}
    await _put(door, person_id, props)
    return "language"


async def _erase(door: Door, person_id: str, _: EraseForm) -> str:
    if await door.service.store.person(person_id) is not None:
        await door.service.erase(person_id)
    return "erased"


async def _leave(_: Door, __: str, ___: NoFields) -> str:
    return "left"


async def _put(door: Door, person_id: str, props: dict[str, Any]) -> None:
    await door.service.turn.take(door.inbound("profile", "put", person_id, props))


Does = Callable[[Door, str, Any], Awaitable[str]]
ACTS: dict[str, tuple[type[Struct], Does]] = {
    "limits": (LimitsForm, _limits),
    "confirm": (NoFields, _confirm),
    "pause": (PauseForm, _pause),
    "messages": (MessagesForm, _messages),
    "board": (BoardForm, _board),
    "days": (DaysForm, _days),
    "streak": (StreakPauseForm, _streak_pause),
    "reward": (RewardForm, _reward),
    "language": (LanguageForm, _language),
    "erase": (EraseForm, _erase),
    "leave": (NoFields, _leave),
}
