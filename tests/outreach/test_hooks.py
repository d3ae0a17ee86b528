"""When a message to a hook is tried again, and when no more."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model.message import Message
from bot.outreach.hooks import WAITS_S, again
from tests.builders import NOW, SECOND, a_message, a_person

ADA = a_person(version=3)
LASTING = 10 * 86_400 * SECOND


def row(tries: int = 0, lasting: int = LASTING) -> Message:
    props = {"tries": tries} if tries else {}
    return a_message(
        ADA, "h1", channel="hook", kind="handoff", expires_at=NOW + lasting, props=props
    )


def test_the_waits_grow_and_are_those_of_standard_webhooks():
    assert list(WAITS_S) == sorted(set(WAITS_S)) and WAITS_S[:3] == (5, 300, 1800)


def test_each_try_is_counted_until_there_are_no_more():
    message, now, tries = row(), NOW, 0
    while (plan := again(ADA, message, now, "it answered 500")) is not None:
        (message,) = plan.messages
        assert (message.state, message.send_at) == ("held", now + WAITS_S[tries] * SECOND)
        assert plan.known == (message.id,) and plan.person.version == ADA.version + 1
        now, tries = message.send_at, tries + 1
    assert tries == len(WAITS_S)


def test_what_would_come_after_its_end_is_given_up():
    assert again(ADA, row(tries=3, lasting=7_200 * SECOND), NOW, "x") is None


@given(st.integers(0, len(WAITS_S) - 1), st.none() | st.integers(0, 86_400))
def test_the_receiver_may_lengthen_a_wait_and_never_shorten_it(tries: int, wait: int | None):
    plan = again(ADA, row(tries), NOW, "x", wait)
    assert plan is not None
    waited_s = (plan.messages[0].send_at - NOW) // SECOND
    assert waited_s == max(WAITS_S[tries], wait or 0)
