"""Patterns that stand anywhere in a text: what they find, and what is wrong with some."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.talk import signs

WORDS = st.sampled_from(["take", "all", "my", "pills", "the", "life", "lives", "x"])
SIGNS = signs.compiled(
    [("take ... pills|life", "taken"), ("end my? lif*", "ended"), ("~suicide", "word")]
)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("take pills", {"taken"}),
        ("i take all of my pills", {"taken"}),
        ("take one two three four pills", set()),
        ("end life", {"ended"}),
        ("end my lifetime", {"ended"}),
        ("end lying", set()),
        ("sucide", {"word"}),
        ("suciide", {"word"}),
        ("siucide", {"word"}),
        ("suic", set()),
        ("end it take the life", {"taken"}),
        ("", set()),
    ],
)
def test_a_pattern_is_found_where_it_stands(text: str, tags: set[str]) -> None:
    assert signs.tags(SIGNS, text.split()) == tags


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=12))
def test_the_quick_way_and_the_slow_way_find_the_same(words: list[str]) -> None:
    assert signs.tags(SIGNS, words) == {sign.tag for sign in signs.spans(SIGNS, words)}


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=4))
def test_what_was_asked_before_changes_no_answer(words: list[str], others: list[str]) -> None:
    fresh = signs.compiled([("take ... pills|life", "taken"), ("end my? lif*", "ended")])
    signs.tags(SIGNS, others)
    assert signs.tags(fresh, words) == signs.tags(SIGNS, words) - {"word"}


def test_a_covered_word_ends_what_stood_open() -> None:
    assert not signs.tags(SIGNS, ["take", signs.COVERED, "pills"])
    assert not signs.spans(SIGNS, ["take", signs.COVERED, "pills"])


@pytest.mark.parametrize("pattern", ["", "...", "a? b", "a b?", "ab*", "two-words", "x|"])
def test_a_pattern_that_cannot_be_is_named(pattern: str) -> None:
    assert list(signs.mistakes(pattern))
