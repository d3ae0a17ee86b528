"""How am I doing: told in plain words, with what comes next and without guilt."""

import re

import pytest
from msgspec.structs import replace

from bot.app import Service
from bot.clock import FrozenClock
from bot.model.decision import Plan
from tests.test_turn import say


async def told(service: Service, clock: FrozenClock, text: str = "How am I doing?") -> str:
    clock.move(60)
    return (await say(service, text, f"m{clock.now()}")).text


async def test_how_am_i_doing_tells_what_was_finished_and_what_comes_next(
    service: Service, clock: FrozenClock
) -> None:
    assert "0 lessons and 0 quizzes" in await told(service, clock)
    await told(service, clock, "leverage")
    text = await told(service, clock)
    assert "1 lesson and 0 quizzes" in text and "Your skill is novice" in text
    assert "developing: 1 lesson or quiz more" in text
    await told(service, clock, "position sizing")
    text = await told(service, clock)
    assert "Your skill is developing" in text and "skilled: 3 lessons or quizzes more" in text


async def test_who_is_at_the_top_is_promised_no_more(service: Service, clock: FrozenClock) -> None:
    await told(service, clock, "hello")
    person = await service.store.person("somebody")
    assert person is not None
    top = replace(person, skill=replace(person.skill, level="master"), version=person.version + 1)
    await service.store.commit(Plan(clock.now(), person, top))
    assert "Your skill is master. There is no higher one." in await told(service, clock)


@pytest.mark.parametrize("days", [2, 40])
async def test_days_missed_are_not_mentioned(
    service: Service, clock: FrozenClock, days: int
) -> None:
    await told(service, clock, "leverage")
    clock.move(days * 86_400)
    text = await told(service, clock)
    assert not re.search(r"in a row|lost|missed|miss |sorry|away|broke", text)
