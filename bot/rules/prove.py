"""Static checks: what can be said of all rules before any of them is judged."""

from bot.authored import Report
from bot.language import boxes
from bot.language.boxes import TooComplex
from bot.language.syntax import Literal
from bot.progress.actions import Action
from bot.rules.engine import RuleSet
from bot.rules.facts import Vocabulary
from bot.rules.forbidden import check_risk, check_trading
from bot.rules.gaps import check_tables
from bot.rules.overlaps import check_overlaps
from bot.rules.parse import Rule
from bot.rules.study import Study


def prove(ruleset: RuleSet, vocabulary: Vocabulary, report: Report) -> None:
    """Tells rules that never or always fire, conflicts, hidden and redundant rules, gaps of
    tables, use of the risk of leaving for money, and rules too complex to look at."""
    study = Study(ruleset, vocabulary)
    for rule in study.complex:
        problem = f"'{rule.name}' is too complex to analyse"
        report.warning(rule.node, "R054", problem, "split it into several rules")
    _check_single(study, report)
    check_tables(study, report)
    check_overlaps(study, report)
    if study.is_tired and study.ruleset.ordered:
        problem = (
            "too many alternatives to compare every rule with every other; some were left out"
        )
        report.warning(study.ruleset.ordered[0].node, "R054", problem, "split or drop some")
    check_risk(ruleset, report)
    _check_tested(ruleset, report)


def prove_pay(ruleset: RuleSet, actions: dict[str, Action], report: Report) -> None:
    """Tells rules that award while an action tagged `trading` is counted."""
    check_trading(Study(ruleset, ruleset.vocabulary), actions, report)


def _check_single(study: Study, report: Report) -> None:
    for rule in study.rules:
        if not study.boxes[rule.name]:
            problem = f"'{rule.name}' never fires: its parts exclude each other"
            report.warning(rule.node, "R050", problem)
        elif not rule.table and _is_always(rule, study):
            hint = "write when: true if that is meant"
            report.warning(rule.node, "R051", f"'{rule.name}' always fires", hint)


def _is_always(rule: Rule, study: Study) -> bool:
    if isinstance(rule.condition, Literal):
        return False
    try:
        return not boxes.boxes(rule.condition, study.types, is_wanted=False)
    except TooComplex:
        return False


def _check_tested(ruleset: RuleSet, report: Report) -> None:
    """A note on each rule that no test names."""
    named = {name.split("/")[0] for one in ruleset.tests for name in (*one.fired, *one.not_fired)}
    for rule in ruleset.rules:
        if rule.is_enabled and rule.name not in named:
            report.add("info", rule.node, "R059", f"no test names '{rule.name}'")
