"""Profile, skill and consent change only as they should."""

import pytest

from bot.authored import Report, parse
from bot.errors import RequestError
from bot.model.person import SKILLS, Consent, Person, Profile, Skill
from bot.people.consent import given
from bot.people.profile import aged, changed
from bot.people.skill import SkillSteps, grown, parse_skill

NOW = 1_772_366_400_000_000
SOMEBODY = Person("p")


def test_the_fields_of_a_profile_are_set_and_the_others_stay() -> None:
    props = {"time_zone": "Europe/Helsinki", "learning_style": "numbers", "watch": ["btc", "BTC"]}
    after = changed(SOMEBODY, props, NOW, can_grow_up=True)
    assert after.profile == Profile(time_zone="Europe/Helsinki", learning_style="numbers")
    assert after.watch == ("BTC",)


@pytest.mark.parametrize(
    ("props", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"learning_style": "osmosis"}, "learning_style"),
        ({"watch": ["B T C"]}, "watch"),
        ({"watch": ["A"] * 51}, "watch"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\nb"}, "name"),
    ],
)
def test_a_field_that_cannot_be_is_named(props: dict[str, object], field: str) -> None:
    with pytest.raises(RequestError) as caught:
        changed(SOMEBODY, props, NOW, can_grow_up=True)
    assert (caught.value.code, caught.value.field) == ("bad_input", field)


def test_a_minor_does_not_grow_up_by_their_own_word() -> None:
    minor = aged(Profile(), is_adult=False, can_grow_up=False)
    assert aged(minor, is_adult=True, can_grow_up=False).age == "minor"
    assert aged(minor, is_adult=True, can_grow_up=True).age == "adult"


def test_a_yes_takes_back_the_no() -> None:
    after = given(given(Consent(), {"nudges": False}, NOW), {"nudges": True}, NOW + 1)
    assert after == Consent(nudges=True)


def test_skill_rises_at_its_thresholds_and_never_drops() -> None:
    steps = SkillSteps()
    levels = [grown(Skill(), lessons, 0, steps).level for lessons in range(25)]
    assert [levels.index(level) for level in SKILLS] == [0, 2, 5, 9, 14, 20]
    assert grown(Skill("expert", 0, 0), 1, 0, steps).level == "expert"


def test_skill_steps_must_rise() -> None:
    report = Report()
    text = "{developing: 5, skilled: 5, advanced: 9, expert: 14, master: 20}"
    parse_skill(parse(text, "rules/progress.yaml", report), report)
    assert "more than the one before" in report.errors[0].problem
