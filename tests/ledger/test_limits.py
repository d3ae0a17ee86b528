"""money.md, Order of the checks: which unlock is refused, why, and until when."""

import pytest

from bot.ledger import limits
from bot.ledger.outcomes import Refusal
from bot.ledger.settings import LimitSettings
from bot.model.money import NO_LIMIT, Pause, Spending, Tier
from tests.ledger.builders import DAY, HOUR, LOOSE, MINUTE, Purse, item, reason, us


def rich(**more: object) -> Purse:
    purse = Purse(**more)  # type: ignore[arg-type]  # fields of Purse
    purse.grant(500)
    return purse


def test_an_unlock_within_every_limit_is_allowed() -> None:
    assert rich().ask(item("coin.quiz", Tier.PREMIUM)) is None


def test_free_content_is_open_in_a_pause_and_to_minors() -> None:
    purse = Purse()
    purse.pause(24)
    assert purse.ask(item("coin.basics", Tier.FREE), age="minor") is None


def test_an_owned_item_is_never_charged_again_not_even_at_another_price() -> None:
    purse = rich()
    purse.unlock(item("coin.quiz"))
    purse.pause(24)
    answer = purse.ask(item("coin.quiz"), expected_price=99)
    assert answer == Refusal("already_owned")


@pytest.mark.parametrize("expected", [0, 1, 3, 99])
def test_more_or_less_than_the_shown_price_is_never_charged(expected: int) -> None:
    answer = rich().ask(item("coin.quiz"), expected_price=expected)
    assert answer is not None
    assert (answer.reason, answer.is_final) == ("price_changed", False)


def test_an_unknown_age_is_asked_and_nothing_is_kept_for_the_id() -> None:
    answer = rich().ask(item("coin.quiz"), age="unknown")
    assert answer == Refusal("age_unknown", question="age")
    assert not answer.is_final


def test_a_minor_gets_no_paid_tier() -> None:
    answer = rich().ask(item("coin.quiz"), age="minor")
    assert answer is not None
    assert (answer.reason, answer.is_final) == ("age_minor", True)


def test_a_pause_is_named_before_the_age_question() -> None:
    purse = rich()
    purse.pause(24)
    start = purse.spending.pauses[0].start
    assert purse.ask(item("coin.quiz"), age="unknown") == Refusal("paused", start + DAY)


def test_a_pause_ends_by_itself_at_its_instant() -> None:
    purse = rich()
    purse.pause(24)
    end = purse.spending.pauses[0].until
    purse.now = end - 1
    assert reason(purse.ask(item("coin.quiz"))) == "paused"
    purse.now = end
    assert purse.ask(item("coin.quiz")) is None


def test_a_first_financial_promotion_waits_24_hours_from_asking() -> None:
    purse = rich()
    offer = item("coin.offer", Tier.PREMIUM, promotion=True)
    first = purse.unlock(offer)
    assert isinstance(first, Refusal) and first.reason == "cooling_off"
    asked = purse.spending.asked["premium"]
    assert first.until == asked + DAY
    purse.later(3 * HOUR)
    assert purse.unlock(offer) == first  # asking again does not restart the wait
    purse.now = asked + DAY
    assert reason(purse.unlock(offer)) == ""


def test_other_content_has_no_cooling_off() -> None:
    assert rich().ask(item("coin.course", Tier.EXCLUSIVE)) is None


def test_each_higher_tier_has_a_cooling_off_of_its_own() -> None:
    purse = rich()
    purse.spend(5)
    assert purse.ask(item("coin.offer", Tier.PREMIUM, promotion=True)) is None
    higher = purse.ask(item("coin.deal", Tier.EXCLUSIVE, promotion=True))
    assert reason(higher) == "cooling_off"


def test_a_purchase_past_the_day_cap_is_refused_until_the_window_frees() -> None:
    purse = rich(settings=LimitSettings(caps={"day": 7, "week": 60, "month": 120}))
    purse.spend(5)
    at = purse.spending.spends[0].at
    answer = purse.unlock(item("coin.quiz", Tier.PREMIUM))
    assert answer == Refusal("cap_day", at + DAY)
    purse.now = at + DAY - 1
    assert reason(purse.unlock(item("coin.quiz", Tier.PREMIUM))) == "cap_day"
    purse.now = at + DAY
    assert reason(purse.unlock(item("coin.quiz", Tier.PREMIUM))) == ""


def test_a_purchase_at_the_cap_exactly_is_allowed() -> None:
    purse = rich(settings=LimitSettings(caps={"day": 7, "week": 60, "month": 120}))
    purse.spend(5, 2)
    assert reason(purse.unlock(item("coin.quiz"))) == "cap_day"


def test_what_never_fits_under_a_cap_has_no_until() -> None:
    purse = rich(settings=LimitSettings(caps={"day": 4, "week": 4, "month": 120}))
    assert purse.ask(item("coin.quiz", Tier.PREMIUM)) == Refusal("cap_day", None)


def test_the_cap_that_holds_longest_is_named() -> None:
    purse = rich(settings=LimitSettings(caps={"day": 6, "week": 6, "month": 6}))
    purse.spend(5)
    answer = purse.ask(item("coin.quiz", Tier.PREMIUM))
    assert isinstance(answer, Refusal)
    assert answer.reason == "cap_month"
    assert answer.until == purse.spending.spends[0].at + 30 * DAY


def test_midnight_does_not_open_a_second_day_of_spending() -> None:
    purse = rich(now=us("2026-03-11T23:50:00Z"))
    purse.spend(10)
    purse.later(HOUR)
    purse.spend(2, 2, 2)
    purse.later(3 * HOUR)
    assert reason(purse.ask(item("coin.quiz", Tier.PREMIUM))) == "cap_day"


def test_travel_does_not_open_a_new_day() -> None:
    purse = rich(settings=LimitSettings(caps={"day": 10, "week": 60, "month": 120}))
    purse.spend(10)
    purse.zone("Pacific/Kiritimati")
    purse.later(13 * HOUR)
    assert reason(purse.ask(item("coin.quiz"))) == "cap_day"


def test_fifteen_credits_in_an_hour_bring_two_hours_of_rest() -> None:
    purse = rich()
    purse.spend(5, 5)
    purse.later(59 * MINUTE)
    purse.spend(5)
    at = purse.spending.spends[-1].at
    assert purse.ask(item("coin.quiz")) == Refusal("rest", at + 1 + 2 * HOUR)
    purse.now = at + 1 + 2 * HOUR
    assert reason(purse.ask(item("coin.quiz"))) == ""


def test_fifteen_credits_over_more_than_an_hour_bring_no_rest() -> None:
    purse = rich()
    purse.spend(5, 5)
    purse.now = purse.spending.spends[0].at + 60 * MINUTE
    purse.spend(5)
    assert reason(purse.ask(item("coin.quiz"))) == ""


def test_three_refusals_by_a_cap_in_a_day_bring_a_rest() -> None:
    purse = rich(settings=LimitSettings(caps={"day": 2, "week": 60, "month": 120}))
    reasons = [reason(purse.unlock(item("coin.quiz", Tier.PREMIUM))) for _ in range(4)]
    assert reasons == ["cap_day", "cap_day", "cap_day", "rest"]
    purse.now = purse.spending.pauses[0].until
    again = [reason(purse.unlock(item("coin.quiz", Tier.PREMIUM))) for _ in range(4)]
    assert again == reasons  # the next rest needs three of its own


def test_refusals_by_a_cap_on_different_days_bring_no_rest() -> None:
    purse = rich(settings=LimitSettings(caps={"day": 2, "week": 60, "month": 120}))
    for _ in range(4):
        assert reason(purse.unlock(item("coin.quiz", Tier.PREMIUM))) == "cap_day"
        purse.later(DAY)
    assert len(purse.spending.refusals) == 4


def test_an_empty_wallet_is_named_after_the_caps_and_counts_as_no_cap_refusal() -> None:
    purse = Purse()
    answer = purse.unlock(item("coin.quiz"))
    assert answer == Refusal("insufficient_credits")
    assert purse.spending.refusals == ()


def test_ten_credits_bring_a_reality_check_that_one_answer_settles() -> None:
    purse = rich(settings=LOOSE)
    purse.spend(5, 5)
    asked = purse.ask(item("coin.quiz"), is_reality_checked=False)
    assert asked == Refusal("reality_check", question="reality")
    purse.spending = limits.reality_answered(purse.spending, purse.now)
    purse.now += 1
    assert purse.ask(item("coin.quiz"), is_reality_checked=False) is None


def test_a_rules_question_is_asked_last_and_settled_by_a_yes() -> None:
    purse = rich()
    asked = purse.ask(item("coin.quiz"), must_confirm=True)
    assert asked == Refusal("confirm", question="confirm")
    assert purse.ask(item("coin.quiz"), must_confirm=True, is_confirmed=True) is None


def test_a_final_refusal_ends_an_attempt_and_a_question_does_not() -> None:
    purse = Purse()
    purse.unlock(item("coin.quiz"))
    assert purse.spending.attempts == {"coin.quiz": 1}
    purse.unlock(item("coin.quiz"), age="unknown")
    assert purse.spending.attempts == {"coin.quiz": 1}


def test_top_ups_have_caps_of_their_own() -> None:
    settings = LimitSettings(topup_caps={"day": 50, "week": 80, "month": 100})
    purse = Purse(settings=settings)
    purse.topup(40)
    assert limits.check_topup(purse.spending, 10, settings, purse.now) is None
    answer = limits.check_topup(purse.spending, 11, settings, purse.now)
    assert answer == Refusal("cap_topup_day", purse.spending.topups[0].at + DAY)
    purse.later(2 * DAY)
    purse.topup(40)
    purse.later(2 * DAY)
    week = limits.check_topup(purse.spending, 1, settings, purse.now)
    assert reason(week) == "cap_topup_week"


def test_buying_credits_does_not_use_up_the_caps_on_spending() -> None:
    purse = Purse()
    purse.topup(500)
    assert purse.ask(item("coin.course", Tier.EXCLUSIVE)) is None


def test_granted_credits_count_unless_configured_not_to() -> None:
    caps = LimitSettings().caps | {"day": 5}
    purse = rich(settings=LimitSettings(caps=caps, count_granted=False))
    purse.spend(10)
    assert purse.spending.spends[0].counted == 0
    counting = rich(settings=LimitSettings(caps=caps))
    assert reason(counting.ask(item("coin.course", Tier.EXCLUSIVE))) == "cap_day"


def test_with_granted_credits_uncounted_the_paid_part_still_counts() -> None:
    settings = LimitSettings(caps={"day": 5, "week": 60, "month": 120}, count_granted=False)
    purse = Purse(settings=settings)
    purse.grant(4)
    purse.topup(20)
    assert reason(purse.ask(item("coin.course", Tier.EXCLUSIVE))) == "cap_day"
    purse.spend(5)
    assert purse.spending.spends[0].counted == 1


def test_a_removed_limit_leaves_the_others_in_force() -> None:
    settings = LimitSettings(caps={"day": NO_LIMIT, "week": 12, "month": 120})
    purse = rich(settings=settings)
    purse.spend(10)
    assert reason(purse.ask(item("coin.quiz", Tier.PREMIUM))) == "cap_week"


def test_a_clock_that_went_back_gives_no_way_around_a_pause() -> None:
    purse = rich()
    purse.pause(24)
    purse.now -= 10 * DAY
    assert reason(purse.ask(item("coin.quiz"))) == "paused"


def test_the_first_microsecond_of_a_rest_is_after_the_unlock_that_caused_it() -> None:
    purse = rich()
    purse.spend(5, 5, 5)
    rest = purse.spending.pauses[-1]
    assert rest == Pause("rest", purse.spending.last_at + 1, rest.until)


def test_a_refusal_writes_no_entry_and_moves_no_credit() -> None:
    purse = rich(settings=LimitSettings(caps={"day": 1, "week": 60, "month": 120}))
    before = (list(purse.entries), purse.spending.lots, purse.spending.owned)
    purse.unlock(item("coin.quiz"))
    assert (purse.entries, purse.spending.lots, purse.spending.owned) == before


def test_nobody_new_is_refused_anything_by_an_empty_spending() -> None:
    asking = limits.Asking(item("coin.quiz"), 2, "adult")
    answer = limits.check(Spending(), asking, LimitSettings(), 0)
    assert answer == Refusal("insufficient_credits")


def test_a_cheaper_unlock_later_does_not_bring_a_cooling_off_back() -> None:
    purse = rich()
    purse.spend(5, 2)
    assert purse.spending.highest_tier == Tier.PREMIUM
    assert purse.ask(item("coin.offer", Tier.PREMIUM, promotion=True)) is None
