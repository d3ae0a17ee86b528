"""The private part of a turn's row: trace, message and answer, in few bytes."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from bot.content import render
from bot.content.markdown import spoken
from bot.model.decision import Trace
from bot.model.message import Block, Choice, Inbound, Reply, Span, Style
from bot.model.money import Tier

HELD = 512  # packed words in memory: most answers are said again and again

_pack = msgspec.msgpack.Encoder().encode

PackedSpan = str | tuple[str, Style, str | None]  # plain text, or text, style and address
PackedBlock = tuple[bool, tuple[tuple[PackedSpan, ...], ...]]  # whether it is a list; its rows


class Words(Struct, frozen=True, array_like=True):
    """What an answer shows; `text` is left out where the blocks read aloud are the same."""

    text: str | None
    blocks: tuple[PackedBlock, ...]
    choices: tuple[tuple[str, str], ...]


class Answer(Struct, frozen=True, array_like=True):
    """A Reply without its turn's id."""

    words: Raw
    tier: Tier
    price: int
    persona: str
    state: str
    outcome: str | None
    body: dict[str, Any] | None
    status: int


class Kept(Struct, frozen=True, omit_defaults=True):
    """What is written; `before` holds the changed fields of the person as they were."""

    trace: Trace
    inbound: Inbound | None = None
    answer: Answer | None = None
    before: dict[str, Any] | None = None


class KeptRaw(Struct, frozen=True):
    """The same as read back; values of `before` are decoded when they are needed.

    `reply` is how answers were written first.
    """

    trace: Trace
    inbound: Inbound | None = None
    answer: Answer | None = None
    before: dict[str, Raw] | None = None
    reply: Reply | None = None


kept_of = msgspec.msgpack.Decoder(KeptRaw).decode
_words_of = msgspec.msgpack.Decoder(Words).decode


def answer_of(reply: Reply) -> Answer:
    """A reply as it is kept."""
    return Answer(
        _said.packed(reply),
        reply.tier,
        reply.price,
        reply.persona,
        reply.state,
        reply.outcome,
        reply.body,
        reply.status,
    )


def reply_of(kept: KeptRaw, turn_id: str) -> Reply | None:
    """The reply that was kept; None for a turn that answered nobody."""
    answer = kept.answer
    if answer is None:
        return kept.reply
    words = _words_of(answer.words)
    blocks = tuple(map(_block_of, words.blocks))
    return Reply(
        turn_id=turn_id,
        text=spoken(blocks) if words.text is None else words.text,
        blocks=blocks,
        choices=tuple(Choice(label, send) for label, send in words.choices),
        tier=answer.tier,
        price=answer.price,
        persona=answer.persona,
        state=answer.state,
        outcome=answer.outcome,
        body=answer.body,
        status=answer.status,
    )


_NOTHING = (Reply("", "", blocks=(Block("list", ()),)), Raw())


def forget() -> None:
    """Drop the answers in memory, rendered and packed: a person's own words may stand in them."""
    _said.clear()
    render.forget()


class _Said:
    """Words already packed, found by the very objects they are made of."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[Reply, Raw]] = {}

    def clear(self) -> None:
        self._held.clear()

    def packed(self, reply: Reply) -> Raw:
        """The words of a reply. Who holds the blocks keeps others from having their number."""
        known, packed = self._held.get(id(reply.blocks), _NOTHING)
        is_same = known.blocks is reply.blocks and known.choices is reply.choices
        if is_same and known.text == reply.text:
            return packed
        packed = Raw(_pack(_packed(reply)))
        if len(self._held) >= HELD:
            self._held.clear()
        self._held[id(reply.blocks)] = (reply, packed)
        return packed


_said = _Said()


def _packed(reply: Reply) -> Words:
    return Words(
        None if spoken(reply.blocks) == reply.text else reply.text,
        tuple(map(_packed_block, reply.blocks)),
        tuple((choice.label, choice.send) for choice in reply.choices),
    )


def _packed_block(block: Block) -> PackedBlock:
    return block.kind == "list", tuple(tuple(map(_packed_span, row)) for row in block.rows)


def _packed_span(span: Span) -> PackedSpan:
    if span.style == "text" and span.href is None:
        return span.text
    return span.text, span.style, span.href


def _block_of(packed: PackedBlock) -> Block:
    is_list, rows = packed
    return Block("list" if is_list else "paragraph", tuple(tuple(map(_span, r)) for r in rows))


def _span(packed: PackedSpan) -> Span:
    return Span(packed) if isinstance(packed, str) else Span(*packed)
