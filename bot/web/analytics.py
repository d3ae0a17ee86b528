"""The five key metrics, with cells of fewer than ten people suppressed."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

from aiohttp import web
from msgspec import Struct

from bot.insight.metrics import Success, Unit, success
from bot.people.calendar import rfc3339
from bot.web.answers import json
from bot.web.asked import NoQuery
from bot.web.body import query
from bot.web.door import Door
from bot.web.wire import Instant

T = TypeVar("T")
HUNDRED = 100  # points are kept in hundredths
LEAST_PEOPLE = 10  # spec/trust.md, analytics: k = 10
Cell = float | Literal["suppressed"]  # fewer than ten people, or one could be told from a total


class EngagementBlock(Struct, frozen=True):
    """Engagement score 0-1: the mean of all, and people by band."""

    mean: float | None
    bands: dict[str, Cell]


class SkillBlock(Struct, frozen=True):
    """People by skill."""

    levels: dict[str, Cell]


class CreditBlock(Struct, frozen=True):
    """Credits that moved into and out of wallets, in all and by kind of entry."""

    into_wallets: int
    out_of_wallets: int
    by_kind: dict[str, Cell]


class ContentBlock(Struct, frozen=True):
    """Unlocks by item and messages by intent."""

    unlocks: int
    by_item: dict[str, Cell]
    by_intent: dict[str, Cell]


class ChurnBlock(Struct, frozen=True):
    """People seen in the last 7 days, not seen for 14, and between."""

    active_7d: Cell
    quiet: Cell
    gone_14d: Cell


class SuccessRow(Struct, frozen=True):
    """A success metric beside its target; null: `why` says what is missing."""

    name: str
    value: Cell | None
    target: float | None
    unit: Unit
    people: Cell
    why: str


class Analytics(Struct, frozen=True):
    """The five key metrics, and the success metrics beside their targets."""

    at: Instant
    people: int
    engagement_score: EngagementBlock
    skill_progression: SkillBlock
    credit_use: CreditBlock
    content_performance: ContentBlock
    churn: ChurnBlock
    success: tuple[SuccessRow, ...]


class HabitAnalytics(Struct, frozen=True):
    """Habits of everybody: events in all and by category, people of the last 7 days, and the mean
    of points ever earned, of those who have any.
    """

    at: Instant
    total_events: int
    active_people_7_days: Cell
    people: Cell
    mean_lifetime_points: Cell | None
    events_by_category: dict[str, Cell]


async def habits(door: Door, request: web.Request) -> web.Response:
    """What habits add up to; cells of fewer than ten people are suppressed."""
    query(request, NoQuery)
    now = door.service.clock.now()
    return json(habit_blocks(await door.service.reads.habit_totals(now), now))


def habit_blocks(found: Mapping[str, Any], now: int) -> HabitAnalytics:
    """What may be shown of the sums."""
    people, active, rows = found["people"], found["active"], found["categories"]
    mean: Cell | None = round(found["points"] / people / HUNDRED, 2) if people else None
    return HabitAnalytics(
        at=rfc3339(now),
        total_events=sum(row["events"] for row in rows),
        active_people_7_days=_alone(active, active),
        people=_alone(people, people),
        mean_lifetime_points=_alone(mean, people),
        events_by_category=_by(rows, "category", "events"),
    )


def _alone(value: T, people: int) -> T | Literal["suppressed"]:
    return "suppressed" if 0 < people < LEAST_PEOPLE else value


async def analytics(door: Door, request: web.Request) -> web.Response:
    """The five key metrics; cells of fewer than ten people are suppressed."""
    query(request, NoQuery)
    now = door.service.clock.now()
    return json(blocks(await door.service.reads.totals(now), now))


def blocks(totals: Mapping[str, Any], now: int) -> Analytics:
    """What may be shown of the totals."""
    engagement, content, churn = totals["engagement"], totals["content"], totals["churn"]
    moved = [row["credits"] for row in totals["credits"]]
    quiet = totals["people"] - churn["active"] - churn["gone"]
    seen = _cells([("active", churn["active"]), ("gone", churn["gone"]), ("quiet", quiet)])
    return Analytics(
        at=rfc3339(now),
        people=totals["people"],
        engagement_score=EngagementBlock(
            None if engagement["mean"] is None else round(engagement["mean"], 3),
            _by(engagement["bands"], "band", "people"),
        ),
        skill_progression=SkillBlock(_by(totals["skill"], "skill", "people")),
        credit_use=CreditBlock(
            sum(amount for amount in moved if amount > 0),
            -sum(amount for amount in moved if amount < 0),
            _by(totals["credits"], "kind", "credits"),
        ),
        content_performance=ContentBlock(
            sum(row["unlocks"] for row in content["unlocks"]),
            _by(content["unlocks"], "sku", "unlocks"),
            _by(content["intents"], "intent", "turns"),
        ),
        churn=ChurnBlock(seen["active"], seen["quiet"], seen["gone"]),
        success=tuple(_told(one) for one in success(totals["success"])),
    )


def _told(one: Success) -> SuccessRow:
    """A metric over fewer than ten people says nothing of them."""
    is_hidden = 0 < one.people < LEAST_PEOPLE
    value: Cell | None = "suppressed" if is_hidden and one.value is not None else one.value
    people: Cell = "suppressed" if is_hidden else one.people
    return SuccessRow(one.name, value, one.target, one.unit, people, one.why)


def hidden(people: Mapping[str, int]) -> set[str]:
    """The cells that may not be shown, by how many people each counts.

    Where those together are one cell or fewer than ten people, the total less the others would
    tell them: the next smallest goes too.
    """
    found = {name for name, count in people.items() if 0 < count < LEAST_PEOPLE}
    rest = sorted((name for name in people if name not in found), key=lambda n: (people[n], n))
    while found and rest and (len(found) < 2 or _together(people, found) < LEAST_PEOPLE):
        found.add(rest.pop(0))
    return found


def _together(people: Mapping[str, int], names: set[str]) -> int:
    return sum(people[name] for name in names)


def _by(rows: Iterable[Mapping[str, Any]], name: str, value: str) -> dict[str, Cell]:
    rows = list(rows)
    unseen = hidden({row[name]: row["people"] for row in rows})
    return {row[name]: "suppressed" if row[name] in unseen else row[value] for row in rows}


def _cells(counts: list[tuple[str, int]]) -> dict[str, Cell]:
    return _by([{"name": name, "people": count} for name, count in counts], "name", "people")
