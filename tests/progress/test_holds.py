"""P3: what staff hands over: its points are held, then captured or released, never lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.errors import RequestError
from bot.ledger.audit import audit
from bot.model.decision import Decision
from bot.model.message import Inbound
from bot.people.calendar import from_rfc3339, rfc3339
from bot.progress import points
from tests.progress.earning import DAY, SCRIPT, Earner

ASKED, WITHIN = "ask_the_teacher", 14 * DAY


class Asker(Earner):
    """Somebody with staff that hands things over, or does not."""

    def rich(self, hundreds: int) -> "Asker":
        for _ in range(hundreds):
            self.now += DAY
            for _ in range(10):
                self.keeps(5.0)
        return self

    def asks(self) -> Decision:
        return self.acts("redeem", reward_id=ASKED)

    def staff(self, name: str, redeem_id: str) -> Decision:
        inbound = Inbound(
            self._id(), "ada", "staff", self.now, name=name, props={"redeem_id": redeem_id}
        )
        return self._takes(inbound)

    @property
    def balance(self) -> int:
        return points.balance(self.known.spending, self.now)

    @property
    def held(self) -> int:
        """By the ledger."""
        return sum(one.amount for one in self.entries if one.account == "sys:held")


def asker(expire_days: int = 0) -> Asker:
    terms = replace(SCRIPT.terms, points_expire_days=expire_days)
    return Asker(replace(SCRIPT, terms=terms))


def test_points_are_held_and_captured_when_it_is_handed_over() -> None:
    one = asker().rich(4)
    before = one.balance
    body = one.asks().reply.body
    assert body is not None and body["outcome"] == "held" and body["points"] == 300.0
    (hold,) = one.known.spending.redeemed
    assert hold.held_until == hold.at + WITHIN
    assert body["held_until"] == rfc3339(hold.held_until)
    assert (one.balance, one.held) == (before - 300_00, 300_00)
    done = one.staff("reward_confirm", body["redeem_id"])
    assert done.reply.body is not None and done.reply.body["outcome"] == "handed_over"
    assert (one.balance, one.held) == (before - 300_00, 0)
    one.now += 2 * WITHIN
    one.says("hello")
    assert one.balance >= before - 300_00 and one.held == 0
    with pytest.raises(RequestError, match="does not wait"):
        one.staff("reward_confirm", body["redeem_id"])
    assert audit(one.entries, one.known.spending) == []


def test_what_staff_refuses_goes_back_to_its_lots() -> None:
    one = asker().rich(4)
    lots = one.known.spending.lots
    body = one.asks().reply.body
    assert body is not None
    one.staff("reward_return", body["redeem_id"])
    assert (one.known.spending.lots, one.held) == (lots, 0)
    with pytest.raises(RequestError, match="went back"):
        one.staff("reward_confirm", body["redeem_id"])
    assert audit(one.entries, one.known.spending) == []


def test_what_nobody_hands_over_in_time_is_released_and_may_be_spent_at_once() -> None:
    one = asker().rich(4)
    before = one.balance
    body = one.asks().reply.body
    assert body is not None
    one.now = from_rfc3339(body["held_until"]) or 0
    assert one.balance == before, "told before anything was decided"
    again = one.asks().reply.body
    assert again is not None and again["outcome"] == "held"
    with pytest.raises(RequestError, match="went back"):
        one.staff("reward_confirm", body["redeem_id"])
    assert (one.held, audit(one.entries, one.known.spending)) == (300_00, [])


def test_a_lot_that_ended_meanwhile_lasts_seven_days_more() -> None:
    one = asker(expire_days=3).rich(4)
    body = one.asks().reply.body
    assert body is not None
    one.now += 10 * DAY
    one.staff("reward_return", body["redeem_id"])
    assert one.balance == 300_00
    one.now += 7 * DAY + 1_000
    assert one.balance == 0
    one.says("hello")
    assert audit(one.entries, one.known.spending) == []


def test_what_nobody_needs_to_hand_over_is_had_at_once() -> None:
    one = asker().rich(2)
    body = one.acts("redeem", reward_id="study_guide").reply.body
    assert body is not None and (body["outcome"], body["held_until"]) == ("redeemed", None)
    assert one.held == 0
    with pytest.raises(RequestError, match="does not wait"):
        one.staff("reward_confirm", body["redeem_id"])


@pytest.mark.parametrize(
    ("language", "wish", "yes", "told"),
    [
        ("en", "i want a question to a teacher", "yes", "If nobody hands it over, they come back"),
        (
            "fi",
            "haluan kysymyksen opettajalle",
            "kyllä",
            "Jos kukaan ei toimita sitä, pisteet pal",
        ),
    ],
)
def test_in_the_chat_it_is_told_that_points_are_kept_aside(
    language: str, wish: str, yes: str, told: str
) -> None:
    one = asker().rich(4)
    one.says("hello")
    profile = replace(one.known.profile, language=language)
    one.person = replace(one.known, profile=profile)
    one.says(wish)
    assert told in one.says(yes).reply.text
    assert one.held == 300_00


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(("earn", "ask", "confirm", "return", "week")), max_size=14))
def test_points_are_never_lost_and_a_balance_never_below_zero(steps: list[str]) -> None:
    one = asker().rich(3)
    for step in steps:
        one.now += DAY // 24
        waiting = [r.redeem_id for r in one.known.spending.redeemed if r.held_until > one.now]
        if step == "earn":
            one.rich(1)
        elif step == "ask":
            one.asks()
        elif step == "week":
            one.now += 7 * DAY
        elif waiting:
            one.staff(f"reward_{step}", waiting[0])
        spending = one.known.spending
        assert all(lot.left >= 0 for lot in spending.lots) and one.held >= 0
        assert audit(one.entries, spending) == []
    one.now += 30 * DAY
    one.says("hello")
    spent = sum(entry.amount for entry in one.entries if entry.account == "sys:rewards")
    assert one.balance + spent == one.known.progress.points
