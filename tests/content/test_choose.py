"""Which of the authored texts is said."""

import pytest

from bot.content.choose import choose, notice
from tests.content.files import parsed, small_replies

CONTENT, REPORT = parsed(
    {
        "content/en/replies.yaml": small_replies(
            hello="{say: [a, b, c], choices: [{label: '{{ name }}', send: x}]}", only="{say: e}"
        ),
        "content/fi/replies.yaml": "replies: {hello: moi}",
        "content/en/notifications.yaml": (
            "notifications: {comeback: {subject: s, body: long, short: brief}, "
            "market_alert: {subject: s, body: news, short: fact}}"
        ),
        "personas/terse.yaml": "title: T\nurgent: {en: terse fact}\n"
        "phrases: {en: {hello: mine, only: own}, fi: {only: oma}}",
    }
)


def _source(name: str, persona: str, locale: str, dice: int = 0) -> str:
    return choose(CONTENT, name, persona, locale, dice).template.source


def test_a_persona_speaks_its_own_words() -> None:
    assert _source("hello", "terse", "en") == "mine"
    assert _source("hello", "somebody", "en") == "a"


def test_the_dice_pick_a_variant() -> None:
    assert [_source("hello", "", "en", dice) for dice in range(4)] == ["a", "b", "c", "a"]
    assert _source("hello", "", "en", 2**63 + 1) == "a"


def test_the_language_of_the_person_goes_before_the_voice() -> None:
    assert _source("hello", "terse", "fi") == "moi"
    assert _source("only", "terse", "fi") == "oma"


def test_what_is_not_translated_is_said_in_english() -> None:
    assert _source("only", "", "fi") == "e"
    assert _source("hello", "", "sv") == "a"


def test_the_variables_of_choices_are_known() -> None:
    assert choose(CONTENT, "hello", "", "en", 0).names >= {"name"}


def test_a_reply_nobody_wrote_is_a_fault() -> None:
    with pytest.raises(KeyError, match="no reply is called 'gone'"):
        choose(CONTENT, "gone", "", "en", 0)


def test_urgent_news_are_short_and_factual_in_the_personas_words() -> None:
    assert notice(CONTENT, "market_alert", "terse", "en", 7).body.source == "news"
    assert notice(CONTENT, "market_alert", "terse", "en", 8).body.source == "terse fact"
    assert notice(CONTENT, "market_alert", "other", "en", 8).body.source == "fact"
    assert notice(CONTENT, "comeback", "terse", "en", 9).body.source == "brief"
    assert notice(CONTENT, "market_alert", "terse", "fi", 8).body.source == "terse fact"
