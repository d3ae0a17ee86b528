"""docs/content.md names everything an author may use."""

import pytest

from bot.authored import Report
from bot.content.allowed import REPLIES
from bot.content.filters import FILTERS
from bot.content.schema import VARIABLES
from bot.talk.slots import KINDS
from bot.talk.story import CONDITIONS
from tests.content.files import ROOT, nodes, problems

PAGE = (ROOT / "docs" / "content.md").read_text()


@pytest.mark.parametrize("name", [*VARIABLES, *FILTERS, *REPLIES, *CONDITIONS])
def test_a_name_authors_may_use_is_in_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("kind", KINDS)
def test_a_hole_of_phrases_is_in_the_page(kind: str) -> None:
    assert f"`{{{kind}}}`" in PAGE


def test_the_examples_are_readable_as_authored_files() -> None:
    report = Report()
    for number, part in enumerate(PAGE.split("```yaml\n")[1:]):
        nodes({f"example-{number}.yaml": part.split("```")[0]}, report)
    assert not report.mistakes, problems(report)
