"""Ledger entries: every change of a balance as lines that sum to nothing."""

from msgspec.structs import replace

from bot.errors import RequestError
from bot.ledger import counters, lots, windows
from bot.ledger.postings import Posting, Transfer, derived_id, entries_of, wallet_lines
from bot.ledger.settings import LimitSettings
from bot.model.money import (
    TIERS,
    EntryKind,
    Item,
    Lot,
    Pause,
    Spend,
    Spending,
    TopUp,
)
from bot.people.calendar import HOUR_US, MINUTE_US

MOST = 1_000_000  # credits in one transfer; spec/money.md, Amounts


def unlock(
    transfer: Transfer,
    spending: Spending,
    item: Item,
    price: int,
    settings: LimitSettings,
    price_version: str = "",
    discount_percent: int = 0,
) -> Posting:
    """Charge an unlock that `limits.check` allowed. A discount is kept in hundredths of a credit;
    what makes a whole credit is granted first, so it can pay already.
    """
    if price == 0:
        return _given(transfer, spending, item)
    assert 0 < price <= MOST and item.sku not in spending.owned
    discount = price * discount_percent
    back = _discount(transfer, spending, item, discount)
    spending = back.spending
    at = windows.at_least(spending, transfer.now)
    parts, left = lots.take(spending.lots, price, at)
    counted = _counted(parts, spending.lots, settings)
    counts = counters.count(spending, counted, at, settings)
    zones = windows.zones(spending, at) if counts else ()
    spend = Spend(transfer.id, at, item.sku, item.tier, price, counted, 0, parts, zones, discount)
    lines = [*wallet_lines(parts, spending.lots, -1), ("sys:revenue", price, "")]
    reference = f"discount:{discount}" if discount else ""
    return Posting(
        back.entries
        + entries_of(transfer, "unlock", at, lines, item.sku, reference, price_version),
        _rested(_spent(spending, spend, left), settings, at),
        counts,
        granted=((item.sku, transfer.id),),
    )


def topup(
    transfer: Transfer, spending: Spending, credits: int, settings: LimitSettings
) -> Posting:
    """Credits that were bought; they never expire."""
    at = windows.at_least(spending, transfer.now)
    posting = _issue(transfer, spending, credits, "topup", Lot("", "paid", credits, at))
    bought = TopUp(transfer.id, at, credits)
    return replace(
        posting,
        spending=replace(posting.spending, topups=(*spending.topups, bought)),
        counters=counters.count(spending, credits, at, settings, "topup"),
    )


def grant(
    transfer: Transfer,
    spending: Spending,
    credits: int,
    expires_at: int | None = None,
    priority: int = 0,
    reference: str = "",
    sku: str = "",
) -> Posting:
    """Credits given for nothing; a lower priority is spent first."""
    at = windows.at_least(spending, transfer.now)
    lot = Lot("", "granted", credits, at, expires_at=expires_at, priority=priority)
    return _issue(transfer, spending, credits, "grant", lot, reference, sku)


def void(transfer: Transfer, spending: Spending, reference: str) -> Posting:
    """Undo an unlock whose content was never delivered: it leaves the windows as well."""
    spend = _found(spending, reference)
    amount = _still_charged(spend, None)
    posting = _back(transfer, spending, spend, amount, "void")
    uncounted = min(spend.counted, amount)
    spends = tuple(
        replace(one, counted=one.counted - uncounted) if one.transfer_id == reference else one
        for one in posting.spending.spends
    )
    return replace(
        posting,
        spending=replace(posting.spending, spends=spends),
        counters=counters.uncount(spend.zones, uncounted, spend.at),
    )


def refund(
    transfer: Transfer, spending: Spending, reference: str, amount: int | None = None
) -> Posting:
    """Give credits of an unlock back; the windows keep counting them. None: all that is left."""
    spend = _found(spending, reference)
    return _back(transfer, spending, spend, _still_charged(spend, amount), "refund")


def expire(transfer: Transfer, spending: Spending) -> Posting:
    """Take expired credits away; a posting without entries when there are none."""
    at = windows.at_least(spending, transfer.now)
    gone = [
        lot
        for lot in spending.lots
        if lot.unit == "credit"
        and lot.left
        and lot.expires_at is not None
        and lot.expires_at <= at
    ]
    if not gone:
        return Posting((), spending)
    parts = tuple((lot.id, lot.left) for lot in gone)
    total = sum(lot.left for lot in gone)
    lines = [*wallet_lines(parts, spending.lots, -1), ("sys:expired", total, "")]
    left = tuple(replace(lot, left=0) if lot in gone else lot for lot in spending.lots)
    after = replace(spending, lots=left, last_at=at)
    return Posting(entries_of(transfer, "expire", at, lines), after)


def _given(transfer: Transfer, spending: Spending, item: Item) -> Posting:
    """What costs nothing is owned without an entry."""
    owned = {**spending.owned, item.sku: transfer.id}
    at = windows.at_least(spending, transfer.now)
    after = replace(spending, owned=owned, last_at=at)
    return Posting((), after, granted=((item.sku, transfer.id),))


def _discount(transfer: Transfer, spending: Spending, item: Item, discount: int) -> Posting:
    """Keep the hundredths of a discount; whole credits among them are granted."""
    if discount == 0:
        return Posting((), spending)
    whole = lots.whole_discount(spending, discount)
    kept = spending.discount_hundredths + discount - whole * lots.HUNDREDTHS
    spending = replace(spending, discount_hundredths=kept)
    if whole == 0:
        return Posting((), spending)
    own = replace(transfer, id=derived_id(transfer.id, "discount"))
    return grant(own, spending, whole, reference=transfer.id, sku=item.sku)


def _counted(parts: lots.Parts, before: tuple[Lot, ...], settings: LimitSettings) -> int:
    if settings.count_granted:
        return sum(part for _, part in parts)
    purses = {lot.id: lot.purse for lot in before}
    return sum(part for lot_id, part in parts if purses[lot_id] == "paid")


def _spent(spending: Spending, spend: Spend, left: tuple[Lot, ...]) -> Spending:
    return replace(
        spending,
        lots=left,
        spends=(*spending.spends, spend),
        owned={**spending.owned, spend.sku: spend.transfer_id},
        highest_tier=max(spend.tier, spending.highest_tier, key=TIERS.index),
        last_at=spend.at,
    )


def _rested(spending: Spending, settings: LimitSettings, at: int) -> Spending:
    """A rest begins right after the unlock that makes use heavy."""
    recent = windows.since(spending, at - settings.rest_within_min * MINUTE_US + 1)
    if recent < settings.rest_credits:
        return spending
    rest = Pause("rest", at + 1, at + 1 + settings.rest_h * HOUR_US)
    return replace(spending, pauses=(*spending.pauses, rest))


def _issue(
    transfer: Transfer,
    spending: Spending,
    credits: int,
    kind: EntryKind,
    lot: Lot,
    reference: str = "",
    sku: str = "",
) -> Posting:
    if not 0 < credits <= MOST:
        raise RequestError("bad_input", f"between 1 and {MOST} credits", "credits")
    lot = replace(lot, id=derived_id(transfer.id, "lot"))
    lines = [("sys:issued", -credits, ""), (f"wallet:{lot.purse}", credits, lot.id)]
    after = replace(spending, lots=(*spending.lots, lot), last_at=lot.at)
    return Posting(entries_of(transfer, kind, lot.at, lines, sku, reference), after)


def _found(spending: Spending, reference: str) -> Spend:
    for spend in spending.spends:
        if spend.transfer_id == reference:
            return spend
    raise RequestError("unknown", "they paid for no unlock of this id in the last 62 days")


def _still_charged(spend: Spend, amount: int | None) -> int:
    """How much to give back: never more than was charged, in all."""
    left = spend.amount - spend.given_back
    if left == 0:
        raise RequestError("conflict", f"all {spend.amount} credits were given back already")
    if amount is not None and amount > left:
        problem = f"{left} of its {spend.amount} credits can be given back, not {amount}"
        raise RequestError("conflict", problem, "amount")
    if amount is not None and amount <= 0:
        raise RequestError("bad_input", "at least 1 credit", "amount")
    return left if amount is None else amount


def _back(
    transfer: Transfer, spending: Spending, spend: Spend, amount: int, kind: EntryKind
) -> Posting:
    """Credits of a spend back into their lots; nothing left of it: no longer owned."""
    at = windows.at_least(spending, transfer.now)
    new_lot = derived_id(transfer.id, "lot")
    parts, left = lots.give_back(spending.lots, lots.parts_of(spend, amount), at, new_lot)
    account = "sys:revenue" if kind == "void" else "sys:refunds"
    lines = [(account, -amount, ""), *wallet_lines(parts, left, 1)]
    given_back = spend.given_back + amount
    taken = (
        spend.discount * given_back // spend.amount
        - spend.discount * spend.given_back // spend.amount
    )
    spends = tuple(
        replace(one, given_back=given_back) if one is spend else one for one in spending.spends
    )
    after = replace(
        spending,
        lots=left,
        spends=spends,
        last_at=at,
        discount_hundredths=spending.discount_hundredths - taken,
    )
    entries = entries_of(transfer, kind, at, lines, spend.sku, spend.transfer_id)
    if given_back < spend.amount or spending.owned.get(spend.sku) != spend.transfer_id:
        return Posting(entries, after)
    return Posting(entries, _disowned(after, spend.sku), revoked=((spend.sku, spend.transfer_id),))


def _disowned(spending: Spending, sku: str) -> Spending:
    return replace(
        spending,
        owned={name: by for name, by in spending.owned.items() if name != sku},
        attempts={**spending.attempts, sku: spending.attempts.get(sku, 0) + 1},
    )
