"""Points to spend: lots of their own, which expire where bot.toml says so."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.ledger.audit import audit
from bot.ledger.postings import Transfer
from bot.model.money import Spending
from bot.people.calendar import from_rfc3339
from bot.progress import points
from tests.progress.earning import DAY, HOUR, NOW, SCRIPT, Earner


def expiring(days: int) -> Earner:
    return Earner(replace(SCRIPT, terms=replace(SCRIPT.terms, points_expire_days=days)))


def lots(earner: Earner) -> list[int]:
    return [lot.left for lot in earner.known.spending.lots if lot.unit == "point"]


def test_points_never_expire_unless_the_operator_says_so() -> None:
    earner = Earner()
    for _ in range(3):
        earner.keeps()
        earner.now += 400 * DAY
    assert points.balance(earner.known.spending, earner.now) == earner.known.progress.points
    assert len(lots(earner)) == 1


def test_points_last_to_the_end_of_the_local_date_and_are_told_before() -> None:
    """P2: exclusive, in UTC computed as local end of day; notice 7 days and a day before."""
    earner = expiring(30)
    told = [m for m in earner.keeps().outbox if m.kind == "points_expiring"]
    ends = from_rfc3339("2026-04-01T00:00:00Z")
    assert ends is not None
    assert [m.send_at for m in told] == [ends - 7 * DAY, ends - DAY]
    earner.keeps()
    assert lots(earner) == [800], "points of one date share a lot"
    assert points.balance(earner.known.spending, ends - 1) == 800
    assert points.balance(earner.known.spending, ends) == 0
    earner.now = ends
    gone = earner.says("hello")
    assert [(e.account, e.amount) for e in gone.entries if e.kind == "expire"] == [
        ("wallet:earned", -800), ("sys:expired", 800),
    ]  # fmt: skip
    assert earner.known.progress.points == 800, "what was ever earned stays"
    assert audit(earner.entries, earner.known.spending) == []


def test_what_expires_first_is_spent_first_and_comes_back_where_it_came_from() -> None:
    """P2, P3: an expired lot lasts 7 days more."""
    earner = expiring(30)
    for _ in range(2):
        for _ in range(6):
            earner.keeps(5.0)
        earner.now += DAY
    earner.acts("redeem", reward_id="study_guide")
    assert lots(earner) == [0, 2000]
    spending, (spent,) = earner.known.spending, earner.known.spending.redeemed
    assert [part for _, part in spent.parts] == [6000, 4000]
    later = NOW + 31 * DAY
    transfer = Transfer("back", "ada", later)
    back = points.given_back(transfer, spending, spent.parts, "study_guide", spent.id).spending
    known = {lot.id for lot in spending.lots}
    (renewed,) = (lot for lot in back.lots if lot.id not in known)
    assert (renewed.left, renewed.expires_at) == (6000, back.last_at + 7 * DAY)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 5_000), st.integers(0, 9)), max_size=30))
def test_no_lot_is_ever_below_zero_and_nothing_is_lost(
    steps: list[tuple[bool, int, int]],
) -> None:
    spending, entries, now = Spending(), [], NOW
    for number, (is_earned, amount, days) in enumerate(steps):
        now += HOUR
        transfer = Transfer(f"t{number}", "ada", now)
        gone = points.expired(replace(transfer, id=f"x{number}"), spending)
        spending, entries = gone.spending, [*entries, *gone.entries]
        if is_earned:
            posting = points.earned(transfer, spending, amount, now + days * HOUR + 1 or None)
        elif points.balance(spending, now + HOUR) >= amount:
            posting, _ = points.spent(transfer, spending, amount, "study_guide")
        else:
            continue
        spending, entries = posting.spending, [*entries, *posting.entries]
    assert all(lot.left >= 0 for lot in spending.lots)
    assert [one for one in audit(entries, spending) if one.invariant != "I7"] == []
