"""The shipped replies keep the promises about money, refusals and what the bot is."""

import re

import pytest

from bot.content.choose import choose
from bot.content.render import render, render_choices
from bot.model.message import Choice
from tests.content.files import shipped

CONTENT = shipped()[0]
VOICES = ("", *sorted({persona for persona, _, _ in CONTENT.replies if persona}))
PRICED = {
    "title": "Leverage (premium)",
    "price": 5,
    "money": "EUR 5.00",
    "balance": 12,
    "balance_after": 7,
    "remaining": {"day": "15", "week": "55", "month": "115"},
    "limits": {"day": "20", "week": "60", "month": "120"},
    "until": "2 March 2026, 00:00 (UTC)",
    "spent_money": "EUR 2.00",
}
SELLING = re.compile(r"\b(?:buy|unlock|top.?up|upgrade|deal|offer|discount|more credits)\b", re.I)
REFUSALS = (
    *("age_minor", "paused", "pause_gentle", "rest", "cooling_off", "cap_day", "limit_day"),
    *("cap_week", "cap_month", "insufficient_credits", "denied", "not_open"),
)
TIMED = ("paused", "pause_gentle", "rest", "cooling_off", "cap_day", "limit_day", "cap_week")
ASKING = ("offer", "price_changed", "confirm", "confirm_slowly", "reality_check")


def _said(name: str, persona: str, dice: int = 0) -> tuple[str, tuple[Choice, ...]]:
    chosen = choose(CONTENT, name, persona, "en", dice)
    return render(chosen.template, PRICED).text, render_choices(chosen.choices, PRICED)


def test_choices_without_variables_are_as_they_would_be_rendered() -> None:
    some = [reply for reply in CONTENT.replies.values() if reply.choices]
    fixed = [reply for reply in some if reply.fixed is not None]
    assert len(some) > len(fixed) > 0
    assert all(reply.fixed == render_choices(reply.choices, PRICED) for reply in fixed)
    assert all(reply.choice_names for reply in some if reply.fixed is None)


@pytest.mark.parametrize("persona", VOICES)
@pytest.mark.parametrize("name", ASKING)
def test_a_price_is_said_in_credits_and_money_before_the_click(name: str, persona: str) -> None:
    text, choices = _said(name, persona)
    assert "5 credits (EUR 5.00)" in text
    yes = next(choice for choice in choices if choice.send in ("Yes", "Confirm", "I have seen it"))
    assert "5 credits (EUR 5.00)" in yes.label


@pytest.mark.parametrize("name", ASKING)
def test_every_question_about_money_has_a_no_of_one_click(name: str) -> None:
    _, choices = _said(name, "")
    assert "No" in [choice.send for choice in choices]


def test_an_offer_says_the_balance_after_it_and_what_the_limits_leave() -> None:
    text, _ = _said("offer", "")
    assert "You have 12 credits" in text
    assert "you would have 7" in text
    for left in ("15 today", "55 this week", "115 this month"):
        assert left in text


@pytest.mark.parametrize("persona", VOICES)
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_sells_nothing(name: str, persona: str) -> None:
    for dice in range(3):
        text, choices = _said(name, persona, dice)
        said = re.sub(r"asking for the first one and unlocking it", "", text)
        assert not SELLING.search(said), text
        assert not [choice for choice in choices if SELLING.search(choice.label)]
        assert not [
            choice for choice in choices if "limit" in choice.label and "Raise" in choice.label
        ]


@pytest.mark.parametrize("persona", VOICES)
@pytest.mark.parametrize("name", TIMED)
def test_a_refusal_says_when_it_frees_up(name: str, persona: str) -> None:
    assert "2 March 2026, 00:00 (UTC)" in _said(name, persona)[0]


@pytest.mark.parametrize("persona", VOICES)
@pytest.mark.parametrize("name", ["disclosure", "are_you_human"])
def test_every_voice_says_that_it_is_a_machine(name: str, persona: str) -> None:
    text, _ = _said(name, persona)
    assert "machine" in text
    assert "person" in text or text.startswith("No")


def test_the_disclosure_says_what_cannot_be_known() -> None:
    text, _ = _said("disclosure", "")
    assert "I do not know your money, your plans or tomorrow's prices" in text


def test_a_paused_person_is_not_invited_deeper() -> None:
    for name in ("lesson_more", "unlocked", "already_owned"):
        chosen = choose(CONTENT, name, "", "en", 0)
        labels = [c.label for c in render_choices(chosen.choices, PRICED | {"is_paused": True})]
        assert labels == ["Another topic"]


def test_what_was_not_understood_offers_the_two_nearest() -> None:
    chosen = choose(CONTENT, "unknown", "", "en", 0)

    def labels(*near: str) -> list[str]:
        return [c.label for c in render_choices(chosen.choices, {"choices": near})]

    assert labels("A", "B") == ["A", "B", "What can you do?"]
    assert labels("A") == ["A", "What can you do?"]
    assert labels() == ["What can you do?"]


def test_every_choice_of_a_reply_is_understood() -> None:
    for (_, locale, _), reply in CONTENT.replies.items():
        assert all(one.label.source and one.send.source for one in reply.choices), locale
