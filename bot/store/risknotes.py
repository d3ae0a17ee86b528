"""The risk of leaving in the notebook: the same promises, straight from the rows."""

from collections.abc import Sequence

from msgspec import convert, to_builtins
from msgspec.structs import replace

from bot.model.risk import Distribution, Level, Risk, Run
from bot.store.risks import STALE_RUN_US, counted, in_order, level_of
from bot.store.tables import Tables


class NotebookRisks:
    """Risks of a few people, straight from the rows."""

    def __init__(self, tables: Tables) -> None:
        self._rows, self._put = tables.rows, tables.put

    async def keep(self, risks: Sequence[Risk]) -> None:
        here = {row["id"] for row in self._rows("persons")}
        kept = {one.person_id: one for one in self._all()}
        for one in risks:
            before = kept.get(one.person_id)
            if one.person_id in here and (before is None or one.at >= before.at):
                kept[one.person_id] = one
        self._put("risks", [to_builtins(one) for one in kept.values()])

    async def of(self, first: str, last: str) -> dict[str, Risk]:
        return {one.person_id: one for one in self._all() if first <= one.person_id <= last}

    async def listed(
        self, levels: Sequence[Level], below: tuple[int, str] | None, limit: int
    ) -> list[Risk]:
        found = in_order([one for one in self._all() if level_of(one) in levels])
        score, person = below or (101, "")
        after = [one for one in found if (-(one.score or 0), one.person_id) > (-score, person)]
        return after[:limit]

    async def distribution(self) -> Distribution:
        found: dict[str, int] = {}
        for one in self._all():
            found[level_of(one)] = found.get(level_of(one), 0) + 1
        return counted(found, len(self._rows("persons")))

    async def begin(self, run_id: str, now: int) -> bool:
        known = await self.run(run_id)
        if known is not None and (known.ended_at or known.touched_at >= now - STALE_RUN_US):
            return False
        self._write(replace(known, at=now, touched_at=now) if known else Run(run_id, now, now))
        return True

    async def note(self, run: Run) -> None:
        self._write(run)

    async def run(self, run_id: str) -> Run | None:
        found = [row for row in self._rows("risk_runs") if row["id"] == run_id]
        return convert(found[0], Run) if found else None

    def _write(self, run: Run) -> None:
        rest = [row for row in self._rows("risk_runs") if row["id"] != run.id]
        self._put("risk_runs", [*rest, to_builtins(run)])

    def _all(self) -> list[Risk]:
        return [convert(row, Risk) for row in self._rows("risks")]
