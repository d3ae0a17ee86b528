"""Chosen texts with their variables filled in."""

from bot.content.choose import choose
from bot.content.render import names_of, say
from bot.content.texts import Chosen
from tests.content.files import parsed, small_replies

CONTENT, _ = parsed(
    {
        "content/en/replies.yaml": small_replies(
            hello="{say: '*Hello* {{ name }}', choices: [{label: '{{ name }}', send: x}]}",
            bye="{say: Bye, choices: [{label: Again, send: x}, {label: Out, send: y}]}",
            which_zone="{say: W, choices: [{each: zones, "
            "label: '{{ one.city }}', send: '{{ one.zone }}'}]}",
            market="{say: '{% for row in clusters %}{{ row.price }} {% endfor %}'}",
        ),
    }
)


def _texts(*names: str) -> tuple[Chosen, ...]:
    return tuple(choose(CONTENT, name, "", "en", 0) for name in names)


def test_several_texts_are_one_answer_with_each_choice_once() -> None:
    said = say(_texts("hello", "bye"), {"name": "Ada"})
    assert said.text == "Hello Ada\n\nBye"
    assert [(choice.label, choice.send) for choice in said.choices] == [("Ada", "x"), ("Out", "y")]
    assert (len(said.blocks), said.last) == (2, "Bye")


def test_the_same_texts_with_the_same_values_are_the_same_answer() -> None:
    texts = _texts("hello")
    assert say(texts, {"name": "Ada"}) is say(_texts("hello"), {"name": "Ada"})
    assert say(texts, {"name": "Bob"}).text == "Hello Bob"
    assert say(texts, {"name": 1}).text == "Hello 1"
    assert say(texts, {"name": True}).text == "Hello True"


def test_rows_are_compared_by_what_stands_in_them() -> None:
    texts = _texts("market")
    one = say(texts, {"clusters": ({"price": "1"}, {"price": "2"})})
    assert one.text == "1 2"
    assert say(texts, {"clusters": ({"price": "1"}, {"price": "2"})}) is one
    assert say(texts, {"clusters": ({"price": "3"},)}).text == "3"
    assert say(texts, {"clusters": ()}).text == ""


def test_values_that_cannot_be_compared_are_said_anew_each_time() -> None:
    texts = _texts("market")
    assert say(texts, {"clusters": [{"price": "1"}]}).text == "1"
    assert say(texts, {"clusters": [{"price": "2"}]}).text == "2"


def test_the_variables_of_all_texts_are_asked_for() -> None:
    assert names_of(_texts("hello", "bye", "market")) == {"name", "clusters"}


def test_a_text_chosen_twice_is_the_same_object() -> None:
    assert choose(CONTENT, "hello", "", "en", 0) is choose(CONTENT, "hello", "", "en", 0)


def test_a_choice_made_of_a_list_stands_once_for_each_member() -> None:
    zones = ({"zone": "A/New_York", "city": "New *York*"}, {"zone": "A/B", "city": ""})
    said = say(_texts("which_zone", "bye"), {"zones": zones})
    shown = [(choice.label, choice.send) for choice in said.choices]
    assert shown == [("New *York*", "A/New_York"), ("Again", "x"), ("Out", "y")]


def test_below_a_question_are_only_its_own_choices() -> None:
    said = say(_texts("bye", "hello"), {"name": "Ada"}, asks_from=1)
    assert said.text == "Bye\n\nHello Ada"
    assert [choice.label for choice in said.choices] == ["Ada"]
