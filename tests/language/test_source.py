"""Columns are exact in plain, single-quoted, | and >- text."""

import pytest

from bot.authored import Report, parse
from bot.language import source
from bot.language.syntax import text

WRONG = "a.a and and"  # the second `and` is the mistake


def mistakes(yaml: str) -> tuple[list[tuple[int, int]], str]:
    report = Report()
    root = parse(yaml, "f.yaml", report)
    assert root is not None
    tree = source.read(dict(root.items())["when"], report)
    return [(one.line, one.column) for one in report.mistakes], text(tree) if tree else ""


@pytest.mark.parametrize(
    ("yaml", "line", "column"),
    [
        ("when: a.a and and b.b\n", 1, 15),
        ("when:   a.a and and b.b  # note\n", 1, 17),
        ("when: a.a and\n  and b.b\n", 2, 3),
        ("when: 'a.a and and b.b'\n", 1, 16),
        ("when: 'a.a == \"it''s\" and and b.b'\n", 1, 27),
        ('when: "a.a and and b.b"\n', 1, 16),
        ("when: |\n  a.a\n  and and b.b\n", 3, 7),
        ("when: >-\n    a.a\n    and\n    and b.b\nthen: 1\n", 4, 5),
        ('when: >-\n  a.a ==\n    "ä" and and b.b\n', 3, 13),
        ("when: {a: 1}\n", 1, 7),
        ("when: 'a.a and'\n", 1, 15),
    ],
)
def test_a_mistake_stands_at_its_line_and_column(yaml: str, line: int, column: int) -> None:
    found, tree = mistakes(yaml)
    assert found == [(line, column)]
    assert tree == ""


@pytest.mark.parametrize(
    "yaml",
    [
        'when: a.a == "x" and b.b\n',
        "when: 'a.a == \"x\" and b.b'\n",
        'when: |\n  a.a == "x"\n  and b.b\n',
        'when: >-\n  a.a == "x"\n  and b.b\n\nthen: 1\n',
        'when: a.a == "x"\n  and b.b\n',
        "when: 'a.a == \"x\"\n  and b.b'\n",
    ],
)
def test_every_style_reads_the_same_condition(yaml: str) -> None:
    assert mistakes(yaml) == ([], 'a.a == "x" and b.b')


def test_a_doubled_quote_in_single_quotes_is_one() -> None:
    assert mistakes("when: 'a.a == \"it''s\"'\n") == ([], 'a.a == "it\'s"')


def test_a_backslash_in_single_quotes_belongs_to_the_language() -> None:
    assert mistakes('when: \'a.a == "say \\"no\\""\'\n')[1] == 'a.a == "say \\"no\\""'


def test_escapes_of_double_quotes_are_refused_with_a_way_out() -> None:
    report = Report()
    root = parse('when: "a.a == \\"x\\""\n', "f.yaml", report)
    assert root is not None
    assert source.read(dict(root.items())["when"], report) is None
    assert "single quotes" in report.mistakes[0].hint


def test_a_condition_that_yaml_reads_as_true_is_a_condition() -> None:
    assert mistakes("when: true\n") == ([], "true")
