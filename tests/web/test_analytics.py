"""What may be shown of the totals."""

from typing import Any

from aiohttp.test_utils import TestClient
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FrozenClock
from bot.web.analytics import LEAST_PEOPLE, blocks, hidden
from tests.insight.test_metrics import COUNTS


def test_cells_of_ten_people_are_shown() -> None:
    assert hidden({"a": 10, "b": 500}) == set()


def test_a_small_cell_takes_the_next_smallest_with_it() -> None:
    assert hidden({"a": 9, "b": 500, "c": 40}) == {"a", "c"}


def test_an_empty_cell_hides_nobody_and_is_no_cover() -> None:
    assert hidden({"a": 0, "b": 500}) == set()
    assert hidden({"a": 3, "b": 0, "c": 40, "d": 50}) == {"a", "b", "c"}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=8))
def test_no_hidden_cell_follows_from_the_total_and_the_shown(people: dict[str, int]) -> None:
    unseen = hidden(people)
    assert all(
        count == 0 or count >= LEAST_PEOPLE for n, count in people.items() if n not in unseen
    )
    if unseen and unseen != set(people):
        assert len(unseen) >= 2 and sum(people[name] for name in unseen) >= LEAST_PEOPLE


def test_totals_are_always_told() -> None:
    totals = {
        "people": 30,
        "engagement": {"mean": 0.4567, "bands": [{"band": "low", "people": 4}]},
        "skill": [{"skill": "novice", "people": 26}, {"skill": "expert", "people": 4}],
        "credits": [
            {"kind": "grant", "credits": 600, "people": 30},
            {"kind": "unlock", "credits": -40, "people": 12},
            {"kind": "topup", "credits": 50, "people": 2},
        ],
        "content": {
            "unlocks": [{"sku": "risk.basic", "unlocks": 20, "people": 12}],
            "intents": [{"intent": "greet", "turns": 90, "people": 30}],
        },
        "churn": {"active": 14, "gone": 16},
        "success": COUNTS,
    }
    shown = blocks(totals, 1_772_366_400_000_000)
    assert shown.people == 30
    assert (shown.engagement_score.mean, shown.engagement_score.bands) == (
        0.457,
        {"low": "suppressed"},
    )
    assert shown.skill_progression.levels == {"novice": "suppressed", "expert": "suppressed"}
    assert (shown.credit_use.into_wallets, shown.credit_use.out_of_wallets) == (650, 40)
    assert shown.credit_use.by_kind == {
        "grant": 600,
        "unlock": "suppressed",
        "topup": "suppressed",
    }
    assert shown.content_performance.by_item == {"risk.basic": 20}
    assert (shown.churn.active_7d, shown.churn.gone_14d) == (14, 16)
    rows = {row.name: (row.value, row.people) for row in shown.success}
    assert rows["daily_actives"] == (0.5, 20)
    assert rows["rating"] == ("suppressed", "suppressed")
    assert rows["improvement"] == (None, 0)


async def test_what_habits_add_up_to_hides_small_groups(
    client: TestClient, clock: FrozenClock
) -> None:
    """Described: total events, active people of seven days, mean points, events by category."""
    path = "/api/v2/gamify/analytics"

    async def told() -> Any:
        async with client.get(path) as answer:
            assert answer.status == 200
            return await answer.json()

    async with client.get(f"{path}?from=2026-01-01") as refused:
        assert refused.status == 400, "a filter that is not there would be taken for one"
    empty = await told()
    assert (empty["total_events"], empty["mean_lifetime_points"]) == (0, None)

    async def done(people: int, category: str, action: str) -> None:
        for number in range(people):
            body = {"user_id": f"p{number}", "category": category, "action": action, "value": 1}
            async with client.post("/api/v2/gamify/event", json=body) as answer:
                assert answer.status == 200

    await done(9, "health", "exercised")
    few = await told()
    assert few["events_by_category"] == {"health": "suppressed"}
    assert few["active_people_7_days"] == few["people"] == "suppressed"
    assert few["mean_lifetime_points"] == "suppressed"
    clock.move(8 * 86_400)
    await done(12, "finance", "paid_invoice")
    await done(14, "social", "posted")
    many = await told()
    assert many["total_events"] == 9 + 12 + 14
    assert (many["active_people_7_days"], many["people"]) == (14, 14)
    hidden = {name for name, cell in many["events_by_category"].items() if cell == "suppressed"}
    assert hidden == {"health", "finance"}  # the total less the others would tell the nine
    assert many["events_by_category"]["social"] == 14
    assert many["mean_lifetime_points"] == round((9 * 1.2 + 12 * 2.0 + 14 * 0.8) / 14, 2)
