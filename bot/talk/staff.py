"""What operators do for a person: top-ups, refunds, voids; Inbounds like any other."""

from typing import Any

from msgspec.structs import replace

from bot.errors import RequestError
from bot.ledger import entries, windows
from bot.ledger.outcomes import Refusal
from bot.ledger.postings import Posting, Transfer, derived_id
from bot.people.calendar import rfc3339
from bot.talk import charges
from bot.talk.acts import Result
from bot.talk.case import Case, Done, Posted


def topped_up(case: Case, refusal: Refusal | None) -> Done:
    """Paid credits, unless a top-up cap says no."""
    credits = int(case.slots.get("credits", 0))
    transfer = _transfer(case, "topup")
    if refusal is not None:
        body = _body(case, "refused", transfer.id, reason=refusal.reason, until=refusal.until)
        return Done(Result.REFUSED, case.person, body=body)
    posting = entries.topup(transfer, case.person.spending, credits, case.script.limits)
    return _posted(case, posting, "topped_up", transfer, credits=credits)


def gave_back(case: Case) -> Done:
    """A refund (stays counted by the limits) or a void (was never delivered, so is not)."""
    reference = _reference(case)
    transfer = _transfer(case, case.inbound.name)
    if case.inbound.name == "void":
        posting = entries.void(transfer, case.person.spending, reference)
    else:
        asked = case.slots.get("amount")
        posting = entries.refund(transfer, case.person.spending, reference, asked)
    credits = sum(e.amount for e in posting.entries if e.account.startswith("wallet:"))
    outcome = "voided" if case.inbound.name == "void" else "refunded"
    return _posted(case, posting, outcome, transfer, credits=credits, of=reference)


def _reference(case: Case) -> str:
    """The transfer that is given back, named by itself or by the unlock's id."""
    if transfer_id := case.slots.get("transfer_id"):
        return str(transfer_id)
    if own_id := case.slots.get("unlock_id"):
        return derived_id(case.person.id, "unlock", own_id)
    raise RequestError("bad_input", "name a transfer_id or an unlock_id", "transfer_id")


def _transfer(case: Case, name: str) -> Transfer:
    own_id = derived_id(case.person.id, name, case.inbound.id)
    return Transfer(own_id, case.person.id, case.now, case.inbound.actor)


def _posted(case: Case, posting: Posting, outcome: str, transfer: Transfer, **fields: Any) -> Done:
    person = replace(case.person, spending=posting.spending)
    done_case = replace(case, person=person)
    return Done(
        Result.TOLD,
        person,
        posted=Posted(posting.entries, posting.counters),
        granted=posting.granted,
        revoked=posting.revoked,
        events=(charges.event(case, f"credits_{outcome}", dict(fields)),),
        body=_body(done_case, outcome, transfer.id, **fields),
    )


def _body(case: Case, outcome: str, transfer_id: str, **fields: Any) -> dict[str, Any]:
    until = fields.pop("until", None)
    return {
        "outcome": outcome,
        "transfer_id": transfer_id,
        "user_id": case.person.id,
        "balance": windows.balance(case.person.spending, case.now),
        "turn_id": case.moment.turn_id,
        **fields,
        **({"until": rfc3339(until)} if until is not None else {}),
    }
