"""What no rule may do: sell by the risk of leaving, or pay for trading."""

from collections.abc import Iterable

from bot.authored import Report
from bot.language import boxes
from bot.language.boxes import TooComplex
from bot.language.domains import Bag, Span, Spans, Words
from bot.language.spaces import Box, Count
from bot.language.syntax import names
from bot.progress.actions import TRADING, Action
from bot.rules.engine import RuleSet
from bot.rules.parse import Rule
from bot.rules.study import Study, shown

RISK = "user.risk"
MONEY = ("gate", "price")
ACTION, TAGS = "progress.action", "progress.tags"


def check_risk(ruleset: RuleSet, report: Report) -> None:
    """R6: the risk of leaving may not open, close or price anything, by whatever way."""
    ways = _ways(ruleset.ordered)
    for rule in ruleset.ordered:
        slots = [name for name, _ in rule.effects if name in MONEY]
        if not slots:
            continue
        for name in sorted(names(rule.condition)):
            if name == RISK or name in ways:
                way = f" ({ways[name]})" if name in ways else ""
                problem = f"'{rule.name}' sets {' and '.join(slots)} by {RISK}{way}"
                hint = "the risk of leaving may choose words and voices, never money"
                report.error(rule.node, "R070", problem, hint)


def check_trading(study: Study, actions: dict[str, Action], report: Report) -> None:
    """P07: no rule awards anything while an action tagged `trading` is counted."""
    scenes = [_scene(one.name, one.tags) for one in actions.values() if TRADING in one.tags]
    for rule in study.ruleset.ordered:
        award = dict(rule.effects).get("award", 0)
        if not award or {ACTION, TAGS} - study.types.keys():
            continue
        if rule in study.complex:
            problem = f"'{rule.name}' awards, and is too complex to see that it is not for trading"
            report.error(rule.node, "R071", problem)
            continue
        _check_award(rule, scenes, study, report)


def _ways(rules: Iterable[Rule]) -> dict[str, str]:
    """Derived facts that depend on the risk, each with the path of how."""
    ways: dict[str, str] = {}
    rules = list(rules)
    for _ in rules:
        before = len(ways)
        for rule in rules:
            read = [name for name in sorted(names(rule.condition)) if name == RISK or name in ways]
            if not read:
                continue
            for name in rule.sets:
                ways.setdefault(name, f"{ways.get(read[0], RISK)} -> {name} by '{rule.name}'")
        if len(ways) == before:
            break
    return ways


def _scene(name: str, tags: tuple[str, ...]) -> Box:
    """The facts while an action is counted: its name, and exactly its tags."""
    held = frozenset(tags)
    return {
        ACTION: Words(frozenset((name,))),
        TAGS: Bag(must=held),
        Count(TAGS): Spans((Span(len(held), len(held)),), True),
    }


def _check_award(rule: Rule, scenes: list[Box], study: Study, report: Report) -> None:
    """An error unless it is ruled out that the rule fires for trading."""
    own = study.boxes[rule.name]
    found = [box for box in own if _asks_for_trading(box)]
    try:
        found += boxes.product([own, scenes], study.types) if scenes else []
    except TooComplex:
        found += own
    if not found:
        return
    facts = study.example(found, (rule,))
    when = "it might fire" if facts is None else f"it fires when {shown(facts, study.vocabulary)}"
    hint = f'add: and not has({TAGS}, "{TRADING}")'
    report.error(rule.node, "R071", f"'{rule.name}' awards for trading: {when}", hint)


def _asks_for_trading(box: Box) -> bool:
    tags = box.get(TAGS)
    return isinstance(tags, Bag) and TRADING in tags.must
