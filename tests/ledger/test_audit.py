"""The audit finds each broken promise; a ledger kept by the rules breaks none."""

from msgspec.structs import replace

from bot.ledger import entries
from bot.ledger.audit import audit
from bot.ledger.postings import Posting
from bot.model.money import Entry, Pause, Spending, Tier
from tests.ledger.builders import Purse, item


def kept() -> Purse:
    """Granted, bought, unlocked twice, refunded in part, voided."""
    purse = Purse()
    purse.grant(3)
    purse.topup(50)
    first = purse.unlock(item("coin.a", Tier.PREMIUM))
    second = purse.unlock(item("coin.b"))
    assert isinstance(first, Posting) and isinstance(second, Posting)
    undone = first.entries[0].transfer_id, second.entries[0].transfer_id
    purse.take(entries.refund(purse.transfer(), purse.spending, undone[0], 2))
    purse.take(entries.void(purse.transfer(), purse.spending, undone[1]))
    return purse


def found(lines: list[Entry], spending: Spending) -> set[str]:
    return {finding.invariant for finding in audit(lines, spending)}


def test_a_ledger_kept_by_the_rules_has_no_findings() -> None:
    purse = kept()
    assert audit(purse.entries, purse.spending) == []


def test_a_changed_amount_breaks_the_sum_of_its_transfer_and_of_all() -> None:
    purse = kept()
    lines = [replace(purse.entries[0], amount=-4), *purse.entries[1:]]
    assert found(lines, purse.spending) == {"I1", "I2"}


def test_a_missing_line_is_found() -> None:
    purse = kept()
    assert {"I1", "I2", "I10"} <= found(purse.entries[:-1], purse.spending)


def test_a_transfer_written_twice_is_found() -> None:
    purse = kept()
    assert "I5" in found(purse.entries + purse.entries[:2], purse.spending)


def test_a_transfer_at_two_times_is_found() -> None:
    purse = kept()
    lines = [replace(purse.entries[0], at=purse.entries[0].at - 1), *purse.entries[1:]]
    assert "I5" in found(lines, purse.spending)


def test_a_wallet_below_zero_is_found() -> None:
    purse = kept()
    without_grant = [line for line in purse.entries if line.kind != "grant"]
    assert "I3" in found(without_grant, purse.spending)


def test_a_debit_without_its_item_is_found() -> None:
    purse = kept()
    assert "I6" in found(purse.entries, replace(purse.spending, owned={}))


def test_an_item_kept_after_its_void_is_found() -> None:
    purse = kept()
    voided = next(line for line in purse.entries if line.kind == "void")
    owned = {**purse.spending.owned, "coin.b": voided.ref}
    assert "I6" in found(purse.entries, replace(purse.spending, owned=owned))


def test_more_given_back_than_was_taken_is_found() -> None:
    purse = kept()
    refund = [line for line in purse.entries if line.kind == "refund"]
    more = [replace(line, amount=line.amount * 4, id=line.id) for line in refund]
    lines = [line for line in purse.entries if line.kind != "refund"] + more
    assert "I7" in found(lines, purse.spending)


def test_a_charge_inside_a_pause_is_found() -> None:
    purse = kept()
    at = purse.spending.spends[0].at
    paused = replace(purse.spending, pauses=(Pause("pause", at, at + 1),))
    assert found(purse.entries, paused) == {"I8"}


def test_a_stored_balance_that_differs_from_the_entries_is_found() -> None:
    purse = kept()
    lots = (replace(purse.spending.lots[0], left=99), *purse.spending.lots[1:])
    assert found(purse.entries, replace(purse.spending, lots=lots)) == {"I10"}
