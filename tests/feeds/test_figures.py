"""Change, trend and volatility from prices alone."""

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import figures

HOUR = 3_600_000_000
prices = st.lists(st.floats(0.01, 1e6), min_size=2, max_size=40)


@given(prices)
def test_volatility_is_unknown_or_between_0_and_1(row: list[float]):
    found = figures.volatility(row, HOUR)
    assert (found is None) == (len(row) <= figures.LEAST_RETURNS)
    assert found is None or 0.0 <= found <= 1.0


@given(st.floats(0.01, 1e6), st.floats(0.5, 3.0))
def test_volatility_does_not_depend_on_the_unit(price: float, unit: float):
    row = [price * (1 + 0.01 * (number % 3)) for number in range(24)]
    scaled = [one * unit for one in row]
    before, after = figures.volatility(row, HOUR), figures.volatility(scaled, HOUR)
    assert before is not None and after is not None and abs(before - after) <= 0.001


def test_a_steady_price_is_calm_and_a_wild_one_is_not():
    assert figures.volatility([100.0] * 25, HOUR) == 0.0
    assert figures.volatility([100.0, 150.0] * 12, HOUR) == 1.0


def test_a_trend_is_a_change_of_a_per_cent():
    assert [figures.trend(change) for change in (0.9, -0.9, 1.0, -1.0, None)] == [
        "sideways",
        "sideways",
        "up",
        "down",
        None,
    ]
