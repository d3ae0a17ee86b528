"""Laws: whatever a person and time do, the ledger agrees with a plain model of it."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.errors import RequestError
from bot.ledger import caps, entries, limits, windows
from bot.ledger.audit import audit
from bot.ledger.outcomes import Refusal
from bot.ledger.postings import Posting
from bot.ledger.settings import LimitSettings
from bot.model.money import NO_LIMIT, PERIODS, Spending, Tier
from tests.ledger.builders import DAY, HOUR, MINUTE, PRICES, Purse, item, us
from tests.ledger.model import Lot, Model
from tests.sizes import size

ZONES = (
    "UTC", "Europe/Helsinki", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe",
    "Pacific/Kiritimati", "Etc/GMT+12", "America/Santiago", "Africa/Cairo", "Asia/Kathmandu",
    "America/Havana",
)  # fmt: skip
STARTS = (
    "2024-10-26T19:00:00Z", "2026-03-28T20:30:00Z", "2025-10-04T14:45:00Z", "2026-10-24T21:00:00Z",
    "2026-01-31T09:00:00Z", "2027-12-31T22:00:00Z", "2025-03-09T04:30:00Z", "2026-09-06T03:30:00Z",
)  # fmt: skip
SETTINGS = (
    LimitSettings(),
    LimitSettings(count_granted=False),
    LimitSettings(
        caps={"day": 12, "week": 20, "month": 30}, topup_caps={"day": 50, "week": 70, "month": 90}
    ),
    LimitSettings(caps={"day": 500, "week": 500, "month": 500}),
)
STEPS = (
    1, MINUTE, 17 * MINUTE, 59 * MINUTE, HOUR, 2 * HOUR, 7 * HOUR, 23 * HOUR, DAY - 1, DAY,
    DAY + HOUR, 3 * DAY, 7 * DAY, 8 * DAY, 31 * DAY, 70 * DAY, 400 * DAY,
)  # fmt: skip
amounts = st.dictionaries(
    st.sampled_from(PERIODS),
    st.one_of(st.integers(0, 40), st.sampled_from((0, 60, 200, NO_LIMIT))),
    min_size=1,
)


class LedgerMachine(RuleBasedStateMachine):
    """One person, the ledger under test, and the model beside it."""

    @initialize(
        chosen=st.sampled_from(SETTINGS),
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        credits=st.integers(1, 300),
    )
    def begin(self, chosen: LimitSettings, zone: str, start: str, credits: int) -> None:
        self.purse = Purse(us(start), Spending(limits_zone=zone), chosen)
        self.model = Model(dict(chosen.caps), dict(chosen.topup_caps), chosen.count_granted, zone)
        self.refs: list[str] = []
        self.grant(credits, None, 0)

    @property
    def at(self) -> int:
        return windows.at_least(self.purse.spending, self.purse.now)

    def settle(self) -> None:
        """What every turn begins with."""
        self.model.settle(self.at)
        self.purse.settle()

    @rule(
        credits=st.integers(1, 60),
        hours=st.one_of(st.none(), st.sampled_from((1, 30, 24 * 40))),
        priority=st.integers(-1, 1),
    )
    def grant(self, credits: int, hours: int | None, priority: int) -> None:
        self.settle()
        at = self.at
        expires = None if hours is None else at + hours * HOUR
        self.purse.grant(credits, expires_at=expires, priority=priority)
        self.model.lots.append(Lot("granted", credits, at, expires, priority))

    @rule(credits=st.integers(1, 60))
    def topup(self, credits: int) -> None:
        self.settle()
        at = self.at
        refusal = limits.check_topup(
            self.purse.spending, credits, self.purse.settings, self.purse.now
        )
        assert (refusal is None) == self.model.may_buy(credits, at)
        if refusal is not None:
            return
        self.purse.topup(credits)
        self.model.bought.append((at, credits))
        self.model.lots.append(Lot("paid", credits, at))

    @rule(
        tier=st.sampled_from(list(PRICES)),
        number=st.integers(0, 40),
        promotion=st.booleans(),
        percent=st.sampled_from((0, 0, 0, 5, 20, 30)),
    )
    def unlock(self, tier: Tier, number: int, promotion: bool, percent: int) -> None:
        self.settle()
        wanted = item(f"{tier}.{number}", tier, promotion)
        at = self.at
        expected = self.model.expected(wanted, wanted.price, percent, at)
        done = self.purse.unlock(wanted, percent)
        if isinstance(done, Refusal):
            assert done.reason in expected, (done, expected)
            self.check_until(done, wanted, percent, at)
            self.model.refuse(wanted, done.reason, at)
            return
        assert expected == set(), (expected, done)
        spend = self.purse.spending.spends[-1]
        assert spend.at >= at
        self.model.charge(wanted, wanted.price, percent, spend.at)
        self.refs.append(spend.transfer_id)
        assert spend.counted == self.model.spends[-1].counted
        self.check_lots()
        for period in PERIODS:  # I4, at the instant of the spend, itself included
            assert self.model.used(period, spend.at) <= self.model.cap(period, spend.at)

    def check_until(self, done: Refusal, wanted: Any, percent: int, at: int) -> None:
        """A cap says when it frees: then, and not a microsecond before."""
        if not done.reason.startswith("cap_"):
            return
        counted = self.model.counts(wanted.price, percent)
        if done.until is None:
            assert any(counted > self.model.cap(period, at) for period in PERIODS)
            return
        if done.until > min(
            [since + 365 * DAY for _, since in self.model.caps.values()] or [1e99]
        ):
            return  # a removed limit comes back meanwhile
        assert self.model.over(counted, done.until) == []
        assert self.model.over(counted, done.until - 1) != []

    def check_lots(self) -> None:
        """The same purses pay the same: lots agree one by one."""
        ours = sorted((lot.at, lot.left) for lot in self.purse.spending.lots if lot.left)
        theirs = sorted((lot.at, lot.left) for lot in self.model.lots if lot.left)
        assert [left for _, left in ours] == [left for _, left in theirs]

    @precondition(lambda self: self.refs)
    @rule(data=st.data(), amount=st.one_of(st.none(), st.integers(1, 10)))
    def refund(self, data: Any, amount: int | None) -> None:
        index = data.draw(st.integers(0, len(self.refs) - 1))
        self.undo(index, amount, is_void=False)

    @precondition(lambda self: self.refs)
    @rule(data=st.data())
    def void(self, data: Any) -> None:
        self.undo(data.draw(st.integers(0, len(self.refs) - 1)), None, is_void=True)

    def undo(self, index: int, amount: int | None, is_void: bool) -> None:
        self.settle()
        spend, at, spending = self.model.spends[index], self.at, self.purse.spending
        left = spend.amount - spend.back
        is_known = any(one.transfer_id == self.refs[index] for one in spending.spends)
        try:
            if is_void:
                posting = entries.void(self.purse.transfer(), spending, self.refs[index])
            else:
                posting = entries.refund(self.purse.transfer(), spending, self.refs[index], amount)
        except RequestError as error:
            assert error.code == ("conflict" if is_known else "unknown")
            assert not is_known or left == 0 or (amount or 0) > left
            return
        self.purse.take(posting)
        self.model.give_back(spend, left if amount is None else amount, at, is_void)

    @rule(wanted=amounts)
    def put(self, wanted: dict[Any, int]) -> None:
        self.settle()
        at = self.at
        self.purse.change(
            caps.put(self.purse.spending, wanted, self.purse.now, self.purse.settings)
        )
        self.model.put(dict(wanted), at)
        pending = self.purse.spending.request
        theirs = self.model.request
        assert (pending is None) == (theirs is None)
        if pending is not None and theirs is not None:
            assert (pending.amounts, pending.confirm_from, pending.lapses_at) == theirs

    @rule()
    def confirm(self) -> None:
        self.settle()
        at = self.at
        done = self.purse.confirm()
        assert bool(done.raised) == self.model.confirm(at)
        gaps = zip(self.model.raises, self.model.raises[1:], strict=False)
        assert all(later - sooner >= 7 * DAY for sooner, later in gaps)

    @rule(hours=st.sampled_from(caps.PAUSE_HOURS))
    def pause(self, hours: int) -> None:
        self.settle()
        at = self.at
        before = windows.closed(self.purse.spending, self.purse.now)
        self.purse.pause(hours)
        self.model.pause(hours, at)
        after = windows.closed(self.purse.spending, self.purse.now)
        assert after is not None and after.kind == "pause"
        if before is not None and before.kind == "pause":
            assert after.until >= before.until
        assert after.until == max(until for start, until in self.model.pauses)

    @rule(zone=st.sampled_from(ZONES))
    def travel(self, zone: str) -> None:
        self.settle()
        at = self.at
        self.purse.zone(zone)
        self.model.change_zone(zone, at)

    @rule(step=st.sampled_from(STEPS))
    def pass_time(self, step: int) -> None:
        self.purse.now += step

    @rule(days=st.integers(1, 40))
    def pass_some_days(self, days: int) -> None:
        self.purse.now += days * DAY

    @rule()
    def end_what_is_closed(self) -> None:
        """Otherwise most of a life would be pauses and rests."""
        ends = [until for _, until in self.model.pauses + self.model.rests]
        self.purse.now = max([self.purse.now, *ends])

    @rule(back=st.sampled_from((1, MINUTE, 4 * MINUTE, 6 * HOUR, 3 * DAY)))
    def set_the_clock_back(self, back: int) -> None:
        self.purse.now -= back

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "purse"):
            return
        self.settle()
        spending, at = self.purse.spending, max(self.purse.now, self.purse.spending.last_at)
        assert windows.balance(spending, at) == self.model.balance()
        left = windows.remaining(spending, self.purse.settings, self.purse.now)
        for period, ours in zip(PERIODS, (left.day, left.week, left.month), strict=True):
            assert ours == self.model.remaining(period, at)
        assert set(spending.owned) == self.model.owned
        assert spending.discount_hundredths == self.model.hundredths
        for spend in self.model.spends:  # I8, over all pauses ever
            closed = self.model.pauses + self.model.rests
            assert not any(start <= spend.at < until for start, until in closed)

    def teardown(self) -> None:
        if hasattr(self, "purse"):
            assert audit(self.purse.entries, self.purse.spending) == []


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(
    max_examples=size(60, 1000),
    stateful_step_count=size(40, 80),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_the_machine_can_reach_charges_and_every_kind_of_refusal() -> None:
    """A walk by hand, so that the laws above are not true of nothing."""
    machine = LedgerMachine()
    machine.begin(LimitSettings(), "Asia/Beirut", STARTS[0], 60)
    machine.unlock(Tier.PREMIUM, 1, True, 0)
    machine.unlock(Tier.PREMIUM, 2, False, 0)
    for number in (3, 4):
        machine.unlock(Tier.PREMIUM, number, False, 0)
    machine.agrees()
    machine.unlock(Tier.BASIC, 5, False, 0)
    machine.end_what_is_closed()
    machine.unlock(Tier.EXCLUSIVE, 6, False, 0)
    machine.pause(24)
    machine.unlock(Tier.BASIC, 7, False, 0)
    machine.agrees()
    assert len(machine.model.spends) == 3
    assert machine.model.asked and machine.model.hits and machine.model.rests
    machine.teardown()
    assert isinstance(machine.purse.unlock(item("x.y")), Refusal | Posting)
