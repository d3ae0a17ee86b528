"""How often we may begin: rolling and calendar windows over the contacts so far."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.model.money import Period
from bot.model.person import Contact
from bot.outreach.policy import Caps, KindPolicy, OutreachPolicy
from bot.people import calendar
from bot.people.calendar import DAY_US

WEEK_US = 7 * DAY_US
KEPT_US = 8 * DAY_US  # the longest window is an ISO week with a 25 h day


class Full(Struct, frozen=True):
    """A cap that is reached: which window, and when it has room again (None: never)."""

    window: str
    limit: int
    until: int | None


def full(
    contacts: Sequence[Contact],
    kind: KindPolicy,
    policy: OutreachPolicy,
    now: int,
    zone: str,
    is_flagged: bool,
) -> Full | None:
    """The reached cap that frees last, or None when one more message may begin now."""
    if kind.transactional:
        return None
    counted = [one for one in contacts if not policy.kind(one.kind).transactional]
    reached = list(_reached("all", [one.at for one in counted], policy.every, now, zone))
    if kind.promotional:
        caps = policy.flagged if is_flagged else policy.promotional
        times = [one.at for one in counted if one.promotional]
        reached += _reached("promotional", times, caps, now, zone)
    if not reached:
        return None
    return max(reached, key=lambda one: (one.until is None, one.until or 0))


def kept(contacts: Iterable[Contact], now: int) -> tuple[Contact, ...]:
    """The contacts some window may still count."""
    return tuple(one for one in contacts if one.at > now - KEPT_US)


def _reached(name: str, times: list[int], caps: Caps, now: int, zone: str) -> Iterable[Full]:
    windows: tuple[tuple[Period, int, int], ...] = (
        ("day", DAY_US, caps.day),
        ("week", WEEK_US, caps.week),
    )
    for period, span, limit in windows:
        rolling = sorted(at for at in times if at > now - span)
        if len(rolling) >= limit:
            until = rolling[len(rolling) - limit] + span if limit else None
            yield Full(f"{name} rolling {period}", limit, until)
        start = calendar.window_start(period, now, zone)
        if sum(1 for at in times if at >= start) >= limit:
            until = calendar.window_end(period, now, zone) if limit else None
            yield Full(f"{name} calendar {period}", limit, until)
