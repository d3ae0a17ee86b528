"""How the house is: health, metrics and the description of every call."""

from typing import Literal

from aiohttp import web
from msgspec import convert

from bot import __version__
from bot.people.calendar import rfc3339
from bot.web import handoffs
from bot.web.answers import JSON_HEADERS, json
from bot.web.door import Door
from bot.web.metrics import exposition
from bot.web.vitals import CatalogState, ClassifierState, Health, JobState, MarketState


async def health(door: Door, request: web.Request) -> web.Response:
    """Whether all is well: files, database, clock, jobs, counts."""
    service = door.service
    now = service.clock.now()
    mistakes = tuple(str(mistake) for mistake in service.catalogs.mistakes)
    is_well = not (mistakes or service.markets.stale(now)) and service.turn.is_clock_trusted
    status: Literal["ok", "degraded"] = "ok" if is_well else "degraded"
    mode = service.settings.auth.mode
    if not door.guard.is_demo and not door.guard.has_key(request):
        return json(Health(status, mode, __version__))
    catalog = service.catalogs.current
    return json(
        Health(
            status=status,
            mode=mode,
            version=__version__,
            at=rfc3339(now),
            catalog=CatalogState(catalog.version, catalog.files, mistakes, service.stranded.found),
            classifier=convert(service.tutor.training, ClassifierState, from_attributes=True),
            store={"kind": service.settings.store.url.value.partition(":")[0]},
            is_clock_trusted=service.turn.is_clock_trusted,
            jobs=convert(service.ticks.health(), dict[str, JobState]),
            handoffs=handoffs.state_of(await service.reads.handoffs()),
            market=convert(service.markets.health(now), MarketState),
            counts=await service.reads.counts(),
            busy_lanes=len(service.turn.lanes),
        )
    )


async def metrics(door: Door, request: web.Request) -> web.Response:
    """Numbers for Prometheus."""
    service = door.service
    gauges = {
        "busy_lanes": ("People who are being answered.", float(len(service.turn.lanes))),
        "catalog_mistakes": (
            "Mistakes of an edit that is not in force.",
            float(len(service.catalogs.mistakes)),
        ),
        "market_stale": (
            "Assets whose figures are too old.",
            float(len(service.markets.stale(service.clock.now()))),
        ),
        "market_failures": ("Snapshots that did not come.", float(service.markets.failures)),
        "clock_trusted": ("1 when limits trust the clock.", float(service.turn.is_clock_trusted)),
    }
    for name, count in (await service.reads.counts()).items():
        gauges[f"rows_{name}"] = (f"Rows of {name}.", float(count))
    jobs = {name: (state.runs, state.errors) for name, state in service.ticks.states.items()}
    text, content_type = exposition(door.meter, gauges, jobs)
    return web.Response(body=text, headers={**JSON_HEADERS, "Content-Type": content_type})


async def openapi(door: Door, request: web.Request) -> web.Response:
    """This description."""
    return web.Response(body=door.describe(), headers=JSON_HEADERS)
