"""Facts about send keys."""

from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.keys import derived_id, send_key

parts = st.tuples(st.text(), st.text(), st.text(), st.integers(0, 99), st.sampled_from(["in_app"]))


@given(parts, parts)
def test_two_keys_are_equal_only_for_the_same_message(one, other):
    assert (send_key(*one) == send_key(*other)) == (one == other)


def test_parts_that_run_together_are_told_apart():
    assert send_key("ab", "c", "p", 0, "in_app") != send_key("a", "bc", "p", 0, "in_app")


def test_a_row_id_follows_from_the_key():
    key = send_key("comeback", "1", "anna", 0, "in_app")
    assert derived_id("anna", key) == derived_id("anna", key)
    assert len(derived_id("anna", key)) == 32
