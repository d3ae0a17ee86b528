"""The described success metrics beside their targets; what cannot be computed says why."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

Unit = Literal["share", "minutes", "credits", "stars"]
NO_TRADES = "trades are not seen here; skill_advance and completion tell what was learnt"
NO_TARGET = "reported, never a target"
NOBODY = "nobody to count yet"


class Success(Struct, frozen=True):
    """One metric over `people`; no `value`: `why` says what is missing."""

    name: str
    value: float | None
    people: int
    unit: Unit
    target: float | None = None
    why: str = ""


def success(totals: Mapping[str, Any]) -> tuple[Success, ...]:
    """The eight, from counts of the store (30 days where a time is meant, else all time)."""
    stars: Mapping[int, int] = totals["stars"]
    rated = sum(stars.values())
    weighed = sum(number * count for number, count in stars.items())
    return (
        _ratio("daily_actives", totals["active_day"], totals["active_month"], "share", 0.85),
        _ratio(
            "session_length",
            totals["session_seconds"] / 60,
            totals["sessions"],
            "minutes",
            15.0,
            people=totals["session_people"],
        ),
        _ratio("retention_30d", totals["retained"], totals["old_enough"], "share", 0.70),
        _ratio(
            "credits_a_person",
            totals["credits_spent"],
            totals["active_month"],
            "credits",
            None,
            why=NO_TARGET,
        ),
        _ratio("skill_advance", totals["advanced"], totals["people"], "share", 0.80),
        _ratio("completion", totals["finished"], totals["began"], "share", 0.60),
        _ratio("rating", weighed, rated, "stars", 4.5, people=totals["raters"]),
        Success("improvement", None, 0, "share", None, NO_TRADES),
    )


def _ratio(
    name: str,
    part: float,
    whole: int,
    unit: Unit,
    target: float | None,
    people: int | None = None,
    why: str = "",
) -> Success:
    counted = whole if people is None else people
    if whole == 0:
        return Success(name, None, counted, unit, target, NOBODY)
    return Success(name, round(part / whole, 3), counted, unit, target, why)
