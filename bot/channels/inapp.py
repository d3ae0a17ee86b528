"""The in-app feed: delivering is the commit itself.

A feed line and the row that says "sent" are one row of one transaction, so no crash can come
between handing over and noting it: there is nothing to settle and nothing to send twice.
"""

from bot.model.decision import Plan
from bot.model.message import Delivery


def delivered(plan: Plan) -> list[Delivery]:
    """What a committed plan has put into the person's feed."""
    return [
        Delivery(message.id, message.person_id, "sent", plan.now, provider_id=str(message.number))
        for message in plan.messages
        if message.channel == "in_app" and message.state == "sent"
    ]
