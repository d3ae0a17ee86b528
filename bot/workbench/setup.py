"""Where a story begins: the settings it is played with, and the person it is about."""

import shutil
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot.app import MODELS, Service
from bot.clock import FrozenClock
from bot.config import Settings
from bot.errors import BotError
from bot.model.decision import Decision, Trace
from bot.model.message import Inbound, Reply
from bot.model.person import Person, Skill
from bot.sources import FOLDERS
from bot.turn import turn_id_of
from bot.workbench.storybook import Story

NEWCOMER = frozenset({"credits", "age"})  # with these alone a person is still a stranger
APART_S = 3 * 86_400  # between two unlocks of long ago, so that no limit of then is touched
PROFILE = {"name": "name", "zone": "time_zone", "language": "language",
           "learning_style": "learning_style", "watch": "watch"}  # fmt: skip


def on_stage(story: Story, settings: Settings, folder: Path) -> Settings:
    """The settings with a data folder of the story's own, its zone, and its newcomers' terms.

    Only the classifier is not its own: a story learns nothing by itself.
    """
    if story.edits:
        for name in FOLDERS:
            shutil.copytree(settings.root / name, folder / name)
        settings = replace(settings, root=folder)
    models = settings.data / MODELS
    (folder / "data").mkdir()
    if models.is_dir():
        (folder / "data" / MODELS).symlink_to(models)
    who = story.who
    money, auth = settings.money, settings.auth
    if "credits" in who:
        money = replace(money, starting_credits=who["credits"])
    if "age" in who:
        auth = replace(auth, mode="key" if who["age"] == "unknown" else "demo")
    return replace(
        settings,
        store=replace(settings.store, data=str(folder / "data")),
        logs=replace(settings.logs, file=str(folder / "log.jsonl")),
        bot=replace(settings.bot, time_zone=story.zone),
        money=money,
        auth=auth,
    )


async def set_up(
    service: Service, clock: FrozenClock, person_id: str, who: dict[str, Any]
) -> None:
    """Through the same doors as anybody: a profile, unlocks of weeks ago; then what was learnt."""
    await service.turn.take(_profile(person_id, who, clock))
    items = service.catalogs.current.script.content.items
    cost = sum(items[sku].price for sku in who.get("owned", ()))
    if cost:
        await _staff(service, clock, person_id, cost)
    for sku in who.get("owned", ()):
        await _owned(service, clock, person_id, sku)
    person = await service.store.person(person_id, fresh=True)
    assert person is not None, "its profile was put"
    receipt = await service.store.commit(_learnt(service, person, who, clock))
    assert receipt.status == "committed", "nobody else is here"


def _profile(person_id: str, who: dict[str, Any], clock: FrozenClock) -> Inbound:
    props = {field: who[name] for name, field in PROFILE.items() if name in who}
    if who.get("age") in ("adult", "minor"):
        props["age_confirmed"] = who["age"] == "adult"
    consent = {name: who[name] for name in ("nudges", "promotions") if name in who}
    if consent:
        props["consent"] = consent
    now = clock.now()
    return Inbound("set-up", person_id, "profile", now, name="put", props=props, actor="host")


async def _staff(service: Service, clock: FrozenClock, person_id: str, credits: int) -> None:
    props = {"credits": credits}
    now = clock.now()
    inbound = Inbound("set-up", person_id, "staff", now, name="topup", props=props, actor="set-up")
    await service.turn.take(inbound)


async def _owned(service: Service, clock: FrozenClock, person_id: str, sku: str) -> None:
    """An unlock of weeks ago; one that has to wait a day waits it."""
    for _ in range(2):
        clock.move(APART_S)
        props = {"sku": sku, "confirm": True, "source": "set-up"}
        inbound = Inbound(
            clock.token(), person_id, "purchase", clock.now(), name="unlock", props=props
        )
        reply = (await service.turn.take(inbound)).reply
        if reply.outcome == "unlocked":
            return
    raise BotError(f"'{sku}' could not be owned at the beginning: {reply.text}")


def _learnt(service: Service, person: Person, who: dict[str, Any], clock: FrozenClock) -> Decision:
    """What no door takes: skill, lessons, goal, experience, a voice."""
    level = who.get("skill", person.skill.level)
    needed = service.catalogs.current.script.skill.needed.get(level, 0)
    lessons = tuple(dict.fromkeys((*person.progress.lessons, *who.get("lessons", ()))))
    quizzes = tuple(who.get("quizzes", ()))
    told = {name: who[name] for name in ("goal", "experience") if name in who}
    clock.move(1)
    now = clock.now()
    after = replace(
        person,
        version=person.version + 1,
        last_at=now,
        profile=replace(person.profile, **told),
        persona=who.get("persona", person.persona),
        skill=Skill(level, max(needed - len(quizzes), len(lessons)), len(quizzes)),
        progress=replace(person.progress, lessons=lessons, quizzes=quizzes),
    )
    inbound = Inbound("learnt", person.id, "staff", now, name="set_up", actor="set-up")
    turn_id = turn_id_of(inbound)
    catalog = service.catalogs.current.version
    return Decision(
        turn_id=turn_id,
        inbound=inbound,
        now=now,
        before=person,
        person=after,
        reply=Reply(turn_id, "", body={}),
        trace=Trace(catalog, seed=0, step="set up"),
    )
