"""Decision tables: facts no row speaks of, rows that overlap where only one may hit."""

from bot.authored import Report
from bot.rules.parse import Rule, Table
from bot.rules.study import Study, shown


def check_tables(study: Study, report: Report) -> None:
    """Gaps are errors in a `unique` table and warnings in a `first` one; `collect` may have them.

    Rows that never hit are told with hidden rules, for a row is one.
    """
    for table in study.ruleset.tables:
        rows = [row for row in table.rows if row.name in study.boxes]
        if not table.is_enabled or len(rows) < len(table.rows):
            continue
        if table.hit != "collect":
            _check_gap(table, rows, study, report)
        if table.hit == "unique":
            _check_unique(table, rows, study, report)


def _check_gap(table: Table, rows: list[Rule], study: Study, report: Report) -> None:
    left = study.left([{}], rows)
    if not left:
        return
    facts = study.example(left, (), rows)
    if facts is None:
        return
    problem = f"no row of '{table.name}' hits when {shown(facts, study.vocabulary)}"
    if table.hit == "unique":
        report.error(table.node, "R057", problem)
    else:
        report.warning(table.node, "R057", problem, 'add a row of "-" at the end')


def _check_unique(table: Table, rows: list[Rule], study: Study, report: Report) -> None:
    for number, later in enumerate(rows):
        for earlier in rows[:number]:
            facts = study.example(study.both(earlier, later), (earlier, later))
            if facts is not None:
                example = shown(facts, study.vocabulary)
                problem = f"row {number + 1} of '{table.name}' and {earlier.name} both hit"
                report.error(later.node, "R058", f"{problem} when {example}", "hit: first")
