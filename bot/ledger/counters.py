"""The database's own guard of the caps: one counter for each fixed window."""

from datetime import date

from bot.ledger import windows
from bot.ledger.settings import LimitSettings
from bot.model.money import NO_LIMIT, PERIODS, CapOf, Counter, Period, Spending
from bot.people.calendar import first_day, local_date


def count(
    spending: Spending, add: int, at: int, settings: LimitSettings, of: CapOf = "spend"
) -> tuple[Counter, ...]:
    """Adds to the windows around `at` in every zone that binds, under the caps in force."""
    if add == 0:
        return ()
    return _counters(spending, add, at, settings, PERIODS, of)


def relimit(
    spending: Spending,
    periods: tuple[Period, ...],
    at: int,
    settings: LimitSettings,
    of: CapOf = "spend",
) -> tuple[Counter, ...]:
    """Tells the windows around `at` their new caps."""
    return _counters(spending, 0, at, settings, periods, of)


def uncount(zones: tuple[str, ...], take: int, at: int) -> tuple[Counter, ...]:
    """Takes a voided unlock out of the windows it was added to."""
    if take == 0:
        return ()
    names = [name(period, local_date(at, zone), zone) for zone in zones for period in PERIODS]
    return tuple(Counter(window, -take, 0) for window in names)


def name(period: Period, day: date, zone: str, of: CapOf = "spend") -> str:
    """`day:2026-11-21@Europe/Helsinki`; a week is named by its Monday, a month by its first."""
    kind = period if of == "spend" else f"topup.{period}"
    return f"{kind}:{first_day(period, day).isoformat()}@{zone}"


def _counters(
    spending: Spending,
    add: int,
    at: int,
    settings: LimitSettings,
    periods: tuple[Period, ...],
    of: CapOf,
) -> tuple[Counter, ...]:
    caps = {period: windows.cap(spending, period, at, settings, of) for period in periods}
    days = {zone: local_date(at, zone) for zone in windows.zones(spending, at)}
    return tuple(
        Counter(name(period, day, zone, of), add, NO_LIMIT if most is None else most)
        for zone, day in days.items()
        for period, most in caps.items()
    )
