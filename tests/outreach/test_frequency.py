"""Facts about caps: rolling and calendar windows over what we began."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model.person import Contact
from bot.outreach.frequency import full, kept
from bot.outreach.policy import Caps, KindPolicy, OutreachPolicy
from bot.people.calendar import DAY_US
from tests.builders import us

COMEBACK = KindPolicy("comeback", promotional=True)
ALERT = KindPolicy("market_alert", promotional=False)
RECEIPT = KindPolicy("receipt", promotional=False, transactional=True)
POLICY = OutreachPolicy(kinds={kind.name: kind for kind in (COMEBACK, ALERT, RECEIPT)})
NOW = 1_772_366_400_000_000  # Sunday 2026-03-01T12:00:00Z
HOUR_US = 3_600_000_000


def promo(*hours_ago: float) -> list[Contact]:
    return [Contact(NOW - int(hours * HOUR_US), "comeback", True) for hours in hours_ago]


def test_the_first_promotion_may_go_and_the_second_of_24_hours_waits_for_the_first():
    assert full([], COMEBACK, POLICY, NOW, "UTC", False) is None
    reached = full(promo(14), COMEBACK, POLICY, NOW, "UTC", False)
    assert reached is not None
    assert (reached.window, reached.until) == ("promotional rolling day", NOW + 10 * HOUR_US)


def test_the_local_day_holds_where_the_rolling_one_has_room():
    # a day of 25 hours: 24 h after its first moment it is still the same local date
    first = us("2026-10-25T00:10:00+02:00")
    now = first + DAY_US + 60_000_000
    reached = full(
        [Contact(first, "comeback", True)], COMEBACK, POLICY, now, "Europe/Berlin", False
    )
    assert reached is not None
    assert reached.window == "promotional calendar day"
    assert reached.until == us("2026-10-26T00:00:00+01:00")


def test_three_in_seven_days_and_the_next_waits_for_the_oldest():
    reached = full(promo(30, 60, 140), COMEBACK, POLICY, NOW, "UTC", False)
    assert reached is not None
    assert reached.limit == 3
    assert reached.until == NOW + 28 * HOUR_US  # later than Monday, when the ISO week has room
    assert full(promo(30, 60, 169), COMEBACK, POLICY, NOW, "UTC", False) is None


def test_people_at_spending_risk_get_one_a_week():
    assert full(promo(30), COMEBACK, POLICY, NOW, "UTC", False) is None
    assert full(promo(30), COMEBACK, POLICY, NOW, "UTC", True) is not None


def test_an_alert_is_not_held_by_promotions_but_by_the_cap_of_all():
    assert full(promo(1), ALERT, POLICY, NOW, "UTC", False) is None
    many = [Contact(NOW - HOUR_US, "market_alert")] * 6
    reached = full(many, ALERT, POLICY, NOW, "UTC", False)
    assert reached is not None
    assert reached.window.startswith("all ")


def test_transactional_messages_are_neither_held_nor_counted():
    receipts = [Contact(NOW - HOUR_US, "receipt")] * 50
    assert full(receipts, ALERT, POLICY, NOW, "UTC", False) is None
    assert full(promo(1), RECEIPT, POLICY, NOW, "UTC", False) is None


def test_a_cap_of_nothing_never_frees():
    policy = OutreachPolicy(promotional=Caps(0, 0), kinds=POLICY.kinds)
    reached = full([], COMEBACK, policy, NOW, "UTC", False)
    assert reached is not None
    assert reached.until is None


@given(
    st.lists(st.integers(0, 9 * 24 * 60), max_size=8),
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "America/Havana"]),
    st.integers(0, 400),
)
def test_at_the_moment_a_cap_frees_there_is_room_or_a_later_cap(minutes, zone, day):
    now = NOW + day * DAY_US
    contacts = [Contact(now - minute * 60_000_000, "comeback", True) for minute in minutes]
    for _ in range(12):
        reached = full(contacts, COMEBACK, POLICY, now, zone, False)
        if reached is None:
            break
        assert reached.until is not None
        assert reached.until > now
        now = reached.until
    assert full(contacts, COMEBACK, POLICY, now, zone, False) is None


@given(st.lists(st.integers(0, 12 * 24 * 60), max_size=12))
def test_forgetting_old_contacts_changes_no_answer(minutes):
    contacts = [Contact(NOW - minute * 60_000_000, "comeback", True) for minute in minutes]
    whole = full(contacts, COMEBACK, POLICY, NOW, "Europe/Berlin", False)
    assert full(kept(contacts, NOW), COMEBACK, POLICY, NOW, "Europe/Berlin", False) == whole
