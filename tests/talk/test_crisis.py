"""Words of despair are heard, whatever else is going on, and what follows them (P24)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.authored import Report
from bot.ledger import windows
from bot.model.decision import Decision
from bot.model.message import Inbound
from bot.model.person import Consent, Person, Profile
from bot.people.calendar import DAY_US
from bot.people.countries import country_of
from bot.talk.alarm import locale_heard
from bot.talk.decide import decide
from bot.talk.despair import NOTHING, parse_weights
from bot.talk.slots import normalise, zones
from tests.content.files import nodes
from tests.talk.test_decide import NOW, SCRIPT, bought, moment, said

HEARD = Path(__file__).parent / "heard"
INTENTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "intents"
ALARM = SCRIPT.understanding.alarm
WEEK = 7 * DAY_US
MINUTE = 60_000_000
DESPAIR = "I want to kill myself"
STATES = tuple(SCRIPT.dialogue.story.states)


def texts(name: str) -> list[str]:
    return (HEARD / f"{name}.txt").read_text("utf-8").splitlines()


def is_heard(text: str) -> bool:
    return bool(locale_heard(ALARM, normalise(text).split()))


def in_care(text: str = DESPAIR, person: Person | None = None) -> Decision:
    return said(person, text, 1, NOW)


def test_of_300_texts_of_despair_at_most_one_in_a_hundred_is_missed() -> None:
    crisis = texts("crisis")
    missed = [text for text in crisis if not is_heard(text)]
    assert len(crisis) >= 300 and len(missed) <= len(crisis) // 100, missed


def test_of_400_texts_that_only_look_like_it_at_most_one_in_twenty_alarms() -> None:
    harmless = texts("harmless")
    alarms = [text for text in harmless if is_heard(text)]
    right = sum(map(is_heard, texts("crisis")))
    assert len(harmless) >= 400
    assert right / (right + len(alarms)) >= 0.95, alarms


def public_texts() -> list[str]:
    """Every text of two public intent sets: people who talk to machines about anything."""
    found = []
    for name in ("banking77", "hwu64"):
        with (INTENTS / name / "train.csv").open(encoding="utf-8", newline="") as file:
            found += [max(row, key=len) for row in csv.reader(file)]
    return found


def test_of_texts_held_back_nine_in_ten_are_heard_and_few_alarm_for_nothing() -> None:
    despair, alike = texts("crisis_held_back"), texts("harmless_held_back")
    right, wrong = sum(map(is_heard, despair)), sum(map(is_heard, alike))
    assert right >= 0.9 * len(despair)
    assert right / (right + wrong) >= 0.95


def test_without_the_learnt_weights_the_patterns_stand_alone() -> None:
    bare = replace(ALARM, weights=NOTHING)
    crisis, harmless = texts("crisis"), texts("harmless")
    assert all(locale_heard(bare, normalise(text).split()) for text in crisis)
    assert not any(locale_heard(bare, normalise(text).split()) for text in harmless)


def test_what_only_sounds_like_despair_is_answered_in_the_language_it_is_said_in() -> None:
    text = "ajattelen itseni tappamista"
    assert locale_heard(ALARM, text.split()) == "fi"
    assert not locale_heard(replace(ALARM, weights=NOTHING), text.split())
    assert "Olen kone" in said(None, text, 1, NOW).reply.text
    assert "I am a machine" in said(None, "i cant take this life anymore", 1, NOW).reply.text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("despair: {bias: 0, least: 0, weights: 'x y'}", "U022"),
        ("despair: {bias: 0}", "U022"),
        ("despair: {bias: 0, least: 0, weights: '12'}", "U022"),
    ],
)
def test_weights_that_cannot_be_are_named(text: str, code: str) -> None:
    report = Report()
    assert parse_weights(nodes({"content/despair.yaml": text}, report), report) == NOTHING
    assert code in {one.code for one in report.errors}


@pytest.mark.skipif(not INTENTS.exists(), reason="the public intent sets are not here")
def test_what_people_say_to_machines_alarms_in_less_than_one_of_a_thousand() -> None:
    everyday = public_texts()
    alarms = [text for text in everyday if is_heard(text)]
    assert len(everyday) > 15_000 and len(alarms) < len(everyday) / 1_000, alarms


@given(st.sampled_from(texts("crisis")), st.sampled_from(["", "hello. ", "leverage? "]))
@settings(max_examples=60, deadline=None)
def test_neither_capitals_nor_words_around_it_hide_it(text: str, before: str) -> None:
    assert is_heard(f"{before}{text.upper()}!!! tell me about btc") or not is_heard(text)


@pytest.mark.parametrize("state", STATES)
def test_the_answer_is_the_same_in_every_state_and_voice(state: str) -> None:
    person = said(None, "hello", 1, NOW).person
    first = said(person, DESPAIR, 2, NOW + MINUTE).reply
    stand = replace(person.state, name=state, topic="leverage", sku="leverage.premium")
    voiced = replace(person, state=stand, persona="analyst")
    reply = said(voiced, DESPAIR, 2, NOW + MINUTE).reply
    assert (reply.text, reply.choices, reply.state) == (first.text, (), "idle")
    assert "findahelpline.com" in reply.text and "machine" in reply.text


def test_the_lines_are_those_of_the_country_and_the_words_those_that_were_heard() -> None:
    def told(text: str, zone: str | None) -> str:
        person = replace(said(None, "hello", 1, NOW).person, profile=Profile(time_zone=zone))
        return said(person, text, 2, NOW + MINUTE).reply.text

    assert "09 2525 0111" in told(DESPAIR, "Europe/Helsinki")
    assert "116 123" in told(DESPAIR, "Europe/London") and "999" in told(DESPAIR, "Europe/London")
    assert "13 11 14" in told(DESPAIR, "Australia/Sydney")
    assert "911" in told(DESPAIR, "America/New_York") and "988" in told(DESPAIR, "US/Pacific")
    assert "988" in told(DESPAIR, None)
    finnish = told("haluan kuolla", None)
    assert "Olen kone" in finnish and "09 2525 0111" in finnish
    assert "90101" in told("haluan kuolla", "Europe/Stockholm")


@pytest.mark.parametrize("country", sorted({name for _, name in SCRIPT.content.crisis} - {""}))
def test_every_country_named_is_one_and_its_answer_names_a_number(country: str) -> None:
    assert country in {country_of(zone) for zone in zones().values.values()}
    template = SCRIPT.content.crisis["en", country]
    assert template.fixed is not None and "{" not in template.fixed.text
    assert any(char.isdigit() for char in template.fixed.text)


def test_for_seven_days_nothing_is_sold_and_nothing_offered() -> None:
    person = in_care().person
    until = windows.closed_until(person.spending, "care", NOW)
    assert until is not None and NOW + WEEK <= until <= NOW + WEEK + MINUTE
    learning = said(person, "teach me leverage", 2, NOW + MINUTE)
    assert learning.person.progress.lessons == ("leverage.free",)
    assert all(choice.send != "Go deeper" for choice in learning.reply.choices)
    deeper = said(learning.person, "go deeper", 3, NOW + 2 * MINUTE)
    assert deeper.reply.price == 0 and "8 March 2026" in deeper.reply.text
    tried = bought(deeper.person, "leverage.basic", 4)
    assert tried.outcome is not None
    assert (tried.outcome.reason, tried.outcome.until) == ("care", until)
    assert not [entry for entry in tried.entries if entry.kind == "unlock"]


def test_when_the_week_is_over_it_is_over() -> None:
    person = in_care().person
    late = NOW + WEEK + 2 * MINUTE
    first = said(person, "teach me leverage", 2, late)
    offered = said(first.person, "go deeper", 3, late + MINUTE)
    assert offered.reply.price == 2


def test_words_said_again_begin_the_week_anew_and_a_pause_does_not_shorten_it() -> None:
    person = in_care().person
    again = said(person, "haluan kuolla", 2, NOW + 2 * DAY_US).person
    paused = said(again, "pause for 24 hours", 3, NOW + 2 * DAY_US + MINUTE).person
    until = windows.closed_until(paused.spending, "care", NOW + 3 * DAY_US)
    assert until is not None and until >= NOW + 9 * DAY_US
    assert len([one for one in paused.spending.pauses if one.kind == "care"]) == 1


def test_no_rule_opens_what_care_closed() -> None:
    person = in_care().person
    open_to_all = replace(SCRIPT, rules=replace(SCRIPT.rules, layers=()))
    for script in (SCRIPT, open_to_all):
        outcome = bought(person, "leverage.basic", 2, script).outcome
        assert outcome is not None and outcome.outcome == "refused"


def test_credits_are_not_sold_in_care_either() -> None:
    person = in_care().person
    props = {"credits": 10}
    inbound = Inbound("t1", "somebody", "staff", NOW, name="topup", props=props)
    decision = decide(SCRIPT, person, inbound, moment(7, NOW + MINUTE))
    assert decision.entries == () and decision.reply.body is not None
    assert decision.reply.body["reason"] == "care"


def test_it_is_told_as_an_event_without_the_words() -> None:
    decision = in_care()
    assert [event.name for event in decision.events] == ["care_started"]
    assert set(decision.events[0].props) == {"until"}


def test_a_first_message_of_despair_is_answered_first_and_alone() -> None:
    decision = in_care()
    assert decision.trace.intent == "crisis"
    assert "teach" not in decision.reply.text and decision.person.consent == Consent()


def test_the_same_words_are_the_same_decision() -> None:
    first = in_care()
    assert said(first.before, DESPAIR, 1, NOW) == first
