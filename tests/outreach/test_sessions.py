"""Facts about the end of a conversation."""

from msgspec.structs import replace

from bot.model.money import Spending
from bot.outreach.sessions import closed
from tests.outreach.builders import MINUTE, NOON, person

TALKED = person(seen_at=NOON, spending=Spending(session_started=NOON - 12 * MINUTE))


def test_a_session_ends_after_more_than_its_minutes_of_silence():
    assert closed(TALKED, NOON + 30 * MINUTE, 30) is None
    assert closed(TALKED, NOON + 30 * MINUTE + 1, 30) is not None


def test_its_length_runs_to_the_last_message_and_it_is_noted_once():
    plan = closed(TALKED, NOON + 90 * MINUTE, 30)
    assert plan is not None
    (event,) = plan.events
    assert (event.name, event.at, event.props["seconds"]) == ("session_ended", NOON, 720)
    assert plan.person.version == TALKED.version + 1
    assert closed(plan.person, NOON + 99 * MINUTE, 30) is None


def test_the_next_session_ends_again_under_another_id():
    first = closed(TALKED, NOON + 90 * MINUTE, 30)
    assert first is not None
    again = replace(
        first.person,
        seen_at=NOON + 200 * MINUTE,
        spending=Spending(session_started=NOON + 190 * MINUTE),
    )
    second = closed(again, NOON + 300 * MINUTE, 30)
    assert second is not None
    assert second.events[0].id != first.events[0].id


def test_who_never_talked_has_no_session():
    assert closed(person(), NOON, 30) is None
