"""Team challenges: mistakes of their file, and what an award gives to a team."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.authored import Report, parse
from bot.model.progress import Award
from bot.model.team import Membership
from bot.progress.challenges import WON, Challenge, parse_challenges, with_share
from bot.progress.rulebook import parse_rulebook

WORDS = "    name: {en: Circle}\n    text: {en: Together.}\n"
HABITS = "categories: {finance: 2.0}\nactions: {paid: {category: finance}}\n"
PROGRESS = "actions:\n  lesson: {xp: 50}\n  bought: {xp: 0, tags: [trading]}\n"
MINE = Membership("CODE2345", "circle", 1, since=100, until=200)


def parsed(text: str) -> tuple[dict[str, Challenge], list[str]]:
    report = Report()
    book = parse_rulebook(
        parse(PROGRESS, "rules/progress.yaml", report),
        parse(HABITS, "rules/habits.yaml", report),
        report,
        parse(text, "rules/challenges.yaml", report),
    )
    return book.challenges, [str(one) for one in report.mistakes]


def challenge(of: str) -> dict[str, Challenge]:
    goal = f"    goal: {{of: {of}, amount: 9}}\n    days: 7\n    team_size: 5\n"
    found, mistakes = parsed(f"circle:\n{goal}{WORDS}")
    assert not mistakes
    return found


def an_award(**fields: object) -> Award:
    return replace(Award(1, "lesson", 150, 1), **fields)


@pytest.mark.parametrize(
    ("line", "place", "told"),
    [
        ("goal: {of: xq, amount: 9}", "2:16", "'xq' is no goal"),
        ("goal: {of: xp two, amount: 9}", "2:16", "'xp two' is no goal"),
        ("goal: {of: action leson, amount: 9}", "2:16", "lesson"),
        ("goal: {of: action bought, amount: 9}", "2:16", "no action 'bought' that earns"),
        ("goal: {of: category finanse, amount: 9}", "2:16", "finance"),
        ("goal: {of: xp, amount: 0}", "2:28", "1"),
        ("goal: {of: xp, amount: 9}\n    prize: 3", "3:5", "prize"),
        ("goal: {of: xp, amount: 9}\n    points: -1", "3:13", "0"),
    ],
)
def test_a_mistake_is_told_where_it_stands(line: str, place: str, told: str) -> None:
    text = f"circle:\n    {line}\n    days: 7\n    team_size: 5\n{WORDS}"
    _, mistakes = parsed(text)
    assert len(mistakes) == 1, mistakes
    assert mistakes[0].startswith(f"rules/challenges.yaml:{place}") and told in mistakes[0]


def test_english_words_and_a_goal_are_never_missing() -> None:
    text = "circle:\n    days: 7\n    team_size: 5\n    name: {fi: Piiri}\n    text: {en: x}\n"
    _, mistakes = parsed(text)
    assert any("goal" in one for one in mistakes)
    assert any("4:11" in one and "English words are missing" in one for one in mistakes)


def test_without_a_file_there_are_none() -> None:
    assert parse_challenges(None, {}, parse_rulebook(None, None, Report()).habits, Report()) == {}


@pytest.mark.parametrize(
    ("of", "fields", "share"),
    [
        ("xp", {"xp": 50}, 50),
        ("points", {"points": 135}, 135),
        ("action lesson", {"xp": 50}, 1),
        ("action lesson", {"flags": ("capped",)}, 0),
        ("action paid", {"xp": 50}, 0),
        ("category finance", {"category": "finance", "value": 2.0}, 1),
        ("category finance", {"category": "finance", "points": 5}, 0),  # a correction
        ("xp", {"xp": 50, "flags": ("old",)}, 0),
        ("xp", {"xp": 50, "action": WON}, 0),
        ("xp", {"xp": 50, "at": 99}, 0),
        ("xp", {"xp": 50, "at": 100}, 50),
        ("xp", {"xp": 50, "at": 199}, 50),
        ("xp", {"xp": 50, "at": 200}, 0),
    ],
)
def test_what_an_award_gives(of: str, fields: dict[str, object], share: int) -> None:
    assert with_share(MINE, challenge(of), [an_award(**fields)]).given == share


def test_a_challenge_that_is_gone_takes_nothing_more() -> None:
    assert with_share(MINE, {}, [an_award(xp=50)]) is MINE


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(50, 250)), max_size=20))
def test_one_by_one_or_all_together_the_share_is_the_same(lived: list[tuple[int, int]]) -> None:
    known = challenge("xp")
    awards = [an_award(xp=xp, at=at) for xp, at in lived]
    single = MINE
    for one in awards:
        single = with_share(single, known, [one])
    assert single == with_share(MINE, known, awards)
    assert single.given == sum(xp for xp, at in lived if 100 <= at < 200)


def test_without_habits_or_actions_the_challenges_that_count_them_are_off() -> None:
    """Deleting a rule file turns its feature off, and what leans on it; nothing else."""
    text = "".join(
        f"{id}:\n    goal: {{of: {of}, amount: 9}}\n    days: 7\n    team_size: 5\n{WORDS}"
        for id, of in (("a", "xp"), ("b", "category finance"), ("c", "action lesson"))
    )
    report = Report()
    shared = parse(text, "rules/challenges.yaml", report)
    progress = parse(PROGRESS, "rules/progress.yaml", report)
    habits = parse(HABITS, "rules/habits.yaml", report)
    assert set(parse_rulebook(progress, None, report, shared).challenges) == {"a", "c"}
    assert set(parse_rulebook(None, habits, report, shared).challenges) == {"a", "b"}
    assert set(parse_rulebook(None, None, report, shared).challenges) == {"a"}
    assert not report.mistakes
