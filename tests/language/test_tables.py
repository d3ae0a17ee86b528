"""Cells of decision tables are conditions on their column's fact."""

import pytest

from bot.authored import Report, parse
from bot.language import tables
from bot.language.syntax import Literal, text
from tests.language.random_trees import TYPES


def cell(yaml: str, name: str) -> tuple[str, list[tuple[int, str]]]:
    report = Report()
    root = parse(f"c: {yaml}\n", "f.yaml", report)
    assert root is not None
    tree = tables.cell(dict(root.items())["c"], name, TYPES[name], report)
    return text(tree) if tree is not None else "", [(m.column, m.problem) for m in report.mistakes]


@pytest.mark.parametrize(
    ("yaml", "name", "meaning"),
    [
        ('"-"', "a.level", ""),
        ("novice", "a.level", 'a.level == "novice"'),
        ('"novice, skilled"', "a.level", 'a.level in ["novice", "skilled"]'),
        ('">= 0.5"', "a.share", "a.share >= 0.5"),
        ('">= 0.3 and < 70%"', "a.share", "a.share >= 0.3 and a.share < 0.7"),
        ("7", "a.whole", "a.whole == 7"),
        ("-3", "a.whole", "a.whole == -3"),
        ('"1, -2"', "a.whole", "a.whole in [1, -2]"),
        ("true", "a.flag", "a.flag == true"),
        ('">= 2h"', "a.wait", "a.wait >= 2h"),
        ("two words", "a.word", 'a.word == "two words"'),
        ("'!= \"x, y\"'", "a.word", 'a.word != "x, y"'),
        ("'>= skilled'", "a.level", 'a.level >= "skilled"'),
        ('"< 3"', "a.perhaps", "known(a.perhaps) and a.perhaps < 3"),
    ],
)
def test_a_cell_means_this(yaml: str, name: str, meaning: str) -> None:
    assert cell(yaml, name) == (meaning, [])


@pytest.mark.parametrize(
    ("yaml", "name", "column", "said"),
    [
        ('">="', "a.whole", 7, "expected a value, found the end"),
        ('"3 4"', "a.whole", 7, "expected ',' or the end"),
        ('"> 3 or < 2"', "a.whole", 9, "expected 'and' or the end"),
        ('"3,"', "a.whole", 7, "expected a value"),
        ('"&"', "a.whole", 5, "means nothing"),
        ("[1]", "a.whole", 4, "a cell is a text"),
        ("buy", "a.tags", 4, "a list is no column"),
    ],
)
def test_a_wrong_cell_is_told_at_its_column(yaml: str, name: str, column: int, said: str) -> None:
    _, found = cell(yaml, name)
    assert len(found) == 1
    assert found[0][0] == column
    assert said in found[0][1]


def test_a_row_of_anything_is_always_true() -> None:
    assert tables.row([None, None]) == Literal(True)
