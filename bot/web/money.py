"""The doors to money: unlocks, limits, pauses, and what staff may do."""

import hashlib
from typing import Any

import msgspec
from aiohttp import web
from msgspec import UNSET, Struct, UnsetType
from msgspec.json import Decoder

from bot.errors import RequestError
from bot.model.message import Inbound
from bot.model.money import NO_LIMIT, PERIODS, TIERS, Tier
from bot.web.answers import done, json
from bot.web.asked import (
    LimitsPut,
    PauseStart,
    Refund,
    Topup,
    Unlock,
    UnlockPremium,
    Void,
    Who,
    WhoQuery,
)
from bot.web.body import query, read
from bot.web.door import Door
from bot.web.users import limits_of

KEY_HEADER = "Idempotency-Key"
LONGEST_ID = 200
# What is no part of a fingerprint, beside the id of the call itself.
NO_IDENTITY = frozenset({"user_id", "userId", "confirm"})
_unlock, _unlock_premium = Decoder(Unlock), Decoder(UnlockPremium)
_limits_put, _pause, _who = Decoder(LimitsPut), Decoder(PauseStart), Decoder(Who)
_topup, _refund, _void = Decoder(Topup), Decoder(Refund), Decoder(Void)


async def unlock(door: Door, request: web.Request) -> web.Response:
    """Open one item for its price; the same unlock_id has the same outcome for ever."""
    ask = await read(request, _unlock)
    person_id = door.person_id(ask.user_id, ask.userId)
    unlock_id = call_id(request, ask.unlock_id, "unlock_id")
    if not unlock_id:
        raise RequestError(
            "bad_input", "unlock_id is missing: keep one before you send", "unlock_id"
        )
    props: dict[str, Any] = {
        "source": "unlock",
        "sku": ask.sku,
        "expected_price": ask.expected_price,
        "unlock_id": unlock_id,
        "confirm": ask.confirm,
    }
    kept = fingerprint(ask, "unlock_id")
    inbound = door.inbound("purchase", "unlock", person_id, props, unlock_id, kept)
    return await _bought(door, inbound, "expected_price")


async def unlock_premium(door: Door, request: web.Request) -> web.Response:
    """Open an item of a tier, chosen for the person when no sku is named."""
    ask = await read(request, _unlock_premium)
    person_id = door.person_id(ask.user_id, ask.userId)
    unlock_id = call_id(request, ask.unlock_id, "unlock_id")
    props: dict[str, Any] = {
        "source": "unlock-premium",
        "tier": _tier(ask.content_tier).value,
        "expected_price": ask.credits_spent,
        "confirm": ask.confirm,
    }
    if ask.sku is not UNSET:
        props["sku"] = ask.sku
    if unlock_id:
        props["unlock_id"] = unlock_id
    kept = fingerprint(ask, "unlock_id") if unlock_id else ""
    inbound = door.inbound("purchase", "unlock", person_id, props, unlock_id, kept)
    return await _bought(door, inbound, "credits_spent")


async def limits(door: Door, request: web.Request) -> web.Response:
    """A person's limits and what is left of them; the defaults for somebody new."""
    ask = query(request, WhoQuery)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    person = await door.somebody(person_id)
    return json(limits_of(door.service, person))


async def put_limits(door: Door, request: web.Request) -> web.Response:
    """Change limits: a decrease counts at once, an increase waits a day and a second yes."""
    ask = await read(request, _limits_put)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    props: dict[str, Any] = {
        period: NO_LIMIT if amount == "none" else amount
        for period in PERIODS
        if (amount := getattr(ask, period)) is not UNSET
    }
    if not props:
        raise RequestError("bad_input", "name a day, week or month limit", "day")
    inbound = door.inbound("limits", "limits_put", person_id, props)
    return done(await door.service.turn.take(inbound))


async def confirm_limits(door: Door, request: web.Request) -> web.Response:
    """The second yes to an increase asked for a day ago."""
    ask = await read(request, _who)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    inbound = door.inbound("limits", "limits_confirm", person_id, {})
    return done(await door.service.turn.take(inbound))


async def pause(door: Door, request: web.Request) -> web.Response:
    """Close paid content for a while; nobody can shorten it."""
    ask = await read(request, _pause)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    inbound = door.inbound("pause", "pause_start", person_id, {"hours": ask.hours})
    return done(await door.service.turn.take(inbound))


async def topup(door: Door, request: web.Request) -> web.Response:
    """Staff: credit a person with credits that were paid for."""
    ask = await read(request, _topup)
    topup_id = call_id(request, ask.topup_id, "topup_id")
    if not topup_id:
        raise RequestError(
            "bad_input", "topup_id is missing: keep one before you send", "topup_id"
        )
    person_id = door.person_id(ask.user_id, ask.user_id)
    props: dict[str, Any] = {"credits": ask.credits, "topup_id": topup_id}
    return await _staff(door, "topup", person_id, props, topup_id, fingerprint(ask, "topup_id"))


async def refund(door: Door, request: web.Request) -> web.Response:
    """Staff: give back what an unlock cost, or a part of it; the limits stay as they are."""
    ask = await read(request, _refund)
    props = {} if ask.amount is UNSET else {"amount": ask.amount}
    return await _give_back(door, request, "refund", ask, props)


async def void(door: Door, request: web.Request) -> web.Response:
    """Staff: undo an unlock that was never delivered; the limits are freed too."""
    ask = await read(request, _void)
    return await _give_back(door, request, "void", ask, {})


async def confirm_clock(door: Door, request: web.Request) -> web.Response:
    """Staff: the clock is right; paid unlocks may go on."""
    door.service.turn.confirm_clock()
    return json({"is_clock_trusted": True})


async def _bought(door: Door, inbound: Inbound, priced_by: str) -> web.Response:
    """The outcome of an unlock; another price than the one in `priced_by` is a conflict."""
    answer = await door.service.turn.take(inbound)
    body = answer.reply.body or {}
    if body.get("reason") == "price_changed":
        raise RequestError("price_changed", f"it costs {body['price']} now", priced_by)
    return done(answer)


async def _give_back(
    door: Door, request: web.Request, name: str, ask: Refund | Void, props: dict[str, Any]
) -> web.Response:
    person_id = door.person_id(ask.user_id, ask.user_id)
    named: dict[str, Any] = {
        key: value
        for key in ("unlock_id", "transfer_id")
        if (value := getattr(ask, key)) is not UNSET
    }
    if len(named) != 1:
        raise RequestError("bad_input", "name the unlock_id or the transfer_id", "unlock_id")
    own_id = call_id(request, ask.id, "id") or next(iter(named.values()))
    props = {**props, **named, "id": own_id}
    return await _staff(door, name, person_id, props, own_id, fingerprint(ask, "id"))


async def _staff(
    door: Door, name: str, person_id: str, props: dict[str, Any], call_id: str, kept: str
) -> web.Response:
    inbound = door.inbound("staff", name, person_id, props, call_id, kept, actor="operator")
    return done(await door.service.turn.take(inbound))


def fingerprint(ask: Struct, own_id: str) -> str:
    """A hash of the fields as sent, before defaults; `own_id` is the field of the call's id."""
    unsigned = NO_IDENTITY | {own_id}
    fields = msgspec.to_builtins(ask)
    sent = {name: value for name, value in fields.items() if name not in unsigned}
    text = msgspec.json.encode([type(ask).__name__, sent], order="sorted")
    return hashlib.sha256(text).hexdigest()


def call_id(request: web.Request, given: str | UnsetType, field: str) -> str:
    """The caller's id from the body or the Idempotency-Key header; empty when there is none."""
    header = request.headers.get(KEY_HEADER, "")
    if header and (len(header) > LONGEST_ID or not header.isprintable()):
        raise RequestError("bad_input", f"at most {LONGEST_ID} printable characters", KEY_HEADER)
    if given is UNSET:
        return header
    if header and header != given:
        raise RequestError("bad_input", f"differs from the header {KEY_HEADER}", field)
    return given


def _tier(word: str) -> Tier:
    try:
        return Tier(word.lower())
    except ValueError:
        known = ", ".join(tier.value for tier in TIERS)
        raise RequestError("bad_input", f"one of {known}", "content_tier") from None
