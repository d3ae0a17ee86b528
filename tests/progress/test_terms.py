"""The numbers of streaks are authored, and a mistake in them is named by its place."""

import pytest

from bot.authored import Report, parse
from bot.progress.terms import PLAIN, StreakRule, parse_streaks


def read(text: str) -> tuple[StreakRule, list[str]]:
    report = Report()
    node = parse(text, "rules/progress.yaml", report)
    assert node is not None
    rule = parse_streaks(dict(node.items()).get("streaks"), report)
    return rule, [str(mistake) for mistake in report.mistakes]


def test_what_is_left_out_is_as_described():  # S3, S6, S7, S8, S10
    assert read("other: 1\n") == (PLAIN, [])
    rule, mistakes = read("streaks:\n  grace_h: 3\n  milestones: [3, 9]\n")
    assert not mistakes
    assert rule == StreakRule(grace_h=3, milestones=(3, 9))
    assert (PLAIN.freezes, PLAIN.most_held, PLAIN.repair_h) == ((7, 30, 100), 9, 48)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("grace_h: 13", "2:12  error R063  13 is outside 0..12"),
        ("graceh: 2", "2:3  error R063  'graceh' is not a key here; did you mean 'grace_h'?"),
        ("freezes: [7, 7]", "2:16  error R063  7 must be more than the 7 before it"),
        ("milestones: seven", "2:15  error R063  expected a list, found 'seven'"),
        ("most_held: many", "2:14  error R063  expected an integer, found 'many'"),
    ],
)
def test_a_mistake_is_told_with_its_place(line, told):
    assert read(f"streaks:\n  {line}\n")[1] == [f"rules/progress.yaml:{told}"]
