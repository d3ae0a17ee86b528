"""Points to spend: entries and lots of their own, never mixed with credits."""

from msgspec.structs import replace

from bot.ledger import windows
from bot.ledger.lots import NEVER, Parts, drawn
from bot.ledger.postings import Line, Posting, Transfer, derived_id, entries_of
from bot.model.money import EntryKind, Lot, Redeemed, Spending
from bot.people.calendar import DAY_US

WALLET = "wallet:earned"
HELD, REWARDS = "sys:held", "sys:rewards"
AFTER_EXPIRY_US = 7 * DAY_US  # P3: a refund to a lot that expired meanwhile lasts so much longer


def balance(spending: Spending, now: int) -> int:
    """Hundredths of points that can be spent; those held beyond their time come back (P3)."""
    back = sum(part for one in overdue(spending, now) for _, part in one.parts)
    return back + sum(lot.left for lot in spending.lots if is_open(lot, now))


def overdue(spending: Spending, now: int) -> list[Redeemed]:
    """Rewards that nobody handed over in time."""
    return [one for one in spending.redeemed if 0 < one.held_until <= now]


def earned(
    transfer: Transfer, spending: Spending, points: int, expires_at: int | None = None
) -> Posting:
    """Points into the lot of their expiry; those that never expire share one."""
    assert points > 0
    lot_id = derived_id(transfer.person_id, "points", expires_at or "")
    at = windows.at_least(spending, transfer.now)
    held = next((one for one in spending.lots if one.id == lot_id), None)
    lot = held or Lot(lot_id, "earned", 0, at, "point", expires_at=expires_at)
    after = replace(lot, left=lot.left + points)
    if held is None:
        lots = (*spending.lots, after)
    else:
        lots = tuple(after if one is held else one for one in spending.lots)
    lines: list[Line] = [("sys:issued", -points, ""), (WALLET, points, lot_id)]
    entries = entries_of(transfer, "grant", at, lines, unit="point")
    return Posting(entries, replace(spending, lots=lots, last_at=at))


def spent(
    transfer: Transfer, spending: Spending, points: int, sku: str, is_held: bool = False
) -> tuple[Posting, Parts]:
    """P2: out of the lots, the earliest expiry first, then the oldest; the balance was checked."""
    at = windows.at_least(spending, transfer.now)
    in_order = sorted((one for one in spending.lots if is_open(one, at)), key=_order)
    parts, lots = drawn(spending.lots, in_order, points)
    lines: list[Line] = [(WALLET, -part, lot_id) for lot_id, part in parts]
    lines.append((HELD if is_held else REWARDS, points, ""))
    kind: EntryKind = "hold" if is_held else "redeem"
    entries = entries_of(transfer, kind, at, lines, sku, unit="point")
    return Posting(entries, replace(spending, lots=lots, last_at=at)), parts


def given_back(
    transfer: Transfer,
    spending: Spending,
    parts: Parts,
    sku: str,
    reference: str,
    is_held: bool = False,
) -> Posting:
    """P3: back into the very lots they came from; one that expired lasts 7 days more."""
    at = windows.at_least(spending, transfer.now)
    after = {lot.id: lot for lot in spending.lots}
    returned: list[tuple[str, int]] = []
    for lot_id, part in parts:
        lot = after.get(lot_id) or Lot(lot_id, "earned", 0, at, "point")
        if lot.expires_at is not None and lot.expires_at <= at:
            new_id = derived_id(transfer.id, lot_id)
            lot = Lot(new_id, "earned", 0, at, "point", expires_at=at + AFTER_EXPIRY_US)
        after[lot.id] = replace(lot, left=lot.left + part)
        returned.append((lot.id, part))
    account = HELD if is_held else REWARDS
    lines: list[Line] = [(account, -sum(part for _, part in parts), "")]
    lines += [(WALLET, part, lot_id) for lot_id, part in returned]
    kind: EntryKind = "release" if is_held else "return"
    entries = entries_of(transfer, kind, at, lines, sku, reference, unit="point")
    return Posting(entries, replace(spending, lots=tuple(after.values()), last_at=at))


def expired(transfer: Transfer, spending: Spending) -> Posting:
    """Points whose time is over taken away; without entries when there are none."""
    at = windows.at_least(spending, transfer.now)
    gone = [one for one in spending.lots if _is_over(one, at)]
    if not gone:
        return Posting((), spending)
    lines: list[Line] = [(WALLET, -lot.left, lot.id) for lot in gone]
    lines.append(("sys:expired", sum(lot.left for lot in gone), ""))
    lots = tuple(replace(one, left=0) if one in gone else one for one in spending.lots)
    entries = entries_of(transfer, "expire", at, lines, unit="point")
    return Posting(entries, replace(spending, lots=lots, last_at=at))


def is_open(lot: Lot, now: int) -> bool:
    """True for points that can be spent."""
    return lot.unit == "point" and (lot.expires_at is None or now < lot.expires_at)


def _is_over(lot: Lot, at: int) -> bool:
    is_point = lot.unit == "point" and lot.left > 0
    return is_point and lot.expires_at is not None and lot.expires_at <= at


def _order(lot: Lot) -> tuple[int, int, str]:
    return (NEVER if lot.expires_at is None else lot.expires_at), lot.at, lot.id
