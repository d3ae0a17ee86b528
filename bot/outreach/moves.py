"""Strong moves of a market, told to its followers as alerts."""

from bot.model.message import Alert, Market
from bot.people.calendar import DAY_US

STEP = 5.0  # per cent over 24 hours; 5, 10, 15 ... are told once a day and direction
MOST_URGENT = 10
CALMEST = 6  # the urgency of the first step; each further one adds 1


def alert_of(market: Market) -> Alert | None:
    """The alert a snapshot is worth; the same step on the same UTC day is the same alert.

    Its words follow from its id: the exact figures are told from the market at sending.
    """
    change = market.change_pct or 0.0
    steps = int(abs(change) // STEP)
    if not steps:
        return None
    way = "rose" if change > 0 else "fell"
    day = market.at // DAY_US
    return Alert(
        id=f"move:{market.primary_asset}:{day}:{way}:{steps}",
        asset=market.primary_asset,
        alert_type="move",
        urgency=min(MOST_URGENT, CALMEST - 1 + steps),
        message=f"{market.primary_asset} {way} {steps * STEP:.0f} % or more in 24 hours",
        at=market.at,
    )
