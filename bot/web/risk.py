"""The doors of the risk of leaving: of one person, of everybody, and who is at risk."""

from typing import Annotated, Literal

from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from bot.errors import RequestError
from bot.insight.scorecard import RiskRule
from bot.model.risk import AT_RISK, Part, Risk, Run
from bot.people.calendar import rfc3339
from bot.store.risks import STALE_RUN_US
from bot.turn import known
from bot.web.answers import json
from bot.web.asked import UserId
from bot.web.body import query, read
from bot.web.door import Door
from bot.web.wire import Instant

ABSENT = {
    "new": "Here for less than {days} days: too early to say.",
    "paused": "On a planned pause: nobody who rests is at risk.",
}
Limit = Annotated[int, Meta(ge=1, le=100)]
After = Annotated[str, Meta(min_length=3, max_length=220)]


class CalculateAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose risk; `all`: everybody's, in the background."""

    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    all: bool = False


class Reason(Struct, frozen=True):
    """What raised the score; `share` is what it adds to the log-odds, `value` its signal."""

    name: str
    text: str
    value: float
    share: float


class Intervention(Struct, frozen=True):
    """Something that may be done; nothing was sent."""

    kind: str
    channels: tuple[str, ...]
    why: str


class RiskAnswer(Struct, frozen=True):
    """A risk of leaving; `dropOffRisk` is null where there is none: `why` says the reason."""

    userId: str
    dropOffRisk: int | None
    confidence: float
    level: str | None
    atRisk: bool
    change: int | None
    daysAway: int
    reasons: tuple[Reason, ...]
    interventions: tuple[Intervention, ...]
    label: str
    calculatedAt: Instant
    why: str


class AtRiskLine(Struct, frozen=True):
    """Somebody at risk; `change` is against the night before, `since` when the level began."""

    userId: str
    dropOffRisk: int
    level: str
    confidence: float
    change: int | None
    daysAway: int
    reasons: tuple[Reason, ...]
    label: str
    calculatedAt: Instant


class AtRiskAnswer(Struct, frozen=True):
    """A page of people, the highest risk first; `next` asks for the one after it."""

    list: tuple[AtRiskLine, ...]
    totalStudents: int
    atRiskStudents: int
    atRiskPercentage: float
    distribution: dict[str, int]
    next: str | None


class AtRiskQuery(Struct, frozen=True):
    """Which level; without one everybody at risk: high and critical."""

    level: Literal["critical", "high", "medium", "low"] | UnsetType = UNSET
    limit: Limit = 50
    after: After | UnsetType = UNSET


class RunAnswer(Struct, frozen=True):
    """A run of everybody: running, done, or stopped before its end."""

    job_id: str
    state: Literal["running", "done", "stopped"]
    people: int
    scored: int
    atRisk: int
    started_at: Instant
    ended_at: Instant | None


_ask = Decoder(CalculateAsk)


async def calculate(door: Door, request: web.Request) -> web.Response:
    """The risk that somebody leaves, kept as tonight's; everybody's is answered 202."""
    ask = await read(request, _ask) if request.can_read_body else CalculateAsk()
    scoring = door.service.ticks.scoring
    if ask.all:
        door.guard.demand_operator(request)
        if ask.user_id is not UNSET or ask.userId is not UNSET:
            raise RequestError("bad_input", "everybody or somebody, not both", "all")
        return json(_run(await scoring.begin(), door), 202)
    person_id = door.person_id(ask.user_id, ask.userId, request)
    rule = scoring.rule
    person = known(await door.service.store.person(person_id, fresh=True), person_id)
    found, proposals = await scoring.one(person, door.service.clock.now())
    return json(
        RiskAnswer(
            person_id,
            found.score,
            found.confidence,
            None if found.score is None else found.level,
            found.is_at_risk,
            _change(found),
            found.days_away,
            _reasons(found, rule, person.profile.language),
            tuple(Intervention(one.kind, one.channels, one.why) for one in proposals),
            rule.card.label,
            rfc3339(found.at),
            ABSENT[found.absence].format(days=rule.new_days) if found.absence else "",
        )
    )


async def run(door: Door, request: web.Request) -> web.Response:
    """How far a run of everybody has come."""
    found = await door.service.store.risks.run(request.match_info["id"])
    if found is None:
        raise RequestError("unknown", "no such job", "id")
    return json(_run(found, door))


async def at_risk(door: Door, request: web.Request) -> web.Response:
    """Staff: who is at risk of leaving, and how many are at each level."""
    ask = query(request, AtRiskQuery)
    rule = door.service.ticks.scoring.rule
    risks = door.service.store.risks
    levels = AT_RISK if ask.level is UNSET else (ask.level,)
    below = None if ask.after is UNSET else _below(ask.after)
    page = await risks.listed(levels, below, ask.limit + 1)
    shown = page[: ask.limit]
    counts = await risks.distribution()
    number = sum(counts.levels[level] for level in AT_RISK)
    reckoned = sum(counts.levels.values()) + counts.absent
    spread: dict[str, int] = {level: counts.levels[level] for level in (*AT_RISK, "medium", "low")}
    return json(
        AtRiskAnswer(
            tuple(_line(one, rule) for one in shown),
            counts.people,
            number,
            round(100 * number / counts.people, 1) if counts.people else 0.0,
            {**spread, "notApplicable": counts.absent, "notCalculated": counts.people - reckoned},
            f"{shown[-1].score}.{shown[-1].person_id}" if len(page) > ask.limit else None,
        )
    )


def _run(run: Run, door: Door) -> RunAnswer:
    is_lost = door.service.clock.now() - run.touched_at > STALE_RUN_US
    return RunAnswer(
        run.id,
        "done" if run.ended_at is not None else "stopped" if is_lost else "running",
        run.people,
        run.scored,
        run.at_risk,
        rfc3339(run.at),
        None if run.ended_at is None else rfc3339(run.ended_at),
    )


def _line(one: Risk, rule: RiskRule) -> AtRiskLine:
    return AtRiskLine(
        one.person_id,
        one.score or 0,
        one.level,
        one.confidence,
        _change(one),
        one.days_away,
        _reasons(one, rule, "en"),
        one.label,
        rfc3339(one.at),
    )


def _reasons(found: Risk, rule: RiskRule, locale: str) -> tuple[Reason, ...]:
    """In words; a part that the file no longer has is left out."""
    return tuple(_reason(one, rule, locale) for one in found.reasons if one.name in rule.texts)


def _reason(one: Part, rule: RiskRule, locale: str) -> Reason:
    return Reason(one.name, rule.text(one.name, locale), one.value, round(one.log_odds, 2))


def _change(found: Risk) -> int | None:
    """Against the night before; None where there is nothing to compare."""
    if found.score is None or found.before is None:
        return None
    return found.score - found.before.score


def _below(after: str) -> tuple[int, str]:
    score, _, person_id = after.partition(".")
    if not (score.isascii() and score.isdigit() and len(score) <= 3 and person_id):
        raise RequestError("bad_input", "give what `next` said", "after")
    return int(score), person_id
