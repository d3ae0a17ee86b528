"""A chosen text with its variables filled in: plain text, blocks and choices."""

from collections.abc import Mapping
from typing import Any

from bot.content.compile import Template
from bot.content.markdown import Rendered, joined, read_markdown
from bot.content.schema import DEFAULTS
from bot.content.texts import ChoiceText
from bot.model.message import Choice

__all__ = ["Rendered", "joined", "render", "render_choices"]


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
    shown = [
        one.fixed or Choice(render(one.label, variables).text, render(one.send, variables).text)
        for one in choices
    ]
    return tuple([choice for choice in shown if choice.label and choice.send])
