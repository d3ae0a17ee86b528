"""What actions earn: caps, levels, weights, the bonus of a streak, and what is learnt late."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.catalog import compile_catalog
from bot.errors import RequestError
from bot.model.money import Tier
from bot.model.progress import Progress
from bot.people.calendar import rfc3339
from bot.progress.levels import SHIPPED, Ladder
from bot.sources import read_files
from bot.talk.script import Terms
from tests.conftest import ROOT
from tests.progress.earning import DAY, HOUR, MINUTE, NOW, SCRIPT, Earner


def with_xp(xp: int) -> Earner:
    earner = Earner()
    earner.says("hello")
    level = SCRIPT.book.ladder.reached(xp)
    progress = replace(earner.known.progress, xp=xp, level=level)
    earner.person = replace(earner.known, progress=progress)
    return earner


def test_there_are_the_described_actions_and_ten_levels() -> None:
    actions, ladder = SCRIPT.book.actions, SCRIPT.book.ladder
    described = {
        "lesson_complete": 50, "course_complete": 500, "daily_login": 10,
        "streak_milestone": 50, "quiz_perfect": 100,
    }  # fmt: skip
    assert {name: actions[name].xp for name in described} == described
    assert sum(one.xp > 0 for one in actions.values()) >= 25
    assert ladder.levels == SHIPPED and len(ladder.levels) == 10
    assert ladder.thresholds == (0, 100, 250, 500, 1_000, 2_000, 4_000, 7_000, 12_000, 20_000)
    given = {level.name: level.freezes for level in ladder.levels if level.freezes}
    assert given == {"Scholar": 1, "Master": 2, "Legend": 3}
    assert (ladder.discount(7), ladder.discount(8), ladder.discount(10)) == (0, 5, 10)
    assert (ladder.early_days(9), ladder.early_days(10)) == (0, 7)


def test_trading_earns_nothing() -> None:
    earner = Earner()
    for action in ("trade_placed", "trade_closed", "portfolio_checked"):
        earner.earns(action)
    progress = earner.known.progress
    assert (progress.xp, progress.points, progress.streaks.done) == (0, 0, ())


@given(st.integers(0, 30_000))
def test_a_level_is_the_highest_whose_threshold_is_at_most_the_xp(xp: int) -> None:
    """X2: at the threshold, not above it."""
    ladder = Ladder()
    number = ladder.reached(xp)
    assert ladder.level(number).xp <= xp
    above = ladder.after(number)
    assert above is None or xp < above.xp
    assert 0 <= ladder.share(number, xp) <= 100


def test_several_levels_at_once_are_each_told_once_ascending() -> None:
    """X2: events and messages of the same transaction."""
    earner = with_xp(90)
    decision = earner.earns("course_complete")
    told = [e.props["name"] for e in decision.events if e.name == "level_reached"]
    assert told == ["Learner", "Student", "Scholar"]
    assert [m.dedupe for m in decision.outbox if m.dedupe.startswith("level:")] == [
        "level:2", "level:3", "level:4",
    ]  # fmt: skip
    assert len(earner.known.progress.streaks.granted) == 1, "Scholar brings a freeze"
    again = earner.earns("course_complete")
    assert [e.props["name"] for e in again.events if e.name == "level_reached"] == ["Expert"]


def test_a_correction_never_lowers_the_level_shown_nor_rewards_twice() -> None:
    """X3."""
    earner = with_xp(510)
    progress = replace(earner.known.progress, xp=400)
    earner.person = replace(earner.known, progress=progress)
    told = earner.acts("xp", action="quiz_perfect").reply.body
    assert told is not None and (told["newXP"], told["newLevel"], told["leveledUp"]) == (
        500, 4, False,
    )  # fmt: skip


def test_higher_thresholds_take_no_level_away() -> None:
    """X5: grandfathered upward only."""
    earner = with_xp(510)
    harder = tuple(replace(level, xp=level.xp * 10) for level in SHIPPED)
    ladder = Ladder(harder, tuple(level.xp for level in harder))
    earner.script = replace(SCRIPT, book=replace(SCRIPT.book, ladder=ladder))
    told = earner.acts("xp", action="lesson_complete").reply.body
    assert told is not None and (told["newLevel"], told["progress"]) == (4, 0.0)


def test_an_action_at_its_cap_is_counted_and_earns_nothing_until_the_next_local_day() -> None:
    """X4: caps per action per local day; nothing accepted is lost."""
    earner = Earner()
    for _ in range(6):
        decision = earner.earns("quiz_perfect")
    assert decision.reply.body is not None and decision.reply.body["flags"] == ["capped"]
    progress = earner.known.progress
    assert (progress.xp, progress.counts["quiz_perfect"]) == (500, 6)
    earner.now = NOW + 12 * HOUR
    earner.earns("quiz_perfect")
    assert earner.known.progress.xp == 600


@pytest.mark.parametrize(("days", "points"), [(1, 400), (2, 400), (3, 460), (7, 540), (12, 600)])
def test_the_bonus_of_a_streak(days: int, points: int) -> None:
    """S11: day 3 = 15 %, day 7 = 35 %, at most 50 %."""
    earner = Earner()
    for _ in range(days):
        decision = earner.keeps()
        earner.now += DAY
    award = decision.events[0].props["award"]
    assert award["points"] == points


def test_a_day_told_late_makes_the_streak_and_the_points_after_it_what_they_would_have_been() -> (
    None
):
    """E3: late up to 72 hours."""
    punctual, late = Earner(), Earner()
    for day in range(5):
        for earner in (punctual, late):
            earner.now = NOW + day * DAY
        punctual.keeps()
        if day != 3:
            late.keeps()
    late.now = punctual.now = NOW + 4 * DAY + HOUR
    punctual.acts("streak")
    late.keeps(at=NOW + 3 * DAY)
    one, other = punctual.known.progress, late.known.progress
    assert other.points == one.points and other.by_category == one.by_category
    assert other.habits == one.habits, "a correction is no event more"
    assert any(e.name == "points_corrected" for e in late.events)


def test_what_is_told_after_three_days_counts_in_sums_only() -> None:
    """E3: neither a streak nor the caps of closed days."""
    earner = Earner()
    decision = earner.earns(at=NOW - 73 * HOUR)
    assert decision.reply.body is not None and decision.reply.body["flags"] == ["old"]
    progress = earner.known.progress
    assert (progress.xp, progress.streaks.done) == (50, ())
    for _ in range(30):
        earner.earns(at=NOW - 400 * DAY)
    assert earner.known.progress.xp == 1_000, "old ones share the cap of the day they are told"


def test_a_discount_of_a_level_is_kept_in_hundredths_and_stands_in_the_entry() -> None:
    """Guru: 5 %; 2 credits less 5 % are 2 today and 0.1 towards a free one."""
    earner = with_xp(7_000)
    earner.now += MINUTE
    for text in ("teach me leverage", "go deeper", "yes"):
        earner.now += MINUTE
        decision = earner.says(text)
    assert decision.outcome is not None and decision.outcome.outcome == "unlocked"
    assert (decision.outcome.tier, decision.outcome.price) == (Tier.BASIC, 2)
    assert {one.ref for one in decision.entries if one.kind == "unlock"} == {"discount:10"}
    assert earner.known.spending.discount_hundredths == 10


def test_an_unknown_habit_is_refused() -> None:
    earner = Earner()
    with pytest.raises(RequestError):
        earner.acts("habit", category="finance", action="gambled", value=1)


def test_the_first_message_of_a_local_day_is_a_login_and_the_second_is_not() -> None:
    earner = Earner()
    for text in ("hello", "topics", "thanks"):
        earner.now += MINUTE
        earner.says(text)
    progress: Progress = earner.known.progress
    assert (progress.xp, progress.counts["daily_login"]) == (10, 1)
    earner.now += DAY
    earner.says("hello")
    assert earner.known.progress.xp == 20, rfc3339(earner.now)


def test_new_content_opens_seven_days_earlier_for_who_reached_the_last_level() -> None:
    """Grandmaster: early access; till then it is neither told nor charged."""
    opens = (NOW + 5 * DAY) // DAY + 719_163  # five days from now, as an ordinal
    items = {
        sku: replace(item, opens_on=opens) if item.topic == "leverage" else item
        for sku, item in SCRIPT.content.items.items()
    }
    script = replace(SCRIPT, content=replace(SCRIPT.content, items=items))
    for xp, is_open in ((500, False), (20_000, True)):
        earner = with_xp(xp)
        earner.script, earner.now = script, NOW + MINUTE
        told = earner.says("teach me leverage")
        assert ("opens on" not in told.reply.text) == is_open
        assert ("leverage.free" in earner.known.progress.lessons) == is_open
    earner = with_xp(500)
    earner.script, earner.now = script, NOW + 6 * DAY
    assert "opens on" not in earner.says("teach me leverage").reply.text


def test_a_lower_limit_and_a_break_are_worth_something_and_told_without_a_reply() -> None:
    earner = Earner()
    earner.says("hello")
    earner.says("set my daily limit to 5")
    earner.says("pause for 24 hours")
    progress = earner.known.progress
    assert (progress.counts["limit_set"], progress.counts["break_taken"]) == (1, 1)
    assert progress.xp == 10 + 20 + 10


def test_a_rule_may_add_to_what_an_action_earns_but_not_above_its_cap() -> None:
    """The rules see the action and its tags; cap comes before base and bonus (X4)."""
    texts = read_files(ROOT)
    texts["rules/extra.yaml"] = (
        "rules:\n"
        "  - name: double-notes\n"
        '    when: progress.action == "note_taken" and not has(progress.tags, "trading")\n'
        "    then: {award: 7}\n"
        "    because: Notes help\n"
    )
    earner = Earner(compile_catalog(texts, Terms(new_age="adult")).script)
    for _ in range(7):
        earner.earns("note_taken")
    assert earner.known.progress.xp == 5 * (5 + 7)
