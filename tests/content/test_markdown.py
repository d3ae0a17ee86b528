"""Small Markdown: what becomes a block, and what never does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.compile import compile_source
from bot.content.markdown import EMPTY, joined, read_markdown
from bot.content.render import render
from bot.model.message import Block, Span


def test_paragraphs_lists_and_styles_become_blocks() -> None:
    text = "One **two** *three*\nfour `five`.\n\n- a\n- b [c](https://d.e/f) g\n\nEnd"
    blocks = read_markdown(text).blocks
    assert [block.kind for block in blocks] == ["paragraph", "list", "paragraph"]
    assert [span.style for span in blocks[0].rows[0]] == [
        *("text", "strong", "text", "em", "text", "code", "text"),
    ]
    assert blocks[1].rows[1][1] == Span("c", "link", "https://d.e/f")


def test_the_plain_text_reads_without_marks() -> None:
    text = (
        "**Hello** *you*:\n\n- one\n- two\n\nWrite to [us](mailto:a@b.c) or [a@b.c](mailto:a@b.c)."
    )
    expected = "Hello you:\n\n- one\n- two\n\nWrite to us (mailto:a@b.c) or a@b.c."
    assert read_markdown(text).text == expected


def test_a_list_may_follow_a_line_directly() -> None:
    kinds = [block.kind for block in read_markdown("Either:\n- a\n- b").blocks]
    assert kinds == ["paragraph", "list"]


@pytest.mark.parametrize(
    "text",
    [
        *("[x](http://a.b)", "[x](javascript:alert(1))", "[x](data:text/html,y)", "**open"),
        *("2 * 3 * 4", "a ** b ** c", "`", "[]()", "*", "**", "[a](https://)", "<b>bold</b>"),
    ],
)
def test_what_is_not_small_markdown_stays_text(text: str) -> None:
    found = read_markdown(text)
    assert found.text == text
    assert {span.style for block in found.blocks for row in block.rows for span in row} == {"text"}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60) | st.text("*`[]()-\n #<>https:/", max_size=40))
def test_a_value_is_never_a_mark_a_link_or_a_list(value: str) -> None:
    template = compile_source("Hello {{ name }}!", frozenset({"name"}))
    found = render(template, {"name": value})
    assert len(found.blocks) == 1
    assert [span.style for row in found.blocks[0].rows for span in row] == ["text"]


def test_a_value_keeps_its_characters() -> None:
    template = compile_source("- {{ name }}", frozenset({"name"}))
    name = "*[Bo](https://x.y)* `-` (ok)"
    found = render(template, {"name": name})
    assert found.blocks == (Block("list", ((Span(name),),)),)
    assert found.text == f"- {name}"


@settings(max_examples=100, deadline=None)
@given(st.text("ab*`[]()-\n :/hps", max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = read_markdown(text)
    for block in found.blocks:
        for row in block.rows:
            for span in row:
                assert (span.href is not None) == (span.style == "link")
                assert span.href is None or span.href.startswith(("https://", "mailto:"))


def test_readings_are_joined_in_order() -> None:
    one, two = read_markdown("a"), read_markdown("b")
    assert joined(one, EMPTY, two).text == "a\n\nb"
    assert joined(one, EMPTY).blocks == one.blocks
    assert joined() == EMPTY
