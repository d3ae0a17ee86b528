"""What each tier costs, with a version that goes into every entry."""

import hashlib
from itertools import pairwise

from msgspec import Struct

from bot.authored import Node, Report
from bot.model.money import TIERS, Tier

DEAREST = 1_000_000  # credits; spec/money.md, Amounts
SHIPPED: dict[Tier, int] = {Tier.FREE: 0, Tier.BASIC: 2, Tier.PREMIUM: 5, Tier.EXCLUSIVE: 10}


class Prices(Struct, frozen=True):
    """Whole credits for each tier; `version` changes whenever one of them does."""

    credits: dict[Tier, int]
    version: str

    def of(self, tier: Tier) -> int:
        return self.credits[tier]


def parse_tiers(node: Node | None, report: Report) -> Prices:
    """The `tiers` of rules/tiers.yaml: a price for each, free at 0, none cheaper than the last."""
    if node is None:
        return _versioned(SHIPPED)
    names = [tier.value for tier in TIERS]
    fields = report.fields(node, names, names, "L001")
    credits = {
        tier: report.integer(fields.get(tier.value), SHIPPED[tier], 0, DEAREST, "L002")
        for tier in TIERS
    }
    if credits[Tier.FREE] != 0:
        report.error(fields["free"], "L003", "the tier 'free' must cost 0")
    for lower, higher in pairwise(TIERS):
        if credits[higher] <= credits[lower]:
            problem = f"'{higher}' must cost more than '{lower}' ({credits[lower]})"
            report.error(fields.get(higher.value, node), "L003", problem)
    return _versioned(credits)


def _versioned(credits: dict[Tier, int]) -> Prices:
    text = ",".join(f"{tier}={credits[tier]}" for tier in TIERS)
    return Prices(credits, hashlib.sha256(text.encode()).hexdigest()[:12])
