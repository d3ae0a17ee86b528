"""A transfer as its lines and the spending after it; the lines sum to nothing."""

import hashlib

from msgspec import Struct

from bot.ledger.lots import Parts
from bot.model.money import Counter, Entry, EntryKind, Lot, Purse, Spending, Unit

Line = tuple[str, int, str]  # account, amount, lot


class Transfer(Struct, frozen=True):
    """Whose credits move, under which id, when it was asked for, and by whom."""

    id: str
    person_id: str
    now: int
    actor: str = ""


class Posting(Struct, frozen=True):
    """What a transfer writes, and the spending after it.

    `granted`, `revoked` are (sku, transfer id) of what the person owns from now on, or no more.
    """

    entries: tuple[Entry, ...]
    spending: Spending
    counters: tuple[Counter, ...] = ()
    granted: tuple[tuple[str, str], ...] = ()
    revoked: tuple[tuple[str, str], ...] = ()


def entries_of(
    transfer: Transfer,
    kind: EntryKind,
    at: int,
    lines: list[Line],
    sku: str = "",
    reference: str = "",
    price_version: str = "",
    unit: Unit = "credit",
) -> tuple[Entry, ...]:
    assert sum(amount for _, amount, _ in lines) == 0, "I1: a transfer sums to 0"
    return tuple(
        Entry(
            id=derived_id(transfer.id, index),
            transfer_id=transfer.id,
            person_id=transfer.person_id,
            account=account,
            unit=unit,
            amount=amount,
            kind=kind,
            at=at,
            lot=lot,
            sku=sku,
            ref=reference,
            price_version=price_version,
            actor=transfer.actor,
        )
        for index, (account, amount, lot) in enumerate(lines)
    )


def wallet_lines(parts: Parts, of: tuple[Lot, ...], sign: int) -> list[Line]:
    purses: dict[str, Purse] = {lot.id: lot.purse for lot in of}
    return [(f"wallet:{purses[lot_id]}", sign * part, lot_id) for lot_id, part in parts]


def derived_id(*parts: object) -> str:
    """32 hex digits that follow from the parts alone, so a retry writes the same rows."""
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:32]
