"""Chosen texts with their variables filled in: plain text, blocks and choices."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from bot.content import markdown
from bot.content.compile import Template
from bot.content.dialect import ONE
from bot.content.markdown import Rendered, joined, read_markdown
from bot.content.schema import DEFAULTS
from bot.content.texts import ChoiceText, Chosen
from bot.model.message import Block, Choice

__all__ = ["Rendered", "Said", "forget", "joined", "names_of", "render", "render_choices", "say"]

KEPT = 512  # answers remembered: the same texts with the same values say the same

Texts = tuple[Chosen, ...]


class Said(Struct, frozen=True):
    """What an answer says: its texts joined, the choices below; `last` is its last text alone."""

    text: str
    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...]
    last: str


def say(texts: Texts, variables: Mapping[str, Any], asks_from: int = 0) -> Said:
    """Several texts as one answer; the same texts with the same values are not rendered again.

    Choices are shown of the texts from `asks_from` on: below a question only its own answers.
    """
    values = [
        one if one.__class__ is not dict and one.__class__ is not tuple else _frozen(one)
        for one in variables.values()
    ]
    try:
        return _kept(texts, asks_from, tuple(variables), *values)
    except TypeError:  # a value that cannot be compared with others
        return _said(texts, variables, asks_from)


def together(parts: Sequence[Said]) -> Said:
    """Several answers as one, in order."""
    if len(parts) == 1:
        return parts[0]
    choices: tuple[Choice, ...] = ()
    for one in parts:
        choices = _more(choices, one.choices)
    whole = joined(*[Rendered(one.text, one.blocks) for one in parts])
    return Said(whole.text, whole.blocks, choices, parts[-1].last)


@lru_cache(maxsize=KEPT)
def names_of(texts: Texts) -> frozenset[str]:
    """The variables that any of these texts asks for."""
    return frozenset[str]().union(*[one.names for one in texts])


def render(template: Template, variables: Mapping[str, Any]) -> Rendered:
    """The text and its blocks; a variable nobody gave is empty."""
    if template.fixed is not None:
        return template.fixed
    if not template.names <= variables.keys():
        variables = {**DEFAULTS, **variables}
    return read_markdown(template.run(variables))


def render_choices(
    choices: tuple[ChoiceText, ...], variables: Mapping[str, Any]
) -> tuple[Choice, ...]:
    """The choices below a text; those whose label comes out empty are left away."""
    shown = [found for one in choices for found in _shown(one, variables)]
    return tuple([choice for choice in shown if choice.label and choice.send])


def _shown(one: ChoiceText, variables: Mapping[str, Any]) -> Iterator[Choice]:
    """A choice, or one for each member of its list."""
    if one.fixed is not None:
        yield one.fixed
        return
    members = ({},) if not one.each else ({ONE: m} for m in variables.get(one.each, ()))
    for member in members:
        given = {**variables, **member}
        yield Choice(render(one.label, given).text, render(one.send, given).text)


def forget() -> None:
    """Drop the answers in memory: a person's own words may stand in them."""
    _kept.cache_clear()
    markdown.forget()


class _Rows(Struct, frozen=True):
    """A mapping, or several, as a value that can be compared."""

    rows: tuple[tuple[tuple[str, Any], ...], ...]
    is_one: bool


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return _Rows((tuple(value.items()),), is_one=True)
    if value and isinstance(value[0], dict):
        return _Rows(tuple([tuple(row.items()) for row in value]), is_one=False)
    return value


def _thawed(value: Any) -> Any:
    if not isinstance(value, _Rows):
        return value
    rows = tuple(map(dict, value.rows))
    return rows[0] if value.is_one else rows


@lru_cache(maxsize=KEPT, typed=True)
def _kept(texts: Texts, asks_from: int, names: tuple[str, ...], *values: Any) -> Said:
    return _said(texts, dict(zip(names, map(_thawed, values), strict=True)), asks_from)


def _said(texts: Texts, variables: Mapping[str, Any], asks_from: int) -> Said:
    parts = [render(one.template, variables) for one in texts]
    whole = joined(*parts)
    choices: tuple[Choice, ...] = ()
    for one in texts[asks_from:]:
        below = one.fixed
        if below is None:
            below = render_choices(one.choices, variables)
        choices = _more(choices, below)
    return Said(whole.text, whole.blocks, choices, parts[-1].text)


def _more(choices: tuple[Choice, ...], others: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Choices of several texts below one answer, each once."""
    if not choices:
        return others
    known = {choice.send for choice in choices}
    return choices + tuple(choice for choice in others if choice.send not in known)
