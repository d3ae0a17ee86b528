"""The sums behind the first lessons: what they say, what it comes to, what they start from."""

import math

MARGIN = 0.005


def _long(entry: float, leverage: float) -> float:
    return entry * (1 - 1 / leverage) / (1 - MARGIN)


def _short(entry: float, leverage: float) -> float:
    return entry * (1 + 1 / leverage) / (1 + MARGIN)


def room(leverage: float) -> float:
    return 100 * (1 - _long(1, leverage))


def touched(distance: float, days: int, daily: float = 3.0) -> float:
    """Chance in per cent that a random walk touches a level within some days."""
    z = distance / (daily * math.sqrt(days))
    return 100 * math.erfc(z / math.sqrt(2))


def _filled(sold: float, top: float, bids: list[float]) -> float:
    """Where a market sale ends in bids that lie 100 apart from `top` down."""
    for bid in bids:
        if sold <= bid:
            return top - 100 * sold / bid
        sold, top = sold - bid, top - 100
    raise AssertionError("the book is too thin")


def _growth(chance: float, size: float, win: float = 1.5) -> float:
    return chance * math.log(1 + win * size) + (1 - chance) * math.log(1 - size)


BIDS = [8.0, 7.0, 9.0, 10.0, 11.0]
NUMBERS: list[tuple[str, str, float, int]] = [
    ("liquidation-clusters.basic", "40,704", _long(45_000, 10), 0),
    ("liquidation-clusters.basic", "43,417", _long(45_000, 25), 0),
    ("liquidation-clusters.basic", "44,322", _long(45_000, 50), 0),
    ("liquidation-clusters.basic", "49,254", _short(45_000, 10), 0),
    ("liquidation-clusters.basic", "9.5 % below", room(10), 1),
    ("liquidation-clusters.basic", "3.5 % below", room(25), 1),
    ("liquidation-clusters.basic", "1.5 % below", room(50), 1),
    ("liquidation-clusters.basic", "9.5 % above", 100 * (_short(1, 10) - 1), 1),
    ("liquidation-clusters.premium", "near 43,040", _filled(30, 43_400, BIDS), 0),
    ("liquidation-clusters.premium", "42,900", _filled(45, 43_400, BIDS), 0),
    ("liquidation-clusters.premium", "0.8 % below", 100 * 360 / 43_400, 1),
    ("liquidation-clusters.premium", "or 1.2 %", 100 * 500 / 43_400, 1),
    ("liquidation-clusters.premium", "at 43,200", _filled(30, 43_400, [2 * b for b in BIDS]), 0),
    ("liquidation-clusters.premium", "0.5 % instead", 100 * 200 / 43_400, 1),
    ("liquidation-clusters.exclusive", "loses 1,160", 44_200 - 43_040, 0),
    ("liquidation-clusters.exclusive", "loss of 810", 44_200 - 43_390, 0),
    ("liquidation-clusters.exclusive", "43 % more", 100 * (1_160 / 810 - 1), 0),
    ("liquidation-clusters.exclusive", "loss of 600", 44_200 - 43_600, 0),
    ("liquidation-clusters.exclusive", "0.6 of the size", 810 / 1_350, 1),
    ("liquidation-clusters.exclusive", "27 times, 45 %", 100 * 27 / 60, 0),
    ("liquidation-clusters.exclusive", "52 times, 40 %", 100 * 52 / 130, 0),
    ("liquidation-clusters.exclusive", "= 7.7 points", 100 * (0.2475 / 60 + 0.24 / 130) ** 0.5, 1),
    ("position-sizing.basic", "0.0568 coins", 50 / 880, 4),
    ("position-sizing.basic", "50 / 0.02 = 2,500", 50 / 0.02, 0),
    ("position-sizing.basic", "2.50 here", 2_500 * 0.001, 2),
    ("position-sizing.basic", "= 2,381", 50 / 0.021, 0),
    ("position-sizing.basic", "= 1,250", 50 / 0.04, 0),
    ("position-sizing.premium", "= 7.5", math.log(200 * 0.45) / math.log(1 / 0.55), 1),
    ("position-sizing.premium", "90.4 % left", 100 * 0.99**10, 1),
    ("position-sizing.premium", "10.6 % brings", 100 * (1 / 0.99**10 - 1), 1),
    ("position-sizing.premium", "59.9 % left", 100 * 0.95**10, 1),
    ("position-sizing.premium", "67.0 % brings", 100 * (1 / 0.95**10 - 1), 1),
    ("position-sizing.premium", "34.9 % left", 100 * 0.9**10, 1),
    ("position-sizing.premium", "186.8 % brings", 100 * (1 / 0.9**10 - 1), 1),
    ("position-sizing.premium", "0.125 R a trade", 0.45 * 1.5 - 0.55, 3),
    ("position-sizing.premium", "0.025 R is left", 0.125 - 0.1, 3),
    ("position-sizing.premium", "= 1.90 %", math.sqrt(3.6), 2),
    ("position-sizing.premium", "not the 1.41 %", math.sqrt(2), 2),
    ("position-sizing.exclusive", "= 8.3 % of", 100 * (0.45 - 0.55 / 1.5), 1),
    ("position-sizing.exclusive", "= 5.0 points", 100 * math.sqrt(0.45 * 0.55 / 100), 1),
    ("position-sizing.exclusive", "= 1.7 %", 100 * (0.41 - 0.59 / 1.5), 1),
    ("position-sizing.exclusive", "five times", (0.45 - 0.55 / 1.5) / (0.41 - 0.59 / 1.5), 0),
    ("position-sizing.exclusive", "= −0.0030", -_growth(0.41, 0.45 - 0.55 / 1.5), 4),
    ("position-sizing.exclusive", "= +0.0002", _growth(0.41, 0.01), 4),
    (
        "position-sizing.exclusive",
        "−26 % in",
        100 * (1 - math.exp(100 * _growth(0.41, 1 / 12))),
        0,
    ),
    (
        "position-sizing.exclusive",
        "about +2 %",
        100 * (math.exp(100 * _growth(0.41, 0.01)) - 1),
        0,
    ),
    ("position-sizing.exclusive", "2,500 × 0.06 = 150", 2_500 * 0.06, 0),
    ("position-sizing.exclusive", "50 / 0.06 = 833", 50 / 0.06, 0),
    ("leverage.basic", "+20 %", 100 * 0.04 * 5, 0),
    ("leverage.basic", "0.50 each", 5_000 * 0.0001, 2),
    ("leverage.basic", "45 in 30 days", 5_000 * 0.0001 * 3 * 30, 0),
    ("leverage.basic", "4.5 % of your deposit", 100 * 45 / 1_000, 1),
    ("leverage.basic", "80.4 %", 100 * _long(1, 5), 1),
    ("leverage.basic", "19.6 % of room", room(5), 1),
    ("leverage.basic", "it is 9.5 %", room(10), 1),
    ("leverage.basic", "20x 4.5 %", room(20), 1),
    ("leverage.premium", "deposit 400", 8_000 / 20, 0),
    ("leverage.premium", "13 % within one day", touched(room(20), 1), 0),
    ("leverage.premium", "78 % within 30", touched(room(20), 30), 0),
    ("leverage.premium", "0.1 % within one day", touched(room(10), 1), 1),
    ("leverage.premium", "56 % within 30", touched(room(10), 30), 0),
    ("leverage.premium", "23 % within 30", touched(room(5), 30), 0),
    ("leverage.exclusive", "g = +4.1 %", 100 * (0.2 * 0.4 - 0.49 * 0.16 / 2), 1),
    ("leverage.exclusive", "= 0.41)", 0.2 / 0.49, 2),
    ("leverage.exclusive", "g = −4.5 %", -100 * (0.2 - 0.49 / 2), 1),
    ("leverage.exclusive", "g = −58 %", -100 * (0.4 - 0.49 * 2), 0),
    ("leverage.exclusive", "falls by 44 %", 100 * (1 - math.exp(-0.58)), 0),
    ("leverage.exclusive", "g = −160.5 %", -100 * (0.6 - 0.49 * 4.5), 1),
    ("leverage.exclusive", "falls by 80 %", 100 * (1 - math.exp(-1.605)), 0),
    ("leverage.exclusive", "100 / 0.025 = 4,000", 100 / 0.025, 0),
    ("leverage.exclusive", "5.475 %", 100 * (1 - 0.95 * 0.995), 3),
    ("leverage.exclusive", "L at most 18", math.floor(1 / (1 - 0.95 * 0.995)), 0),
    ("leverage.exclusive", "4,000 / 18 = 222", 4_000 / 18, 0),
    ("leverage.exclusive", "−24.6 %", room(4), 1),
    ("liquidation-clusters.basic", "× 0.90 / 0.995 =", 1 - 1 / 10, 2),
    ("liquidation-clusters.basic", "× 0.96 / 0.995 =", 1 - 1 / 25, 2),
    ("liquidation-clusters.basic", "× 0.98 / 0.995 =", 1 - 1 / 50, 2),
    ("liquidation-clusters.basic", "× 1.10 / 1.005 =", 1 + 1 / 10, 2),
    ("liquidation-clusters.basic", "near 44,300", round(_long(45_000, 50), -2), 0),
    ("liquidation-clusters.basic", "43,400 and", round(_long(45_000, 25), -2), 0),
    ("liquidation-clusters.basic", "and 40,700", round(_long(45_000, 10), -2), 0),
    ("liquidation-clusters.basic", "from 3.5 % to", room(25), 1),
    ("liquidation-clusters.basic", "to 1.5 %, by", room(50), 1),
    ("liquidation-clusters.premium", "instead of 0.8 %", 100 * 360 / 43_400, 1),
    ("liquidation-clusters.premium", "closed from 40,704", _long(45_000, 10), 0),
    ("liquidation-clusters.premium", "up at 40,500", 45_000 * 0.9, 0),
    ("liquidation-clusters.premium", "= 24 million", 8 + 7 + 9, 0),
    ("liquidation-clusters.premium", "and 6 of the", 30 - 24, 0),
    ("liquidation-clusters.premium", "the 4 million left", 10 - 6, 0),
    ("liquidation-clusters.premium", "with 45 million", 30 + 15, 0),
    ("liquidation-clusters.premium", "moved it 360", 43_400 - _filled(30, 43_400, BIDS), 0),
    ("liquidation-clusters.premium", "the price 500", 43_400 - _filled(45, 43_400, BIDS), 0),
    ("liquidation-clusters.exclusive", "loss of 1,350", 44_200 - 42_850, 0),
    ("liquidation-clusters.exclusive", "is 5 points", 45 - 40, 0),
    ("liquidation-clusters.quiz", "3.5 % to", room(25), 1),
    ("liquidation-clusters.quiz", "to 1.5 %", room(50), 1),
    ("liquidation-clusters.quiz", "be 1.75 %", 3.5 / 2, 2),
    ("liquidation-clusters.quiz", "43 % larger", 100 * (1_160 / 810 - 1), 0),
    ("position-sizing.free", "has 98 % left", 100 * 1.01**4 * 0.99**6, 0),
    ("position-sizing.free", "has 54 % left", 100 * 1.2**4 * 0.8**6, 0),
    ("position-sizing.basic", "so 50.", 5_000 * 0.01, 0),
    ("position-sizing.basic", "distance is 880", 44_000 - 43_120, 0),
    ("position-sizing.basic", "or 2 %", 100 * 880 / 44_000, 0),
    ("position-sizing.basic", "× 44,000 = 2,500", 50 / 880 * 44_000, 0),
    ("position-sizing.basic", "costs 0.1 %", 2 * 0.05, 1),
    ("position-sizing.basic", "is 52.50", 50 + 2.5, 2),
    ("position-sizing.basic", "(0.02 + 0.001) = 2,381", 50 / (0.02 + 0.001), 0),
    ("position-sizing.basic", "becomes 0.056,", math.floor(50 / 880 * 1_000) / 1_000, 3),
    ("position-sizing.basic", "0.056 × 880 = 49.28", 0.056 * 880, 2),
    ("position-sizing.basic", "row 4,755 is", 5_000 * 0.99**5, 0),
    ("position-sizing.basic", "is 47.55", 5_000 * 0.99**5 * 0.01, 2),
    ("position-sizing.premium", "1/10 = 2.2 %", 100 * (1 - 0.8**0.1), 1),
    ("position-sizing.premium", "losses 1.5 %", 100 * (1 - 0.8 ** (1 / 15)), 1),
    ("position-sizing.premium", "about 12.5 %", 100 * 0.125, 1),
    ("position-sizing.exclusive", "ln 1.125", 1 + 1.5 / 12, 3),
    ("position-sizing.exclusive", "ln 0.9167", 1 - 1 / 12, 4),
    ("position-sizing.exclusive", "ln 1.015", 1 + 1.5 * 0.01, 3),
    ("position-sizing.exclusive", "× ln 0.99", 1 - 0.01, 2),
    ("position-sizing.exclusive", "0.41 − 0.59", 1 - 0.41, 2),
    ("position-sizing.exclusive", "plan, 3 %", 100 * 150 / 5_000, 0),
    ("position-sizing.exclusive", "planned loss 50", 2_500 * 0.02, 0),
    ("position-sizing.quiz", "30 / 60 = 0.5", 30 / 60, 1),
    ("position-sizing.quiz", "gives 2,", 60 / 30, 0),
    ("position-sizing.quiz", "loss of 120", 2 * 60, 0),
    ("position-sizing.quiz", "leaves 59.9 %", 100 * 0.95**10, 1),
    ("position-sizing.quiz", "− 1 is 67 %", 100 * (1 / 0.95**10 - 1), 0),
    ("position-sizing.quiz", "= 1.90.", math.sqrt(3.6), 2),
    ("position-sizing.quiz", "carry 1.41 %", math.sqrt(2), 2),
    ("position-sizing.quiz", "About 1.9 %", math.sqrt(3.6), 1),
    ("position-sizing.quiz", "About 1.4 %", math.sqrt(2), 1),
    ("position-sizing.quiz", "says 8 %", 100 * (0.45 - 0.55 / 1.5), 0),
    ("position-sizing.quiz", "says 1.7 %", 100 * (0.41 - 0.59 / 1.5), 1),
    ("leverage.free", "hold 1,000", 100 * 10, 0),
    ("leverage.free", "position moves by 10,", 1_000 * 0.01, 0),
    ("leverage.free", "that is 10 %", 100 * 1_000 * 0.01 / 100, 0),
    ("leverage.basic", "a position of 5,000", 1_000 * 5, 0),
    ("leverage.basic", "+200,", 5_000 * 0.04, 0),
    ("leverage.basic", "−200,", 5_000 * 0.04, 0),
    ("leverage.basic", "is −20 %", 100 * 0.04 * 5, 0),
    ("leverage.basic", "1.50 a day", 3 * 5_000 * 0.0001, 2),
    ("leverage.basic", "119.4 %", 100 * _short(1, 5), 1),
    ("leverage.basic", "costs 5.00", 2 * 5_000 * 0.0005, 2),
    ("leverage.basic", "is 0.5 % of the deposit", 100 * 5 / 1_000, 1),
    ("leverage.basic", "be 2.0 %", 100 * 2 * 20 * 0.0005, 1),
    ("leverage.premium", "exposed 0.8 times", 8_000 / 10_000, 1),
    ("leverage.premium", "4.5 % below", room(20), 1),
    ("leverage.premium", "gone: 4 %", 100 * 400 / 10_000, 0),
    ("leverage.premium", "so 2x.", 20_000 / 10_000, 0),
    ("leverage.premium", "worth 16,000", 20_000 * 0.8, 0),
    ("leverage.premium", "account 6,000", 10_000 - 4_000, 0),
    ("leverage.premium", "now it is 2.7x", 16_000 / 6_000, 1),
    ("leverage.premium", "sell 4,000", 16_000 - 2 * 6_000, 0),
    ("leverage.premium", "d = 4.5 %", room(20), 1),
    ("leverage.premium", "d = 9.5 %", room(10), 1),
    ("leverage.premium", "d = 19.6 %", room(5), 1),
    ("leverage.exclusive", "0.20 / 0.49 = 0.41", 0.2 / 0.7**2, 2),
    ("leverage.exclusive", "1 % = 100", 10_000 * 0.01, 0),
    ("leverage.exclusive", "leverage of 0.4.", 4_000 / 10_000, 1),
    ("leverage.exclusive", "2,000 at 4x", 8_000 / 4, 0),
    ("leverage.exclusive", "keeps 6,000", 8_000 - 2_000, 0),
    ("leverage.exclusive", "the 6,000", 8_000 - 2_000, 0),
    ("leverage.exclusive", "down by 4,000", 8_000 / 2, 0),
    ("leverage.quiz", "100 / 20 = 5.", 100 / 20, 0),
    ("leverage.quiz", "about 4.5 %", room(20), 1),
    ("leverage.quiz", "room is 9.5 %", room(10), 1),
    ("leverage.quiz", "of 56 %", touched(room(10), 30), 0),
    ("leverage.quiz", "it is 0.1 %", touched(room(10), 1), 1),
    ("leverage.quiz", "worth 16,000", 20_000 * 0.8, 0),
    ("leverage.quiz", "account 6,000", 10_000 - 20_000 * 0.2, 0),
    ("leverage.quiz", "so 2.7", 16_000 / 6_000, 1),
    ("leverage.quiz", "gives 1.6", 16_000 / 10_000, 1),
    ("leverage.quiz", "2.7x", 16_000 / 6_000, 1),
    ("leverage.quiz", "1.6x", 16_000 / 10_000, 1),
    ("exchange-tour.premium", "2.00", 2 * 1_000 * 0.001, 2),
    ("exchange-tour.premium", "0.40", 2 * 1_000 * 0.0004 / 2, 2),
    ("exchange-tour.premium", "together 5.40", 2 + 0.4 + 3, 2),
    ("exchange-tour.premium", "or 0.54 %", 100 * 5.4 / 1_000, 2),
]


# What a lesson starts from; every other number in it is one of those above.
GIVEN = {
    "liquidation-clusters.free": "",
    "liquidation-clusters.basic": "0.5 1 45,000 10 25 50",
    "liquidation-clusters.premium": "30 43,400 43,300 8 43,200 7 43,100 "
    "9 43,000 10 11 15 43,050 45,000 20",
    "liquidation-clusters.exclusive": "44,200 43,400 30 43,390 43,040 43,600 42,850 810 60 "
    "1 130 0.45 0.55 0.40 0.60 41,000 35 50",
    "liquidation-clusters.quiz": "25 50 0.5 35",
    "position-sizing.free": "1 20 50 100 25 30 60",
    "position-sizing.basic": "5,000 1 44,000 43,120 50 880 0.0568 0.05 4 0.04 0.001",
    "position-sizing.premium": "55 200 7 8 0.45 1 0.55 0.99 5 0.95 "
    "10 0.90 20 0.8 45 1.5 100 0.1 2 3",
    "position-sizing.exclusive": "1 45 1.5 0.45 0.55 100 41 8.3 0.41 0.59 2,500 2 5,000 6 3 50",
    "position-sizing.quiz": "30 60 0.5 2 5 50 67 100 0.95 1 0.599 0.8 1.0 41 45",
    "leverage.free": "100 10 1 1,000 20",
    "leverage.basic": "1,000 5 4 0.01 5,000 10 0.5 1 0.005 0.05 20",
    "leverage.premium": "10,000 8,000 20 400 20,000 2 3 10 5",
    "leverage.exclusive": "2 20 70 0.4 1 3 10,000 2.5 5 0.95 0.995 8,000 2,000",
    "leverage.quiz": "20 1 5 10 3 30 10,000 20,000 2.0",
    "exchange-tour.premium": "1,000 0.10 0.04 3.00 0.1",
}
