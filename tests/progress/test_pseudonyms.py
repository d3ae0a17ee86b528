"""Names on leaderboards (letter L4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.progress import pseudonyms


def test_a_made_up_name_is_the_same_each_time_and_says_nothing_of_the_person() -> None:
    handle = pseudonyms.handle("turn-1")
    assert pseudonyms.made_up(handle) == pseudonyms.made_up(handle)
    assert pseudonyms.handle("turn-1") != pseudonyms.handle("turn-2")
    first, second, number = pseudonyms.made_up(handle).split()
    assert first in pseudonyms.FIRST and second in pseudonyms.SECOND and len(number) == 4


def test_no_two_words_of_a_made_up_name_are_unfortunate_together() -> None:
    """L4: nobody chose it, so it is no given name, no insult and nothing bawdy."""
    given_names = {"Amber", "Autumn", "Dawn", "Hazel", "Misty", "Olive", "Rosy", "Jay", "Robin"}
    insults = {"Ape", "Camel", "Gibbon", "Goose", "Lemur", "Mole", "Monkey", "Pig", "Rat", "Sloth"}
    bawdy = {"Beaver", "Cock", "Easy", "Hot", "Naked", "Silver", "Swallow", "Tit", "Warm", "Wet"}
    words = [*pseudonyms.FIRST, *pseudonyms.SECOND]
    assert not (given_names | insults | bawdy) & set(words)
    assert len(set(words)) == len(words) == 128  # another count would give everybody a new name


def test_a_word_that_was_replaced_left_the_names_of_others_alone() -> None:
    names = [pseudonyms.made_up(pseudonyms.handle(f"turn-{n}")) for n in range(6)]
    assert [names[0], names[2], names[5]] == [
        "Tidy Koala 8386", "Bright Turtle 6636", "Mild Penguin 7139",
    ]  # fmt: skip


@given(st.text(max_size=30))
def test_a_name_that_is_taken_shows_no_control_character_and_has_a_key(text: str) -> None:
    name = pseudonyms.tidied(text)
    if not pseudonyms.problem(name):
        assert name.isprintable() and pseudonyms.key(name)
        assert pseudonyms.tidied(name) == name


@pytest.mark.parametrize("name", ["Ada", "Mary-Ann O'Hara", "Äiti 2", "Юля", "हिन्दी", "ada_l"])
def test_a_name_may_be_of_any_script(name: str) -> None:
    assert pseudonyms.problem(pseudonyms.tidied(name)) == ""


@pytest.mark.parametrize(
    "name",
    ["", "x", "a" * 25, "a\nb", "a\u202eb", "<b>bold</b>", "see evil.example", "ada@example",
     "12345", "call 0401234567", "Admin", "removed user", "Ad-min", "Calm Otter 4821",
     "calmotter4821", "ab\u200bcd", "Qu\u0456et River"],
)  # fmt: skip
def test_a_name_that_misleads_or_cannot_be_read_is_refused(name: str) -> None:
    assert pseudonyms.problem(pseudonyms.tidied(name)) != ""


def test_names_that_look_alike_are_the_same_name() -> None:
    assert pseudonyms.key("Ada Lovelace") == pseudonyms.key("ADA-LOVELACE")
    assert pseudonyms.key("Quiet River") == pseudonyms.key("Qu\u0131et River")
    assert pseudonyms.key("Paco") == pseudonyms.key("\u0420\u0430\u0441\u043e")  # Cyrillic
    assert pseudonyms.key("Åsa") == pseudonyms.key(pseudonyms.tidied("A\u030asa"))
