"""What a message asks for, as a case, and the scene that rules judge."""

from bot.model.message import Inbound, Intent
from bot.rules.gather import Scene
from bot.talk import answers, asks
from bot.talk.acts import Command
from bot.talk.arrivals import TALKING, Arrival
from bot.talk.case import Case
from bot.talk.dialogue import Proposal
from bot.talk.script import Moment, Script

OTHER = "other"  # what rules see of a call that is no message and no purchase


def opened(
    script: Script,
    arrival: Arrival,
    inbound: Inbound,
    moment: Moment,
    intent: Intent,
    proposal: Proposal,
) -> Case:
    """The case of a message: whose, what is wanted, and the item it is about."""
    person, command = arrival.person, proposal.command
    item = asks.item_of(script, person, command, proposal.topic, proposal.sku, proposal.slots)
    return Case(
        script=script,
        moment=moment,
        inbound=inbound,
        person=person,
        intent=intent,
        command=command,
        slots=asks.slots_of(proposal.topic, proposal.slots, moment.now, arrival.zone),
        zone=arrival.zone,
        item=item,
        mark=answers.text_mark(inbound),
        is_confirmed=command == Command.CONFIRM or bool(inbound.props.get("confirm")),
        is_new=arrival.is_new,
        is_back=arrival.is_new_session and not arrival.is_new,
        needs_break=arrival.needs_break,
        left=proposal.left,
        posted=arrival.posted,
    )


def scene(case: Case) -> Scene:
    """All that the facts of this moment are computed from."""
    asset = str(case.slots.get("asset", "")).upper() or next(iter(case.person.watch), "")
    return Scene(
        person=case.person,
        now=case.now,
        zone=case.zone,
        kind=case.inbound.kind if case.inbound.kind in TALKING else OTHER,
        limits=case.script.limits,
        engagement=case.script.engagement,
        intent=case.intent,
        item=case.item,
        price=case.item.price if case.item else 0,
        is_confirmed=case.is_confirmed,
        is_repeated=case.person.seen.last_text == case.mark,
        is_question=case.inbound.text.rstrip().endswith("?"),
        market=case.moment.market(asset) if asset else None,
        action=case.action,
        tags=case.tags,
        stale_minutes=case.script.terms.stale_minutes,
        streaks=case.script.book.streaks,
        outages=case.moment.outages,
        risk=case.script.risk,
    )
