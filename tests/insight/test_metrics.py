"""The eight success metrics: values, targets, and what is missing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.insight.metrics import success

COUNTS: dict[str, Any] = {
    "people": 30, "active_day": 10, "active_month": 20, "old_enough": 12, "retained": 9,
    "advanced": 15, "credits_spent": 50, "began": 16, "finished": 4, "stars": {5: 3, 2: 1},
    "raters": 4, "sessions": 40, "session_seconds": 24_000, "session_people": 18,
}  # fmt: skip
NOTHING = {name: {} if name == "stars" else 0 for name in COUNTS}


def test_each_metric_stands_beside_its_target():
    found = {one.name: (one.value, one.target) for one in success(COUNTS)}
    assert found == {
        "daily_actives": (0.5, 0.85),
        "session_length": (10.0, 15.0),
        "retention_30d": (0.75, 0.70),
        "credits_a_person": (2.5, None),
        "skill_advance": (0.5, 0.80),
        "completion": (0.25, 0.60),
        "rating": (4.25, 4.5),
        "improvement": (None, None),
    }


def test_money_a_person_is_no_target_and_improvement_says_why_it_is_missing():
    found = {one.name: one.why for one in success(COUNTS)}
    assert found["credits_a_person"] == "reported, never a target"
    assert "trades are not seen" in found["improvement"]


def test_with_nobody_to_count_there_is_no_value_but_a_reason():
    assert all(one.value is None and one.why for one in success(NOTHING))


@given(st.fixed_dictionaries({name: st.integers(0, 1000) for name in NOTHING if name != "stars"}))
def test_no_counts_are_a_fault(counts: dict[str, int]):
    assert len(success({**counts, "stars": {}})) == 8
