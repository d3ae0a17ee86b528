"""The story of a turn: it replays, it denies on a fault, and rules may only be stricter."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.catalog import load
from bot.feeds.simulated import Simulated
from bot.model.decision import Decision
from bot.model.message import Inbound
from bot.model.person import Person
from bot.rules import engine
from bot.talk import decide as story
from bot.talk.decide import decide
from bot.talk.script import Moment, Script, Terms
from tests.conftest import ROOT

NOW = 1_772_366_400_000_000
SCRIPT: Script = load(ROOT, Terms(new_age="adult")).script
MARKET = Simulated(1).snapshot("BTC", NOW)
TEXTS = (
    "hello", "teach me leverage", "go deeper", "yes", "no", "more", "what do you see in BTC?",
    "my limits", "set my daily limit to 5", "pause for 24 hours", "watch BTC", "why", "topics",
    "i am under 18", "i am 18 or older", "speak calm", "gibberish qwxz", "erase me", "",
)  # fmt: skip


def moment(number: int, now: int, is_trusted: bool = True) -> Moment:
    return Moment(f"{number:032x}", now, now, number, lambda _: MARKET, is_trusted)


def said(
    person: Person | None, text: str, number: int, now: int, script: Script = SCRIPT
) -> Decision:
    inbound = Inbound(f"m{number}", "somebody", "message", now, text=text)
    return decide(script, person, inbound, moment(number, now))


def bought(person: Person | None, sku: str, number: int, script: Script = SCRIPT) -> Decision:
    props = {"source": "unlock", "sku": sku, "expected_price": None}
    now = NOW + number * 60_000_000
    inbound = Inbound(
        f"u{number}", "somebody", "purchase", now, name="unlock", props=props, fingerprint="f"
    )
    return decide(script, person, inbound, moment(number, now))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(1, 3 * 86_400_000_000)), max_size=12)
)
def test_a_turn_decided_again_from_what_is_kept_is_the_same(
    talk: list[tuple[str, int]],
) -> None:
    person, now = None, NOW
    for number, (text, gap) in enumerate(talk):
        now += gap
        first = said(person, text, number, now)
        again = decide(SCRIPT, first.before, first.inbound, moment(first.trace.seed, first.now))
        assert again == first
        assert first.reply.text
        assert first.person.version == (person.version if person else 0) + 1
        person = first.person


def test_an_engine_fault_denies_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the engine broke")

    monkeypatch.setattr(engine, "judge", broken)
    decision = bought(None, "leverage.basic", 1)
    assert decision.outcome is not None and decision.outcome.outcome == "refused"
    assert decision.entries == tuple(e for e in decision.entries if e.kind != "unlock")
    assert decision.trace.faults == ("RuntimeError: the engine broke",)


def test_free_content_is_told_even_when_the_engine_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story.engine, "judge", lambda *_: 1 / 0)
    decision = said(None, "teach me leverage", 1, NOW)
    assert decision.person.progress.lessons == ("leverage.free",)


def test_no_rule_that_opens_paid_content_means_it_is_closed() -> None:
    rules = replace(SCRIPT.rules, layers=())
    decision = bought(None, "leverage.basic", 1, replace(SCRIPT, rules=rules))
    assert decision.outcome is not None and decision.outcome.reason == "denied"


def test_ids_follow_from_the_turn() -> None:
    one, two = bought(None, "leverage.basic", 1), bought(None, "leverage.basic", 1)
    assert [e.id for e in one.entries] == [e.id for e in two.entries]
    assert len({e.id for e in one.entries}) == len(one.entries)
    assert sum(e.amount for e in one.entries) == 0


def test_a_lesson_is_counted_once() -> None:
    first = said(None, "teach me leverage", 1, NOW)
    again = said(first.person, "teach me leverage", 2, NOW + 60_000_000)
    names = ["daily_login", "lesson_start", "achievement_unlocked", "lesson_complete"]
    assert [e.name for e in first.events] == names
    assert again.events == () and again.person.skill.lessons == 1


def test_a_no_to_an_offer_is_remembered() -> None:
    person = None
    for number, text in enumerate(("teach me leverage", "go deeper", "no")):
        person = said(person, text, number, NOW + number * 60_000_000).person
    assert person is not None and "leverage.basic" in person.seen.offers


def test_a_minor_is_taught_and_never_charged() -> None:
    script = replace(SCRIPT, terms=replace(SCRIPT.terms, new_age="unknown"))
    asked = bought(None, "leverage.basic", 1, script)
    assert asked.outcome is not None and asked.outcome.reason == "age_unknown"
    assert asked.outcome_id == "" and asked.reply.choices
    minor = said(asked.person, "i am under 18", 2, NOW + 10 * 60_000_000, script)
    refused = bought(minor.person, "leverage.basic", 20, script)
    assert refused.outcome is not None and refused.outcome.reason == "age_minor"
    taught = said(refused.person, "teach me leverage", 30, NOW + 40 * 60_000_000, script)
    assert taught.person.progress.lessons == ("leverage.free",)


def test_a_charge_that_waited_for_the_age_is_offered_again() -> None:
    script = replace(SCRIPT, terms=replace(SCRIPT.terms, new_age="unknown"))
    asked = bought(None, "leverage.basic", 1, script)
    adult = said(asked.person, "i am 18 or older", 2, NOW + 10 * 60_000_000, script)
    assert adult.person.profile.age == "adult"
    assert adult.reply.price == 2 and adult.reply.choices
    paid = said(adult.person, "yes", 3, NOW + 11 * 60_000_000, script)
    assert paid.outcome is not None and paid.outcome.outcome == "unlocked"


def test_time_never_goes_back_for_a_person() -> None:
    first = said(None, "hello", 1, NOW)
    earlier = said(first.person, "thanks", 2, NOW - 60_000_000)
    assert earlier.now == first.now + 1


@pytest.mark.parametrize("between", ["my limits", "gibberish qwxz", "what is funding?"])
def test_a_yes_after_anything_else_is_asked_the_price_again(between: str) -> None:
    person = None
    for number, text in enumerate(("teach me leverage", "go deeper", between, "yes")):
        decision = said(person, text, number, NOW + number * 60_000_000)
        person = decision.person
        assert not [entry for entry in decision.entries if entry.kind == "unlock"], text


def test_a_yes_right_after_the_price_is_charged_once_and_never_by_a_second_yes() -> None:
    person, spent = None, 0
    for number, text in enumerate(
        ("teach me leverage", "go deeper", "my limits", "yes", "yes", "yes")
    ):
        decision = said(person, text, number, NOW + number * 60_000_000)
        person = decision.person
        spent += len({entry.transfer_id for entry in decision.entries if entry.kind == "unlock"})
    assert spent == 1
