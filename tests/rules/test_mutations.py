"""Whatever an author does to a rule file, it loads or the mistakes are told; nothing raises."""

import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.authored import Report, parse
from bot.progress.rulebook import parse_rulebook
from bot.rules import prove
from bot.rules.engine import Names, build, judge
from bot.rules.facts import parse_facts
from tests.sizes import size

ROOT = Path(__file__).resolve().parents[2]
FILES = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "rules").glob("*.yaml"))}
NAMES = Names(
    frozenset({"pause_gentle", "confirm_slowly"}),
    frozenset({"comeback", "market_alert", "market_move"}),
    frozenset({"calm", "mentor"}),
)
LINES = [line for text in FILES.values() for line in text.splitlines()]
SCRAPS = ["[]", "{}", "true", "3", "-1", "0.5", '"-"', "x", "''", "2h", "[a, [b]]", "{a: {b: c}}"]


def mutated(text: str, dice: random.Random) -> str:
    """Lines dropped, doubled, swapped, moved in; words and values replaced."""
    lines = text.splitlines()
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(lines))
        match dice.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                lines.insert(at, dice.choice(LINES))
            case 3:
                key, _, _ = lines[at].partition(":")
                lines[at] = f"{key}: {dice.choice(SCRAPS)}"
            case 4:
                words = lines[at].split(" ")
                words[dice.randrange(len(words))] = dice.choice(dice.choice(LINES).split(" "))
                lines[at] = " ".join(words)
            case 5:
                lines[at] = lines[at].replace(dice.choice("[]{},:\"'") or " ", "", 1)
            case _:
                cut = dice.randint(0, len(lines[at]))
                lines[at] = lines[at][:cut]
        lines = lines or [""]
    return "\n".join(lines) + "\n"


@settings(max_examples=size(60, 4_000), deadline=None)
@given(st.sampled_from(sorted(FILES)), st.integers(0, 2**32))
def test_a_changed_rule_file_loads_or_its_mistakes_are_told(name: str, seed: int) -> None:
    report = Report()
    texts = {**FILES, name: mutated(FILES[name], random.Random(seed))}
    nodes = {file: parse(text, f"rules/{file}", report) for file, text in texts.items()}
    files = {f"rules/{file}": root for file, root in nodes.items() if root is not None}
    own = {file: dict(root.items()) for file, root in files.items()}
    words = parse_facts(own.get("rules/facts.yaml", {}).get("facts"), report)
    ruleset = build(files, words, NAMES, report)
    prove.prove(ruleset, words, report)
    progress = own.get("rules/progress.yaml", {}).get("progress")
    prove.prove_pay(ruleset, parse_rulebook(progress, None, report).actions, report)
    assert all(one.line >= 1 and one.column >= 1 and one.problem for one in report.mistakes)
    if not report.errors:
        assert judge(ruleset, {}, {}, 0, 1).gate in (None, "allow", "ask", "deny")
