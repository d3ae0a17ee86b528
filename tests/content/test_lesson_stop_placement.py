"""Stop placement: every number of its lessons and its quiz, recomputed."""

import math
import statistics

from tests.content.history import days, hours, is_touched, needs_record, ranges, touched
from tests.content.phrases import assert_worked, lesson, right_options, said

ENTRY, WRONG, ATR = 44_500, 43_400, 1_140
COST = 0.15  # ranges a trade, in the exclusive record
WINNERS, STOPPED, TIMED, GAIN = 18, 14, 8, 2.4
WINNERS_HIT = {2.0: 0, 1.0: 3, 0.5: 9}  # stop distance -> winners that it would have closed
TIMED_HIT = {2.0: 0, 1.0: 4, 0.5: 8}


def _results(stop: float) -> list[float]:
    """The exclusive record, replayed with a stop so many ranges away: results in ranges."""
    kept = WINNERS - WINNERS_HIT[stop]
    waited = TIMED - TIMED_HIT[stop]
    closed = WINNERS_HIT[stop] + STOPPED + TIMED_HIT[stop]
    return [GAIN] * kept + [-stop] * closed + [-0.5] * waited


def test_the_free_lesson_has_no_number_but_its_example() -> None:
    assert_worked("stop-placement.free", "43,000", [])


def test_the_basic_numbers() -> None:
    close, high, low = 44_000, 45_100, 43_700
    parts = (high - low, abs(high - close), abs(low - close))
    average = (13 * 1_120 + max(parts)) / 14
    stop = WRONG - average / 2
    distance = ENTRY - stop
    coins = 50 / distance
    told = [
        f"The three are {parts[0]:,}, {parts[1]:,} and {parts[2]}",
        f"the true range is {max(parts):,}",
        f"(13 × 1,120 + {max(parts):,}) / 14 = {said(average)}",
        f"stop: 43,400 − {said(average)} / 2 = {said(stop)}",
        f"44,500 − {said(stop)} = {said(distance)}, or {said(100 * distance / ENTRY, 1)} %",
        f"50 / {said(distance)} = {said(coins, 4)} coins",
        f"a position of about {said(round(coins * ENTRY, -1))}",
        f"loses about {said(ENTRY - 42_500)} a coin instead of {said(distance)}",
        f"46,900 − {said(2 * average)} = {said(46_900 - 2 * average)}",
    ]
    given = "1978 44,000 45,100 43,700 1,120 14 44,500 43,400 50 42,900 42,500 42,780 46,900"
    assert_worked("stop-placement.basic", given, told)
    assert average == ATR
    assert WRONG > stop > 42_780 > 42_500


COUNTED = "837 2017 2019 38 66 14 42 3 18 1 7 5 28 71 41 44"


def test_the_premium_numbers() -> None:
    bids = {42_830: 1.5, 42_800: 2, 42_760: 2.5}
    average = sum(price * coins for price, coins in bids.items()) / sum(bids.values())
    slip = 42_830 - average
    cost = 0.1 + round(100 * slip / 42_830, 2)
    told = [
        f"√5 = {said(math.sqrt(5), 1)} times",
        f"You sell {said(sum(bids.values()))} coins",
        f"The average is {said(average)}, that is {said(slip)} lower",
        f"or {said(100 * slip / 42_830, 2)} %",
        f"a stop costs {said(cost, 2)} % more",
        f"distance 2 %: the costs add {said(100 * cost / 2, 1)} %",
        f"distance 0.5 %: they add {said(100 * cost / 0.5)} %",
    ]
    given = f"{COUNTED} 42,830 1.5 2 42,800 2.5 42,760 0.1 2001 2005 43,000"
    assert_worked("stop-placement.premium", given, told)


@needs_record
def test_the_counted_stops_are_those_of_the_record() -> None:
    text = lesson("stop-placement.premium")
    assert f"{len(days())} whole days" in text
    assert (days()[0].at.strftime("%B %Y"), days()[-1].at.strftime("%B %Y")) == (
        "July 2017",
        "October 2019",
    )
    for distance, phrase in [(0.5, "half an average range"), (1, "one range"), (2, "two ranges")]:
        assert f"{phrase} away: {said(touched(distance, 1))} %" in text
    assert f"one day, {said(touched(0.5, 5))} % within five" in text
    assert f"{said(touched(1, 1))} % and {said(touched(1, 5))} %" in text
    assert f"{said(touched(2, 1))} % and {said(touched(2, 5))} %" in text
    assert f"three ranges away: {said(touched(3, 1))} % and {said(touched(3, 5))} %" in text


@needs_record
def test_a_fixed_percentage_is_another_stop_in_calm_and_in_wild_days() -> None:
    text = lesson("stop-placement.premium")
    evenings = {day: atr for day, atr in ranges().items() if day + 5 < len(days())}
    by_range = sorted(evenings, key=lambda day: evenings[day] / days()[day].close)
    quarter = len(by_range) // 4

    def share(some: list[int], *, is_fixed: bool) -> str:
        stops = {
            day: days()[day].close * 0.95 if is_fixed else days()[day].close - evenings[day]
            for day in some
        }
        return said(100 * statistics.mean(is_touched(day, stops[day], 5) for day in some))

    calm, wild = by_range[:quarter], by_range[-quarter:]
    assert f"within five days {share(calm, is_fixed=True)} % of the time" in text
    assert f"in the wildest quarter {share(wild, is_fixed=True)} %" in text
    ours = f"{share(calm, is_fixed=False)} % and {share(wild, is_fixed=False)} %"
    assert f"One average range: {ours}" in text


def test_the_exclusive_order_of_work() -> None:
    noise = ATR * math.sqrt(3)
    stop = ENTRY - round(noise)
    share = round(round(noise) / ENTRY, 4)
    size = 100 / (share + 0.002)
    told = [
        f"1,140 × √3 = {said(noise)}",
        f"only {said(ENTRY - WRONG)} away",
        f"44,500 − {said(noise)} = {said(stop)}, which is {said(100 * share, 1)} % away",
        f"100 / ({share} + 0.002) = {said(size)}, rounded down to {said(size // 100 * 100)}",
        f"{said(size // 100 * 100)} × 0.159 = {said(2_100 * 0.159)}",
        f"{said(100 * 2_100 * 0.159 / 10_000, 1)} % of the account",
    ]
    given = "10,000 1 100 0.2 44,500 43,400 1,140 3 26 2019 15.9"
    assert_worked("stop-placement.exclusive", given + EXCLUSIVE_GIVEN, [*told, *_replayed()])
    assert WRONG < ENTRY < WRONG + noise


EXCLUSIVE_GIVEN = " 40 2 18 2.4 14 8 −0.5 9 4 0.15 7 5 0.175"


def _replayed() -> list[str]:
    found = []
    sums = {
        2.0: "stop at 2: 18 × 2.4 − 14 × 2 − 8 × 0.5",
        1.0: "stop at 1: 15 × 2.4 − 21 × 1 − 4 × 0.5",
        0.5: "stop at 0.5: 9 × 2.4 − 31 × 0.5",
    }
    for stop, words in sums.items():
        results = _results(stop)
        assert len(results) == 40
        total, mean = sum(results), sum(results) / len(results) / stop
        digits = 2 if stop == 2 else 3
        found += [
            f"{words} = {total:.1f}".removesuffix(".0") + " ranges",
            f"{said(mean, digits)} R a trade; less costs {said(mean - COST / stop, 3)} R",
        ]
    spread = statistics.pstdev(_results(1.0))
    saved, lost = 5 * 2, 7 * GAIN
    return [
        *found,
        f"spread by {said(spread, 2)} R",
        f"{said(spread, 2)} / √40 = {said(spread / math.sqrt(40), 2)} R: 0.175",
        f"saves 5 × 2 = {saved} ranges and gives up 7 × 2.4 = {said(lost, 1)}",
        f"cost {said(lost - saved, 1)} ranges",
    ]


@needs_record
def test_the_jump_is_the_one_of_the_record() -> None:
    [hour] = [c for c in hours() if c.at.isoformat() == "2019-06-26T20:00:00"]
    fall = 100 * (1 - hour.low / hour.open)
    assert f"fell {said(fall, 1)} % from the open of one hour to its low" in lesson(
        "stop-placement.exclusive"
    )


def test_the_quiz() -> None:
    added = 100 * 0.2 / 0.5
    told = [f"0.2 / 0.5 is {said(added)} %", "14 % of occasions", "42 % within five"]
    given = "2 4 0.2 0.5 10 40"
    assert_worked("stop-placement.quiz", given, told)
    assert right_options("stop-placement")[3] == f"{said(added)} %"
    assert (50 / 0.04) / (50 / 0.02) == 0.5
    assert right_options("stop-placement")[1] == "It halves"
