"""Authored files: exact places, strict scalars, every mistake in one report."""

import pytest

from bot.authored import Node, Report, parse


def read(text: str) -> tuple[Node | None, Report]:
    report = Report()
    return parse(text, "f.yaml", report), report


def value(text: str) -> object:
    node, report = read(text)
    assert not report.mistakes, report.mistakes
    assert node is not None
    return node.plain()


def test_only_true_false_integers_and_decimals_are_not_text() -> None:
    found = value(
        "a: no\nb: 12:30\nc: 007\nd: 1.50\ne: true\nf: yes\ng: null\nh: 1e3\ni: '5'\nj: ~"
    )
    assert found == {
        "a": "no",
        "b": "12:30",
        "c": 7,
        "d": 1.5,
        "e": True,
        "f": "yes",
        "g": "null",
        "h": "1e3",
        "i": "5",
        "j": "~",
    }


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\na: 2\n", "Y006", 2),
        ("a: &x 1\nb: *x\n", "Y002", 1),
        ("a: !!python/object:os.system {}\n", "Y003", 1),
        ("a: [1, 2\n", "Y000", 2),
        ("a:\nb: 1\n", "Y007", 1),
        ("[" * 30 + "]" * 30, "Y004", 1),
        ("? [1]\n: 2\n", "Y005", 1),
    ],
)
def test_what_an_author_may_not_write_is_named_by_line(text: str, code: str, line: int) -> None:
    _, report = read(text)
    assert [(m.code, m.line) for m in report.errors][:1] == [(code, line)]


def test_every_mistake_is_reported_not_the_first_only() -> None:
    node, report = read("premum: 1\nbasik: two\nfree: 3\n")
    assert node is not None
    fields = report.fields(node, ("free", "basic", "premium"), ("basic",))
    report.integer(fields.get("free"), 0, 0, 2)
    assert [m.line for m in report.errors] == [1, 2, 1, 3]
    assert "did you mean 'premium'?" in str(report.mistakes[0])
    assert str(report.mistakes[0]).startswith("f.yaml:1:1  error ")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("when: abc oops\n", 1, 11),
        ("when: 'abc oops'\n", 1, 12),
        ("when: |\n  abc\n  oops\n", 3, 3),
        ("when: >-\n  abc oops\n", 2, 7),
        ("when: abc\n  oops\n", 2, 3),
    ],
)
def test_a_place_inside_a_scalar_is_exact(text: str, line: int, column: int) -> None:
    node, _ = read(text)
    assert node is not None
    scalar = dict(node.items())["when"]
    assert scalar.place(scalar.raw.index("oops")) == (line, column)


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert value("# nothing yet\n") == {}


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    _, report = read("a: " + "x" * 1_000_001)
    assert [m.code for m in report.errors] == ["Y001"]
