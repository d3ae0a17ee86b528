"""Whether a person's ledger keeps its promises: the invariants of money.md, one by one."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from bot.ledger.postings import derived_id
from bot.model.money import Entry, Spending

Transfers = dict[str, list[Entry]]


class Finding(Struct, frozen=True):
    """One promise broken: which invariant, and what was found."""

    invariant: str
    problem: str


def audit(entries: Sequence[Entry], spending: Spending) -> list[Finding]:
    """Every finding about one person: all their entries, and the spending stored beside them.

    A transfer's lines all carry the person's id, those on system accounts too, so what holds for
    each person (I1, I2) holds for everybody together.
    """
    ordered = sorted(entries, key=lambda entry: entry.at)
    transfers: Transfers = defaultdict(list)
    for entry in ordered:
        transfers[entry.transfer_id].append(entry)
    return [
        *_sums(ordered, transfers),
        *_overdrawn(ordered),
        *_applied_once(ordered, transfers),
        *_owned(transfers, spending),
        *_given_back(transfers),
        *_in_a_pause(transfers, spending),
        *_replayed(ordered, spending),
    ]


def _sums(entries: list[Entry], transfers: Transfers) -> Iterator[Finding]:
    """I1, I2: nothing comes from nowhere, in any unit."""
    for transfer_id, lines in transfers.items():
        for unit in sorted({line.unit for line in lines}):
            total = sum(line.amount for line in lines if line.unit == unit)
            if total:
                yield Finding("I1", f"transfer {transfer_id} sums to {total} {unit}s")
    for unit in sorted({entry.unit for entry in entries}):
        total = sum(entry.amount for entry in entries if entry.unit == unit)
        if total:
            yield Finding("I2", f"all accounts together hold {total} {unit}s")


def _overdrawn(entries: list[Entry]) -> Iterator[Finding]:
    """I3: no account of a person, and no lot, is ever below zero."""
    held: Counter[tuple[str, str]] = Counter()
    for at, lines in groupby(entries, key=lambda entry: entry.at):
        touched = set()
        for line in lines:
            if line.account.startswith("wallet:"):
                held[line.unit, line.account] += line.amount
                held[line.unit, f"lot {line.lot}"] += line.amount
                touched |= {(line.unit, line.account), (line.unit, f"lot {line.lot}")}
        for unit, name in sorted(touched):
            if held[unit, name] < 0:
                yield Finding("I3", f"{name} holds {held[unit, name]} {unit}s at {at}")


def _applied_once(entries: list[Entry], transfers: Transfers) -> Iterator[Finding]:
    """I5: a transfer was written once, at a time of its own."""
    for transfer_id, lines in transfers.items():
        wanted = {derived_id(transfer_id, index) for index in range(len(lines))}
        if {line.id for line in lines} != wanted:
            yield Finding("I5", f"transfer {transfer_id} was written more than once, or in part")
        if len({(line.at, line.kind) for line in lines}) > 1:
            yield Finding("I5", f"transfer {transfer_id} has lines of different times or kinds")
    for before, after in pairwise(entries):
        if before.at == after.at and before.transfer_id != after.transfer_id:
            problem = f"{before.transfer_id} and {after.transfer_id} share the time {after.at}"
            yield Finding("I5", problem)


def _owned(transfers: Transfers, spending: Spending) -> Iterator[Finding]:
    """I6: one debit for what is owned, and something owned for each debit not given back."""
    back = _returned(transfers)
    paid = {lines[0].sku: transfer_id for transfer_id, lines in _unlocks(transfers).items()}
    for transfer_id, lines in _unlocks(transfers).items():
        sku, amount = lines[0].sku, _debit(lines)
        is_kept = back[transfer_id] < amount
        if is_kept and spending.owned.get(sku) != transfer_id:
            yield Finding("I6", f"{amount} credits were taken for {sku}, which is not owned")
    for sku, transfer_id in spending.owned.items():
        if transfer_id in back and back[transfer_id] >= _debit(transfers[transfer_id]):
            yield Finding("I6", f"{sku} is owned though all of it was given back")
        elif sku in paid and transfer_id not in transfers:
            yield Finding("I6", f"{sku} is owned by transfer {transfer_id}, which has no debit")


def _given_back(transfers: Transfers) -> Iterator[Finding]:
    """I7: no more comes back than was taken."""
    unlocks = _unlocks(transfers)
    for transfer_id, amount in _returned(transfers).items():
        taken = _debit(unlocks[transfer_id]) if transfer_id in unlocks else 0
        if amount > taken:
            yield Finding("I7", f"{amount} of {taken} credits of {transfer_id} were given back")
    redeemed = _of_kinds(transfers, "redeem", "hold")
    for transfer_id, lines in _of_kinds(transfers, "return", "release").items():
        taken = _debit(redeemed[lines[0].ref]) if lines[0].ref in redeemed else 0
        if -_debit(lines) > taken:
            yield Finding("I7", f"{-_debit(lines)} of {taken} points came back by {transfer_id}")


def _in_a_pause(transfers: Transfers, spending: Spending) -> Iterator[Finding]:
    """I8: nothing was charged while paid tiers were closed."""
    for transfer_id, lines in _unlocks(transfers).items():
        for pause in spending.pauses:
            if pause.start <= lines[0].at < pause.until:
                yield Finding("I8", f"{transfer_id} was charged inside a {pause.kind}")


def _replayed(entries: list[Entry], spending: Spending) -> Iterator[Finding]:
    """I10: what is stored is what the entries add up to, lot by lot."""
    held: Counter[str] = Counter()
    for entry in entries:
        if entry.account.startswith("wallet:"):
            held[entry.lot] += entry.amount
    on_hold = sum(entry.amount for entry in entries if entry.account == "sys:held")
    wanted = sum(part for one in spending.redeemed if one.held_until for _, part in one.parts)
    if on_hold != wanted:
        yield Finding("I10", f"{wanted} points are stored as held, entries: {on_hold}")
    stored = {lot.id: lot.left for lot in spending.lots}
    for lot_id in sorted({*held, *stored}):
        if held[lot_id] != stored.get(lot_id, 0):
            problem = f"lot {lot_id} is stored as {stored.get(lot_id, 0)}, entries: {held[lot_id]}"
            yield Finding("I10", problem)


def _unlocks(transfers: Transfers) -> Transfers:
    return _of_kinds(transfers, "unlock")


def _of_kinds(transfers: Transfers, *kinds: str) -> Transfers:
    return {name: lines for name, lines in transfers.items() if lines[0].kind in kinds}


def _debit(lines: list[Entry]) -> int:
    return -sum(line.amount for line in lines if line.account.startswith("wallet:"))


def _returned(transfers: Transfers) -> Counter[str]:
    """What refunds and voids gave back, by the transfer they undo."""
    back: Counter[str] = Counter()
    for lines in _of_kinds(transfers, "refund", "void").values():
        back[lines[0].ref] -= _debit(lines)
    return back
