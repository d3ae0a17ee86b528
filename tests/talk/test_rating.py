"""The star question: after a finished topic, at most once in 30 days, answered or not."""

import pytest

from bot.app import Service
from bot.clock import FrozenClock
from bot.content.quizzes import Question
from bot.model.message import Reply
from tests.test_turn import say

QUESTION = "How much did this topic help you"
DAY = 86_400


async def tell(service: Service, clock: FrozenClock, text: str) -> Reply:
    clock.move(60)
    return await say(service, text, f"m{clock.now()}")


async def finish(service: Service, clock: FrozenClock, topic: str) -> Reply:
    """The quiz of a topic, every answer right; the last reply."""
    await tell(service, clock, topic)
    reply = await tell(service, clock, "quiz me")
    person = await service.store.person("somebody")
    assert person is not None
    content = service.catalogs.current.script.content
    questions: tuple[Question, ...] = content.quiz(person.state.data["quiz"], "en")
    for one in questions:
        reply = await tell(service, clock, "abcd"[one.right])
    return reply


async def ratings(service: Service) -> list[dict[str, object]]:
    return [one.props for one in await service.store.events("somebody", names=("rated",))]


async def test_a_finished_topic_is_rated_once_and_asked_again_after_30_days(
    service: Service, clock: FrozenClock
) -> None:
    reply = await finish(service, clock, "drawdown")
    assert QUESTION in reply.text
    assert [one.label for one in reply.choices][-6:] == ["1", "2", "3", "4", "5", "Not now"]
    assert "noted" in (await tell(service, clock, "4 stars")).text
    assert await ratings(service) == [{"stars": 4, "topic": "drawdown"}]
    assert "No question of mine" in (await tell(service, clock, "5 stars")).text
    assert QUESTION not in (await finish(service, clock, "journaling")).text
    clock.move(30 * DAY)
    assert QUESTION in (await finish(service, clock, "biases")).text
    await tell(service, clock, "3")
    assert (await ratings(service))[1:] == [{"stars": 3, "topic": "biases"}]


async def test_not_now_is_fine_and_is_not_asked_again(
    service: Service, clock: FrozenClock
) -> None:
    await finish(service, clock, "drawdown")
    reply = await tell(service, clock, "No")
    assert reply.text.startswith("All right.") and reply.state == "learning"
    assert QUESTION not in (await finish(service, clock, "journaling")).text
    assert await ratings(service) == []


async def test_a_quiz_done_again_asks_nothing(service: Service, clock: FrozenClock) -> None:
    await finish(service, clock, "drawdown")
    clock.move(40 * DAY)
    assert QUESTION not in (await finish(service, clock, "drawdown")).text


@pytest.mark.parametrize("said", ["6 stars", "0 stars", "100 out of 5"])
async def test_another_number_is_asked_back_and_not_counted(
    service: Service, clock: FrozenClock, said: str
) -> None:
    await finish(service, clock, "drawdown")
    assert "from 1 to 5" in (await tell(service, clock, said)).text
    assert await ratings(service) == []


async def test_an_answer_a_day_late_is_not_counted(service: Service, clock: FrozenClock) -> None:
    await finish(service, clock, "drawdown")
    clock.move(DAY)
    assert "No question of mine" in (await tell(service, clock, "5 stars")).text
    assert await ratings(service) == []
