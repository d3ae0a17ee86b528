"""Funding: every number of its lessons and its quiz, recomputed."""

import math

from tests.content.phrases import assert_worked, right_options, said

MARGIN = 0.005  # maintenance
INTEREST, BOUND = 0.01, 0.05  # per cent, for eight hours


def _rate(premium: float) -> float:
    return premium + max(-BOUND, min(BOUND, INTEREST - premium))


def test_the_free_lesson_has_only_the_numbers_of_its_exercise() -> None:
    assert_worked("funding.free", "2,000 0.01 100", [])


def test_the_basic_numbers() -> None:
    position = 0.5 * 44_000
    told = [
        f"a position of {said(position)}; at a rate of 0.01 %",
        f"the long pays {said(position * 0.0001, 2)} and",
        f"At 0.03 % it is {said(position * 0.0003, 2)}",
        "−0.05 %, +0.05 %",
        f"I − P = {said(INTEREST - 0.02, 2)} %, inside the bounds",
        f"rate = 0.02 − 0.01 = {said(_rate(0.02), 2)} %",
        f"I − P = {said(INTEREST - 0.08, 2)} %, cut to −0.05",
        f"rate = 0.08 − 0.05 = {said(_rate(0.08), 2)} %",
        f"I − P = {said(INTEREST + 0.1, 2)} %, cut to 0.05",
        f"rate = −0.10 + 0.05 = {said(_rate(-0.1), 2)} %",
        f"between {said(INTEREST - BOUND, 2)} % and {said(INTEREST + BOUND, 2)} %",
        f"0.01 %: {said(0.01 * 90, 1)} % of the position in 30 days",
        f"{said(0.01 * 3 * 365, 2)} % in a year",
        f"0.03 %: {said(0.03 * 90, 1)} % in 30 days, {said(0.03 * 3 * 365, 2)} % in a year",
        f"0.03 % costs {said(5 * 0.03 * 90, 1)} % of it in 30 days",
    ]
    given = "44,000 0.01 0.02 0.08 0.10 2016 5 0.1"
    assert_worked("funding.basic", given, told)
    assert round(_rate(-0.04), 9) == round(_rate(0.06), 9) == INTEREST
    assert round(0.1 / 0.01) == 10  # ten payments


def test_the_premium_numbers() -> None:
    entry, deposit = 45_000, 45_000 / 20
    broken = (entry - deposit) / (1 - MARGIN)
    paid = 90 * entry * 0.0003
    later = (entry + paid - deposit) / (1 - MARGIN)
    costs = 2 * 10_000 * 0.001, 2 * 10_000 * 0.0005
    told = [
        f"0.005 % every hour is {said(24 * 0.005, 2)} % a day",
        f"0.03 % every eight hours is {said(3 * 0.03, 2)} %",
        f"a deposit of {said(deposit)} a coin",
        f"45,000 × 0.95 / 0.995 = {said(broken)}: {said(100 * (1 - broken / entry), 1)} % of room",
        f"{3 * 30} payments of {said(entry * 0.0003, 2)}, or {said(paid)} a coin",
        f"(45,000 + {said(paid)} − {said(deposit)}) / 0.995 = {said(later)}",
        f"and {said(100 * (1 - later / entry), 1)} % of room is left",
        f"{said(10_000 * 0.0002)} each time, {said(3 * 2)} a day, {said(6 * 30)} in 30 days",
        f"{said(costs[0])} + {said(costs[1])} = {said(sum(costs))}",
        f"at −0.02 % you pay the {said(3 * 2)} a day",
        f"that is {said(100 * ((1 + 1 / 4) / (1 + MARGIN) - 1), 1)} % higher",
        f"receives {said(3 * 0.1, 1)} % a day",
    ]
    given = "20 45,000 0.5 0.03 30 10,000 0.02 0.1 0.05 2,500 3"
    assert_worked("funding.premium", given, told)
    assert sum(costs) / 6 == 5  # days that pay for the costs
    assert 10_000 / 2_500 == 4
    assert round(3 / 0.3) == 10  # such days


def _plan() -> list[str]:
    position = 100 / 0.025
    edge = 0.4 * 2 - 0.6
    long = position * 0.0003 * 42
    fees = position * 0.001
    return [
        f"stop 2.5 % away: position {said(position)}",
        f"4,000 × 0.0003 × {14 * 3} = {said(long, 2)}, that is {said(long / 100, 2)} R",
        f"round trip: {said(fees, 2)}, or {said(fees / 100, 2)} R",
        f"0.4 × 2 − 0.6 = {said(edge, 2)} R a trade",
        f"0.20 − 0.50 − 0.04 = {said(edge - (long + fees) / 100, 2)} R",
        f"0.20 − 0.04 = {said(edge - fees / 100, 2)} R",
        f"Above about {said(100 * (edge - fees / 100) * 100 / (position * 42), 4)} % a payment",
        "(0.20 − 0.04) × 100 / (4,000 × 42)",
    ]


def _split() -> list[str]:
    gross, fees, funding = 420 + 200, 130 + 80, 25 + 240
    return [
        f"gross result +{gross}, fees {fees}, funding {funding}; {gross - fees - funding} is left",
        f"Funding took {said(100 * funding / gross)} % of the gross",
        f"gross +420, fees 130, funding 25; left +{420 - 130 - 25}",
        f"gross +200, fees 80, funding 240; left {said(200 - 80 - 240)}",
    ]


def _tested() -> list[str]:
    quick, honest = 6 / math.sqrt(45), 6 / math.sqrt(9)
    assert 30 + 20 == 50 and honest > 1.4
    return [
        f"standard error 6 / √45 = {said(quick, 2)}",
        f"looks like {said(1.4 / quick, 1)} errors",
        f"6 / √9 = {said(honest, 1)} points",
    ]


def _carried() -> list[str]:
    def edge(margin: float) -> str:
        return said(100 * ((1 + margin / 10_000) / (1 + MARGIN) - 1), 1)

    daily = 10_000 * 0.0005 * 3
    coins = 10_000 * 1.26
    return [
        f"0.05 % a payment: {said(daily)} a day",
        f"At +{edge(2_500)} % the short",
        f"7 × 15 = {said(7 * daily)} of funding",
        f"worth {said(coins)} at the end",
        f"{said(coins)} × 0.15 = {said(coins * 0.15)} lost",
        f"edge would have been {edge(5_000)} % away",
        f"the {said(7 * daily)} was earned on {said(15_000)}, not on {said(12_500)}",
        f"{said(100 * 105 / 15_000, 2)} % instead of {said(100 * 105 / 12_500, 2)} %",
    ]


def test_the_exclusive_numbers() -> None:
    given = "10,000 1 100 14 0.03 0.1 40 2 4,000 30 20 45 −1.4 9 26 2,500 15 5,000 50 6"
    told = [*_plan(), *_split(), *_tested(), *_carried()]
    assert_worked("funding.exclusive", given, told)


def test_the_quiz() -> None:
    payment = 2_000 * 0.0001
    told = [
        f"2,000 × 0.0001 = {said(payment, 2)} a payment, and ten days have {10 * 3} of them",
        f"{said(payment * 10, 2)} forgets",
        f"{said(payment * 3, 2)} is one day",
        f"0.01 − 0.08 is {said(INTEREST - 0.08, 2)} %, which is cut to −0.05 %",
        f"0.08 − 0.05 leaves {said(_rate(0.08), 2)} %",
    ]
    given = "2,000 0.01 0.08 0.05 0.03 0.13 0.60 2.00 6.00 60.00 10 5"
    assert_worked("funding.quiz", given, told)
    assert right_options("funding")[1] == said(payment * 30, 2)
    assert right_options("funding")[3] == f"{said(_rate(0.08), 2)} %"
