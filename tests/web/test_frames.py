"""Frames of the socket, read from any text at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.frames import Hello, NotTaken, Renew, Say, read, written


def test_what_a_widget_says_is_read() -> None:
    assert read('{"type":"hello","token":"t","after":3}') == Hello("t", 3)
    assert read('{"type":"say","id":"a","text":"hi"}') == Say("a", "hi")
    assert read('{"type":"renew","token":"t"}') == Renew("t")


@pytest.mark.parametrize(
    "text", ["", "[]", "7", '{"type":"dance"}', '{"type":"hello"}', "[" * 9999]
)
def test_what_is_no_frame_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("message", [{"text": ""}, {"text": "x" * 5000}, {"id": "x" * 100}, {}])
def test_a_message_that_cannot_be_taken_is_told_by_its_id(message: dict[str, str]) -> None:
    whole = {"type": "say", "id": "a", **message}
    if not message:
        whole.pop("id")
    refused = read(json.dumps(whole))
    assert isinstance(refused, NotTaken) and refused.code == "bad_input"
    assert refused.id == whole.get("id", "")[:64]


@given(st.text() | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    found = read(text)
    assert found is None or written(found)
