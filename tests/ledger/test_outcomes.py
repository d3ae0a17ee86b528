"""The answer that is kept under an unlock's id."""

import pytest

from bot.ledger import outcomes
from bot.ledger.outcomes import Reason, Refusal
from bot.ledger.postings import Posting
from bot.model.money import Remaining, Tier
from tests.ledger.builders import Purse, item


def test_an_unlock_answers_with_balance_and_what_is_left() -> None:
    purse = Purse()
    purse.grant(20)
    wanted = item("coin.quiz", Tier.PREMIUM)
    done = purse.unlock(wanted)
    assert isinstance(done, Posting)
    made = outcomes.unlocked(wanted, 5, purse.spending, purse.settings, purse.now, "t2", "u1")
    assert (made.outcome, made.price, made.balance) == ("unlocked", 5, 15)
    assert made.remaining == Remaining(15, 55, 115)
    assert made.is_final


def test_an_owned_item_answers_already_owned_for_0_credits() -> None:
    purse = Purse()
    purse.grant(20)
    wanted = item("coin.quiz", Tier.PREMIUM)
    purse.unlock(wanted)
    refusal = purse.unlock(wanted)
    assert isinstance(refusal, Refusal)
    made = outcomes.refused(wanted, 5, refusal, purse.spending, purse.settings, purse.now, "u2")
    assert (made.outcome, made.price, made.reason) == ("already_owned", 0, None)
    assert made.transfer_id == purse.spending.owned["coin.quiz"]
    assert purse.spending.attempts == {}


@pytest.mark.parametrize("reason", ["cap_day", "paused", "rest", "insufficient_credits"])
def test_a_refusal_by_state_is_final(reason: Reason) -> None:
    purse = Purse()
    made = outcomes.refused(
        item("a.b"), 2, Refusal(reason, 5), purse.spending, purse.settings, purse.now
    )
    assert (made.outcome, made.reason, made.until, made.is_final) == ("refused", reason, 5, True)


def test_a_question_is_not_final() -> None:
    purse = Purse()
    refusal = Refusal("confirm", question="confirm")
    made = outcomes.refused(item("a.b"), 2, refusal, purse.spending, purse.settings, purse.now)
    assert not made.is_final
