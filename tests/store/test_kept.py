"""What a turn's row keeps: the answer comes back whole, out of few bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.msgpack import encode

from bot.content.markdown import read_markdown
from bot.model.decision import Trace
from bot.model.message import Block, Choice, Reply, Span
from bot.model.money import Tier
from bot.store.kept import Kept, answer_of, kept_of, reply_of

MARKED = "**BTC** stands at `43,068`.\n\n- one [page](https://example.org)\n- *two*"
REPLIES = (
    Reply("t", ""),
    Reply("t", "said", read_markdown("said").blocks),
    Reply("t", read_markdown(MARKED).text, read_markdown(MARKED).blocks, (Choice("a", "b"),)),
    Reply("t", "other words", read_markdown(MARKED).blocks, tier=Tier.PREMIUM, price=3),
    Reply("t", "no blocks", body={"reason": "daily_cap", "until": None}, status=409),
    Reply("t", "", persona="coach", state="learning", outcome="refused"),
)
spans = st.builds(Span, st.text(), st.sampled_from(("text", "em", "link")), st.none() | st.text())
blocks = st.builds(
    Block, st.sampled_from(("paragraph", "list")), st.lists(st.tuples(spans)).map(tuple)
)


def _again(reply: Reply) -> Reply | None:
    return reply_of(kept_of(encode(Kept(Trace("c", 1), answer=answer_of(reply)))), "t")


@pytest.mark.parametrize("reply", REPLIES)
def test_an_answer_is_read_back_as_it_was_given(reply: Reply) -> None:
    assert _again(reply) == reply
    assert _again(reply) == reply  # from words packed before


@given(st.text(), st.lists(blocks).map(tuple))
def test_any_answer_is_read_back_as_it_was_given(text: str, said: tuple[Block, ...]) -> None:
    reply = Reply("t", text, said)
    assert _again(reply) == reply


def test_the_same_blocks_under_other_words_are_not_mixed_up() -> None:
    said = read_markdown(MARKED)
    one = Reply("t", said.text, said.blocks, (Choice("a", "b"),))
    for other in (Reply("t", said.text, said.blocks), Reply("t", "else", said.blocks)):
        assert (_again(one), _again(other)) == (one, other)


def test_an_answer_takes_less_than_half_the_bytes_of_a_reply() -> None:
    reply = REPLIES[2]
    assert len(encode(answer_of(reply))) < len(encode(reply)) / 2


def test_a_turn_written_before_answers_were_packed_is_read() -> None:
    old = {"trace": {"catalog": "c", "seed": 1}, "reply": REPLIES[2]}
    assert reply_of(kept_of(encode(old)), "t") == REPLIES[2]


def test_a_turn_that_answered_nobody_has_no_reply() -> None:
    assert reply_of(kept_of(encode(Kept(Trace("c", 1)))), "t") is None
