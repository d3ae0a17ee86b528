"""Small vocabularies and rule files for the tests of the rules."""

from bot.authored import Node, Report, parse
from bot.rules import prove
from bot.rules.engine import Names, RuleSet, build
from bot.rules.facts import Vocabulary, parse_facts

FACTS = """facts:
  msg.tier: {type: choice, of: [none, free, basic, premium], ordered: true}
  msg.hour: {type: int, min: 0, max: 23, default: 12}
  msg.word: {type: text}
  user.streak: {type: int, min: 0, max: 1000}
  user.risk: {type: int, min: 0, max: 100}
  user.engagement: {type: decimal, min: 0, max: 1}
  user.new: {type: bool}
  user.watches: {type: list}
  ledger.spent: {type: int, min: 0, max: 100}
  ledger.price: {type: int, min: 0, max: 100}
  ledger.cap: {type: int, min: 0, max: 100, default: 20}
  ledger.hours: {type: int, min: 0, max: 1000, maybe: true}
  progress.action: {type: text, default: none}
  progress.tags: {type: list}
  derived.one: {type: bool, derived: true}
  derived.two: {type: bool, derived: true}
  derived.level: {type: int, min: 0, max: 9, derived: true}
"""
EFFECTS = """effects:
  gate: {merge: strictest, of: [allow, ask, deny]}
  reply: {merge: first}
  persona: {merge: first}
  award: {merge: sum, max: 100}
  nudge: {merge: each, key: template}
  set: {merge: only_one}
  price: {merge: max, max: 30}
"""
NAMES = Names(
    frozenset({"hello", "limit_day", "pause_gentle"}),
    frozenset({"comeback", "market_move"}),
    frozenset({"calm", "mentor", "analyst"}),
)


def node(text: str, file: str, report: Report) -> Node:
    found = parse(text, file, report)
    assert found is not None, report.mistakes
    return found


def vocabulary(report: Report, text: str = FACTS) -> Vocabulary:
    return parse_facts(dict(node(text, "rules/facts.yaml", report).items()).get("facts"), report)


def load(*texts: str, facts: str = FACTS, effects: str = EFFECTS) -> tuple[RuleSet, Report]:
    """The rules of some files, r0.yaml and on, and everything that was said about them."""
    report = Report()
    words = vocabulary(report, facts)
    files = {f"rules/r{n}.yaml": node(t, f"rules/r{n}.yaml", report) for n, t in enumerate(texts)}
    files["rules/effects.yaml"] = node(effects, "rules/effects.yaml", report)
    return build(files, words, NAMES, report), report


def rules(*texts: str, facts: str = FACTS) -> RuleSet:
    """The same, where nothing may be wrong."""
    ruleset, report = load(*texts, facts=facts)
    assert not report.mistakes, [str(mistake) for mistake in report.mistakes]
    return ruleset


def proven(*texts: str, facts: str = FACTS) -> Report:
    """What the static checks say of rules that load; notes are left out."""
    ruleset = rules(*texts, facts=facts)
    report = Report()
    prove.prove(ruleset, ruleset.vocabulary, report)
    report.mistakes = [one for one in report.mistakes if one.level != "info"]
    return report


def rule(name: str, when: str, then: str, **more: object) -> str:
    """One rule as text, to be joined under `rules:`."""
    extra = "".join(f"    {key.rstrip('_')}: {value}\n" for key, value in more.items())
    return (
        f"  - name: {name}\n    when: {when}\n    then: {{{then}}}\n"
        f"    because: A reason for {name}\n{extra}"
    )


def several(*found: str) -> str:
    return "rules:\n" + "".join(found)


def codes(report: Report) -> list[str]:
    return [mistake.code for mistake in report.mistakes]


def told(report: Report) -> list[str]:
    return [str(mistake) for mistake in report.mistakes]
