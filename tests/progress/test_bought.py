"""X6, L6: whatever is bought, XP, points, the streak and the places on boards are as without."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.catalog import compile_catalog
from bot.model.decision import Decision
from bot.model.message import Inbound
from bot.progress import streaks
from bot.sources import read_files
from bot.talk.script import Script, Terms
from tests.builders import FREELY
from tests.conftest import ROOT
from tests.progress.earning import DAY, HOUR, SCRIPT, Earner

BUYING = """
rules:
  - name: thanks-for-buying
    when: not has(progress.tags, "trading")
    then: {award: 7}
    because: A rule that would sell XP
"""


def freely(script: Script) -> Script:
    """Whoever buys as much as they like: it is not about the limits here."""
    return replace(script, limits=FREELY, terms=Terms(new_age="adult", starting_credits=1_000_000))


FREE = freely(SCRIPT)
PAID = sorted(sku for sku, item in SCRIPT.content.items.items() if item.price)


class Buyer(Earner):
    """Somebody who also unlocks lessons without words."""

    def buys(self, sku: str) -> Decision:
        props = {"sku": sku, "reality_checked": True, "confirm": True}
        return self._takes(Inbound(self._id(), "ada", "purchase", self.now, props=props))


def earned(one: Buyer) -> tuple[Any, ...]:
    person = one.known
    points = [lot for lot in person.spending.lots if lot.unit == "point"]
    progress = person.progress
    standing = streaks.standing(progress.streaks, one.now, SCRIPT.book.streaks)
    return (
        progress.xp, progress.level, progress.points, progress.counts, standing,
        progress.achievements, person.boards, points,
    )  # fmt: skip


STEPS = st.lists(
    st.one_of(
        st.sampled_from(("lesson", "habit", "hello", "day")),
        st.sampled_from(PAID).map(lambda sku: f"buy {sku}"),
    ),
    max_size=12,
)


def lived(steps: list[str], is_buying: bool) -> Buyer:
    one = Buyer(FREE)
    one.says("hello")
    for step in steps:
        one.now += HOUR
        match step.split():
            case ["lesson"]:
                one.earns()
            case ["habit"]:
                one.keeps()
            case ["hello"]:
                one.says("hello")
            case ["day"]:
                one.now += DAY
            case [_, sku] if is_buying:
                one.buys(sku)
    return one


@settings(deadline=None)
@given(STEPS)
def test_whatever_is_bought_earns_what_is_earned_without(steps: list[str]) -> None:
    bought = lived(steps, is_buying=True)
    assert earned(bought) == earned(lived(steps, is_buying=False))


def test_a_paid_lesson_is_finished_and_scores_nowhere() -> None:
    one = lived([], is_buying=True)
    before = one.known
    decision = one.buys(PAID[0])
    assert decision.outcome is not None and decision.outcome.outcome == "unlocked"
    assert decision.scores == ()
    after = one.known
    assert after.progress.lessons == (PAID[0],) and after.skill.lessons == before.skill.lessons + 1
    assert after.progress.xp == before.progress.xp
    names = [one.name for one in decision.events]
    assert "lesson_complete" in names and not any("award" in e.props for e in decision.events)


def test_yes_to_an_offer_earns_no_more_than_no() -> None:
    """The free depth earns its 50 XP; the paid one that follows it in the chat none."""
    told = []
    for answer in ("yes", "no"):
        one = Buyer(FREE)
        for text in ("hello", "leverage", "go on", answer):
            one.now += HOUR // 60
            decision = one.says(text)
        told.append((one.known.progress.xp, one.known.boards.open))
        assert bool(decision.entries) == (answer == "yes")
    assert told[0] == told[1]


def test_a_rule_cannot_award_what_was_paid_for() -> None:
    texts = read_files(ROOT) | {"rules/extra.yaml": BUYING}
    script = freely(compile_catalog(texts, Terms(new_age="adult")).script)
    one = Buyer(script)
    one.says("hello")
    before = one.known.progress.xp
    assert before == 10 + 7
    one.buys(PAID[0])
    assert one.known.progress.xp == before
