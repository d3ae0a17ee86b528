"""Turns and ticks written into the notebook, guarded as in the database."""

from typing import Any

import msgspec
from msgspec import to_builtins

from bot.model.decision import Decision, Plan
from bot.model.message import Message
from bot.model.person import Person
from bot.store import lookups, rows
from bot.store.boardnotes import NotebookBoards
from bot.store.changes import changed
from bot.store.clash import Clash
from bot.store.tables import Row, Tables, among, like
from bot.store.teamnotes import NotebookTeams

STANDS = like(revoked_at=None)
WAITING = ("wanted", "held")


def write(
    tables: Tables, boards: NotebookBoards, teams: NotebookTeams, decided: Decision | Plan
) -> None:
    """All of a turn or a tick; Clash where something stands otherwise than it believed."""
    person = decided.person
    found = tables.rows("persons", like(id=person.id))
    stored = (found[0]["version"], found[0]["created_at"]) if found else None
    before = decided.before
    if stored != (None if before is None else (before.version, before.created_at)):
        raise Clash("stale")
    whole = msgspec.json.decode(msgspec.json.encode(decided))  # refuses what is not Unicode
    lookups.checked(person.id)
    tables.table("persons").remove(like(id=person.id))  # what is left out is gone
    tables.table("persons").insert(whole["person"])
    if isinstance(decided, Decision):
        _turn(tables, decided, whole)
        _money(tables, decided, whole)
        boards.write(decided)
        teams.write(decided)
        sent = decided.outbox
    else:
        _tick(tables, decided, whole)
        sent = decided.messages
    for event in whole["events"]:
        tables.once("events", event, like(person_id=person.id, id=event["id"]))
    for message in sent:
        _message(tables, message, decided)


def _turn(tables: Tables, decision: Decision, whole: Row) -> None:
    person_id, inbound = decision.person.id, whole["inbound"]
    lookups.checked(decision.inbound.id, decision.inbound.name)
    row = {
        "id": decision.turn_id, "person_id": person_id, "number": decision.person.version,
        "at": decision.now, "kind": decision.inbound.kind, "inbound": inbound,
        "reply": whole["reply"], "trace": whole["trace"],
        "before": _before(decision.before, decision.person),
    }  # fmt: skip
    tables.once("turns", row, like(person_id=person_id, id=decision.turn_id))
    for outcome_id, fingerprint, reply in rows.kept_for_ever(decision):
        kept = {
            "id": outcome_id, "person_id": person_id, "at": decision.now,
            "fingerprint": fingerprint, "reply": to_builtins(reply),
        }  # fmt: skip
        tables.once("outcomes", kept, like(person_id=person_id, id=outcome_id))


def _tick(tables: Tables, plan: Plan, whole: Row) -> None:
    person = plan.person
    row = {
        "id": rows.plan_id(person.id, person.version), "person_id": person.id,
        "number": person.version, "at": plan.now, "kind": "tick", "inbound": None,
        "reply": None, "trace": to_builtins(rows.plan_trace(plan)),
        "before": _before(plan.before, person),
    }  # fmt: skip
    tables.once("turns", row, like(person_id=person.id, id=row["id"]))


def _money(tables: Tables, decision: Decision, whole: Row) -> None:
    rows.balanced(decision.entries)
    person_id = decision.person.id
    for entry in whole["entries"]:
        tables.once("entries", entry, like(person_id=person_id, id=entry["id"]))
    if any(lot.left < 0 for lot in decision.person.spending.lots):
        raise Clash("guarded")
    for counter in rows.summed(decision.counters):
        _count(tables, person_id, counter.window, counter.add, counter.lim)
    owned = tables.table("entitlements")
    for sku, transfer_id in decision.revoked:
        mine = like(person_id=person_id, sku=sku)
        kept = mine & STANDS & like(transfer_id=transfer_id)
        if not owned.update({"revoked_at": decision.now}, kept):
            raise Clash("stale")
    for sku, transfer_id in decision.granted:
        row = {
            "person_id": person_id, "sku": sku, "transfer_id": transfer_id,
            "at": decision.now, "revoked_at": None,
        }  # fmt: skip
        mine = like(person_id=person_id, sku=sku) & STANDS
        tables.once("entitlements", row, mine, "guarded")


def _count(tables: Tables, person_id: str, window: str, add: int, lim: int) -> None:
    """The same guard as the database's: what grows stays within its limit."""
    mine = like(person_id=person_id, window=window)
    found = tables.rows("counters", mine)
    row = {"person_id": person_id, "window": window}
    spent = max(0, (found[0]["spent"] if found else 0) + add)
    if add > 0 and spent > lim:
        raise Clash("guarded")
    lim = lim if add > 0 else max(lim, spent)
    tables.table("counters").upsert({**row, "spent": spent, "lim": lim}, mine)


def _message(tables: Tables, message: Message, decided: Decision | Plan) -> None:
    mine = like(person_id=message.person_id, id=message.id)
    if isinstance(decided, Plan) and message.id in decided.known:
        waiting = mine & among("state", WAITING)
        if not tables.table("outbox").update(to_builtins(message), waiting):
            raise Clash("stale")
        return
    same = like(person_id=message.person_id, dedupe=message.dedupe)
    tables.once("outbox", {**to_builtins(message), "alert_id": ""}, mine | same)


def _before(before: Person | None, after: Person) -> Any:
    return None if before is None else to_builtins(changed(before, after))
