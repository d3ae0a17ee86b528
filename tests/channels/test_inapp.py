"""Facts about the in-app feed."""

from bot.channels.inapp import delivered
from bot.outreach.plan import deliver
from tests.outreach.builders import NOON, alert, comeback, hour, person


def test_what_a_committed_plan_sent_is_delivered_under_its_number():
    plan = deliver(person(), [alert()], hour())
    (delivery,) = delivered(plan)
    assert (delivery.message_id, delivery.state, delivery.at) == (alert().id, "sent", NOON)
    assert delivery.provider_id == "8"


def test_what_was_held_or_skipped_is_not_delivered():
    night = NOON + 11 * 3_600_000_000
    assert delivered(deliver(person(), [comeback(now=night)], hour(night))) == []
