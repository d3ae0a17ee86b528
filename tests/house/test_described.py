"""Every row of docs/described.md names a test that exists, or why there is none."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\|(?P<what>[^|]+)\|(?P<how>(?:[^|]|\\\|)+)\|(?P<test>[^|]+)\|$")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def _rows() -> list[tuple[int, str, str, str]]:
    found = []
    for number, line in enumerate((ROOT / "docs" / "described.md").read_text().splitlines(), 1):
        if (match := ROW.match(line)) and not set(line) <= set("|-: "):
            cells = [match[name].strip() for name in ("what", "how", "test")]
            if cells[0] != "described":
                found.append((number, *cells))
    return found


@pytest.mark.parametrize(("line", "what", "how", "test"), _rows(), ids=lambda v: str(v)[:40])
def test_a_row_names_a_test_or_a_reason(line: int, what: str, how: str, test: str) -> None:
    if test in ("later", "declined"):
        assert re.match(rf"{test}: \S+", how), f"line {line}: {test} without a reason"
        return
    names = NAMED.findall(test)
    assert names, f"line {line}: '{what}' names no test"
    for file, name in names:
        tree = ast.parse((ROOT / file).read_text())
        functions = {node.name for node in ast.walk(tree) if hasattr(node, "name")}
        assert name in functions, f"line {line}: {file} has no {name}"


def test_the_trading_mentor_has_its_rows() -> None:
    assert len(_rows()) >= 40
