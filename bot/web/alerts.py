"""Market news in, and what the feed knows of an asset."""

import re

from aiohttp import web
from msgspec import UNSET
from msgspec.json import Decoder

from bot.errors import RequestError
from bot.model.message import Alert, Scalar
from bot.people.calendar import rfc3339
from bot.web.answers import json
from bot.web.asked import AlertPost, MarketQuery
from bot.web.body import query, read
from bot.web.door import Door
from bot.web.wire import Accepted, MarketNow

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_alert = Decoder(AlertPost)


async def post(door: Door, request: web.Request) -> web.Response:
    """Tell everybody who follows an asset; who hears it when is decided for each person."""
    ask = await read(request, _alert)
    if not _WORD.match(ask.alert_type):
        raise RequestError("bad_input", "one word, like liquidation", "alert_type")
    service = door.service
    alert_id = service.clock.token() if ask.alert_id is UNSET else ask.alert_id
    alert = Alert(
        id=alert_id,
        asset=_asset(ask.asset),
        alert_type=ask.alert_type,
        urgency=ask.urgency,
        message=ask.message,
        at=service.clock.now(),
    )
    followers = await service.store.alert(alert)
    service.ticks.wake()
    return json(Accepted(alert_id, followers), 202)


async def status(door: Door, request: web.Request) -> web.Response:
    """How many got an alert, how many are held, and why."""
    alert_id = request.match_info["id"]
    found = await door.service.store.alert_status(alert_id)
    if found is None:
        raise RequestError("unknown", "no such alert")
    return json({**found, "at": rfc3339(found["at"])})


async def market(door: Door, request: web.Request) -> web.Response:
    """What the feed knows of an asset now; none named: of the first one."""
    ask = query(request, MarketQuery)
    markets = door.service.markets
    asset = markets.assets[0] if ask.asset is UNSET else _asset(ask.asset)
    found = markets.current(asset)
    if found is None:
        raise RequestError("unknown", f"no feed covers '{asset}'", "asset")
    return json(
        MarketNow(
            primary_asset=found.primary_asset,
            current_price=found.current_price,
            volatility=found.volatility,
            trend=found.trend,
            change_pct=found.change_pct,
            liquidation_clusters=found.liquidation_clusters,
            whale_movements=tuple(_dated(row) for row in found.whale_movements),
            at=rfc3339(found.at),
            source=found.source,
        )
    )


def _dated(row: dict[str, Scalar]) -> dict[str, Scalar]:
    """A whale move with its time as times go over the wire."""
    return {**row, "at": rfc3339(int(row["at"]))}


def _asset(given: str) -> str:
    if not given.isalnum():  # the pattern lets a line break pass at the end
        raise RequestError("bad_input", "letters and digits, like BTC", "asset")
    return given.upper()
