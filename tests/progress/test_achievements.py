"""Achievements: the described ones, once each, told where the cause was."""

from bot.authored import Report, parse
from bot.model.progress import Progress
from bot.progress.rulebook import parse_rulebook
from tests.progress.earning import DAY, MINUTE, SCRIPT, Earner

DESCRIBED = {  # id: name in Finnish, bonus points, free rewards
    "first_step": ("Ensimmäinen askel", 0, 0),
    "streak_3": ("3 päivän putki", 10, 0),
    "streak_7": ("Viikon voittaja", 25, 0),
    "streak_30": ("Kuukauden mestari", 100, 0),
    "points_100": ("Sata pistettä", 0, 0),
    "points_500": ("Viisisataa", 0, 0),
    "points_1000": ("Tuhat pistettä", 0, 1),
}


def test_the_described_achievements_are_there_with_their_names_and_rewards() -> None:
    found = {
        one.id: (one.name("fi"), one.points // 100, one.free_rewards)
        for one in SCRIPT.book.achievements.all
    }
    assert found.items() >= DESCRIBED.items()
    names = {one.id: one.name("en") for one in SCRIPT.book.achievements.all}
    assert {names[id] for id in ("pattern_spotter", "risk_manager", "trading_master")} == {
        "Pattern Spotter", "Risk Manager", "Trading Master",
    }  # fmt: skip
    assert all(
        one.badge and one.text("fi") != one.text("en") for one in SCRIPT.book.achievements.all
    )


def test_a_streak_of_thirty_days_brings_three_achievements_and_their_points_once() -> None:
    earner = Earner()
    for _ in range(31):
        earner.acts("streak")
        earner.now += DAY
    progress = earner.known.progress
    assert sorted(progress.achievements) == ["points_100", "streak_3", "streak_30", "streak_7"]
    assert progress.points == 135_00
    told = [e.props["award"]["achievement"] for e in earner.events if "unlocked" in e.name]
    assert sorted(told) == sorted(progress.achievements)


def test_milestones_of_a_streak_bring_xp_once_a_run() -> None:
    """S8: 7, 14 and 30 days: 50 XP each; a check-in itself brings none."""
    earner = Earner()
    for _ in range(31):
        earner.acts("streak")
        earner.now += DAY
    assert earner.known.progress.xp == 150
    milestones = [e.props["award"]["milestones"] for e in earner.events if "milestone" in e.name]
    assert milestones == [(7,), (14,), (30,)]


def test_an_achievement_is_told_in_the_reply_of_the_turn_that_led_to_it() -> None:
    earner = Earner()
    reply = earner.says("teach me leverage").reply
    assert "First step" in reply.text
    earner.now += MINUTE
    again = earner.says("teach me position sizing")
    assert "First step" not in again.reply.text and again.outbox == ()


def test_what_was_done_elsewhere_is_told_by_a_message_of_the_same_transaction() -> None:
    earner = Earner()
    (message,) = earner.earns().outbox
    assert (message.kind, message.dedupe) == ("achievement_unlocked", "achievement:first_step")
    assert earner.earns("note_taken").outbox == ()


def test_a_thousand_points_make_one_reward_free() -> None:
    earner = Earner()
    for _ in range(100):
        earner.keeps(5.0)
        earner.now += DAY // 40
    assert earner.known.progress.free_rewards == 1
    free = earner.acts("redeem", reward_id="certificate", use_free=True).reply.body
    assert free is not None and (free["outcome"], free["points"]) == ("redeemed", 0.0)
    none = earner.acts("redeem", reward_id="certificate", use_free=True).reply.body
    assert none is not None and none["reason"] == "had_before"
    other = earner.acts("redeem", reward_id="study_guide", use_free=True).reply.body
    assert other is not None and other["reason"] == "no_free_reward"


def test_a_condition_over_something_that_is_not_counted_is_told_where_it_stands() -> None:
    report = Report()
    text = (
        "actions: {read: {xp: 5}}\n"
        "achievements:\n"
        "  reader:\n"
        "    when: did.reed >= 3\n"
        "    badge: b\n"
        "    name: {fi: lukija}\n"
        "    text: {en: three}\n"
    )
    book = parse_rulebook(parse(text, "rules/progress.yaml", report), None, report)
    told = [str(one) for one in report.errors]
    assert any("progress.yaml:4:11" in line and "did.read" in line for line in told), told
    assert any("the English words are missing" in line for line in told)
    assert book.achievements.reached(Progress(), 0) == []
