"""A whole service on a frozen clock, on which one story is played."""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.app import Service, build
from bot.catalog import Catalog
from bot.clock import FrozenClock
from bot.config import Settings
from bot.errors import AuthorError, BotError
from bot.model.decision import Trace
from bot.model.message import Choice, FeedItem, Inbound
from bot.people import calendar
from bot.people.calendar import DAY_US
from bot.rules import engine
from bot.store.protocol import TurnRecord
from bot.workbench import doors
from bot.workbench.bazaar import Bazaar
from bot.workbench.expected import Came, Miss, misses
from bot.workbench.reached import Reached
from bot.workbench.setup import NEWCOMER, on_stage, set_up
from bot.workbench.storybook import Step, Story

PERSON = "anna"  # who talks when a step does not say who


class Failure(msgspec.Struct, frozen=True):
    """The step a story failed at: what was expected of it, and what came."""

    step: Step
    misses: list[Miss]
    came: Came
    at: int


async def play(
    story: Story, settings: Settings, catalog: Catalog, reached: Reached
) -> Failure | None:
    """The first step that did not go as expected, or None when all did."""
    with tempfile.TemporaryDirectory(prefix="story-") as folder:
        settings = on_stage(story, settings, Path(folder))
        stage = Stage(story, settings, catalog, reached)
        await stage.open()
        try:
            return await stage.play()
        finally:
            await stage.service.stop()


class Stage:
    """The service of one story, its clock, and what was said last to each person."""

    def __init__(
        self, story: Story, settings: Settings, catalog: Catalog, reached: Reached
    ) -> None:
        self.story, self.settings, self.catalog, self.reached = story, settings, catalog, reached
        self.clock = FrozenClock(at=story.at - 60 * DAY_US)
        self.bazaar = Bazaar(settings.market.seed)
        self.service: Service
        self._choices: dict[str, tuple[Choice, ...]] = {}
        self._feeds: dict[str, int] = {}
        self._noted: dict[str, int] = {}

    async def open(self) -> None:
        """A service on SQLite, with the person of the story set up in it."""
        self.service = await self._built(self.catalog)
        if set(self.story.who) - NEWCOMER or self.story.who.get("age") == "minor":
            await set_up(self.service, self.clock, PERSON, self.story.who)
        await self._to(self.story.at)
        await self._note(PERSON)

    async def _built(self, catalog: Catalog) -> Service:
        fetch = self.bazaar.fetch
        return await build(self.settings, self.clock, catalog=catalog, fetch=fetch)

    async def play(self) -> Failure | None:
        for step in self.story.steps:
            await self._pass_time(step)
            if (failure := await self._step(step)) is not None:
                return failure
        return None

    async def _step(self, step: Step) -> Failure | None:
        if step.action == "together":
            found = await asyncio.gather(*(self._step(part) for part in step.parts))
            failed = next((one for one in found if one is not None), None)
            if failed is not None:
                return failed
        person = step.person or PERSON
        at = self.clock.now()
        try:
            came = await DONE[step.action](self, step, person)
        except AuthorError as error:
            came = self._came(error="author", text=str(error))
        except BotError as error:
            came = self._came(error=_code(error), text=error.message)
        came = replace(came, person=await self.service.store.person(person, fresh=True))
        found_misses = misses(step.expect, came)
        if came.error and not any(key == "error" for key, _ in step.expect):
            found_misses.append(Miss(step.node, "error", "none", f"{came.error}: {came.text}"))
        return Failure(step, found_misses, came, at) if found_misses else None

    async def _pass_time(self, step: Step) -> None:
        now = self.clock.now()
        if step.wait_us:
            await self._to(now + step.wait_us)
        elif step.minute is not None:
            zone = self.story.zone
            today = calendar.local_date(now, zone)
            at = calendar.instant_at(today, step.minute, zone)
            if at < now:
                tomorrow = calendar.local_date(calendar.next_midnight(now, zone), zone)
                at = calendar.instant_at(tomorrow, step.minute, zone)
            await self._to(at)
        elif step.at_us:
            await self._to(step.at_us)

    async def _to(self, at: int) -> None:
        self.clock.move(max(0, at - self.clock.now()) / 1_000_000)
        await self.service.markets.refresh(self.clock.now())

    def _came(self, **given: Any) -> Came:
        limits = self.service.catalogs.current.script.limits
        return Came(self.clock.now(), limits, **given)

    async def _said(self, step: Step, person: str) -> Came:
        return await self._message(person, str(step.given), step.id)

    async def _chose(self, step: Step, person: str) -> Came:
        shown = self._choices.get(person, ())
        chosen = [one for one in shown if one.label == step.given]
        chosen = chosen or [one for one in shown if step.given in one.label]
        if not chosen:
            labels = ", ".join(one.label for one in shown) or "no choices"
            problem = f"'{step.given}' was not to choose; there was {labels}"
            return self._came(error="no_choice", text=problem)
        return await self._message(person, chosen[0].send, step.id)

    async def _message(self, person: str, text: str, id: str) -> Came:
        now = self.clock.now()
        inbound = Inbound(id or self.clock.token(), person, "message", now, text=text)
        return await self._taken(inbound)

    async def _taken(self, inbound: Inbound) -> Came:
        answer = await self.service.turn.take(inbound)
        reply = answer.reply
        self._choices[inbound.person_id] = reply.choices
        self.clock.move(1)
        trace = await self._note(inbound.person_id, reply.turn_id)
        text = reply.text or json.dumps(reply.body, ensure_ascii=False)
        return self._came(text=text, reply=reply, trace=trace, is_repeated=answer.is_replay)

    async def _called(self, step: Step, person: str) -> Came:
        (name, given), *_ = step.given.items()
        if name == "export":
            found = await self.service.export(person)
            return self._came(text=json.dumps(found, ensure_ascii=False, default=str))
        if name == "erase":
            await self.service.erase(person)
            return self._came()
        return await self._taken(doors.called(name, given or {}, person, self.clock))

    async def _alerted(self, step: Step, person: str) -> Came:
        alert = doors.alert(step.given, self.clock)
        return self._came(counts={"followers": await self.service.store.alert(alert)})

    async def _market(self, step: Step, person: str) -> Came:
        """Figures that hold from now on, or a feed that falls silent or is back."""
        if isinstance(step.given, str):
            self.bazaar.is_silent = step.given == "silent"
        else:
            self.bazaar.move(**step.given)
        await self.service.markets.refresh(self.clock.now())
        return self._came()

    async def _ticked(self, step: Step, person: str) -> Came:
        counts: dict[str, int] = {}
        for name in step.given if isinstance(step.given, list) else [step.given]:
            for key, count in (await self.service.ticks.run(name)).items():
                counts[key] = counts.get(key, 0) + count
        for known in set(self._noted) | {person}:
            await self._note(known)
        return self._came(counts=counts)

    async def _looked(self, step: Step, person: str) -> Came:
        """What the bot said first since somebody looked last."""
        items = await self.service.store.feed(person, self._feeds.get(person, 0), 1000)
        self._feeds[person] = max((one.number for one in items), default=0)
        began = [one for one in items if one.author == "bot" and one.kind != "reply"]
        came = self._came(text="\n".join(f"{one.kind}: {one.text}" for one in began))
        if len(began) != len(step.given) or not all(map(_is_told, step.given, began)):
            return self._came(error="other_feed", text=came.text or "nothing was said first")
        return came

    async def _restarted(self, step: Step, person: str) -> Came:
        await self.service.stop()
        self.service = await self._built(self.service.catalogs.current)
        await self.service.markets.refresh(self.clock.now())
        return self._came()

    async def _edited(self, step: Step, person: str) -> Came:
        """A change of the authored files, loaded as the running server loads it."""
        path = self.settings.root / step.given["file"]
        text = path.read_text("utf-8")
        if step.given["find"] not in text:
            problem = f"'{step.given['find']}' is not in {step.given['file']}"
            return self._came(error="no_text", text=problem)
        path.write_text(text.replace(step.given["find"], step.given["put"]), "utf-8")
        catalogs = self.service.catalogs
        await catalogs.reload_if_quiet()
        if not await catalogs.reload_if_quiet():
            raise AuthorError(list(catalogs.mistakes))
        return self._came()

    async def _nothing(self, step: Step, person: str) -> Came:
        return self._came()

    async def _note(self, person: str, turn_id: str = "") -> Trace | None:
        """Keeps what the turns since the last look reached; the trace of the one asked for."""
        found = await self.service.store.person(person, fresh=True)
        if found is None or found.version < self._noted.get(person, 0):
            self._noted.pop(person, None)
        records: list[TurnRecord] = []
        if found is not None:
            after = self._noted.get(person, 0)
            records = await self.service.reads.turns(person, after, found.version)
            self._noted[person] = found.version
        for record in records:
            self._reach(record)
        if not turn_id:
            return None
        asked = await self.service.reads.turn(turn_id)
        return asked.trace if asked is not None else None

    def _reach(self, record: TurnRecord) -> None:
        fired = record.trace.fired
        if record.kind == "tick" and record.trace.facts:
            rules = self.service.catalogs.current.script.rules
            day = calendar.local_date(record.now, self.story.zone).toordinal()
            fired = engine.judge(rules, record.trace.facts, {}, record.now, day).fired
        self.reached.rules.update(fired)
        self.reached.replies.update(record.trace.said)


def _is_told(wanted: Mapping[str, Any], item: FeedItem) -> bool:
    whole = " ".join(item.text.split())
    texts = wanted.get("text", [])
    nots = wanted.get("not_text", [])
    return (
        wanted.get("kind", item.kind) == item.kind
        and all(text in whole for text in ([texts] if isinstance(texts, str) else texts))
        and not any(text in whole for text in ([nots] if isinstance(nots, str) else nots))
    )


def _code(error: BotError) -> str:
    return str(getattr(error, "code", "error"))


DONE: dict[str, Callable[[Stage, Step, str], Awaitable[Came]]] = {
    "say": Stage._said,
    "choose": Stage._chose,
    "call": Stage._called,
    "alert": Stage._alerted,
    "market": Stage._market,
    "tick": Stage._ticked,
    "expect_feed": Stage._looked,
    "restart": Stage._restarted,
    "together": Stage._nothing,
    "edit": Stage._edited,
    "": Stage._nothing,
}
