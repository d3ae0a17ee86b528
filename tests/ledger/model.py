"""The ledger again, in the plainest way: lists of facts, and every window counted by hand."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NO_LIMIT = 1_000_000_000
ROLLING = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}
TIERS = ["free", "basic", "premium", "exclusive"]


@dataclass(eq=False)
class Lot:
    purse: str
    left: int
    at: int
    expires: int | None = None
    priority: int = 0


@dataclass
class Spend:
    sku: str
    at: int
    amount: int
    counted: int
    parts: list[tuple[Lot, int]]
    discount: int
    back: int = 0


@dataclass
class Model:
    """What should be true of one person; `used`, `expected` look at nothing but the facts."""

    default_caps: dict[str, int]
    topup_caps: dict[str, int]
    count_granted: bool
    zone: str
    pending: tuple[str, int] | None = None
    lots: list[Lot] = field(default_factory=list)
    bought: list[tuple[int, int]] = field(default_factory=list)
    spends: list[Spend] = field(default_factory=list)
    caps: dict[str, tuple[int, int]] = field(default_factory=dict)
    request: tuple[dict[str, int], int, int] | None = None
    raises: list[int] = field(default_factory=list)
    pauses: list[tuple[int, int]] = field(default_factory=list)
    rests: list[tuple[int, int]] = field(default_factory=list)
    hits: list[int] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    highest: int = 0
    owned: set[str] = field(default_factory=set)
    hundredths: int = 0

    def settle(self, at: int) -> None:
        if self.request is not None and at >= self.request[2]:
            self.request = None
        if self.pending is not None and at >= self.pending[1]:
            self.zone, self.pending = self.pending[0], None
        for lot in self.lots:
            if lot.expires is not None and lot.expires <= at:
                lot.left = 0

    def cap(self, period: str, at: int) -> int:
        if period not in self.caps:
            return self.default_caps[period]
        amount, since = self.caps[period]
        if amount == NO_LIMIT and at >= since + 365 * DAY:
            return self.default_caps[period]
        return amount

    def zones(self, at: int) -> list[str]:
        if self.pending is None:
            return [self.zone]
        if at >= self.pending[1]:
            return [self.pending[0]]
        return [self.zone, self.pending[0]]

    def used(self, period: str, at: int) -> int:
        return self.fullest(period, at, [(s.at, s.counted) for s in self.spends])

    def fullest(self, period: str, at: int, facts: list[tuple[int, int]]) -> int:
        """The fullest window of a period at an instant, over every fact ever."""
        sums = [sum(n for when, n in facts if at - when < ROLLING[period])]
        for zone in self.zones(at):
            today = name(period, at, zone)
            sums.append(sum(n for when, n in facts if name(period, when, zone) == today))
        return max(sums)

    def may_buy(self, credits: int, at: int) -> bool:
        used = {p: self.fullest(p, at, self.bought) for p in ROLLING}
        return all(used[p] + credits <= self.topup_caps[p] for p in ROLLING)

    def remaining(self, period: str, at: int) -> int | None:
        cap = self.cap(period, at)
        return None if cap >= NO_LIMIT else max(0, cap - self.used(period, at))

    def over(self, counted: int, at: int) -> list[str]:
        """The periods whose cap this many credits would pass."""
        return [p for p in ROLLING if self.used(p, at) + counted > self.cap(p, at)]

    def balance(self) -> int:
        return sum(lot.left for lot in self.lots)

    def whole(self, price: int, percent: int) -> int:
        return max(0, self.hundredths + price * percent) // 100 if percent else 0

    def counts(self, price: int, percent: int) -> int:
        if self.count_granted:
            return price
        free = sum(lot.left for lot in self.lots if lot.purse == "granted")
        return max(0, price - free - self.whole(price, percent))

    def expected(self, wanted: Any, price: int, percent: int, at: int) -> set[str]:
        """The reasons a refusal may have; empty: it must be charged."""
        if wanted.sku in self.owned:
            return {"already_owned"}
        if any(start <= at < until for start, until in self.pauses):
            return {"paused"}
        tier = wanted.tier.value
        is_first = wanted.financial_promotion and TIERS.index(tier) > self.highest
        if is_first and at < self.asked.get(tier, at) + DAY:
            return {"cooling_off"}
        if any(start <= at < until for start, until in self.rests):
            return {"rest"}
        if over := self.over(self.counts(price, percent), at):
            return {f"cap_{period}" for period in over}
        if self.balance() + self.whole(price, percent) < price:
            return {"insufficient_credits"}
        return set()

    def refuse(self, wanted: Any, reason: str, at: int) -> None:
        if reason == "cooling_off":
            self.asked.setdefault(wanted.tier.value, at)
        if not reason.startswith("cap_"):
            return
        self.hits.append(at)
        last = max([start for start, _ in self.rests], default=0)
        today = [
            hit
            for hit in self.hits
            if hit > last
            and any(name("day", hit, zone) == name("day", at, zone) for zone in self.zones(at))
        ]
        if len(today) >= 3:
            self.rests.append((at, at + 2 * HOUR))

    def charge(self, wanted: Any, price: int, percent: int, at: int) -> None:
        counted = self.counts(price, percent)
        if whole := self.whole(price, percent):
            self.lots.append(Lot("granted", whole, at - 1))
        self.hundredths += price * percent - 100 * whole
        parts = self.take(price)
        self.spends.append(Spend(wanted.sku, at, price, counted, parts, price * percent))
        self.owned.add(wanted.sku)
        self.highest = max(self.highest, TIERS.index(wanted.tier.value))
        if sum(s.counted for s in self.spends if at - s.at < HOUR) >= 15:
            self.rests.append((at + 1, at + 1 + 2 * HOUR))

    def take(self, price: int) -> list[tuple[Lot, int]]:
        """One credit at a time, from whichever lot is first."""
        taken: dict[int, tuple[Lot, int]] = {}
        for _ in range(price):
            lot = min((lot for lot in self.lots if lot.left), key=first)
            lot.left -= 1
            taken[id(lot)] = (lot, taken.get(id(lot), (lot, 0))[1] + 1)
        return list(taken.values())

    def give_back(self, spend: Spend, amount: int, at: int, is_void: bool) -> None:
        """One credit at a time, spent last first."""
        credits = [lot for lot, part in spend.parts for _ in range(part)]
        fresh = Lot("granted", 0, at)
        for lot in list(reversed(credits))[spend.back : spend.back + amount]:
            if lot.expires is not None and lot.expires <= at:
                fresh.left += 1
            else:
                lot.left += 1
        self.lots.append(fresh)
        before = spend.discount * spend.back // spend.amount
        spend.back += amount
        self.hundredths -= spend.discount * spend.back // spend.amount - before
        if is_void:
            spend.counted -= min(spend.counted, amount)
        if spend.back == spend.amount:
            self.owned.discard(spend.sku)

    def put(self, amounts: dict[str, int], at: int) -> None:
        higher = {p: a for p, a in amounts.items() if a > self.cap(p, at)}
        for period, amount in amounts.items():
            if amount < self.cap(period, at):
                self.caps[period] = (amount, at)
        self.request = None
        if higher:
            start = max([at + DAY, *(raised + 7 * DAY for raised in self.raises)])
            self.request = (higher, start, start + 3 * DAY)

    def confirm(self, at: int) -> bool:
        if self.request is None or not self.request[1] <= at < self.request[2]:
            return False
        for period, amount in self.request[0].items():
            self.caps[period] = (amount, at)
        self.request = None
        self.raises.append(at)
        return True

    def pause(self, hours: int, at: int) -> None:
        self.pauses.append((at, at + hours * HOUR))

    def change_zone(self, zone: str, at: int) -> None:
        if zone == self.zone:
            self.pending = None
        elif self.pending is None or self.pending[0] != zone:
            self.pending = (zone, max(at + DAY, month_end(at, self.zone)))


def first(lot: Lot) -> tuple[Any, ...]:
    expires = float("inf") if lot.expires is None else lot.expires
    return lot.purse != "granted", lot.priority, expires, lot.at


def name(period: str, at: int, zone: str) -> tuple[int, ...]:
    """What a calendar on the wall calls the day, week or month (no date repeats there)."""
    local = datetime.fromtimestamp(at // 1_000_000, ZoneInfo(zone))
    if period == "day":
        return local.year, local.month, local.day
    if period == "week":
        return tuple(local.isocalendar()[:2])
    return local.year, local.month


def month_end(at: int, zone: str) -> int:
    local = datetime.fromtimestamp(at // 1_000_000, ZoneInfo(zone))
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    return int(datetime(year, month, 1, tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000
