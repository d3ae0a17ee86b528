"""What was earned, asked for and spent in a conversation."""

import asyncio

import pytest
from msgspec.structs import replace

from bot.app import Service
from bot.clock import FrozenClock
from bot.model.decision import Plan
from bot.model.message import Inbound, Reply
from bot.progress.rebuilt import differences
from tests.talk.test_understand import heard


async def said(
    service: Service, clock: FrozenClock, text: str, person: str = "somebody", id: str = ""
) -> Reply:
    clock.move(60)
    now = clock.now()
    inbound = Inbound(id or f"m{now}", person, "message", now, text=text)
    return (await service.turn.take(inbound)).reply


async def paid(service: Service, clock: FrozenClock, times: int, person: str = "somebody") -> None:
    """Ten points each."""
    props = {"category": "finance", "action": "paid_invoice", "value": 5}
    for number in range(times):
        clock.move(1)
        inbound = Inbound(f"h{number}", person, "action", clock.now(), name="habit", props=props)
        await service.turn.take(inbound)


@pytest.mark.parametrize(
    ("intent", "texts"),
    [
        ("how_am_i", ("How am I doing?", "what level am i", "miten minulla menee")),
        ("my_streak", ("my streak", "Did I lose my streak?", "putkeni", "katkesiko putkeni?")),
        ("use_freeze", ("use a freeze", "how many freezes do I have", "käytä jäädytys")),
        ("my_achievements", ("my badges", "What have I achieved?", "saavutukseni")),
        ("leaderboard", ("leaderboard", "where do i stand", "tulostaulu", "monesko olen")),
        ("join_board", ("join the leaderboard", "liity tulostaululle")),
        ("leave_board", ("Hide me from the leaderboard!", "en halua olla tulostaululla")),
        ("spend_points", ("spend points", "what are points for", "käytä pisteitä", "palkinnot")),
    ],
)
def test_a_wish_is_heard_in_many_words(intent: str, texts: tuple[str, ...]) -> None:
    assert {heard(text).name for text in texts} == {intent}


def test_who_wants_off_a_board_is_not_in_despair() -> None:
    assert heard("i don't want to be on the leaderboard").name == "leave_board"
    assert heard("haluan pois tulostaululta", locale="fi").name == "leave_board"
    assert heard("i don't want to be here anymore").name == "crisis"
    assert heard("haluan pois", locale="fi").name == "crisis"


def test_a_reward_is_heard_by_its_title_or_another_name() -> None:
    assert heard("I want: A study guide to print").slots == {"reward": "study_guide"}
    assert heard("redeem my points for the certificate").slots == {"reward": "certificate"}


async def test_the_first_per_cent_are_told_from_twenty_people_on(
    service: Service, clock: FrozenClock
) -> None:
    """L3: of fewer, a percentile says more of others than of oneself."""
    for number in range(18):
        await said(service, clock, "hello", f"other{number}")
    await said(service, clock, "teach me leverage")
    assert "number 1 of 19" in (text := (await said(service, clock, "leaderboard")).text)
    assert "%" not in text
    await said(service, clock, "hello", "one more")
    text = (await said(service, clock, "leaderboard")).text
    assert "number 1 of 20 with 60 XP, among the first 3 %" in text


async def test_points_are_spent_once_however_often_a_yes_is_sent(
    service: Service, clock: FrozenClock
) -> None:
    """P3, P4."""
    await paid(service, clock, 12)
    await said(service, clock, "i want the badge")
    first = await said(service, clock, "yes", id="same")
    again = await said(service, clock, "yes", id="same")
    assert first.text == again.text and "70 points left" in first.text
    await said(service, clock, "yes")
    person = await service.store.person("somebody")
    assert person is not None and len(person.spending.redeemed) == 1
    assert not await service.store.reads.audit()


async def test_two_who_wish_for_one_name_at_once_do_not_share_it(
    service: Service, clock: FrozenClock
) -> None:
    """L4: names that could be taken for each other are one name."""
    wish = "join the leaderboard as Quiet River"
    replies = await asyncio.gather(
        said(service, clock, wish, "ada"), said(service, clock, wish.lower(), "bob")
    )
    texts = sorted(reply.text for reply in replies)
    assert sum("That name cannot be had" in text for text in texts) == 1
    people = [await service.store.person(name) for name in ("ada", "bob")]
    names = [person.boards.name for person in people if person is not None]
    assert sorted(map(bool, names)) == [False, True]


async def test_three_on_either_side_are_seen_by_who_joined(
    service: Service, clock: FrozenClock
) -> None:
    for number in range(9):
        await said(service, clock, "join the leaderboard", f"other{number}")
    await said(service, clock, "join the leaderboard", "other9")
    lines = (await said(service, clock, "leaderboard", "other4")).text.splitlines()
    listed = [line for line in lines if line.startswith("- ")]
    assert len(listed) == 7 and "(you)" in listed[3]
    assert all(line.startswith("- 1: ") for line in listed)  # L2: equal scores share a rank


async def test_what_a_message_earns_is_told_in_its_own_reply(
    service: Service, clock: FrozenClock
) -> None:
    assert "First step" in (await said(service, clock, "teach me leverage")).text
    assert "Reached just now: Learner." in (await said(service, clock, "teach me funding")).text
    assert "Reached just now" not in (await said(service, clock, "my streak")).text


async def test_a_free_reward_costs_nothing_and_is_used_up(
    service: Service, clock: FrozenClock
) -> None:
    await said(service, clock, "hello")
    person = await service.store.person("somebody")
    assert person is not None
    lucky = replace(person, progress=replace(person.progress, free_rewards=1))
    await service.store.commit(Plan(clock.now(), person, replace(lucky, version=2)))
    offer = await said(service, clock, "i want the certificate")
    assert "one reward is free for you" in offer.text and offer.choices[0].label == "Take it"
    assert "is yours. You have 0 points left" in (await said(service, clock, "yes")).text
    assert (
        "costs 300 points" in (await said(service, clock, "get me a question to a teacher")).text
    )


async def test_what_a_conversation_earns_plans_and_spends_adds_up_again_from_its_events(
    service: Service, clock: FrozenClock
) -> None:
    await paid(service, clock, 12)
    for text in (
        *("my time zone is Asia/Tokyo", "teach me leverage", "pause my streak for 3 days"),
        *("get to know me", "skip", "skip", "skip", "i am from Finland", "stop asking"),
        *("i want the badge", "yes", "end my streak pause", "join the leaderboard", "leaderboard"),
    ):
        await said(service, clock, text)
    clock.move(2 * 86_400)
    await said(service, clock, "my streak")
    person = await service.store.person("somebody")
    assert person is not None and len(person.spending.redeemed) == 1
    events = await service.store.reads.earned("somebody")
    rule = service.catalogs.current.script.book.streaks
    assert differences(person.progress, events, clock.now(), rule) == []
