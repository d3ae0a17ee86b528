"""Which rules are judged before which, by what they set and read."""

from collections.abc import Iterable, Mapping, Sequence

from bot.authored import Report
from bot.language.syntax import names
from bot.rules.parse import Rule


def layers(rules: Sequence[Rule], report: Report) -> tuple[tuple[Rule, ...], ...]:
    """Rules that read a derived fact stand in a later layer than all that set it.

    Derived facts that need each other are told as a mistake; then all rules stand in one layer.
    """
    setters: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in rule.sets:
            setters.setdefault(name, []).append(rule)
    circle = _circle(setters)
    if circle:
        path = " -> ".join(circle)
        rule = setters[circle[0]][0]
        report.error(rule.node, "R030", f"derived facts need each other in a circle: {path}")
        return (tuple(rules),)
    levels = _levels(setters)
    numbered = [
        (max((levels[one] for one in reads(rule, setters)), default=0), rule) for rule in rules
    ]
    deepest = max((level for level, _ in numbered), default=0)
    return tuple(
        tuple(rule for level, rule in numbered if level == number) for number in range(deepest + 1)
    )


def reads(rule: Rule, setters: Mapping[str, object]) -> Iterable[str]:
    """The derived facts, of those somebody sets, that the rule reads."""
    return sorted(names(rule.condition) & setters.keys())


def _circle(setters: Mapping[str, list[Rule]]) -> list[str]:
    """A path of derived facts that leads back to its beginning, or nothing."""
    done: set[str] = set()
    for start in setters:
        path: list[tuple[str, list[str]]] = [(start, _needs(start, setters))]
        while path:
            name, left = path[-1]
            if not left:
                done.add(name)
                path.pop()
                continue
            following = left.pop()
            on_path = [one for one, _ in path]
            if following in on_path:
                return [*on_path[on_path.index(following) :], following]
            if following not in done:
                path.append((following, _needs(following, setters)))
    return []


def _needs(name: str, setters: Mapping[str, list[Rule]]) -> list[str]:
    return sorted({one for rule in setters[name] for one in reads(rule, setters)})


def _levels(setters: Mapping[str, list[Rule]]) -> dict[str, int]:
    """The layer from which on each derived fact may be read; only for facts without circles."""
    levels: dict[str, int] = {}
    while len(levels) < len(setters):
        for name in setters:
            needed = _needs(name, setters)
            if name not in levels and all(one in levels for one in needed):
                levels[name] = 1 + max((levels[one] for one in needed), default=0)
    return levels
