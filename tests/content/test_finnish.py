"""Finnish is whole: every text of the system, every intent, its own dates and numbers."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.authored import Node, Report, parse
from bot.catalog import load
from bot.content.filters import FILTERS
from bot.content.formats import ENGLISH, parse_formats
from bot.content.texts import ReplyText
from bot.feeds.simulated import Simulated
from bot.model.decision import Decision
from bot.model.message import Inbound
from bot.model.money import TIERS
from bot.model.person import SKILLS, Person, Profile
from bot.talk.decide import decide
from bot.talk.script import Moment, Script, Terms
from bot.talk.understand import understand
from bot.web.boards import JOIN, NO_LEAGUE
from bot.web.teams import A_MEMBER
from tests.builders import NOW
from tests.content.files import nodes, problems

ROOT = Path(__file__).resolve().parents[2]
SCRIPT: Script = load(ROOT, Terms(new_age="adult")).script
CONTENT = SCRIPT.content
WAYS = CONTENT.format("fi")
MARKET = Simulated(1).snapshot("BTC", NOW)
MIDNIGHT = 1_772_402_400_000_000  # 2026-03-02T00:00 in Helsinki
MAIN = (
    *("welcome", "greet", "thanks", "goodbye", "are_you_human", "no_advice", "unknown"),
    *("declined", "lesson_more", "cap_day", "limit_day", "pause_started"),
)
ENGLISH_WORDS = re.compile(
    r"\b(?:the|you|your|and|is|are|not|with|for|this|that)\b", re.IGNORECASE
)
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\[[^\]]*\]\([^)]*\)|\*[^*]*\*", re.DOTALL)


def test_every_reply_has_finnish_words() -> None:
    missing = CONTENT.reply_names - {
        n for who, lang, n in CONTENT.replies if (who, lang) == ("", "fi")
    }
    assert missing == set(), f"content/fi/replies.yaml lacks: {', '.join(sorted(missing))}"


def test_every_notification_has_finnish_words() -> None:
    missing = CONTENT.template_names - {n for lang, n in CONTENT.notices if lang == "fi"}
    assert missing == set(), f"content/fi/notifications.yaml lacks: {', '.join(sorted(missing))}"


def test_every_intent_can_be_said_in_finnish() -> None:
    tongues = SCRIPT.understanding.tongues
    missing = set(tongues["en"].examples) - set(tongues["fi"].examples)
    assert missing == set(), f"content/fi/intents.yaml lacks: {', '.join(sorted(missing))}"


def test_every_voice_has_finnish_words_for_the_main_acts() -> None:
    for voice in SCRIPT.personas.by_name.values():
        own = {n for who, lang, n in CONTENT.replies if (who, lang) == (voice.name, "fi")}
        assert set(MAIN) <= own, (voice.name, sorted(set(MAIN) - own))
        assert voice.titled("fi") != voice.title
        assert (voice.name, "fi") in CONTENT.urgent


def test_every_sentence_of_a_rule_has_finnish_words() -> None:
    sentences = {rule.because for rule in SCRIPT.rules.ordered}
    missing, unused = sentences - set(WAYS.reasons), set(WAYS.reasons) - sentences
    assert missing == set(), f"content/fi/formats.yaml, reasons lack: {sorted(missing)}"
    assert unused == set(), f"content/fi/formats.yaml, reasons of no rule: {sorted(unused)}"


def test_every_depth_and_level_has_a_finnish_word() -> None:
    assert [name for name in (*TIERS, *SKILLS) if name not in WAYS.words] == []


def test_what_boards_say_in_place_of_lines_has_finnish_words() -> None:
    assert [said for said in (JOIN, NO_LEAGUE, A_MEMBER) if said not in WAYS.words] == []


def test_every_topic_and_course_has_a_finnish_title() -> None:
    for topic in CONTENT.topics["en"]:
        assert topic in CONTENT.topics["fi"] or topic == "exchange-tour", topic
    for course in CONTENT.courses["en"].values():
        assert CONTENT.courses["fi"][course.id].topics == course.topics


def _fixed(reply: ReplyText) -> list[tuple[str, str]]:
    return [
        (choice.label.source, choice.send.source)
        for choice in reply.choices
        if not choice.send.names
    ]


@pytest.mark.parametrize("name", sorted(CONTENT.reply_names))
def test_a_finnish_choice_does_what_the_english_one_does(name: str) -> None:
    english, finnish = CONTENT.replies["", "en", name], CONTENT.replies["", "fi", name]
    pairs = list(zip(_fixed(english), _fixed(finnish), strict=True))
    places = ["idle", *(one for one in SCRIPT.understanding.states if "onboarding" not in one)]
    if name.startswith("ask_"):
        places += [one for one in SCRIPT.understanding.states if "onboarding" in one]
    for (_, first), (_, second) in pairs:
        meant = {place: understand(SCRIPT.understanding, first, "en", place) for place in places}
        said = {place: understand(SCRIPT.understanding, second, "fi", place) for place in places}
        for place in places:
            one, other = meant[place], said[place]
            if one.name in ("answered", "none"):
                continue  # own words of a form, said where it does not stand
            assert (one.name, one.slots) == (other.name, other.slots), (place, first, second)


@pytest.mark.parametrize("name", sorted(CONTENT.reply_names))
def test_a_finnish_text_is_finnish(name: str) -> None:
    for voice in ("", *SCRIPT.personas.names):
        reply = CONTENT.replies.get((voice, "fi", name))
        for template in reply.variants if reply is not None else ():
            plain = TAG.sub(" ", template.source)
            assert not ENGLISH_WORDS.search(plain), (voice, name, plain)


def test_dates_spans_money_and_numbers_are_written_in_finnish() -> None:
    assert WAYS.instant(MIDNIGHT, "Europe/Helsinki") == (
        "2. maaliskuuta 2026 klo 00.00 (Europe/Helsinki)"
    )
    assert ENGLISH.instant(MIDNIGHT, "Europe/Helsinki") == "2 March 2026, 00:00 (Europe/Helsinki)"
    hour = 3_600_000_000
    assert [WAYS.span(us) for us in (1, hour, 2 * hour, 48 * hour)] == [
        *("1 minuutti", "60 minuuttia", "2 tuntia", "2 päivää"),
    ]
    assert WAYS.price(500, "EUR") == "5,00 EUR"
    assert WAYS.credits(None) == "ei rajaa"
    comma = FILTERS["comma"].call
    assert comma("1,234,567.5") == "1\u202f234\u202f567,5"
    assert comma("+1.2") == "+1,2" and comma("7, 8. Ja") == "7, 8. Ja"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("formats: {months: [a]}", "C030  a year has 12 months, not 1"),
        ("formats: {moment: '{dya}'}", "'{dya}' may use {day}, {month}, {year}"),
        ("formats: {units: {day: [päivä]}}", "write the word for one day, and the one for more"),
        ("formats: {unit: {}}", "'unit' is not a key here; did you mean 'units'?"),
    ],
)
def test_a_mistake_in_the_formats_is_told(text: str, problem: str) -> None:
    report = Report()
    parse_formats(nodes({"content/fi/formats.yaml": text}, report), report)
    assert problem in problems(report)


def _said(person: Person | None, text: str, number: int) -> Decision:
    now = NOW + number * 60_000_000
    moment = Moment(f"{number:032x}", now, now, 0, lambda _: MARKET)
    return decide(SCRIPT, person, Inbound(f"m{number}", "a", "message", now, text=text), moment)


@pytest.mark.parametrize(
    "text", ["moi", "kerro vivusta", "mitä bitcoinille kuuluu?", "mitä ossaat"]
)
def test_who_writes_finnish_first_is_answered_in_finnish_and_told_why(text: str) -> None:
    first = _said(None, text, 1)
    assert first.person.profile.language == "fi"
    assert "Olen Sam, kone" in first.reply.text
    assert "Vastasin suomeksi, koska kirjoitit suomea" in first.reply.text
    again = _said(first.person, "kiitos", 2)
    assert "Vastasin suomeksi" not in again.reply.text
    back = _said(again.person, "in English please", 3)
    assert back.person.profile.language == "en" and "English" in back.reply.text


def test_english_is_not_taken_for_finnish() -> None:
    for text in ("hello", "no", "what is a stop", "kill the lights", "I saw an osso buco", "BTC"):
        assert _said(None, text, 1).person.profile.language == "en", text


def test_what_is_in_english_only_is_said_to_be() -> None:
    person = Person("a", profile=Profile(language="fi", age="adult"), created_at=NOW)
    told = _said(person, "kerro volatiliteetista", 1)
    assert "Tämä oppitunti on vain englanniksi:" in told.reply.text
    if CONTENT.is_told_in("leverage.free", "fi"):
        assert "vain englanniksi" not in _said(person, "kerro vivusta", 1).reply.text


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("krediitini", "balance"),
        ("mita osaat", "help"),
        ("kerro likvidaatiokasaumsta", "ask_topic"),
        ("kiitoss paljon", "thanks"),
        ("hyvaa huomenta", "greet"),
        ("mitä bitcoinile kuuluu", "market"),
    ],
)
def test_typos_in_finnish_are_mended(text: str, intent: str) -> None:
    assert understand(SCRIPT.understanding, text, "fi", "idle").name == intent


@pytest.mark.parametrize(
    ("text", "name", "slots"),
    [
        ("aseta päivärajaksi 10", "set_limit", {"amount": "10", "period": "day"}),
        ("40 krediittiä viikossa", "set_limit", {"amount": "40", "period": "week"}),
        ("tauko viikoksi", "pause", {"duration": "168"}),
        ("pidän 7 päivän tauon", "pause", {"duration": "168"}),
        ("tauko 24 tuntia", "pause", {"duration": "24"}),
        ("aikavyöhykkeeni on Europe/Helsinki", "zone", {"zone": "Europe/Helsinki"}),
        ("puhu kuin analyytikko", "pick_persona", {"persona": "analyst"}),
        ("seuraa BTC:tä", "watch", {"asset": "BTC"}),
        ("mitä BTC:lle kuuluu?", "market", {"asset": "BTC"}),
        ("nimeni on Aino", "tell_name", {"name": "Aino"}),
        ("en ole vielä 18", "age_minor", {"age": "minor"}),
    ],
)
def test_finnish_holes_are_filled(text: str, name: str, slots: dict[str, str]) -> None:
    intent = understand(SCRIPT.understanding, text, "fi", "idle")
    assert (intent.name, intent.slots) == (name, slots)


WHOLE = ("liquidation-clusters", "position-sizing", "leverage")
ENGLISH_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
FINNISH_NUMBER = re.compile(r"\d(?:[\d\u202f]*\d)?(?:,\d+)?")


def _english_numbers(text: str) -> Counter[str]:
    return Counter(one.rstrip(",").replace(",", "") for one in ENGLISH_NUMBER.findall(text))


def _finnish_numbers(text: str) -> Counter[str]:
    found = FINNISH_NUMBER.findall(text)
    return Counter(one.replace("\u202f", "").replace(",", ".") for one in found)


@pytest.mark.parametrize("topic", WHOLE)
def test_three_topics_are_whole_in_finnish_and_no_number_is_lost(topic: str) -> None:
    for tier in TIERS:
        sku = f"{topic}.{tier}"
        assert CONTENT.is_told_in(sku, "fi")
        told, meant = CONTENT.lesson(sku, "fi").source, CONTENT.lesson(sku, "en").source
        assert _finnish_numbers(told) == _english_numbers(meant), sku
        assert told.count("\n- ") == meant.count("\n- "), "as many points"
        assert told.count("**") == meant.count("**"), "as many things in bold"


@pytest.mark.parametrize("topic", WHOLE)
def test_a_finnish_quiz_has_the_same_answers(topic: str) -> None:
    pairs = zip(CONTENT.quiz(topic, "fi"), CONTENT.quiz(topic, "en"), strict=True)
    for told, meant in pairs:
        assert (told.right, len(told.options)) == (meant.right, len(meant.options))
        because = _finnish_numbers(told.because.source)
        assert because == _english_numbers(meant.because.source), told.because.source
        options = [_finnish_numbers(one) for one in told.options]
        assert options == [_english_numbers(one) for one in meant.options]


def test_a_lesson_and_its_quiz_in_finnish() -> None:
    person = Person("a", profile=Profile(language="fi", age="adult"), created_at=NOW)
    lesson = _said(person, "kerro position koosta", 1)
    assert "vain englanniksi" not in lesson.reply.text and "Kokeile itse" in lesson.reply.text
    asked = _said(lesson.person, "tietovisa", 2)
    assert "Kuinka monta yksikköä voit pitää?" in asked.reply.text
    right = _said(asked.person, "a", 3)
    assert "30 / 60 = 0,5" in right.reply.text and "Mikä tulee ensin?" in right.reply.text


def test_a_file_that_names_no_formats_leaves_english() -> None:
    report = Report()
    root = parse("formats: {}", "content/sv/formats.yaml", report)
    assert isinstance(root, Node)
    assert parse_formats({"content/sv/formats.yaml": root}, report)["sv"] == ENGLISH
