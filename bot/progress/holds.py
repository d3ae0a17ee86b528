"""Rewards that staff hands over: their points held until then, captured by it, or released."""

from msgspec.structs import replace

from bot.ledger import windows
from bot.ledger.postings import Line, Posting, Transfer, derived_id, entries_of
from bot.model.money import Entry, Redeemed, Spending
from bot.progress import points


def captured(transfer: Transfer, spending: Spending, one: Redeemed) -> Posting:
    """P3: handed over, so the points are spent."""
    amount = sum(part for _, part in one.parts)
    at = windows.at_least(spending, transfer.now)
    lines: list[Line] = [(points.HELD, -amount, ""), (points.REWARDS, amount, "")]
    entries = entries_of(transfer, "capture", at, lines, one.reward, one.id, unit="point")
    return Posting(entries, replace(noted(spending, replace(one, held_until=0)), last_at=at))


def released(transfer: Transfer, spending: Spending, one: Redeemed) -> Posting:
    """P3: not handed over, so the points are back in the lots they came from."""
    posting = points.given_back(transfer, spending, one.parts, one.reward, one.id, is_held=True)
    after = noted(posting.spending, replace(one, is_returned=True, held_until=0))
    return replace(posting, spending=after)


def lapsed(spending: Spending, person_id: str, now: int) -> Posting:
    """Every hold whose time is over, released; without entries where there is none."""
    entries: tuple[Entry, ...] = ()
    for one in points.overdue(spending, now):
        transfer = Transfer(derived_id(one.id, "release"), person_id, now, "expiry")
        posting = released(transfer, spending, one)
        spending, entries = posting.spending, entries + posting.entries
    return Posting(entries, spending)


def noted(spending: Spending, after: Redeemed) -> Spending:
    """A redemption as it stands now."""
    redeemed = tuple(after if one.id == after.id else one for one in spending.redeemed)
    return replace(spending, redeemed=redeemed)
