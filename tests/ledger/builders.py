"""A person's money, built step by step at times of one's choosing."""

from dataclasses import dataclass, field

from bot.ledger import caps, entries, limits
from bot.ledger.outcomes import Refusal
from bot.ledger.postings import Posting, Transfer
from bot.ledger.settings import LimitSettings
from bot.model.money import Counter, Entry, Item, Period, Spending, Tier
from bot.people.calendar import SECOND_US
from tests.builders import us

PRICES = {Tier.BASIC: 2, Tier.PREMIUM: 5, Tier.EXCLUSIVE: 10}
MINUTE, HOUR, DAY = (SECOND_US * s for s in (60, 3600, 86_400))
LOOSE = LimitSettings(caps={"day": 10**6, "week": 10**6, "month": 10**6})


def item(sku: str, tier: Tier = Tier.BASIC, promotion: bool = False) -> Item:
    return Item(sku, sku.split(".")[0], tier, PRICES.get(tier, 0), promotion)


@dataclass
class Purse:
    """One person's spending on a clock that tests set; keeps every entry and counter."""

    now: int = field(default_factory=lambda: us("2026-03-11T12:00:00Z"))
    spending: Spending = field(default_factory=Spending)
    settings: LimitSettings = field(default_factory=LimitSettings)
    entries: list[Entry] = field(default_factory=list)
    counters: dict[str, Counter] = field(default_factory=dict)
    made: int = 0

    def take(self, posting: Posting) -> Posting:
        """Apply a posting as the store would."""
        self.spending = posting.spending
        self.entries += posting.entries
        self.count(posting.counters)
        return posting

    def count(self, changes: tuple[Counter, ...]) -> None:
        """What the database does with counters: a growing one must stay under its limit."""
        for change in changes:
            spent = change.add + (
                self.counters[change.window].add if change.window in self.counters else 0
            )
            lim = change.lim if change.add > 0 else max(change.lim, spent)
            assert spent <= lim, f"{change.window}: {spent} > {lim}"
            assert spent >= 0
            self.counters[change.window] = Counter(change.window, spent, lim)

    def transfer(self, id: str = "") -> Transfer:
        self.made += 1
        return Transfer(id or f"t{self.made}", "somebody", self.now)

    def grant(self, credits: int, **more: int) -> Posting:
        return self.take(entries.grant(self.transfer(), self.spending, credits, **more))  # type: ignore[arg-type]  # only ints here

    def topup(self, credits: int) -> Posting:
        return self.take(entries.topup(self.transfer(), self.spending, credits, self.settings))

    def ask(self, wanted: Item, **more: object) -> Refusal | None:
        """Check only: adult, the price as shown, the reality check answered."""
        fields = {"age": "adult", "is_reality_checked": True} | more
        asking = limits.Asking(item=wanted, price=wanted.price, **fields)  # type: ignore[arg-type]  # tests name fields
        return limits.check(self.spending, asking, self.settings, self.now)

    def unlock(self, wanted: Item, percent: int = 0, **more: object) -> Posting | Refusal:
        """Check, then charge or note the refusal."""
        refusal = self.ask(wanted, discount_percent=percent, **more)
        if refusal is not None:
            self.spending = limits.noted(self.spending, wanted, refusal, self.settings, self.now)
            return refusal
        return self.take(
            entries.unlock(
                self.transfer(), self.spending, wanted, wanted.price, self.settings,
                "v1", percent,
            )
        )  # fmt: skip

    def spend(self, *amounts: int) -> None:
        """Unlocks of 2, 5 or 10 credits that must succeed."""
        tiers = {price: tier for tier, price in PRICES.items()}
        for amount in amounts:
            done = self.unlock(item(f"topic{self.made}.d", tiers[amount]))
            assert isinstance(done, Posting), done

    def put(self, **amounts: int) -> caps.CapChange:
        wanted: dict[Period, int] = dict(amounts)  # type: ignore[arg-type]  # day, week, month
        return self.change(caps.put(self.spending, wanted, self.now, self.settings))

    def confirm(self) -> caps.CapChange:
        return self.change(caps.confirm(self.spending, self.now, self.settings))

    def change(self, done: caps.CapChange) -> caps.CapChange:
        self.spending = done.spending
        self.count(done.counters)
        return done

    def pause(self, hours: int) -> None:
        self.spending = caps.pause(self.spending, hours, self.now)

    def zone(self, name: str) -> None:
        self.spending = caps.change_zone(self.spending, name, self.now)

    def later(self, microseconds: int) -> None:
        """Let time pass and do what time alone does."""
        self.now += microseconds
        self.settle()

    def at(self, text: str) -> None:
        self.now = us(text)
        self.settle()

    def settle(self) -> None:
        self.spending = caps.settle(self.spending, self.now)
        self.take(entries.expire(self.transfer(), self.spending))


def reason(answer: Posting | Refusal | None) -> str:
    return answer.reason if isinstance(answer, Refusal) else ""
