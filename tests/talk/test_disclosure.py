"""P08: what this is, said with the first output of every conversation and every three hours."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.catalog import load
from bot.feeds.simulated import Simulated
from bot.model.decision import Decision
from bot.model.message import Alert, Inbound
from bot.model.person import Person
from bot.outreach.compose import Subject, compose
from bot.talk.decide import decide
from bot.talk.script import Moment, Script, Terms
from tests.builders import NOW
from tests.conftest import ROOT

HOUR = 3_600_000_000
SCRIPT: Script = load(ROOT, Terms(new_age="adult")).script
MARKET = Simulated(1).snapshot("BTC", NOW)
TRUTH = {"en": "a machine", "fi": "kone"}
TEXTS = (
    "hello", "teach me leverage", "yes", "what do you see in BTC?", "pause for 24 hours", "",
    "are you human", "xyzzy plugh", "i am under 18", "Suomeksi kiitos", "quiz", "\u202e", "bye",
    "erase me",
)  # fmt: skip
STEP = st.tuples(st.sampled_from((*TEXTS, "<unlock>")), st.integers(1, 5 * HOUR))


def turn(person: Person | None, text: str, number: int, now: int) -> Decision:
    moment = Moment(f"{number:032x}", now, now, number, lambda _: MARKET)
    if text != "<unlock>":
        return decide(
            SCRIPT, person, Inbound(f"m{number}", "a", "message", now, text=text), moment
        )
    props = {"source": "unlock", "sku": "leverage.basic", "expected_price": None}
    inbound = Inbound(
        f"u{number}", "a", "purchase", now, name="unlock", props=props, fingerprint="f"
    )
    return decide(SCRIPT, person, inbound, moment)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(STEP, min_size=1, max_size=10),
    st.sampled_from(["", *SCRIPT.personas.names]),
    st.sampled_from(SCRIPT.content.locales),
)
def test_whatever_comes_first_the_first_output_says_it_and_again_within_three_hours(
    steps: list[tuple[str, int]], voice: str, locale: str
) -> None:
    person, now, told_at = None, NOW, 0
    for number, (text, gap) in enumerate(steps):
        now += gap
        before = person.seen_at if person is not None else 0
        decision = turn(person, text, number, now)
        language = decision.person.profile.language
        says = TRUTH[language] in decision.reply.text.casefold()
        if now - before > 30 * 60_000_000 or now - told_at >= 3 * HOUR:
            assert says, (text, decision.reply.text)
        told_at = now if says else told_at
        person = decision.person
        if number == 0:
            profile = replace(person.profile, language=locale)
            person = replace(person, persona=voice, profile=profile)


def test_a_first_output_that_we_begin_says_it_too() -> None:
    alert = Alert("a", "BTC", "move", 9, "a move", NOW)
    for locale in SCRIPT.content.locales:
        for voice in SCRIPT.personas.names:
            person = Person("a", created_at=NOW)
            person = replace(person, profile=replace(person.profile, language=locale))
            for name, news in (("market_alert", alert), ("comeback", None)):
                about = Subject(person, NOW, "UTC", "Sam", voice, voice, MARKET, news)
                told = compose(SCRIPT.content, name, about)
                assert told.discloses and TRUTH[locale] in told.body.casefold()


def talked(age: str, minutes_between: int, hours: int) -> list[tuple[int, str]]:
    """Minutes since the start and the answers of somebody who writes at a steady pace."""
    first = turn(None, "hello", 0, NOW)
    person: Person = replace(first.person, profile=replace(first.person.profile, age=age))  # type: ignore[arg-type]  # a literal
    said = []
    for number in range(1, hours * 60 // minutes_between + 1):
        now = NOW + number * minutes_between * 60_000_000
        decision = turn(person, "thanks", number, now)
        said.append((number * minutes_between, decision.reply.text))
        person = decision.person
    return said


def test_a_minor_is_reminded_and_told_to_take_a_break_every_three_hours() -> None:
    breaks = [at for at, text in talked("minor", 10, 10) if "for a break" in text]
    assert breaks == [180, 360, 540]
    for at, text in talked("minor", 10, 10):
        if at in breaks:
            assert "a machine" in text


def test_short_pauses_between_visits_do_not_hide_a_long_day() -> None:
    breaks = [at for at, text in talked("minor", 45, 10) if "for a break" in text]
    assert breaks == [180, 360, 540]


def test_a_long_rest_begins_anew() -> None:
    assert [at for at, text in talked("minor", 200, 20) if "for a break" in text] == []


def test_adults_are_reminded_what_they_talk_to_but_not_sent_away() -> None:
    said = talked("adult", 10, 7)
    assert [at for at, text in said if "a machine" in text] == [180, 360]
    assert not [at for at, text in said if "for a break" in text]
