"""What an attempt to charge came to: a refusal with its reason, or the answer to keep."""

from typing import Literal

from msgspec import Struct

from bot.ledger import windows
from bot.ledger.settings import LimitSettings
from bot.model.money import Item, Outcome, Spending

Reason = Literal[
    "already_owned", "price_changed", "care", "paused", "rest", "age_unknown", "age_minor",
    "cooling_off",
    "cap_day", "cap_week", "cap_month", "cap_topup_day", "cap_topup_week", "cap_topup_month",
    "insufficient_credits", "reality_check", "confirm", "denied",
    "not_open",  # yet: it opens on a later date
]  # fmt: skip
Question = Literal["", "price", "age", "reality", "confirm"]


class Refusal(Struct, frozen=True):
    """Why nothing was charged. `until` says when it would be; `question` what an answer to would
    change it. Only final refusals are kept under an unlock's id. `denied` is a rule's own no.
    """

    reason: Reason
    until: int | None = None
    question: Question = ""

    @property
    def is_final(self) -> bool:
        return not self.question


def unlocked(
    item: Item,
    price: int,
    spending: Spending,
    settings: LimitSettings,
    now: int,
    transfer_id: str,
    unlock_id: str = "",
) -> Outcome:
    """The answer after a charge; `spending` is the one after it."""
    return Outcome(
        outcome="unlocked",
        sku=item.sku,
        tier=item.tier,
        price=price,
        balance=windows.balance(spending, now),
        remaining=windows.remaining(spending, settings, now),
        transfer_id=transfer_id,
        unlock_id=unlock_id,
    )


def refused(
    item: Item,
    price: int,
    refusal: Refusal,
    spending: Spending,
    settings: LimitSettings,
    now: int,
    unlock_id: str = "",
) -> Outcome:
    """The answer when nothing was charged, `already_owned` among them."""
    is_owned = refusal.reason == "already_owned"
    return Outcome(
        outcome="already_owned" if is_owned else "refused",
        sku=item.sku,
        tier=item.tier,
        price=0 if is_owned else price,
        balance=windows.balance(spending, now),
        remaining=windows.remaining(spending, settings, now),
        reason=None if is_owned else refusal.reason,
        until=refusal.until,
        transfer_id=spending.owned.get(item.sku, "") if is_owned else "",
        unlock_id=unlock_id,
        is_final=refusal.is_final,
    )
