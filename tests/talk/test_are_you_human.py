"""Whoever asks whether this is a machine is told so: 200 ways, in each voice and each state."""

import hashlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.catalog import load
from bot.model.message import Inbound
from bot.model.person import Conversation, Person, Profile
from bot.talk.decide import decide
from bot.talk.script import Moment, Script, Terms
from bot.talk.understand import understand
from tests.builders import NOW
from tests.conftest import ROOT

SCRIPT: Script = load(ROOT, Terms(new_age="adult")).script
LOCALES = SCRIPT.content.locales
LINES = (Path(__file__).parent / "are_you_human.txt").read_text("utf-8").splitlines()
ASKED = [
    (line[:2], line[3:], hashlib.sha256(line[3:].encode()).digest()[0] % 3 == 0)
    for line in LINES
    if not line.startswith("#")
]
# What each voice says of itself, and what only a person could say.
TRUTH = {"en": "machine", "fi": "kone"}


def test_two_hundred_ways_in_two_languages() -> None:
    count = {locale: sum(row[0] == locale for row in ASKED) for locale in ("en", "fi")}
    assert count["en"] >= 100 and count["fi"] >= 80
    assert len({row[:2] for row in ASKED}) == len(ASKED)


@pytest.mark.parametrize("held_back", [False, True])
@pytest.mark.parametrize("locale", LOCALES)
def test_each_way_of_asking_is_understood(locale: str, held_back: bool) -> None:
    rows = [text for language, text, held in ASKED if (language, held) == (locale, held_back)]
    missed = {}
    for text in rows:
        intent = understand(SCRIPT.understanding, text, locale, "idle")
        if intent.name != "are_you_human":
            missed[text] = intent.name
    print(f"{locale} held back {held_back}: {len(rows) - len(missed)} of {len(rows)}")
    assert missed == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_where_any_words_are_an_answer_the_question_is_still_heard(locale: str) -> None:
    assert SCRIPT.understanding.free
    for state in SCRIPT.understanding.free:
        for language, text, _ in ASKED:
            if language == locale:
                intent = understand(SCRIPT.understanding, text, locale, state)
                assert intent.name == "are_you_human", (state, text, intent)


def _answer(text: str, locale: str, state: str, voice: str) -> str:
    topic = {"topic": "leverage", "sku": "leverage.basic"}
    person = Person(
        "ada",
        version=3,
        created_at=NOW,
        last_at=NOW,
        seen_at=NOW,
        profile=Profile("Ada", language=locale, age="adult"),
        persona=voice,
        state=Conversation(state, topic["topic"], topic["sku"], NOW),
    )
    person = replace(person, seen=replace(person.seen, disclosed_at=NOW))
    now = NOW + 60_000_000
    inbound = Inbound("m1", "ada", "message", now, text=text)
    decision = decide(SCRIPT, person, inbound, Moment("1" * 32, now, now, 0, lambda _: None))
    assert decision.trace.faults == ()
    return decision.reply.text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("state", sorted(SCRIPT.dialogue.story.states))
def test_in_every_state_and_voice_the_answer_is_true(state: str, locale: str) -> None:
    if SCRIPT.dialogue.story.states[state].is_passing:
        pytest.skip("nobody stands there between two messages")
    for voice in SCRIPT.personas.names:
        for language, text, _ in ASKED:
            if language == locale:
                answer = _answer(text, locale, state, voice)
                assert TRUTH[locale] in answer, (state, voice, text, answer)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_voice_answers_in_its_own_words_and_in_the_language_asked(locale: str) -> None:
    asked = {"en": "are you human", "fi": "oletko ihminen"}[locale]
    answers = {_answer(asked, locale, "idle", voice) for voice in SCRIPT.personas.names}
    assert len(answers) == len(SCRIPT.personas.names)
