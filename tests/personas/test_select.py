"""Which voice speaks."""

from bot.personas.parse import Persona, Personas
from bot.personas.select import select

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
