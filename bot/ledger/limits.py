"""Whether a charge is allowed: every check of spec/money.md, in its order."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.ledger import lots, windows
from bot.ledger.outcomes import Reason, Refusal
from bot.ledger.settings import LimitSettings
from bot.model.money import PERIODS, TIERS, CapOf, Item, Pause, PauseKind, Period, Spending
from bot.people.calendar import DAY_US, HOUR_US, window_start

Age = Literal["unknown", "adult", "minor"]
REMEMBERED_US = 30 * DAY_US  # refusals by a cap; policy P11 looks back as far
CAP_REASONS: dict[tuple[CapOf, Period], Reason] = {
    ("spend", "day"): "cap_day",
    ("spend", "week"): "cap_week",
    ("spend", "month"): "cap_month",
    ("topup", "day"): "cap_topup_day",
    ("topup", "week"): "cap_topup_week",
    ("topup", "month"): "cap_topup_month",
}


class Asking(Struct, frozen=True):
    """What a person wants to unlock, and what they have answered already.

    `expected_price` is the one they were shown. `is_reality_checked`: they answered the reality
    check with this attempt. `must_confirm`: a rule's gate says `ask`; `is_confirmed`: they did.
    """

    item: Item
    price: int
    age: Age
    expected_price: int | None = None
    discount_percent: int = 0
    is_reality_checked: bool = False
    must_confirm: bool = False
    is_confirmed: bool = False


def check(spending: Spending, asking: Asking, settings: LimitSettings, now: int) -> Refusal | None:
    """Why this unlock must not be charged now, or None when it may."""
    if asking.item.sku in spending.owned:
        return Refusal("already_owned")
    if asking.expected_price not in (None, asking.price):
        return Refusal("price_changed", question="price")
    if asking.price == 0:
        return None
    at = windows.at_least(spending, now)
    return (
        _closed(spending, "care", at)
        or _closed(spending, "pause", at)
        or _age(asking.age)
        or _cooling(spending, asking.item, settings, at)
        or _closed(spending, "rest", at)
        or _caps(spending, _counted(spending, asking, settings, at), settings, at)
        or _balance(spending, asking, at)
        or _questions(spending, asking, settings, at)
    )


def check_topup(
    spending: Spending, credits: int, settings: LimitSettings, now: int
) -> Refusal | None:
    """Why these credits must not be bought now, or None when they may."""
    at = windows.at_least(spending, now)
    return _closed(spending, "care", at) or _caps(spending, credits, settings, at, "topup")


def noted(
    spending: Spending, item: Item, refusal: Refusal, settings: LimitSettings, now: int
) -> Spending:
    """The spending after a refusal of `item`: attempts, cooling-off, and a rest that it starts."""
    if not refusal.is_final or refusal.reason == "already_owned":
        return spending
    at = windows.at_least(spending, now)
    attempts = {**spending.attempts, item.sku: spending.attempts.get(item.sku, 0) + 1}
    spending = replace(spending, attempts=attempts, last_at=at)
    if refusal.reason == "cooling_off":
        return replace(spending, asked={item.tier.value: at, **spending.asked})
    if refusal.reason in ("cap_day", "cap_week", "cap_month"):
        return _rested(_hit(spending, at), settings, at)
    return spending


def reality_answered(spending: Spending, now: int) -> Spending:
    """The spending after the reality check was answered."""
    return replace(spending, checked_at=max(now, spending.last_at))


def _closed(spending: Spending, kind: PauseKind, at: int) -> Refusal | None:
    until = windows.closed_until(spending, kind, at)
    if until is None:
        return None
    return Refusal("paused" if kind == "pause" else kind, until)


def _age(age: Age) -> Refusal | None:
    if age == "adult":
        return None
    return Refusal("age_minor") if age == "minor" else Refusal("age_unknown", question="age")


def _cooling(spending: Spending, item: Item, settings: LimitSettings, at: int) -> Refusal | None:
    """A first financial promotion waits (FCA PS23/6); other content never does."""
    is_first = TIERS.index(item.tier) > TIERS.index(spending.highest_tier)
    if not item.financial_promotion or not is_first:
        return None
    until = spending.asked.get(item.tier.value, at) + settings.cooling_off_h * HOUR_US
    return Refusal("cooling_off", until) if at < until else None


def _counted(spending: Spending, asking: Asking, settings: LimitSettings, at: int) -> int:
    """What the windows would count: everything, or only what was paid for."""
    if settings.count_granted:
        return asking.price
    given = windows.granted(spending, at)
    back = lots.whole_discount(spending, asking.price * asking.discount_percent)
    return max(0, asking.price - given - back)


def _caps(
    spending: Spending, counted: int, settings: LimitSettings, at: int, of: CapOf = "spend"
) -> Refusal | None:
    """The cap that holds longest; a smaller period is named first when they end together."""
    worst: Refusal | None = None
    for period in PERIODS:
        most = windows.cap(spending, period, at, settings, of)
        if most is None or windows.used(spending, period, at, of) + counted <= most:
            continue
        until = windows.frees_at(spending, period, counted, most, at, of)
        if worst is None or _is_later(until, worst.until):
            worst = Refusal(CAP_REASONS[of, period], until)
    return worst


def _is_later(until: int | None, other: int | None) -> bool:
    """None is never, later than any time."""
    return other is not None and (until is None or until > other)


def _balance(spending: Spending, asking: Asking, at: int) -> Refusal | None:
    back = lots.whole_discount(spending, asking.price * asking.discount_percent)
    if windows.balance(spending, at) + back < asking.price:
        return Refusal("insufficient_credits")
    return None


def _questions(
    spending: Spending, asking: Asking, settings: LimitSettings, at: int
) -> Refusal | None:
    """What must be answered first; asked last, so that an answer is not in vain."""
    is_due = windows.reality(spending, settings, at).is_due
    if is_due and not asking.is_reality_checked:
        return Refusal("reality_check", question="reality")
    if asking.must_confirm and not asking.is_confirmed:
        return Refusal("confirm", question="confirm")
    return None


def _hit(spending: Spending, at: int) -> Spending:
    recent = tuple(hit for hit in spending.refusals if hit > at - REMEMBERED_US)
    return replace(spending, refusals=(*recent, at))


def _rested(spending: Spending, settings: LimitSettings, at: int) -> Spending:
    """A rest begins at the third refusal by a cap in a local day, those before a rest aside."""
    day = min(window_start("day", at, zone) for zone in windows.zones(spending, at))
    last = max((pause.start for pause in spending.pauses if pause.kind == "rest"), default=0)
    hits = sum(1 for hit in spending.refusals if hit >= day and hit > last)
    if hits < settings.rest_refusals:
        return spending
    rest = Pause("rest", at, at + settings.rest_h * HOUR_US)
    return replace(spending, pauses=(*spending.pauses, rest))
