"""Facts about strong moves of a market."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.message import Market
from bot.outreach.moves import alert_of
from tests.outreach.builders import DAY, NOON


def market(change: float, at: int = NOON) -> Market:
    return Market("BTC", 45_000.0, 0.4, "up", change, (), (), at, "simulated")


@pytest.mark.parametrize(("change", "urgency"), [(5.0, 6), (-5.0, 6), (11.0, 7), (-60.0, 10)])
def test_from_five_per_cent_on_a_move_is_an_alert_and_more_urgent_the_further(change, urgency):
    alert = alert_of(market(change))
    assert alert is not None
    assert alert.urgency == urgency
    assert alert.alert_type == "move"


@given(st.floats(-4.999, 4.999))
def test_below_five_per_cent_is_no_news(change):
    assert alert_of(market(change)) is None


@given(st.floats(-50, 50), st.floats(-50, 50), st.integers(0, DAY - 1))
def test_the_same_id_always_means_the_same_words(one, other, later):
    first, second = alert_of(market(one)), alert_of(market(other, NOON + later))
    if first is not None and second is not None and first.id == second.id:
        assert (first.message, first.urgency) == (second.message, second.urgency)


def test_a_new_day_or_the_other_direction_is_a_new_alert():
    ids = {
        alert_of(market(change, at)).id for change, at in ((6, NOON), (-6, NOON), (6, NOON + DAY))
    }
    assert len(ids) == 3
