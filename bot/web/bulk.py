"""Many events in one call: NDJSON in, a verdict for each line out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder
from multidict import CIMultiDict

from bot.app import Service
from bot.clock import Clock
from bot.errors import RequestError
from bot.intake import Asked, Intake, Status, Verdict
from bot.model.message import Inbound
from bot.web.answers import JSON_HEADERS
from bot.web.asked import AnyId, Line, UserId, Word, person_of
from bot.web.body import BODY_BYTES, decoded, gathered, query
from bot.web.door import Door
from bot.web.engagement import StreakAsk, TrackAsk, XpAsk, inbound_of, track_props, xp_props
from bot.web.habits import HabitAsk, habit_props

NDJSON = "application/x-ndjson"
BULK_BYTES = 8 * 1024 * 1024
MOST_LINES = 10_000
CALLS_AT_ONCE = 4  # each may hold its body and its answer in memory
READ_S, WRITE_S = 60, 30  # for the whole body; for a caller who does not read its answer
READ_TOGETHER = 256  # lines between two looks at what else there is to do

_HEADERS = CIMultiDict({**JSON_HEADERS, "Content-Type": NDJSON})
_encode = msgspec.json.Encoder().encode

Source = Literal["xp", "habit", "track", "streak"]


class BulkQuery(Struct, frozen=True):
    """`backfill`: it is history, brought in by staff: no rules, no messages, counted on its own
    days and for ever, no points to spend but with `points`.
    """

    backfill: bool = False
    points: bool = False


class EventLine(Struct, frozen=True):
    """One line: the body of the call that would take it alone.

    `source` says which; else `category` means a habit, `event` something to note, and `action`
    alone something that earns XP.
    """

    event_id: AnyId
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    source: Source | UnsetType = UNSET
    action: Line | UnsetType = UNSET
    category: Word | UnsetType = UNSET
    value: float | UnsetType = UNSET
    metadata: dict[str, Any] = {}
    event: Line | UnsetType = UNSET
    props: dict[str, Any] = {}
    occurred_at: str | UnsetType = UNSET


class EventVerdict(Struct, frozen=True):
    """What became of a line; `answer` is that of the call that takes it alone.

    `unknown`: nobody knows; send it again as it is.
    """

    line: Annotated[int, Meta(ge=1)]
    status: Status
    event_id: str | UnsetType = UNSET
    answer: dict[str, Any] | UnsetType = UNSET
    code: str | UnsetType = UNSET
    message: str | UnsetType = UNSET
    field: str | UnsetType = UNSET


_line = Decoder(EventLine)
_DOORS: dict[Source, tuple[Decoder[Any], Callable[[Any], dict[str, Any]]]] = {
    "xp": (Decoder(XpAsk), xp_props),
    "habit": (Decoder(HabitAsk), habit_props),
    "track": (Decoder(TrackAsk), track_props),
    "streak": (Decoder(StreakAsk), lambda _: {}),
}


async def events(door: Door, request: web.Request) -> web.StreamResponse:
    """Take many events at once, each with a verdict of its own, in the order of the lines."""
    ask = query(request, BulkQuery)
    if ask.backfill:
        door.guard.demand_operator(request)
    elif ask.points:
        raise RequestError(
            "bad_input", "only with backfill: what happens now has points", "points"
        )
    if len(door.bulk) >= CALLS_AT_ONCE:
        message = f"{CALLS_AT_ONCE} calls of this kind are being answered"
        raise RequestError("too_many", message, retry_after_s=1)
    call = object()
    door.bulk.add(call)
    try:
        lines = _split(await gathered(request, BULK_BYTES, READ_S))
        return await _answered(door, request, lines, ask)
    finally:
        door.bulk.discard(call)


def _split(raw: bytes) -> list[tuple[int, bytes]]:
    """Lines with their numbers; empty ones are left out."""
    lines = [(n, line) for n, line in enumerate(raw.split(b"\n"), 1) if line.strip()]
    if not lines:
        raise RequestError("bad_input", "the body has no line")
    if len(lines) > MOST_LINES:
        raise RequestError("too_large", f"at most {MOST_LINES} lines")
    return lines


async def _answered(
    door: Door, request: web.Request, lines: Sequence[tuple[int, bytes]], ask: BulkQuery
) -> web.StreamResponse:
    service = door.service
    verdicts = _Verdicts(lines)
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(request)
    work = asyncio.create_task(_taken(service, lines, verdicts, ask))
    work.add_done_callback(lambda _: verdicts.end())
    try:
        async for part in verdicts.parts():
            async with asyncio.timeout(WRITE_S):
                await response.write(part)
        await work
        await response.write_eof()
    except (ConnectionError, TimeoutError):  # what was committed stays
        service.log.info("bulk_left", lines=len(lines), told=verdicts.told)
        response.force_close()
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    return response


async def _taken(
    service: Service, lines: Sequence[tuple[int, bytes]], verdicts: "_Verdicts", ask: BulkQuery
) -> None:
    asked = []
    for place, (_, raw) in enumerate(lines):
        try:
            inbound = line_inbound(raw, service.clock)
            verdicts.ids[place] = inbound.id
            asked.append(Asked(place, inbound))
        except RequestError as error:
            verdicts.tell(place, Verdict("refused", error=error))
        if place % READ_TOGETHER == 0:
            await asyncio.sleep(0)
    if ask.backfill:
        await service.history.take(asked, ask.points, verdicts.tell)
    else:
        await Intake(service.turn, service.store, service.log, verdicts.tell).take(asked)


def line_inbound(raw: bytes, clock: Clock) -> Inbound:
    """A line as the turn takes it; RequestError says what is wrong with it."""
    if len(raw) > BODY_BYTES:
        raise RequestError("too_large", f"at most {BODY_BYTES} bytes a line")
    line = decoded(raw, _line)
    source = _source(line)
    decoder, props = _DOORS[source]
    ask = decoded(raw, decoder)
    person_id = person_of(ask.user_id, ask.userId, is_demo=False)
    return inbound_of(clock, source, person_id, ask, props(ask))


def _source(line: EventLine) -> Source:
    if line.source is not UNSET:
        return line.source
    if line.category is not UNSET:
        return "habit"
    if line.event is not UNSET:
        return "track"
    if line.action is not UNSET:
        return "xp"
    message = "name an action, a category with its action, an event, or the source 'streak'"
    raise RequestError("bad_input", message, "action")


class _Verdicts:
    """Verdicts as they come, told in the order of their lines."""

    def __init__(self, lines: Sequence[tuple[int, bytes]]) -> None:
        self._lines = lines
        self._ready: dict[int, Verdict] = {}
        self._news = asyncio.Event()
        self._is_over = False
        self.ids: dict[int, str] = {}
        self.told = 0

    def tell(self, place: int, verdict: Verdict) -> None:
        self._ready[place] = verdict
        if place == self.told:
            self._news.set()

    def end(self) -> None:
        self._is_over = True
        self._news.set()

    async def parts(self) -> AsyncIterator[bytes]:
        """Lines of the answer, as many as are ready."""
        while not self._is_over or self.told in self._ready:
            await self._news.wait()
            self._news.clear()
            part = bytearray()
            while (verdict := self._ready.pop(self.told, None)) is not None:
                number, id = self._lines[self.told][0], self.ids.get(self.told, UNSET)
                part += _encode(_told(number, id, verdict)) + b"\n"
                self.told += 1
            if part:
                yield bytes(part)
            if self._is_over:
                self._news.set()


def _told(number: int, id: str | UnsetType, verdict: Verdict) -> EventVerdict:
    reply, error = verdict.reply, verdict.error
    if error is None:
        answer = UNSET if reply is None or reply.body is None else reply.body
        return EventVerdict(number, verdict.status, id, answer)
    field = getattr(error, "field", None) or UNSET
    return EventVerdict(number, verdict.status, id, UNSET, error.code, error.message, field)
