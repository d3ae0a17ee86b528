"""Promises about what goes out, held over simulated weeks."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.model.message import Message
from bot.model.money import Pause, Spending
from bot.model.person import Consent, Contact, Person
from bot.outreach import plan as outreach
from bot.outreach.plan import deliver, nudge
from bot.outreach.timing import is_quiet, zone_of
from bot.people import calendar
from tests.outreach.builders import DAY, HOUR, MINUTE, NOON, alert, hour, person, playbook
from tests.sizes import size

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Atlantic/Azores",
)
WAITING = ("wanted", "held")
INSIGHT = """
rules:
  - name: something-to-learn
    when: user.opted_in and user.persona_pinned == "eager"
    then: {nudge: {template: insight}}
    because: A test that asks for more than anybody may get
"""


class Life:
    """One person's weeks: ticks, visits, journeys and pauses; `sent` is what went out when."""

    def __init__(self, seed: int, start: int, visits: int) -> None:
        self.dice = random.Random(seed)
        self.now, self.visits = start, visits
        self.person = person(seen_at=start - DAY, persona="eager")
        self.rows: dict[str, Message] = {}
        self.sent: list[tuple[Message, Person, int]] = []
        self.alerts = 0

    def live(self, days: int) -> None:
        end = self.now + days * DAY
        while self.now < end:
            self.now += self.dice.randint(5, 45) * MINUTE
            self._something_happens()
            self._tick()

    def _something_happens(self) -> None:
        chance = self.dice.random()
        if chance < self.visits / 1000:
            self.person = replace(self.person, seen_at=self.now)
        elif chance > 0.995:
            self._travel()
        elif chance > 0.99:
            pause = Pause("pause", self.now, self.now + self.dice.choice([24, 168]) * HOUR)
            self.person = replace(self.person, spending=Spending(pauses=(pause,)))
        elif chance > 0.96:
            self.alerts += 1
            row = alert(self.now, self.alerts)
            self.rows[row.id] = row

    def _travel(self) -> None:
        zone = self.dice.choice([*ZONES, None])
        profile = replace(self.person.profile, time_zone=zone)
        self.person = replace(self.person, profile=profile)

    def _tick(self) -> None:
        moment = hour(self.now, playbook(INSIGHT))
        asked = nudge(self.person, moment)
        if asked is not None:
            self.person = asked.person
            self.rows |= {row.id: row for row in asked.messages}
        while due := [one for one in self.rows.values() if self._is_due(one)]:
            plan = deliver(self.person, due, moment)
            self.rows |= {one.id: one for one in plan.messages}
            self.sent += [(one, self.person, self.now) for one in plan.messages if one.number]
            self.person = plan.person

    def _is_due(self, row: Message) -> bool:
        return row.state in WAITING and row.send_at <= self.now


def lives(seed: int, count: int, days: int) -> Iterator[Life]:
    dice = random.Random(seed)
    for _ in range(count):
        start = NOON + dice.randint(0, 700) * DAY + dice.randint(0, 23) * HOUR
        life = Life(dice.getrandbits(32), start, visits=dice.choice([0, 3, 30]))
        life.live(days)
        yield life


def check(life: Life) -> None:
    promotional: list[int] = []
    for message, who, at in life.sent:
        zone = zone_of(who, "UTC").name
        quiet = playbook().policy.quiet
        assert not is_quiet(at, zone, quiet), f"{message.kind} in quiet hours of {zone}"
        assert message.send_at <= at < message.expires_at
        if message.kind == "market_alert":
            continue
        assert not any(one.start <= at < one.until for one in who.spending.pauses)
        assert sum(1 for one in promotional if one > at - DAY) < 1
        assert sum(1 for one in promotional if one > at - 7 * DAY) < 3
        today = calendar.local_date(at, zone)
        assert all(calendar.local_date(one, zone) != today for one in promotional)
        promotional.append(at)


def test_over_weeks_of_travel_and_clock_changes_no_promise_about_time_is_broken():
    sent = 0
    for life in lives(7, size(6, 200), days=40):
        check(life)
        sent += len(life.sent)
    assert sent > 0


@pytest.mark.parametrize("gate", ["quiet_hours", "cap", "ethics"])
def test_a_gate_that_is_taken_away_is_missed(gate: str, monkeypatch: pytest.MonkeyPatch):
    """The promises above are kept by the gates, not by luck."""
    without = tuple(one for one in outreach.ORDER if one.__name__ != gate)
    assert len(without) == len(outreach.ORDER) - 1
    monkeypatch.setattr(outreach, "ORDER", without)
    with pytest.raises(AssertionError):
        for life in lives(7, 6, days=40):
            check(life)


def test_each_message_ends_in_one_state_and_none_is_sent_twice():
    for life in lives(11, size(3, 100), days=30):
        ids = [message.id for message, _, _ in life.sent]
        assert len(ids) == len(set(ids))
        numbers = [message.number for message, _, _ in life.sent]
        assert numbers == sorted(set(numbers))
        kept = {"wanted", "held", "sent", "skipped", "expired"}
        assert {row.state for row in life.rows.values()} <= kept


def test_in_a_pause_a_rest_or_a_cooling_off_no_day_brings_a_promotion():
    dice = random.Random(3)
    closings = (
        Spending(pauses=(Pause("pause", 0, NOON + 4000 * DAY),)),
        Spending(pauses=(Pause("rest", 0, NOON + 4000 * DAY),)),
    )
    user_days = 0
    while user_days < size(1_500, 1_000_000):
        start = NOON + dice.randint(0, 300) * DAY + dice.randint(0, 86_400) * 1_000_000
        spending = dice.choice(closings)
        who = person(spending=spending, seen_at=start - 4 * DAY, persona="eager")
        book = playbook(INSIGHT)
        rows: dict[str, Message] = {}
        for day in range(10):
            now = start + day * DAY
            asked = nudge(who, hour(now, book))
            if asked is not None:
                who, rows = asked.person, rows | {one.id: one for one in asked.messages}
            waiting = [one for one in rows.values() if one.state in WAITING]
            due = [replace(one, send_at=now, expires_at=now + DAY) for one in waiting]
            if due:
                plan = deliver(who, due, hour(now, book))
                who, rows = plan.person, rows | {one.id: one for one in plan.messages}
            user_days += 1
        assert all(row.state != "sent" for row in rows.values())
        assert not who.seen.contacts


@settings(max_examples=100)
@given(st.integers(0, 400 * 24 * 4), st.sampled_from(ZONES), st.integers(0, 30))
def test_a_held_message_is_never_moved_to_an_earlier_moment(quarter, zone, ago_h):
    now = NOON + quarter * 15 * MINUTE
    base = person(seen_at=now - 4 * DAY)
    profile = replace(base.profile, time_zone=zone)
    contacts = (Contact(now - ago_h * HOUR, "comeback", True),)
    who = replace(base, profile=profile, seen=replace(base.seen, contacts=contacts))
    row = alert(now)
    comeback_row = replace(row, kind="comeback", template="comeback", rule="r", props={})
    for one in (row, comeback_row):
        after = deliver(who, [one], hour(now)).messages[0]
        if after.state == "held":
            assert after.send_at >= now
            assert after.send_at <= one.expires_at


@settings(max_examples=60)
@given(st.booleans(), st.integers(0, 96), st.integers(1, 96))
def test_after_an_objection_nothing_is_sent_later(is_alert, before, after):
    """P18: consent is read at the moment of sending, also for rows that were wanted before."""
    row = alert(NOON) if is_alert else replace(alert(NOON), kind="comeback", rule="r", props={})
    said_no = person(consent=Consent(nudges=False), seen_at=NOON - before * HOUR)
    now = NOON + after * 15 * MINUTE
    assert deliver(said_no, [row], hour(now)).messages[0].state != "sent"
