"""The same five situations in each voice, as files people can read: tests/personas/golden/*.txt.

A difference fails. After a change that is meant, write them anew with
`RENEW_GOLDEN=1 pytest tests/personas/test_golden.py` and read what changed.
"""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.catalog import load
from bot.feeds.simulated import Simulated
from bot.model.message import Alert, Inbound, Reply
from bot.model.person import Consent, Person, Profile
from bot.outreach.compose import Subject, compose
from bot.talk.decide import decide
from bot.talk.script import Moment, Script, Terms
from tests.conftest import ROOT

GOLDEN = Path(__file__).parent / "golden"
NOW = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z
MINUTE = 60_000_000
SCRIPT: Script = load(ROOT, Terms(new_age="adult")).script
MARKET = replace(Simulated(1).snapshot("BTC", NOW), at=NOW - 4 * MINUTE)
ALERT = Alert("a1", "BTC", "liquidation", 9, "A large cluster formed below 43,400", NOW - MINUTE)
VOICES = sorted(SCRIPT.personas.names)
LANGUAGES = SCRIPT.content.locales
LINE = 88
SAID = {
    "en": {},
    "fi": {
        "hello": "moi",
        "teach me leverage": "kerro vivusta",
        "set my daily limit to 6": "aseta päivärajaksi 6",
        "go deeper": "syvemmälle",
        "yes": "kyllä",
        "bye": "näkemiin",
    },
}


class Talk:
    """One person who pinned a voice, and what they are told."""

    def __init__(self, voice: str, language: str) -> None:
        profile = Profile("Ada", language=language, age="adult", time_zone="Europe/Helsinki")
        self.person: Person | None = None
        self.start = Person("ada", persona=voice, profile=profile, consent=Consent(nudges=True))
        self.number = 0
        self.words: dict[str, str] = SAID[language]

    def said(self, text: str, minutes: int = 1) -> Reply:
        self.number += 1
        text = self.words.get(text, text)
        now = (self.person.last_at if self.person else NOW) + minutes * MINUTE
        before = self.person or self.start
        if self.number == 1:  # a stored person: the welcome credits came with an earlier turn
            first = decide(SCRIPT, None, Inbound("m0", "ada", "message", NOW), self.moment(NOW))
            before = replace(
                self.start, version=1, spending=first.person.spending, created_at=NOW, last_at=NOW
            )
        inbound = Inbound(f"m{self.number}", "ada", "message", now, text=text)
        decision = decide(SCRIPT, before, inbound, self.moment(now))
        assert decision.trace.faults == ()
        self.person = decision.person
        return decision.reply

    def moment(self, now: int) -> Moment:
        return Moment(f"{self.number:032x}", now, now, 0, lambda _: MARKET)


def first_visit(voice: str, language: str) -> list[str]:
    return shown(SAID[language].get("hello", "hello"), Talk(voice, language).said("hello"))


def a_lesson(voice: str, language: str) -> list[str]:
    talk = Talk(voice, language)
    talk.said("hello")
    lesson = SCRIPT.content.lesson("leverage.free", language)
    assert lesson.fixed is not None
    reply = talk.said("teach me leverage")
    body = "(the free lesson on leverage)"
    return shown(
        SAID[language].get("teach me leverage", "teach me leverage"),
        reply,
        lesson.fixed.text,
        body,
    )


def a_refusal(voice: str, language: str) -> list[str]:
    talk = Talk(voice, language)
    for text in ("hello", "set my daily limit to 6", "teach me leverage", "go deeper", "yes"):
        talk.said(text)
    assert talk.person is not None and talk.person.spending.owned
    reply = talk.said("go deeper")
    assert "2. maaliskuuta" in reply.text or "2 March" in reply.text, "it says when it frees up"
    return shown(SAID[language].get("go deeper", "go deeper"), reply)


def an_alert(voice: str, language: str) -> list[str]:
    person = replace(Talk(voice, language).start, seen=replace(Person("x").seen, disclosed_at=NOW))
    title = SCRIPT.personas.by_name[voice].title
    about = Subject(person, NOW, "Europe/Helsinki", "Sam", voice, title, MARKET, ALERT)
    told = compose(SCRIPT.content, "market_alert", about)
    assert not told.fault
    return ["(an urgent alert on BTC arrives)", "", *wrapped(f"[{told.subject}]\n\n{told.body}")]


def a_goodbye(voice: str, language: str) -> list[str]:
    talk = Talk(voice, language)
    talk.said("hello")
    return shown(SAID[language].get("bye", "bye"), talk.said("bye"))


SITUATIONS = {
    "first visit": first_visit,
    "a lesson is asked for": a_lesson,
    "refused at the daily limit": a_refusal,
    "urgent news of a followed market": an_alert,
    "goodbye": a_goodbye,
}


def shown(said: str, reply: Reply, text: str = "", instead: str = "") -> list[str]:
    told = reply.text.replace(text, instead) if text else reply.text
    below = [f"  [{choice.label}] -> {choice.send}" for choice in reply.choices]
    return [f"> {said}", "", *wrapped(told), *([""] if below else []), *below]


def wrapped(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        words, current = line.split(" "), ""
        for word in words:
            if current and len(current) + 1 + len(word) > LINE:
                lines.append(current)
                current = word
            else:
                current = f"{current} {word}" if current else word
        lines.append(current)
    return lines


def rendered(voice: str, language: str) -> str:
    parts = []
    for name, tell in SITUATIONS.items():
        parts += [f"=== {name}", "", *tell(voice, language), "", ""]
    return "\n".join(parts).rstrip() + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("voice", VOICES)
def test_a_voice_says_what_its_file_shows(voice: str, language: str) -> None:
    file = GOLDEN / f"{voice}.{language}.txt"
    found = rendered(voice, language)
    if os.environ.get("RENEW_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, "utf-8")
    assert file.exists(), f"{file.name} is missing: RENEW_GOLDEN=1 writes it"
    assert found == file.read_text("utf-8"), "meant? RENEW_GOLDEN=1 writes it anew"


def test_no_file_is_left_of_a_voice_that_is_gone() -> None:
    known = {f"{voice}.{language}.txt" for voice in VOICES for language in LANGUAGES}
    assert {path.name for path in GOLDEN.iterdir()} == known


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_voice_has_its_own_words_in_each_situation(language: str) -> None:
    for name, tell in SITUATIONS.items():
        texts = {"\n".join(tell(voice, language)) for voice in VOICES}
        assert len(texts) == len(VOICES), f"two voices say the same: {name}"
