"""Adding everything up again gives the same, to the last hundredth."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.ledger.audit import audit
from bot.progress import points
from bot.progress.rebuilt import differences
from tests.progress.earning import DAY, HOUR, Earner
from tests.sizes import size

ACTIONS = ("lesson_complete", "quiz_perfect", "course_complete", "daily_login", "trade_placed")
ZONES = ("my time zone is Pacific/Auckland", "my time zone is America/Los_Angeles")
TEXTS = ("hello", "teach me leverage", "topics", "set my daily limit to 5", *ZONES)
STEPS = st.one_of(
    st.tuples(st.just("earns"), st.sampled_from(ACTIONS), st.integers(0, 100 * HOUR)),
    st.tuples(st.just("keeps"), st.floats(0.01, 9.0), st.integers(0, 100 * HOUR)),
    st.tuples(st.just("says"), st.sampled_from(TEXTS), st.just(0)),
    st.tuples(st.just("streak"), st.just(""), st.integers(0, 80 * HOUR)),
    st.tuples(st.just("waits"), st.integers(0, 3 * DAY), st.just(0)),
)


def lived(steps: list[tuple]) -> Earner:  # type: ignore[type-arg]  # of several shapes
    earner = Earner()
    for kind, what, late in steps:
        earner.now += HOUR
        match kind:
            case "earns":
                earner.earns(what, earner.now - late)
            case "keeps":
                earner.keeps(what, earner.now - late)
            case "streak":
                earner.acts("streak", earner.now - late)
            case "says":
                earner.says(what)
            case _:
                earner.now += what
    return earner


@settings(max_examples=size(60, 2_000), deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=40))
def test_what_is_earned_is_what_the_events_add_up_to(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    earner = lived([*steps, ("keeps", 1.0, 0)])
    person, rule = earner.known, earner.script.book.streaks
    assert differences(person.progress, earner.events, earner.now, rule) == []
    assert audit(earner.entries, person.spending) == []
    assert points.balance(person.spending, earner.now) == person.progress.points


def test_a_missing_event_and_a_changed_sum_are_told() -> None:
    earner = Earner()
    earner.earns()
    earner.keeps()
    progress, rule = earner.known.progress, earner.script.book.streaks
    assert differences(progress, earner.events[1:], earner.now, rule)
    wrong = replace(progress, points=progress.points + 1)
    told = differences(wrong, earner.events, earner.now, rule)
    assert told == [f"points is {progress.points + 1}, events: {progress.points}"]
