"""Which credits are spent first, and where they go back to."""

from collections.abc import Iterable

from msgspec.structs import replace

from bot.ledger.windows import is_open
from bot.model.money import Lot, Spend, Spending

NEVER = 1 << 62  # microseconds; sorts after every expiry
HUNDREDTHS = 100  # of a credit, in one

Parts = tuple[tuple[str, int], ...]  # (lot id, credits)


def take(lots: tuple[Lot, ...], amount: int, now: int) -> tuple[Parts, tuple[Lot, ...]]:
    """`amount` credits out of the lots, granted ones first; which parts, and the lots after it."""
    return drawn(lots, sorted((lot for lot in lots if is_open(lot, now)), key=_order), amount)


def drawn(
    lots: tuple[Lot, ...], in_order: Iterable[Lot], amount: int
) -> tuple[Parts, tuple[Lot, ...]]:
    """`amount` out of those in order, one after the other: which parts, and the lots after it."""
    parts: dict[str, int] = {}
    wanted = amount
    for lot in in_order:
        part = min(lot.left, wanted)
        if part:
            parts[lot.id] = part
            wanted -= part
    assert wanted == 0, "the balance was checked"
    after = tuple(
        replace(lot, left=lot.left - parts[lot.id]) if lot.id in parts else lot for lot in lots
    )
    return tuple(parts.items()), after


def _order(lot: Lot) -> tuple[bool, int, int, int, str]:
    expiry = NEVER if lot.expires_at is None else lot.expires_at
    return lot.purse == "paid", lot.priority, expiry, lot.at, lot.id


def give_back(
    lots: tuple[Lot, ...], parts: Parts, now: int, new_id: str
) -> tuple[Parts, tuple[Lot, ...]]:
    """Credits put back where they came from; what had expired meanwhile comes back as a new lot
    that does not expire.
    """
    after = {lot.id: lot for lot in lots}
    returned: dict[str, int] = {}
    for lot_id, part in parts:
        lot = after[lot_id]
        if not is_open(lot, now):
            lot = after.get(new_id) or Lot(new_id, lot.purse, 0, now, lot.unit)
        after[lot.id] = replace(lot, left=lot.left + part)
        returned[lot.id] = returned.get(lot.id, 0) + part
    return tuple(returned.items()), tuple(after.values())


def parts_of(spend: Spend, amount: int) -> Parts:
    """The parts of a spend that `amount` more credits give back: spent last, returned first."""
    skip, wanted = spend.given_back, amount
    parts = []
    for lot_id, part in reversed(spend.lots):
        passed = min(skip, part)
        skip -= passed
        back = min(part - passed, wanted)
        wanted -= back
        if back:
            parts.append((lot_id, back))
    assert wanted == 0, "no more than was spent is given back"
    return tuple(parts)


def whole_discount(spending: Spending, discount: int) -> int:
    """Whole credits that a discount in hundredths gives back now, with what was kept before."""
    return max(0, spending.discount_hundredths + discount) // HUNDREDTHS if discount else 0
