"""Decisions made abreast are those that are made alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import lists

from bot.catalog import load
from bot.model.message import Inbound
from bot.model.person import Person
from bot.talk.abreast import Hops, abreast, alone
from bot.talk.decide import decide, deciding
from bot.talk.script import Moment, Script, Terms
from tests.builders import NOW
from tests.conftest import ROOT

SCRIPT: Script = load(ROOT, Terms(new_age="adult")).script
TEXTS = ("hello", "teach me leverage", "go deeper", "what do you see in BTC?", "qwxz", "my limits")


def moment(number: int) -> Moment:
    return Moment(f"{number:032x}", NOW + number, NOW + number, number, lambda _: None)


def inbound(number: int, text: str) -> Inbound:
    return Inbound(f"m{number}", f"person-{number}", "message", NOW + number, text=text)


@given(lists(st.sampled_from(TEXTS), max_size=8))
def test_a_decision_made_abreast_with_others_is_the_one_made_alone(texts: list[str]) -> None:
    people = [Person(f"person-{number}", version=1) for number in range(len(texts))]
    given = [
        (SCRIPT, people[number], inbound(number, text), moment(number))
        for number, text in enumerate(texts)
    ]
    assert abreast([deciding(*one) for one in given]) == [decide(*one) for one in given]


def counted(name: str, hops: int, walked: list[str]) -> Hops[str]:
    for hop in range(hops):
        walked.append(f"{name}{hop}")
        yield
    if name == "x":
        raise ValueError(name)
    return name


def test_each_hop_is_done_for_everybody_before_the_next() -> None:
    walked: list[str] = []
    assert abreast([counted("a", 3, walked), counted("b", 1, walked)]) == ["a", "b"]
    assert walked == ["a0", "b0", "a1", "a2"]


def test_a_fault_ends_the_one_it_happened_to_and_nobody_else() -> None:
    outcomes = abreast([counted("a", 1, []), counted("x", 1, []), counted("b", 2, [])])
    assert outcomes[0] == "a" and outcomes[2] == "b"
    assert isinstance(outcomes[1], ValueError)


def test_a_fault_of_one_alone_is_raised() -> None:
    with pytest.raises(ValueError, match="x"):
        alone(counted("x", 0, []))
