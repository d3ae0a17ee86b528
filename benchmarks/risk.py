"""Everybody's risk of leaving, and how long turns wait meanwhile; rules-v1 on real leavers."""

import argparse
import asyncio
import csv
import gc
import os
import tempfile
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from load import last_line, table
from msgspec.structs import replace

from bot import config
from bot.app import Service, build
from bot.catalog import load, terms_of
from bot.clock import FrozenClock
from bot.insight import risk
from bot.insight.scorecard import RiskRule
from bot.model.decision import Decision, Trace
from bot.model.message import Inbound, Reply
from bot.model.person import Person
from bot.model.progress import Day, Progress
from bot.people.calendar import DAY_US

ROOT = Path(__file__).resolve().parents[1]
NOW = 1_772_366_400_000_000
TODAY = date(2026, 3, 1).toordinal()
WEEKS = (2, 4, 6, 10, 20)
BATCH = 500
Courses = dict[tuple[str, str], list[tuple[int, bool]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--oulad", type=Path, help="a folder with the tables of OULAD")
    given = parser.parse_args()
    figures = asyncio.run(_everybody(given.people))
    table(("what", "value"), [(name, f"{value:.3f}") for name, value in figures.items()])
    if given.oulad is not None:
        rule = load(ROOT, terms_of(config.load(ROOT / "bot.toml", {}))).script.risk
        assert rule is not None, "rules/risk.yaml is missing"
        found = [_at_week(given.oulad, week, rule) for week in WEEKS]
        table(("week", "students", "withdraw", "AUC", "days away alone"), found)
        figures |= {f"auc_week_{row[0]}": float(row[3]) for row in found}
    last_line(people=given.people, **figures)


async def _everybody(people: int) -> dict[str, float]:
    """A run over `people`, and the longest the event loop stood still in it."""
    shipped = config.load(ROOT / "bot.toml", {})
    with tempfile.TemporaryDirectory() as folder:
        quiet = replace(shipped.logs, file=os.path.join(folder, "log.jsonl"))
        settings = config.override(replace(shipped, logs=quiet), data=folder)
        service = await build(settings, FrozenClock())
        try:
            await _filled(service, people)
            gc.freeze()  # as the server does with what was built at start
            idle, longest = [0.0], [0.0]
            watch = asyncio.create_task(_watched(idle))
            await asyncio.sleep(1)  # how long the machine alone makes it stand still
            watch.cancel()
            watch = asyncio.create_task(_watched(longest))
            started = time.perf_counter()
            run = await service.ticks.scoring.tonight(NOW)
            took = time.perf_counter() - started
            watch.cancel()
            assert run is not None and run.people == people
            listed = time.perf_counter()
            await service.store.risks.listed(("critical", "high"), None, 50)
            await service.store.risks.distribution()
            return {
                "seconds": round(took, 3),
                "people_a_second": round(people / took),
                "idle_stall_ms": round(idle[0] * 1000, 1),
                "longest_stall_ms": round(longest[0] * 1000, 1),
                "at_risk_page_ms": round((time.perf_counter() - listed) * 1000, 2),
            }
        finally:
            await service.stop()


async def _watched(longest: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        longest[0] = max(longest[0], time.perf_counter() - before - 0.001)


async def _filled(service: Service, people: int) -> None:
    for start in range(0, people, BATCH):
        decided = [_first(n) for n in range(start, min(people, start + BATCH))]
        assert {one.status for one in await service.store.commit_all(decided)} == {"committed"}


def _first(number: int) -> Decision:
    """Somebody who was last here so many days ago, and had been for a while."""
    away = number % 60
    person = Person(
        f"p{number:07}",
        version=1,
        created_at=NOW - 100 * DAY_US,
        last_at=NOW - away * DAY_US,
        seen_at=NOW - away * DAY_US,
        progress=Progress(days=tuple(Day(TODAY - away - n) for n in (8, 5, 3, 1, 0))),
    )
    turn_id = f"t{number}"
    inbound = Inbound(turn_id, person.id, "message", person.last_at, text="hello")
    return Decision(
        turn_id, inbound, person.last_at, None, person, Reply(turn_id, "hello"), Trace("c", 1)
    )


def _at_week(folder: Path, week: int, rule: RiskRule) -> tuple[Any, ...]:
    """Students still registered at a week of their course: who withdraws from it later, against
    the score of that day; activity is what they handed in."""
    done = _handed_in(folder)
    scored: Courses = defaultdict(list)
    away: Courses = defaultdict(list)
    cutoff = week * 7
    for row in _rows(folder, "studentRegistration.csv"):
        course = (row["code_module"], row["code_presentation"])
        began = int(row["date_registration"] or 0)
        left = int(row["date_unregistration"]) if row["date_unregistration"] else None
        if began > cutoff or (left is not None and left <= cutoff):
            continue  # who has left already would inflate the figure
        days = sorted(done[(*course, row["id_student"])])
        person = _student([day for day in days if day <= cutoff], cutoff, min(began, 0))
        seen = risk.signals(person, NOW, "UTC", 1, rule)
        scored[course].append((risk.score(seen, rule.card), left is not None))
        away[course].append((seen.days_away, left is not None))
    gone = [is_gone for course in scored.values() for _, is_gone in course]
    share = sum(gone) / len(gone)
    return week, len(gone), f"{share:.2f}", f"{_auc(scored):.3f}", f"{_auc(away):.3f}"


def _handed_in(folder: Path) -> dict[tuple[str, str, str], set[int]]:
    course = {
        row["id_assessment"]: (row["code_module"], row["code_presentation"])
        for row in _rows(folder, "assessments_processed.csv")
    }
    done: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for row in _rows(folder, "student_assessment_processed.csv"):
        if row["is_banked"] == "0" and row["id_assessment"] in course and row["date_submitted"]:
            key = (*course[row["id_assessment"]], row["id_student"])
            done[key].add(int(float(row["date_submitted"])))
    return done


def _student(days: list[int], cutoff: int, began: int) -> Person:
    last = days[-1] if days else began
    return Person(
        "student",
        created_at=NOW - (cutoff - began) * DAY_US,
        seen_at=NOW - (cutoff - last) * DAY_US,
        progress=Progress(
            lessons=tuple(map(str, days)),
            days=tuple(Day(TODAY - (cutoff - day)) for day in days[-5:]),
        ),
    )


def _auc(scored: Courses) -> float:
    """The chance that of two of one course the one who withdraws has the higher score."""
    wins = pairs = 0.0
    for course in scored.values():
        by_score: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for points, is_gone in course:
            by_score[points][is_gone] += 1
        below = 0.0
        for points in sorted(by_score):
            stay, go = by_score[points]
            wins += go * (below + stay / 2)
            below += stay
        pairs += below * sum(is_gone for _, is_gone in course)
    return wins / pairs


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
