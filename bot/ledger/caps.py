"""Limits a person sets for themselves: down at once, up after a wait and a second yes."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import RequestError
from bot.ledger import counters, windows
from bot.ledger.settings import MOST, LimitSettings
from bot.model.money import (
    NO_LIMIT,
    PERIODS,
    Cap,
    CapOf,
    CapRequest,
    Counter,
    Pause,
    Period,
    Spending,
    ZoneChange,
)
from bot.people.calendar import DAY_US, HOUR_US, is_zone, window_end

PAUSE_HOURS = (24, 7 * 24, 30 * 24, 42 * 24)  # spec/money.md, Pause; longer is self-exclusion
ZONE_WAIT_US = 24 * HOUR_US
CARE_D = 7  # policy P24
KEPT_US = 62 * DAY_US  # spends, pauses, purchases: longer than any window
REQUESTS_KEPT_US = 30 * DAY_US  # policy P11 counts increase requests of 30 days
HISTORY = 24  # caps kept that newer ones have replaced; turns keep them all


class CapChange(Struct, frozen=True):
    """What a wish for other limits came to, and the spending after it.

    `lowered` and `raised` hold from now on. `pending`: an increase that waits. `reason` and
    `until` say why a confirmation did nothing.
    """

    spending: Spending
    counters: tuple[Counter, ...] = ()
    lowered: tuple[Period, ...] = ()
    raised: tuple[Period, ...] = ()
    pending: CapRequest | None = None
    reason: Literal["", "nothing_pending", "too_early"] = ""
    until: int | None = None


def put(
    spending: Spending,
    amounts: Mapping[Period, int],
    now: int,
    settings: LimitSettings,
    of: CapOf = "spend",
) -> CapChange:
    """Lower limits at once; ask for higher ones (NO_LIMIT removes one), replacing what waited."""
    _check_amounts(amounts)
    spending = settle(spending, now)
    at = windows.at_least(spending, now)
    old = {period: windows.own_cap(spending, period, at, settings, of) for period in amounts}
    lowered = {period: amount for period, amount in amounts.items() if amount < old[period]}
    higher = {period: amount for period, amount in amounts.items() if amount > old[period]}
    spending = replace(_with_caps(spending, lowered, at, of), last_at=at)
    if not higher:
        spending = _with_request(spending, None, of)  # a decrease, or "keep my limit"
    else:
        spending = _asked(spending, higher, at, settings, of)
    return CapChange(
        spending,
        counters.relimit(spending, tuple(lowered), at, settings, of) if lowered else (),
        lowered=tuple(lowered),
        pending=_request(spending, of),
    )


def confirm(
    spending: Spending, now: int, settings: LimitSettings, of: CapOf = "spend"
) -> CapChange:
    """The second yes: the increase that has waited its time comes into force."""
    spending = settle(spending, now)
    request = _request(spending, of)
    at = windows.at_least(spending, now)
    if request is None:
        return CapChange(spending, reason="nothing_pending")
    if at < request.confirm_from:
        return CapChange(spending, pending=request, reason="too_early", until=request.confirm_from)
    after = _with_request(_with_caps(spending, request.amounts, at, of), None, of)
    if of == "spend":
        after = replace(after, raised_at=at, last_at=at)
    else:
        after = replace(after, topup_raised_at=at, last_at=at)
    raised = tuple(request.amounts)
    return CapChange(after, counters.relimit(after, raised, at, settings, of), raised=raised)


def pause(spending: Spending, hours: int, now: int) -> Spending:
    """Close paid tiers from now on; a running pause is only ever made longer."""
    if hours not in PAUSE_HOURS:
        choices = ", ".join(map(str, PAUSE_HOURS))
        raise RequestError("bad_input", f"one of {choices} hours", "hours")
    at = windows.at_least(spending, now)
    until = at + hours * HOUR_US
    running = [p for p in spending.pauses if p.kind == "pause" and p.start <= at < p.until]
    if any(one.until >= until for one in running):
        return spending
    start = min([one.start for one in running], default=at)
    others = tuple(one for one in spending.pauses if one not in running)
    return replace(spending, pauses=(*others, Pause("pause", start, until)), last_at=at)


def care(spending: Spending, now: int) -> tuple[Spending, int]:
    """Close paid tiers for CARE_D days after words of despair (P24), and say until when.

    Words said again begin the days anew; nothing ends them sooner.
    """
    at = windows.at_least(spending, now)
    until = at + CARE_D * DAY_US
    running = [p for p in spending.pauses if p.kind == "care" and p.start <= at < p.until]
    start = min([one.start for one in running], default=at)
    others = tuple(one for one in spending.pauses if one not in running)
    pauses = (*others, Pause("care", start, until))
    return replace(spending, pauses=pauses, last_at=at), until


def change_zone(spending: Spending, zone: str, now: int) -> Spending:
    """Let the limits follow to another zone: after a day and the end of the old zone's month."""
    if not is_zone(zone):
        raise RequestError("bad_input", f"'{zone[:60]}' is not an IANA time zone", "time_zone")
    spending = settle(spending, now)
    at = windows.at_least(spending, now)
    if zone == spending.limits_zone:
        return replace(spending, zone_change=None) if spending.zone_change else spending
    if spending.zone_change is not None and spending.zone_change.zone == zone:
        return spending
    due = max(at + ZONE_WAIT_US, window_end("month", at, spending.limits_zone))
    change = ZoneChange(zone, due)
    return replace(spending, zone_change=change, zone_changed_at=at, last_at=at)


def settle(spending: Spending, now: int) -> Spending:
    """The spending with everything done that time alone does; the same object if nothing was."""
    now = windows.at_least(spending, now)
    request, topup, change = spending.request, spending.topup_request, spending.zone_change
    changed: dict[str, object] = {}
    if request is not None and request.lapses_at <= now:
        changed["request"] = None
    if topup is not None and topup.lapses_at <= now:
        changed["topup_request"] = None
    if change is not None and change.at <= now:
        changed |= {"limits_zone": change.zone, "zone_change": None}
    if _is_stale(spending, now):
        changed |= _fresh(spending, now)
    return replace(spending, **changed) if changed else spending


def _check_amounts(amounts: Mapping[Period, int]) -> None:
    for period, amount in amounts.items():
        if period not in PERIODS:
            raise RequestError("bad_input", f"one of {', '.join(PERIODS)}", period)
        if amount != NO_LIMIT and not 0 <= amount <= MOST:
            raise RequestError("bad_input", f"between 0 and {MOST} credits", period)


def _asked(
    spending: Spending,
    higher: Mapping[Period, int],
    at: int,
    settings: LimitSettings,
    of: CapOf,
) -> Spending:
    """An increase begins to wait: a day at least, and a week since the last one."""
    raised_at = spending.raised_at if of == "spend" else spending.topup_raised_at
    confirm_from = at + settings.increase_wait_h * HOUR_US
    if raised_at:
        confirm_from = max(confirm_from, raised_at + settings.increase_every_d * DAY_US)
    lapses_at = confirm_from + settings.increase_confirm_h * HOUR_US
    request = CapRequest(dict(higher), at, confirm_from, lapses_at)
    recent = tuple(asked for asked in spending.requests if asked > at - REQUESTS_KEPT_US)
    return _with_request(replace(spending, requests=(*recent[-99:], at)), request, of)


def _request(spending: Spending, of: CapOf) -> CapRequest | None:
    return spending.request if of == "spend" else spending.topup_request


def _with_request(spending: Spending, request: CapRequest | None, of: CapOf) -> Spending:
    if of == "spend":
        return replace(spending, request=request)
    return replace(spending, topup_request=request)


def _with_caps(spending: Spending, amounts: Mapping[Period, int], at: int, of: CapOf) -> Spending:
    """New caps of the person's own; of those they replace, the newest are kept."""
    if not amounts:
        return spending
    new = [Cap(period, amount, at, "user", of) for period, amount in amounts.items()]
    caps = [*spending.caps, *new]
    in_force = {(cap.period, cap.source, cap.of): cap for cap in caps}
    replaced = [cap for cap in caps if cap is not in_force[cap.period, cap.source, cap.of]]
    dropped = {id(cap) for cap in replaced[:-HISTORY]}
    return replace(spending, caps=tuple(cap for cap in caps if id(cap) not in dropped))


def _is_stale(spending: Spending, now: int) -> bool:
    """True when something is old enough to be dropped."""
    old = now - KEPT_US
    return bool(
        (spending.spends and spending.spends[0].at < old)
        or (spending.topups and spending.topups[0].at < old)
        or (spending.pauses and any(one.until < old for one in spending.pauses))
    )


def _fresh(spending: Spending, now: int) -> dict[str, object]:
    """What is kept: windows' worth of records, and the lots that still matter to them."""
    old = now - KEPT_US
    spends = tuple(spend for spend in spending.spends if spend.at >= old)
    needed = {lot_id for spend in spends for lot_id, _ in spend.lots}
    return {
        "spends": spends,
        "topups": tuple(topup for topup in spending.topups if topup.at >= old),
        "pauses": tuple(one for one in spending.pauses if one.until >= old),
        "refusals": tuple(hit for hit in spending.refusals if hit >= old),
        "requests": tuple(asked for asked in spending.requests if asked >= old),
        "lots": tuple(lot for lot in spending.lots if lot.left or lot.id in needed),
    }
