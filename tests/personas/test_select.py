"""Which voice speaks."""

import pytest
from msgspec.structs import replace

from bot.catalog import load
from bot.content import choose
from bot.content.render import render
from bot.feeds.simulated import Simulated
from bot.model.decision import Decision
from bot.model.message import Inbound
from bot.model.person import Person, SkillName
from bot.personas.parse import Persona, Personas
from bot.personas.select import select
from bot.talk import words
from bot.talk.decide import decide
from bot.talk.script import Moment, Script, Terms
from tests.builders import NOW
from tests.conftest import ROOT

PERSONAS = Personas(
    {name: Persona(name, name.title()) for name in ("calm", "mentor", "analyst")}, "mentor"
)


def test_the_pinned_voice_goes_before_the_rules() -> None:
    assert select(PERSONAS, "analyst", "calm").name == "analyst"


def test_the_rules_go_before_the_default() -> None:
    assert select(PERSONAS, "", "calm").name == "calm"
    assert select(PERSONAS, "", None).name == "mentor"


def test_a_voice_that_no_longer_exists_is_passed_over() -> None:
    assert select(PERSONAS, "gone", "calm").name == "calm"
    assert select(PERSONAS, "gone", "gone").name == "mentor"


SCRIPT: Script = load(ROOT, Terms(new_age="adult")).script


def _said(person: Person | None, text: str, number: int = 1) -> Decision:
    now = NOW + number * 60_000_000
    inbound = Inbound(f"m{number}", "ada", "message", now, text=text)
    return decide(SCRIPT, person, inbound, Moment(f"{number:032x}", now, now, 0, lambda _: None))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("talk like the analyst", "analyst"),
        ("talk to me like a coach", "coach"),
        ("switch to the mentor", "mentor"),
        ("speak calmly", "calm"),
        ("be the coach please", "coach"),
    ],
)
def test_a_voice_asked_for_is_pinned_and_speaks_at_once(text: str, name: str) -> None:
    asked = _said(None, text)
    assert asked.person.persona == name and asked.reply.persona == name
    assert _said(asked.person, "thanks", 2).reply.persona == name


@pytest.mark.parametrize(
    "text", ["back to automatic", "choose the voice yourself", "speak automatically"]
)
def test_a_pinned_voice_is_let_go_on_request(text: str) -> None:
    pinned = _said(None, "talk like the analyst").person
    freed = _said(pinned, text, 2)
    assert freed.person.persona == ""
    assert freed.reply.persona == "mentor" and "Mentor" in freed.reply.text


def test_a_refusal_by_a_limit_is_said_calmly_and_calm_stays_an_hour() -> None:
    person, number = None, 0
    for text in ("set my daily limit to 6", "teach me leverage", "go deeper", "yes", "go deeper"):
        number += 1
        last = _said(person, text, number)
        person = last.person
    assert "daily limit" in last.reply.text and last.reply.persona == "calm"
    assert _said(person, "thanks", number + 1).reply.persona == "coach", "asked, never refused"
    props = {"source": "unlock", "sku": "leverage.premium", "expected_price": None}
    now = NOW + 20 * 60_000_000
    inbound = Inbound("u", "ada", "purchase", now, name="unlock", props=props, fingerprint="f")
    refused = decide(SCRIPT, person, inbound, Moment("9" * 32, now, now, 0, lambda _: None))
    assert refused.outcome is not None and refused.outcome.reason == "cap_day"
    assert refused.reply.persona == "calm"
    assert _said(refused.person, "thanks", 70).reply.persona == "calm"
    assert _said(refused.person, "thanks", 90).reply.persona == "coach"


@pytest.mark.parametrize(
    ("answers", "level", "voice"),
    [
        ((), "novice", "mentor"),
        ((), "expert", "analyst"),
        ((0, 0, 1), "expert", "mentor"),
        ((1,) * 10, "expert", "analyst"),
    ],
)
def test_the_answers_to_quizzes_choose_the_voice(
    answers: tuple[int, ...], level: SkillName, voice: str
) -> None:
    first = _said(None, "hello").person
    person = replace(
        first,
        skill=replace(first.skill, level=level),
        progress=replace(first.progress, answers=answers),
    )
    assert _said(person, "topics", 2).reply.persona == voice


def test_an_urgent_question_about_the_market_is_answered_in_the_short_form() -> None:
    market = replace(Simulated(1).snapshot("BTC", NOW), at=NOW - 7 * 60_000_000)
    for voice in SCRIPT.personas.names:
        found = choose.urgent(SCRIPT.content, voice, "en")
        assert found is not None
        view = words.View(SCRIPT, Person("ada"), NOW, "UTC", market=market)
        text = render(found.template, words.variables(view, found.names)).text
        assert f"{market.current_price:,.0f}" in text and "7 minutes old" in text, voice
        assert f"{round(market.change_pct, 1):+} %" in text, voice
