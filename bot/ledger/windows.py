"""What was spent in which window, what is left, and what is closed: anybody may read it.

A fixed window is a local day, ISO week or calendar month; a rolling one the last 24 hours, 7 or
30 days. Both bind (spec/money.md, Caps). `of` says whose caps: credits spent, or bought.
"""

from msgspec import Struct

from bot.ledger.settings import LimitSettings
from bot.model.money import (
    NO_LIMIT,
    PERIODS,
    TIERS,
    CapOf,
    Lot,
    Pause,
    PauseKind,
    Period,
    Purse,
    Remaining,
    Spend,
    Spending,
    Tier,
    TopUp,
)
from bot.people.calendar import DAY_US, HOUR_US, MINUTE_US, window_end, window_start

ROLLING_US: dict[Period, int] = {"day": DAY_US, "week": 7 * DAY_US, "month": 30 * DAY_US}
LONGEST_FIXED_US: dict[Period, int] = {  # whatever the zones do meanwhile
    "day": 3 * DAY_US,
    "week": 9 * DAY_US,
    "month": 33 * DAY_US,
}

CLOSINGS: tuple[PauseKind, ...] = ("rest", "pause", "care")  # the last one is met first


class Reality(Struct, frozen=True):
    """What a reality check tells: minutes in this session, credits since the last check or the
    start of the session or day; `is_due`: the next paid unlock needs an answer first.
    """

    is_due: bool
    minutes: int
    credits: int


def at_least(spending: Spending, now: int) -> int:
    """The time of the next change: never before, or at, that of the one before."""
    return max(now, spending.last_at + 1)


def remaining(
    spending: Spending, settings: LimitSettings, now: int, of: CapOf = "spend"
) -> Remaining:
    """Credits that no window of a period forbids; None where there is no limit."""
    now = max(now, spending.last_at)
    return Remaining(*[_left(spending, period, now, settings, of) for period in PERIODS])


def _left(
    spending: Spending, period: Period, now: int, settings: LimitSettings, of: CapOf
) -> int | None:
    most = cap(spending, period, now, settings, of)
    if most is None:
        return None
    return max(0, most - used(spending, period, now, of))


def cap(
    spending: Spending, period: Period, now: int, settings: LimitSettings, of: CapOf = "spend"
) -> int | None:
    """The lowest cap in force: the person's own (or the default), the operator's, the ceiling."""
    lowest = own_cap(spending, period, now, settings, of)
    if of == "spend" and period in settings.ceilings:
        lowest = min(lowest, settings.ceilings[period])
    if spending.caps:
        imposed = _newest(spending, period, now, of, "operator")
        if imposed is not None:
            lowest = min(lowest, imposed[0])
    return None if lowest >= NO_LIMIT else lowest


def own_cap(
    spending: Spending, period: Period, now: int, settings: LimitSettings, of: CapOf = "spend"
) -> int:
    """What the person chose, else the default; "no limit" is asked about again after a year."""
    shipped = (settings.caps if of == "spend" else settings.topup_caps)[period]
    chosen = _newest(spending, period, now, of, "user") if spending.caps else None
    if chosen is None:
        return shipped
    amount, since = chosen
    if amount >= NO_LIMIT and now >= since + settings.no_limit_d * DAY_US:
        return shipped
    return amount


def _newest(
    spending: Spending, period: Period, now: int, of: CapOf, source: str
) -> tuple[int, int] | None:
    """Amount and start of the last cap of a source that has begun."""
    now = max(now, spending.last_at)
    for one in reversed(spending.caps):
        if one.period == period and one.source == source and one.of == of and one.since <= now:
            return one.amount, one.since
    return None


def used(spending: Spending, period: Period, now: int, of: CapOf = "spend") -> int:
    """What counts against a period's cap now: the fullest of its windows."""
    records = counted(spending, of)
    if not records or records[-1].at <= now - LONGEST_FIXED_US[period]:
        return 0
    most = rolling(spending, period, now, of)
    if _sum_from(records, now - LONGEST_FIXED_US[period]) == most:
        return most
    for zone in zones(spending, now):
        most = max(most, spent(spending, period, now, zone, of))
    return most


def spent(spending: Spending, period: Period, now: int, zone: str, of: CapOf = "spend") -> int:
    """Credits counted in the local day, week or month around `now`."""
    records = counted(spending, of)
    if not records or records[-1].at <= now - LONGEST_FIXED_US[period]:
        return 0
    return _sum_from(records, window_start(period, now, zone))


def rolling(spending: Spending, period: Period, now: int, of: CapOf = "spend") -> int:
    """Credits counted in the last 24 hours, 7 or 30 days."""
    return _sum_from(counted(spending, of), now - ROLLING_US[period] + 1)


def since(spending: Spending, start: int) -> int:
    """Credits counted at `start` or later."""
    return _sum_from(spending.spends, start)


def _sum_from(records: "tuple[Spend | TopUp, ...]", start: int) -> int:
    total = 0
    for one in reversed(records):
        if one.at < start:
            break
        total += one.counted
    return total


def counted(spending: Spending, of: CapOf) -> "tuple[Spend | TopUp, ...]":
    """What the caps count, in order of time."""
    return spending.spends if of == "spend" else spending.topups


def zones(spending: Spending, now: int) -> tuple[str, ...]:
    """The zones whose calendar binds: while a change of zone waits, the old and the new one."""
    change = spending.zone_change
    if change is None:
        return (spending.limits_zone,)
    if now >= change.at:
        return (change.zone,)
    return (spending.limits_zone, change.zone)


def frees_at(
    spending: Spending, period: Period, amount: int, most: int, now: int, of: CapOf = "spend"
) -> int | None:
    """When `amount` fits under a cap of `most` again, nothing else being spent; None: never."""
    if amount > most:
        return None
    room, free = most - amount, now
    for zone in zones(spending, now):
        if spent(spending, period, now, zone, of) > room:
            free = max(free, _binds_until(spending, period, now, zone))
    total = rolling(spending, period, now, of)
    for one in counted(spending, of):
        if total <= room:
            break
        if one.at > now - ROLLING_US[period]:
            total -= one.counted
            free = max(free, one.at + ROLLING_US[period])
    return free


def _binds_until(spending: Spending, period: Period, now: int, zone: str) -> int:
    """The end of a window, or of its zone's turn to bind."""
    end = window_end(period, now, zone)
    change = spending.zone_change
    if change is not None and zone == spending.limits_zone and zone != change.zone:
        return min(end, max(change.at, now))
    return end


def closed(spending: Spending, now: int) -> Pause | None:
    """The care, pause or rest that paid tiers are in: what the next unlock would meet."""
    if not spending.pauses:
        return None
    now = at_least(spending, now)
    inside = [pause for pause in spending.pauses if pause.start <= now < pause.until]
    if not inside:
        return None
    return max(inside, key=lambda pause: (CLOSINGS.index(pause.kind), pause.until))


def closed_until(spending: Spending, kind: PauseKind, now: int) -> int | None:
    """When the pause, rest or care that paid tiers are in ends; None when they are in none."""
    now = max(now, spending.last_at)
    ends = [p.until for p in spending.pauses if p.kind == kind and p.start <= now < p.until]
    return max(ends) if ends else None


def reality(spending: Spending, settings: LimitSettings, now: int) -> Reality:
    """Time and credits since the person last answered a reality check."""
    now = max(now, spending.last_at)
    session = spending.session_started or now
    minutes = (now - session) // MINUTE_US
    unasked = (now - max(session, spending.checked_at)) // MINUTE_US
    credits = 0
    if spending.spends:
        day = min(window_start("day", now, zone) for zone in zones(spending, now))
        credits = since(spending, max(min(session, day), spending.checked_at + 1))
    is_due = unasked >= settings.check_min or credits >= settings.check_credits
    return Reality(is_due, minutes, credits)


def is_cooling(spending: Spending, settings: LimitSettings, now: int) -> bool:
    """True while the wait before a first financial promotion runs."""
    return any(
        now < asked_at + settings.cooling_off_h * HOUR_US
        for tier, asked_at in spending.asked.items()
        if TIERS.index(Tier(tier)) > TIERS.index(spending.highest_tier)
    )


def balance(spending: Spending, now: int) -> int:
    """Credits that can be spent, granted and paid."""
    return _held(spending, now, ("granted", "paid"))


def granted(spending: Spending, now: int) -> int:
    """Credits that were given and can be spent."""
    return _held(spending, now, ("granted",))


def _held(spending: Spending, now: int, purses: tuple[Purse, ...]) -> int:
    return sum([lot.left for lot in spending.lots if lot.purse in purses and is_open(lot, now)])


def is_open(lot: Lot, now: int) -> bool:
    """True for credits that have not expired."""
    return lot.unit == "credit" and (lot.expires_at is None or now < lot.expires_at)
