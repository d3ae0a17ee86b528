"""Facts about one person's part of a tick."""

import pytest
from msgspec.structs import replace

from bot.ledger import caps
from bot.model.message import Message
from bot.model.money import CapRequest, Pause, Spending
from bot.model.person import Consent, Contact, Person, Profile, Seen
from bot.outreach.plan import MOST_FAULTS, ORDER, deliver, nudge, postpone
from bot.outreach.policy import Caps
from bot.people.calendar import rfc3339
from tests.outreach.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    alert,
    comeback,
    content,
    hour,
    person,
    playbook,
)

NIGHT = NOON + 11 * HOUR


def settled(who: Person, message: Message, now: int = NOON, **others: float) -> Message:
    plan = deliver(who, [message], hour(now, **others))
    assert plan.known == (message.id,)
    return plan.messages[0]


def said(message: Message, gate: str) -> str:
    return next(line for line in message.why if line.startswith(f"{gate}: "))


# delivering


def test_a_sent_message_is_the_next_line_of_the_feed_and_a_contact():
    plan = deliver(person(), [comeback()], hour())
    sent = plan.messages[0]
    assert (sent.state, sent.number, plan.person.version) == ("sent", 8, 8)
    assert sent.body == "Anna, 4 days since we talked about BTC."
    assert plan.person.seen.contacts == (Contact(NOON, "comeback", True),)
    assert [event.name for event in plan.events] == ["message_sent"]
    assert plan.before == person()


def test_every_gate_leaves_its_word_in_the_order_of_c3():
    sent = settled(person(), comeback())
    gates = [line.split(":")[0] for line in sent.why]
    assert gates == [
        "due", "consent", "suppression", "quiet_hours", "ethics", "exit", "audience", "cap",
        "holdout", "fresh", "render", "send",
    ]  # fmt: skip
    assert len(gates) == len(ORDER)
    assert all(": pass: " in line for line in sent.why)


def test_a_sent_message_keeps_the_rule_and_the_sentence_that_explain_it():
    sent = settled(person(), alert())
    assert (sent.rule, sent.reason) == ("market-alert", "")
    assert sent.props["because"].startswith("You follow this market")


def test_a_plan_keeps_the_facts_the_rules_read():
    plan = deliver(person(), [alert()], hour())
    assert plan.trace["catalog"] == "catalog"
    assert plan.trace["facts"]["market.symbol_watched"] is True


def test_the_first_gate_that_says_no_is_the_reason_and_the_later_ones_speak_too():
    who = person(consent=Consent(), spending=Spending(pauses=(Pause("pause", 0, NOON + DAY),)))
    skipped = settled(who, comeback())
    assert (skipped.state, skipped.reason) == ("skipped", "consent")
    assert ": skip: " in said(skipped, "ethics")
    assert ": pass: " in said(skipped, "send")


def test_at_most_one_message_a_plan_is_sent_and_the_pressing_one_first():
    rows = [comeback(), alert(number=1), alert(number=2)]
    plan = deliver(person(), rows, hour())
    assert [(one.kind, one.state) for one in plan.messages] == [("market_alert", "sent")]
    rest = [row for row in rows if row.id not in plan.known]
    plan = deliver(plan.person, rest, hour())
    assert [(one.kind, one.state) for one in plan.messages] == [("market_alert", "sent")]
    rest = [row for row in rest if row.id not in plan.known]
    plan = deliver(plan.person, rest, hour())
    assert [(one.kind, one.state, one.number) for one in plan.messages] == [
        ("comeback", "sent", 10)
    ]


def test_the_more_urgent_news_goes_first():
    calm, urgent = alert(number=1), alert(number=2, props={"urgency": 9})
    plan = deliver(person(), [calm, urgent], hour())
    assert [one.id for one in plan.messages] == [urgent.id]


def test_rows_before_the_first_sent_one_are_settled_in_the_same_plan():
    rows = [alert(props={"asset": "ETH"}), comeback()]
    plan = deliver(person(), rows, hour())
    assert [one.state for one in plan.messages] == ["skipped", "sent"]


# time


def test_quiet_hours_hold_to_their_end_and_the_jitter():
    held = settled(person(), comeback(now=NIGHT), NIGHT)
    assert (held.state, held.reason) == ("held", "quiet_hours")
    morning = NOON + 20 * HOUR
    assert morning <= held.send_at <= morning + 15 * MINUTE
    assert held.send_at == settled(person(), comeback(now=NIGHT), NIGHT + MINUTE).send_at
    assert settled(person(), held, held.send_at).state == "sent"


def test_quiet_hours_are_those_of_the_persons_zone():
    tokyo = person(profile=Profile(time_zone="Asia/Tokyo"))
    assert settled(tokyo, comeback()).reason == "quiet_hours"  # 21:00 in Tokyo
    assert settled(person(), comeback()).state == "sent"


def test_an_unknown_zone_is_the_bots_and_is_flagged_in_the_row():
    sent = settled(person(profile=Profile()), comeback())
    assert sent.props["zone"] == "UTC"
    assert sent.props["zone_assumed"] is True
    assert "UTC (assumed)" in said(sent, "quiet_hours")
    assert "zone_assumed" not in settled(person(), comeback()).props


def test_a_message_past_its_time_expires():
    late = comeback(send_at=NOON - HOUR, expires_at=NOON)
    expired = settled(person(), late)
    assert (expired.state, expired.reason) == ("expired", "due")


def test_a_message_that_expires_while_held_says_what_held_it():
    held = comeback(state="held", reason="cap", send_at=NOON, expires_at=NOON)
    expired = settled(person(), held)
    assert (expired.state, expired.reason) == ("expired", "cap")


@pytest.mark.parametrize(("late", "state"), [(2 * HOUR, "sent"), (2 * HOUR + 1, "skipped")])
def test_two_hours_late_is_sent_and_later_is_skipped(late: int, state: str):
    assert settled(person(), comeback(send_at=NOON - late)).state == state


def test_a_hold_beyond_the_end_comes_up_again_at_the_end_and_expires():
    short = comeback(now=NIGHT, expires_at=NIGHT + HOUR)
    held = settled(person(), short, NIGHT)
    assert (held.state, held.send_at) == ("held", NIGHT + HOUR)
    assert settled(person(), held, held.send_at).state == "expired"


# consent, pauses, people


def test_without_consent_nothing_is_said():
    for message in (comeback(), alert()):
        assert settled(person(consent=Consent()), message).reason == "consent"


def test_in_care_neither_promotions_nor_news_go_out():
    closed = Spending(pauses=(Pause("care", NOON - HOUR, NOON + HOUR),))
    for message in (comeback(), alert()):
        skipped = settled(person(spending=closed), message)
        assert (skipped.state, skipped.reason) == ("skipped", "ethics")
        assert ": skip: in care until" in said(skipped, "ethics")


@pytest.mark.parametrize("kind", ["pause", "rest"])
def test_in_a_pause_or_rest_nothing_promotional_goes_out_but_news_do(kind):
    closed = Spending(pauses=(Pause(kind, NOON - HOUR, NOON + HOUR),))
    skipped = settled(person(spending=closed), comeback())
    assert (skipped.state, skipped.reason) == ("skipped", "ethics")
    assert settled(person(spending=closed), alert()).state == "sent"


def test_in_a_cooling_off_nothing_promotional_goes_out():
    asked = Spending(asked={"premium": NOON - HOUR})
    assert settled(person(spending=asked), comeback()).reason == "ethics"
    over = Spending(asked={"premium": NOON - 25 * HOUR})
    assert settled(person(spending=over), comeback()).state == "sent"


def test_while_a_higher_limit_waits_nothing_promotional_goes_out():
    request = CapRequest({"day": 50}, NOON - HOUR, NOON + 23 * HOUR, NOON + 95 * HOUR)
    assert settled(person(spending=Spending(request=request)), comeback()).reason == "ethics"


def test_minors_get_nothing_promotional():
    minor = person(profile=Profile(age="minor", time_zone="UTC"))
    assert settled(minor, comeback()).reason == "ethics"


def test_a_nudge_ends_when_the_person_came_back():
    back = person(seen_at=NOON - HOUR)
    skipped = settled(back, comeback())
    assert (skipped.state, skipped.reason) == ("skipped", "exit")


# rules, caps, freshness


def test_an_alert_goes_only_where_a_rule_asks_for_it():
    elsewhere = person(watch=("ETH",))
    assert settled(elsewhere, alert()).reason == "audience"
    at_risk = person(spending=Spending(refusals=(NOON - DAY, NOON - DAY + 1, NOON - DAY + 2)))
    assert settled(at_risk, alert()).reason == "audience"


def test_a_move_that_went_back_is_not_told():
    move = alert(props={"alert_type": "move"})
    assert settled(person(), move, change=6.0).rule == "market-move"
    assert settled(person(), move, change=2.0).reason == "audience"


def test_a_capped_message_is_held_until_there_is_room_outside_quiet_hours():
    told = person(seen=Seen(contacts=(Contact(NOON - 16 * HOUR, "comeback", True),)))
    held = settled(told, comeback())
    assert (held.state, held.reason) == ("held", "cap")
    # room at 20:00 tonight: 24 hours after the last one
    assert held.send_at == NOON + 8 * HOUR
    early = person(seen=Seen(contacts=(Contact(NOON - 12 * HOUR, "comeback", True),)))
    held = settled(early, comeback(expires_at=NOON + 2 * DAY))
    # room at midnight is in quiet hours: the morning after
    assert NOON + 20 * HOUR <= held.send_at <= NOON + 20 * HOUR + 15 * MINUTE


def test_a_cap_of_nothing_holds_until_the_message_expires():
    book = replace(playbook(), policy=replace(playbook().policy, promotional=Caps(0, 0)))
    plan = deliver(person(), [comeback()], hour(book=book))
    assert plan.messages[0].send_at == comeback().expires_at


def test_old_news_is_not_told():
    old = alert(now=NOON - 13 * HOUR, send_at=NOON, expires_at=NOON + HOUR)
    assert settled(person(), old).reason == "fresh"
    assert settled(person(), replace(old, at=NOON - 12 * HOUR)).state == "sent"


def test_urgent_news_are_the_short_text_and_tell_their_age():
    assert (
        settled(person(), alert(props={"urgency": 9})).body
        == "short: a large cluster forms.\n\nPrices can fall."
    )
    calm = settled(person(), alert(now=NOON - 7 * HOUR, send_at=NOON))
    assert calm.body == "BTC: a large cluster forms. (7 h ago, now 45,000)\n\nPrices can fall."


def test_a_stale_price_is_not_told():
    then = hour(NOON - HOUR)
    stale = replace(then, now=NOON)
    plan = deliver(person(), [alert()], stale)
    assert (
        plan.messages[0].body == "BTC: a large cluster forms. (0 h ago, now )\n\nPrices can fall."
    )


def test_what_we_begin_says_that_a_machine_wrote_it_unless_that_was_said_lately():
    """P08: at the latest every three hours, also when the bot speaks first."""
    long_ago = person(seen=Seen(disclosed_at=NOON - 3 * HOUR))
    plan = deliver(long_ago, [comeback()], hour())
    assert plan.messages[0].body.endswith("\n\nI am Sam, a machine.")
    assert plan.person.seen.disclosed_at == NOON
    lately = person(seen=Seen(disclosed_at=NOON - 3 * HOUR + 1))
    plan = deliver(lately, [comeback()], hour())
    assert "machine" not in plan.messages[0].body
    assert plan.person.seen.disclosed_at == NOON - 3 * HOUR + 1


def test_a_kind_without_a_text_is_skipped_with_the_reason():
    book = replace(playbook(), content=content({}))
    plan = deliver(person(), [comeback()], hour(book=book))
    assert plan.messages[0].reason == "render"
    assert "no notification is called 'comeback'" in said(plan.messages[0], "render")


def test_a_channel_without_a_way_out_is_skipped():
    assert settled(person(), comeback(channel="email")).reason == "send"


# asking


def test_a_nudge_is_a_wanted_row_two_hours_from_now():
    plan = nudge(person(), hour())
    assert plan is not None
    row = plan.messages[0]
    assert (row.state, row.kind, row.rule) == ("wanted", "comeback", "comeback-nudge")
    assert (row.send_at, row.expires_at) == (NOON + 2 * HOUR, NOON + 26 * HOUR)
    assert plan.known == ()
    assert plan.person.version == 8
    assert row.dedupe == comeback().dedupe


def test_one_absence_brings_one_nudge_and_the_next_another():
    plan = nudge(person(), hour())
    assert plan is not None
    assert nudge(plan.person, hour(NOON + DAY)) is None
    again = replace(plan.person, seen_at=NOON + DAY)
    later = nudge(again, hour(NOON + 5 * DAY))
    assert later is not None
    assert later.messages[0].dedupe != plan.messages[0].dedupe


def test_who_is_here_or_did_not_agree_or_pauses_is_not_nudged():
    assert nudge(person(seen_at=NOON - DAY), hour()) is None
    assert nudge(person(consent=Consent()), hour()) is None
    paused = Spending(pauses=(Pause("pause", 0, NOON + DAY),))
    assert nudge(person(spending=paused), hour()) is None


def test_who_last_wrote_in_care_is_not_called_back():
    """P24: no row is written, in the week without selling and after it, until they come back."""
    away = person()
    care = caps.care(away.spending, away.seen_at)[0]
    assert nudge(replace(away, spending=care), hour()) is None
    assert nudge(replace(away, spending=care), hour(away.seen_at + 9 * DAY)) is None
    back = replace(away, spending=care, seen_at=away.seen_at + 8 * DAY)
    assert nudge(back, hour(away.seen_at + 12 * DAY)) is not None


def test_a_rule_that_fires_once_is_noted_with_the_local_day():
    extra = """
rules:
  - name: rising
    when: market.trend == "up" and user.opted_in
    then: {nudge: {template: insight, channel: push}}
    because: A quiet fact about the market you follow
    once_per: week
"""
    book = playbook(extra)
    plan = nudge(person(seen_at=NOON - DAY), hour(book=book))
    assert plan is not None
    assert list(plan.person.seen.once) == ["rising"]
    row = plan.messages[0]
    assert (row.channel, row.props["asked_channel"]) == ("in_app", "push")
    sent = deliver(plan.person, [row], hour(book=book)).messages[0]
    assert sent.state == "sent"
    assert "push is not connected" in said(sent, "send")
    back = replace(plan.person, seen_at=NOON)
    assert nudge(back, hour(NOON + 9 * HOUR, book=book)) is None


# faults


def test_a_fault_is_tried_again_and_at_last_given_up():
    row = comeback()
    for _ in range(MOST_FAULTS - 1):
        row = postpone(person(), [row], NOON, "WrongFact").messages[0]
        assert (row.state, row.reason, row.send_at) == ("held", "fault", NOON + 5 * MINUTE)
    row = postpone(person(), [row], NOON, "WrongFact").messages[0]
    assert row.state == "failed"
    assert "WrongFact" in row.why[0]


def test_times_in_reasons_are_readable():
    held = settled(person(), comeback(now=NIGHT), NIGHT)
    assert rfc3339(held.send_at) in said(held, "quiet_hours")
