"""money.md, Entry and Gross counting: what a charge, a void and a refund write."""

import pytest

from bot.errors import RequestError
from bot.ledger import entries, windows
from bot.ledger.audit import audit
from bot.ledger.postings import Posting, Transfer, derived_id
from bot.ledger.settings import LimitSettings
from bot.model.money import Tier
from tests.ledger.builders import DAY, HOUR, LOOSE, Purse, item, reason


def rich(granted: int = 3, paid: int = 50, **more: object) -> Purse:
    purse = Purse(**more)  # type: ignore[arg-type]  # fields of Purse
    if granted:
        purse.grant(granted)
    purse.topup(paid)
    return purse


def accounts(posting: Posting) -> dict[str, int]:
    totals: dict[str, int] = {}
    for entry in posting.entries:
        totals[entry.account] = totals.get(entry.account, 0) + entry.amount
    return totals


def unlocked(purse: Purse, sku: str = "coin.quiz", tier: Tier = Tier.PREMIUM) -> Posting:
    done = purse.unlock(item(sku, tier))
    assert isinstance(done, Posting)
    return done


def test_an_unlock_takes_granted_credits_first_and_sums_to_nothing() -> None:
    done = unlocked(rich())
    assert accounts(done) == {"wallet:granted": -3, "wallet:paid": -2, "sys:revenue": 5}
    assert {entry.kind for entry in done.entries} == {"unlock"}
    assert {entry.price_version for entry in done.entries} == {"v1"}


def test_an_unlock_owns_the_item_in_the_same_posting_as_its_debit() -> None:
    done = unlocked(rich())
    transfer_id = done.entries[0].transfer_id
    assert done.granted == (("coin.quiz", transfer_id),)
    assert done.spending.owned == {"coin.quiz": transfer_id}


def test_entry_ids_follow_from_the_transfer_so_a_retry_writes_the_same_rows() -> None:
    one, two = rich(), rich()
    assert unlocked(one).entries == unlocked(two).entries
    assert one.entries[-1].id == derived_id(one.entries[-1].transfer_id, 2)


def test_times_of_one_person_strictly_increase_though_the_clock_stands_or_goes_back() -> None:
    purse = rich(settings=LOOSE)
    unlocked(purse, "coin.a")
    purse.now -= HOUR
    unlocked(purse, "coin.b")
    times = [spend.at for spend in purse.spending.spends]
    assert times == sorted(set(times))
    assert audit(purse.entries, purse.spending) == []


def test_a_free_item_is_owned_without_an_entry() -> None:
    purse = Purse()
    done = purse.unlock(item("coin.basics", Tier.FREE))
    assert isinstance(done, Posting)
    assert done.entries == ()
    assert done.spending.owned == {"coin.basics": "t1"}


def test_top_ups_land_in_the_paid_purse_and_never_expire() -> None:
    purse = Purse()
    done = purse.topup(10)
    assert accounts(done) == {"sys:issued": -10, "wallet:paid": 10}
    assert done.spending.lots[0].expires_at is None


@pytest.mark.parametrize("credits", [0, -1, 1_000_001])
def test_amounts_outside_1_to_a_million_are_bad_input(credits: int) -> None:
    with pytest.raises(RequestError) as caught:
        Purse().topup(credits)
    assert caught.value.code == "bad_input"


def test_counters_follow_unlocks_under_the_caps_in_force() -> None:
    purse = Purse()
    purse.grant(20)
    unlocked(purse)
    assert {name: (c.add, c.lim) for name, c in purse.counters.items()} == {
        "day:2026-03-11@UTC": (5, 20),
        "week:2026-03-09@UTC": (5, 60),
        "month:2026-03-01@UTC": (5, 120),
    }


def test_a_top_up_counts_under_its_own_caps() -> None:
    purse = Purse()
    purse.topup(20)
    assert purse.counters["topup.day:2026-03-11@UTC"].add == 20


def test_both_zones_are_counted_while_a_change_waits() -> None:
    purse = rich()
    purse.zone("Pacific/Kiritimati")
    unlocked(purse)
    assert purse.counters["day:2026-03-11@UTC"].add == 5
    assert purse.counters["day:2026-03-12@Pacific/Kiritimati"].add == 5


def test_a_void_leaves_the_windows_and_the_item() -> None:
    purse = rich()
    charged = unlocked(purse).entries[0].transfer_id
    done = purse.take(entries.void(purse.transfer(), purse.spending, charged))
    assert accounts(done) == {"wallet:granted": 3, "wallet:paid": 2, "sys:revenue": -5}
    assert windows.rolling(purse.spending, "day", purse.now) == 0
    assert purse.counters["day:2026-03-11@UTC"].add == 0
    assert done.revoked == (("coin.quiz", charged),)
    assert purse.spending.owned == {}
    assert purse.spending.attempts == {"coin.quiz": 1}


def test_a_refund_gives_credits_back_and_does_not_reopen_the_cap() -> None:
    purse = rich(settings=LimitSettings(caps={"day": 5, "week": 60, "month": 120}))
    charged = unlocked(purse).entries[0].transfer_id
    done = purse.take(entries.refund(purse.transfer(), purse.spending, charged))
    assert accounts(done) == {"sys:refunds": -5, "wallet:paid": 2, "wallet:granted": 3}
    assert windows.balance(purse.spending, purse.now) == 53
    assert reason(purse.unlock(item("coin.quiz"))) == "cap_day"


def test_part_of_an_unlock_can_be_refunded_and_the_item_stays() -> None:
    purse = rich()
    charged = unlocked(purse).entries[0].transfer_id
    first = purse.take(entries.refund(purse.transfer(), purse.spending, charged, 2))
    assert accounts(first) == {"sys:refunds": -2, "wallet:paid": 2}
    assert purse.spending.owned == {"coin.quiz": charged}
    rest = purse.take(entries.refund(purse.transfer(), purse.spending, charged, 3))
    assert accounts(rest) == {"sys:refunds": -3, "wallet:granted": 3}
    assert purse.spending.owned == {}


def test_refunds_and_voids_together_never_pass_the_amount() -> None:
    purse = rich()
    charged = unlocked(purse).entries[0].transfer_id
    purse.take(entries.refund(purse.transfer(), purse.spending, charged, 4))
    with pytest.raises(RequestError) as caught:
        entries.refund(purse.transfer(), purse.spending, charged, 2)
    assert caught.value.code == "conflict"
    purse.take(entries.void(purse.transfer(), purse.spending, charged))
    for undo in (entries.refund, entries.void):
        with pytest.raises(RequestError):
            undo(purse.transfer(), purse.spending, charged)
    assert audit(purse.entries, purse.spending) == []


@pytest.mark.parametrize("amount", [0, -3])
def test_a_refund_of_nothing_or_less_is_bad_input(amount: int) -> None:
    purse = rich()
    charged = unlocked(purse).entries[0].transfer_id
    with pytest.raises(RequestError) as caught:
        entries.refund(purse.transfer(), purse.spending, charged, amount)
    assert caught.value.code == "bad_input"


def test_an_unknown_transfer_cannot_be_undone() -> None:
    with pytest.raises(RequestError) as caught:
        entries.void(Transfer("v", "p", 0), Purse().spending, "nothing")
    assert caught.value.code == "unknown"


def test_a_refunded_item_can_be_bought_again() -> None:
    purse = rich(settings=LOOSE)
    charged = unlocked(purse).entries[0].transfer_id
    purse.take(entries.refund(purse.transfer(), purse.spending, charged))
    again = unlocked(purse)
    assert purse.spending.owned == {"coin.quiz": again.entries[0].transfer_id}
    assert audit(purse.entries, purse.spending) == []


def test_expired_credits_leave_by_an_entry() -> None:
    purse = Purse()
    purse.grant(5, expires_at=purse.now + HOUR)
    purse.grant(7)
    purse.later(HOUR)
    assert purse.entries[-1].account == "sys:expired"
    assert purse.entries[-1].amount == 5
    assert windows.balance(purse.spending, purse.now) == 7
    assert audit(purse.entries, purse.spending) == []


def test_credits_refunded_after_their_lot_expired_are_not_lost() -> None:
    purse = Purse()
    purse.grant(5, expires_at=purse.now + HOUR)
    charged = unlocked(purse).entries[0].transfer_id
    purse.later(2 * HOUR)
    purse.take(entries.refund(purse.transfer(), purse.spending, charged))
    purse.later(40 * DAY)
    assert windows.balance(purse.spending, purse.now) == 5
    assert audit(purse.entries, purse.spending) == []


def test_five_per_cent_off_two_credits_is_two_today_and_a_tenth_towards_a_free_one() -> None:
    purse = rich(granted=0, settings=LOOSE)
    done = purse.unlock(item("coin.a"), percent=5)
    assert isinstance(done, Posting)
    assert accounts(done) == {"wallet:paid": -2, "sys:revenue": 2}
    assert done.entries[0].ref == "discount:10"
    assert purse.spending.discount_hundredths == 10


def test_ten_tenths_come_back_as_a_whole_granted_credit() -> None:
    purse = rich(granted=0, settings=LOOSE)
    for n in range(9):
        purse.unlock(item(f"coin.{n}"), percent=5)
        purse.later(HOUR)
    before = windows.balance(purse.spending, purse.now)
    tenth = purse.unlock(item("coin.9"), percent=5)
    assert isinstance(tenth, Posting)
    assert windows.balance(purse.spending, purse.now) == before - 2 + 1
    assert purse.spending.discount_hundredths == 0
    given = tenth.entries[0]
    assert (given.kind, given.ref) == ("grant", tenth.entries[-1].transfer_id)
    assert audit(purse.entries, purse.spending) == []


def test_a_discount_worth_whole_credits_can_pay_for_its_own_unlock() -> None:
    purse = Purse()
    purse.grant(8)
    assert reason(purse.ask(item("coin.a", Tier.EXCLUSIVE))) == "insufficient_credits"
    done = purse.unlock(item("coin.a", Tier.EXCLUSIVE), percent=20)
    assert isinstance(done, Posting)
    assert windows.balance(purse.spending, purse.now) == 0
    assert audit(purse.entries, purse.spending) == []


def test_a_discount_of_a_refunded_unlock_is_taken_from_the_next_one() -> None:
    purse = rich(granted=0, settings=LOOSE)
    done = purse.unlock(item("coin.a", Tier.EXCLUSIVE), percent=20)
    assert isinstance(done, Posting)
    charged = done.entries[-1].transfer_id
    purse.take(entries.void(purse.transfer(), purse.spending, charged))
    assert windows.balance(purse.spending, purse.now) == 52
    assert purse.spending.discount_hundredths == -200
    purse.unlock(item("coin.b", Tier.EXCLUSIVE), percent=20)
    assert windows.balance(purse.spending, purse.now) == 42
    assert purse.spending.discount_hundredths == 0
