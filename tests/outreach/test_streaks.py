"""Days are closed for people who are not there, once, and told without a word of guilt."""

from msgspec.structs import replace

from bot.ledger.settings import LimitSettings
from bot.model.person import Person
from bot.model.progress import Progress
from bot.outreach import compose
from bot.outreach.streaks import closed
from bot.people.engagement import EngagementRule
from bot.progress.terms import PLAIN
from bot.rules import gather
from bot.rules.gather import Scene
from tests.builders import a_person
from tests.progress.lived import acted, at


def somebody(*days: int) -> Person:
    return a_person(version=3, progress=Progress(streaks=acted(*days)))


def test_a_freeze_that_was_used_is_told_once_and_then_the_break():  # S6, S9
    ada = somebody(*range(1, 8))
    assert closed(ada, at(9, "01:59"), PLAIN) is None
    plan = closed(ada, at(9, "02:00"), PLAIN)
    assert plan is not None and plan.before == ada and plan.person.version == 4
    assert [(event.name, event.props) for event in plan.events] == [
        ("streak_frozen", {"date": "2026-01-12"})
    ]
    assert closed(plan.person, at(9, "02:30"), PLAIN) is None
    broken = closed(plan.person, at(10, "02:00"), PLAIN)
    assert broken is not None
    assert [(event.name, event.props) for event in broken.events] == [
        ("streak_broken", {"date": "2026-01-13", "days": 7})
    ]
    assert closed(broken.person, at(30), PLAIN) is None


def test_days_that_change_nothing_are_not_written():
    assert closed(a_person(version=1), at(9), PLAIN) is None
    assert closed(somebody(1, 2, 3), at(4, "12:00"), PLAIN) is None


def test_our_own_downtime_is_told_as_such():
    down = (at(4, "20:00"), at(5, "03:00"))
    plan = closed(somebody(1, 2, 3), down[1], PLAIN, (down,))
    assert plan is not None
    assert [event.name for event in plan.events] == ["streak_amnesty"]
    assert closed(plan.person, down[1], PLAIN, (down,)) is None


def test_a_second_try_writes_the_same_event():  # S9
    ada = somebody(*range(1, 8))
    first, later = (closed(ada, at(9, clock), PLAIN) for clock in ("02:00", "09:00"))
    assert first is not None and later is not None
    assert first.events[0].id == later.events[0].id
    other = closed(replace(ada, id="bob"), at(9, "09:00"), PLAIN)
    assert other is not None and other.events[0].id != later.events[0].id


def test_what_a_message_says_of_a_streak_knows_of_our_downtime():
    """A day on which nobody of us was up breaks nothing, in rules and in words."""
    ada, now = somebody(1, 2, 3), at(5, "12:00")
    told = []
    for down in ((), ((at(4, "00:00"), at(5, "00:00")),)):
        about = compose.Subject(ada, now, "UTC", "Sam", outages=down)
        scene = Scene(ada, now, "UTC", "tick", LimitSettings(), EngagementRule(), outages=down)
        fact = gather.gather(scene, frozenset({"user.streak"}))["user.streak"]
        told.append((compose.variables(about)["streak"], fact))
    assert told == [(0, 0), (3, 3)]
