"""money.md, Accounts: which credits are spent first."""

from bot.ledger import lots
from bot.model.money import Lot, Spend, Tier
from tests.ledger.builders import HOUR

NOW = 1_772_366_400_000_000


def lot(id: str, left: int = 3, **more: object) -> Lot:
    fields = {"purse": "granted", "at": NOW} | more
    return Lot(id=id, left=left, **fields)  # type: ignore[arg-type]  # tests name fields


def test_credits_go_by_purse_then_priority_then_expiry_then_age() -> None:
    held = (
        lot("paid", purse="paid"),
        lot("young", at=NOW + 1),
        lot("old"),
        lot("soon", expires_at=NOW + HOUR),
        lot("later", expires_at=NOW + 2 * HOUR),
        lot("first", priority=-1, at=NOW + 2),
    )
    parts, _ = lots.take(held, 18, NOW)
    assert [name for name, _ in parts] == ["first", "soon", "later", "old", "young", "paid"]


def test_only_what_is_needed_is_taken() -> None:
    parts, after = lots.take((lot("a"), lot("b", at=NOW + 1)), 4, NOW)
    assert parts == (("a", 3), ("b", 1))
    assert [one.left for one in after] == [0, 2]


def test_expired_credits_are_not_spent() -> None:
    held = (lot("gone", expires_at=NOW), lot("kept"))
    parts, _ = lots.take(held, 3, NOW)
    assert parts == (("kept", 3),)


def test_what_was_spent_last_is_given_back_first() -> None:
    spend = Spend("t", NOW, "s", Tier.PREMIUM, 5, 5, lots=(("granted", 3), ("paid", 2)))
    assert lots.parts_of(spend, 3) == (("paid", 2), ("granted", 1))
    half = Spend("t", NOW, "s", Tier.PREMIUM, 5, 5, 3, (("granted", 3), ("paid", 2)))
    assert lots.parts_of(half, 2) == (("granted", 2),)


def test_credits_go_back_to_the_lot_they_came_from() -> None:
    held = (lot("a", 0), lot("b", 1))
    parts, after = lots.give_back(held, (("a", 2),), NOW, "new")
    assert parts == (("a", 2),)
    assert [one.left for one in after] == [2, 1]


def test_credits_of_an_expired_lot_come_back_without_an_expiry() -> None:
    held = (lot("gone", 0, expires_at=NOW),)
    parts, after = lots.give_back(held, (("gone", 2),), NOW, "new")
    assert parts == (("new", 2),)
    assert after[-1] == Lot("new", "granted", 2, NOW)
