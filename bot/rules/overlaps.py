"""Rules that get in each other's way: conflicts, hidden and needless ones."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.authored import Report
from bot.rules.parse import Rule
from bot.rules.study import Study, effects_by_slot, rows_before, shown

EXCLUSIVE = ("first", "only_one")  # merges in which one rule's value shuts out another's


def check_overlaps(study: Study, report: Report) -> None:
    """Tells conflicts (errors), hidden and redundant rules (warnings), and needless silencing."""
    silenced: set[tuple[str, str]] = set()
    _Overlaps(study, report, silenced).check()
    for rule in study.rules:
        needless = [name for name in rule.overlaps_ok if (_title(rule), name) not in silenced]
        if needless and rule.name == _first_row(study, rule):
            problem = f"overlaps_ok of '{', '.join(needless)}' silences nothing"
            report.warning(rule.node, "R056", problem, "take it away")


class _Overlaps:
    """One pass over all pairs of rules that fill the same slot."""

    def __init__(self, study: Study, report: Report, silenced: set[tuple[str, str]]) -> None:
        self.study, self.report, self.silenced = study, report, silenced
        self.effects = {rule.name: effects_by_slot(rule) for rule in study.rules}

    def check(self) -> None:
        rules = list(self.study.rules)
        for slot in dict.fromkeys(slot for rule in rules for slot in self.effects[rule.name]):
            filling = [rule for rule in rules if slot in self.effects[rule.name]]
            merge = self.study.ruleset.slots[slot.split(" ")[0]].merge
            if merge in EXCLUSIVE:
                self.conflicts(slot, filling)
            if merge == "first":
                self.hidden(slot, filling)
        self.redundant([rule for rule in rules if not rule.table])

    def conflicts(self, slot: str, rules: Sequence[Rule]) -> None:
        """Two rules of one priority that both fire and want different things."""
        for number, later in enumerate(rules):
            for earlier in rules[:number]:
                if earlier.priority != later.priority or not _can_meet(earlier, later):
                    continue
                if self.effects[earlier.name][slot] != self.effects[later.name][slot]:
                    self.conflict(slot, earlier, later)

    def conflict(self, slot: str, earlier: Rule, later: Rule) -> None:
        """An error with an example; a warning where none was found, and none was ruled out."""
        ruleset = self.study.ruleset
        before = (*rows_before(earlier, ruleset), *rows_before(later, ruleset))
        resting = [row for row in before if row.name in self.study.boxes]
        left = self.study.left(self.study.both(earlier, later), resting)
        if left == [] or self.is_silenced(earlier, later):
            return
        facts = self.study.example(left or (), (earlier, later), resting)
        wanted = f"'{self.effects[later.name][slot]}' and '{self.effects[earlier.name][slot]}'"
        problem = f"'{later.name}' and '{earlier.name}' ({earlier.place}) have one priority"
        problem += f" and want {slot} {wanted}"
        hint = "give one a higher priority"
        if facts is None:
            self.report.warning(later.node, "R052", f"{problem}, and might both fire", hint)
        else:
            example = f"both fire when {shown(facts, self.study.vocabulary)}"
            self.report.error(later.node, "R052", f"{problem}: {example}", hint)

    def hidden(self, slot: str, rules: Sequence[Rule]) -> None:
        """Rules whose value never wins, for those before them fire wherever they do."""
        for number, rule in enumerate(rules):
            hiders = [one for one in rules[:number] if not one.is_timed]
            if not self.study.is_covered(rule, hiders):
                continue
            alone = [one for one in hiders if self.study.is_covered(rule, [one])][:1]
            hiders = alone or [one for one in hiders if self.study.both(one, rule)]
            if any(self.is_silenced(hider, rule) for hider in hiders):
                continue
            names = ", ".join(f"'{hider.name}'" for hider in hiders[:5])
            verb = "comes" if len(hiders) == 1 else "come"
            problem = f"the {slot} of '{rule.name}' is never chosen: {names} always {verb} first"
            self.report.warning(rule.node, "R053", problem)

    def redundant(self, rules: Sequence[Rule]) -> None:
        """Rules that fire only where another does the same."""
        groups: dict[str, list[Rule]] = {}
        for rule in rules:
            if rule.effects and not rule.is_timed and self.is_repeatable(rule):
                groups.setdefault(self.group_of(rule), []).append(rule)
        for group in groups.values():
            for number, later in enumerate(group):
                for earlier in group[:number]:
                    self.say_twice(earlier, later)

    def is_repeatable(self, rule: Rule) -> bool:
        """Whether doing it twice is doing it once."""
        slots = self.study.ruleset.slots
        return all(slots[name].merge != "sum" for name, _ in rule.effects)

    def group_of(self, rule: Rule) -> str:
        """Rules of one group do the same, with the same weight where weight matters."""
        slots = self.study.ruleset.slots
        matters = any(slots[name].merge in EXCLUSIVE for name, _ in rule.effects)
        effects: dict[str, Any] = self.effects[rule.name]
        return f"{rule.priority if matters else 0} {sorted(effects.items())}"

    def say_twice(self, earlier: Rule, later: Rule) -> None:
        inside, around = later, earlier
        if not self.study.is_covered(inside, [around]):
            inside, around = earlier, later
            if not self.study.is_covered(inside, [around]):
                return
        if not self.is_silenced(inside, around):
            problem = f"'{inside.name}' says nothing new: '{around.name}' ({around.place}) "
            problem += "does the same wherever it fires"
            self.report.warning(inside.node, "R055", problem)

    def is_silenced(self, one: Rule, other: Rule) -> bool:
        """Whether one of the two says that the other may overlap; remembers that it mattered."""
        pairs = [(one, other), (other, one)]
        found = [(_title(a), _title(b)) for a, b in pairs if _title(b) in a.overlaps_ok]
        self.silenced.update(found)
        return bool(found)


def _can_meet(one: Rule, other: Rule) -> bool:
    """False for two rows of one table, and for rules that are not in force at the same time."""
    if one.table and one.table == other.table:
        return False
    return not (_is_over_before(one, other) or _is_over_before(other, one))


def _is_over_before(one: Rule, other: Rule) -> bool:
    if one.ends is None or other.starts is None or one.ends.is_day != other.starts.is_day:
        return False
    return one.ends.value <= other.starts.value


def _title(rule: Rule) -> str:
    return rule.table or rule.name


def _first_row(study: Study, rule: Rule) -> str:
    """The name of the rule, or of the first row of its table: what is told once a table."""
    rows: Iterator[str] = (one.name for one in study.rules if one.table == rule.table)
    return next(rows) if rule.table else rule.name
