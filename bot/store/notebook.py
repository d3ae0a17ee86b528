"""A whole store in one readable file, for `bot try`: the same promises."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import convert, to_builtins
from tinydb import where
from tinydb.queries import QueryLike
from tinydb.table import Table

from bot.clock import Clock
from bot.errors import RequestError
from bot.model.decision import Chain, Decision, Plan
from bot.model.message import Alert, Delivery, Event, FeedItem, Message, Reply
from bot.model.person import Person
from bot.progress.rebuilt import OPENING
from bot.store import lookups, messages, rows, uptime
from bot.store.atomic import AtomicStorage
from bot.store.boardnotes import NotebookBoards
from bot.store.changes import changed
from bot.store.clash import Clash
from bot.store.everybody import HANDOFFS, is_ours
from bot.store.notes import NotebookReads
from bot.store.protocol import Crowd, Receipt, Status
from bot.store.risknotes import NotebookRisks
from bot.store.rows import is_begun
from bot.store.teamnotes import NotebookTeams

TABLES = ("persons", "turns", "entries", "entitlements", "counters", "outcomes", "events",
          "outbox", "scores", "leagues", "board_names", "closed_lines", "risks")  # fmt: skip
STANDS = where("revoked_at").test(lambda at: at is None)
OPEN = ("wanted", "held", "leased", "handing_over")


class Notebook:
    """The Store protocol over TinyDB; nothing is encrypted, so that it can be read."""

    def __init__(self, path: Path, clock: Clock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._storage, self._clock = AtomicStorage(path), clock
        self._told: list[Callable[[str], None]] = []
        self.reads = NotebookReads(self.rows)
        self.boards = NotebookBoards(self.rows, self._put, self._storage.together)
        self.teams = NotebookTeams(self.rows, self._put)
        self.risks = NotebookRisks(self.rows, self._put, self._storage.together)

    def rows(self, table: str, query: QueryLike | None = None) -> list[dict[str, Any]]:
        """The rows of a table as they were written, in the order they came."""
        found = self._table(table).all() if query is None else self._table(table).search(query)
        return [dict(row) for row in found]

    async def person(self, person_id: str, fresh: bool = False) -> Person | None:
        lookups.checked(person_id)
        found = self.rows("persons", where("id") == person_id)
        return convert(found[0], Person) if found else None

    async def replied(self, person_id: str, turn_id: str) -> Reply | None:
        found = self._own("turns", person_id, turn_id)
        return convert(found["reply"], Reply) if found and found["reply"] else None

    async def outcome(self, person_id: str, outcome_id: str) -> tuple[str, Reply] | None:
        found = self._own("outcomes", person_id, outcome_id)
        return (found["fingerprint"], convert(found["reply"], Reply)) if found else None

    async def outcomes(
        self, asked: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[str, Reply]]:
        found = {pair: await self.outcome(*pair) for pair in asked}
        return {pair: kept for pair, kept in found.items() if kept is not None}

    async def commit(self, decided: Decision | Plan | Chain) -> Receipt:
        parts = decided.decisions if isinstance(decided, Chain) else (decided,)
        try:
            with self._storage.together():
                for part in parts:
                    self._write(part)
        except Clash as clash:
            return Receipt(clash.status)
        except UnicodeError:
            message = "text must be Unicode without lone surrogates"
            raise RequestError("bad_input", message) from None
        if is_begun(decided):
            for told in self._told:
                told(decided.person.id)
        return Receipt("committed")

    async def commit_all(self, decided: Sequence[Decision]) -> list[Receipt]:
        return [await self.commit(one) for one in decided]

    async def people(
        self,
        kind: Crowd,
        now: int,
        after: str = "",
        limit: int = 500,
        since: int = 0,
        until: int | None = None,
    ) -> list[Person]:
        end = lookups.end_of(kind, now, until)
        found = sorted(self.rows("persons"), key=lambda row: row["id"])
        crowd = (convert(row, Person) for row in found if row["id"] > after)
        return [one for one in crowd if lookups.belongs(one, kind, since, end)][:limit]

    async def outbox(self, now: int, limit: int = 200) -> list[Message]:
        due = [
            message
            for row in self.rows("outbox", where("state").one_of(["wanted", "held"]))
            if (message := convert(row, Message)).send_at <= now
        ]
        return sorted(due, key=lambda one: (one.send_at, one.person_id))[:limit]

    async def settle(self, delivery: Delivery) -> bool:
        query = _is(delivery.person_id, delivery.message_id) & where("state").one_of(list(OPEN))
        ended = {
            "state": delivery.state, "settled_at": delivery.at, "error": delivery.error,
            "provider_id": delivery.provider_id,
        }  # fmt: skip
        with self._storage.together():
            return bool(self._table("outbox").update(ended, query))

    async def alert(self, alert: Alert) -> int:
        lookups.checked(alert.id, alert.asset, alert.alert_type, alert.message)
        with self._storage.together():
            if kept := self.rows("alerts", where("id") == alert.id):
                return messages.told_before(kept[0], alert)
            followers = [
                convert(row, Person) for row in self.rows("persons")
                if alert.asset in row["watch"]
            ]  # fmt: skip
            self._table("alerts").insert({**to_builtins(alert), "followers": len(followers)})
            for person in followers:
                message = messages.alert_message(alert, person.id)
                self._table("outbox").insert({**to_builtins(message), "alert_id": alert.id})
        return len(followers)

    async def alert_status(self, alert_id: str) -> dict[str, Any] | None:
        kept = self.rows("alerts", where("id") == alert_id)
        if not kept:
            return None
        sent = self.rows("outbox", where("alert_id") == alert_id)
        grouped = [(row["state"], row["reason"], 1) for row in sent]
        return messages.alert_report(kept[0], sorted(grouped))

    async def events(
        self, person_id: str, since: int = 0, names: tuple[str, ...] = (), limit: int = 1000
    ) -> list[Event]:
        lookups.checked(person_id)
        found = (convert(row, Event) for row in self.rows("events", _of(person_id)))
        wanted = [e for e in found if e.at >= since and (not names or e.name in names)]
        return sorted(wanted, key=lambda event: (event.at, event.id))[:limit]

    async def overdue(self, until: int, after: str, limit: int) -> list[str]:
        found = {
            row["person_id"]
            for row in self.rows("events", where("received_at") < until)
            if not is_ours(row["source"], row["name"], (*HANDOFFS, OPENING))
        }
        return sorted(one for one in found if one > after)[:limit]

    async def fold(self, person_id: str, until: int, opening: Event | None) -> int:
        old = self.rows("events", _of(person_id) & (where("received_at") < until))
        gone = [row for row in old if not is_ours(row["source"], row["name"], HANDOFFS)]
        with self._storage.together():
            for row in gone:
                mine = _is(person_id, row["id"]) & (where("source") == row["source"])
                self._table("events").remove(mine)
            if gone and opening is not None:
                self._table("events").insert(to_builtins(opening))
        return len(gone)

    async def feed(self, person_id: str, after: int, limit: int) -> list[FeedItem]:
        lookups.checked(person_id)
        return lookups.cut(self._items(person_id, after), limit)

    async def export(self, person_id: str) -> dict[str, Any]:
        lookups.checked(person_id)
        found = {name: self.rows(name, _whose(name, person_id)) for name in TABLES}
        return found | {"teams": self.rows("teams", where("member") == person_id)}

    async def erase(self, person_id: str) -> dict[str, Any]:
        lookups.checked(person_id)
        with self._storage.together():
            self.boards.left(person_id)
            self.teams.left(person_id)
            return {
                name: len(self._table(name).remove(_whose(name, person_id))) for name in TABLES
            }

    async def beat(self, now: int) -> uptime.Outages:
        table = self._table("uptime")
        with self._storage.together():
            kept = table.all()
            last, outages = now, []
            if kept:
                last, outages = kept[0]["last"], list(kept[0]["outages"])
            if uptime.is_outage(last, now):
                outages.append([last, now])
            table.truncate()
            table.insert({"last": max(last, now), "outages": outages})
        return uptime.told(((since, to) for since, to in outages), now)

    async def maintain(self) -> Mapping[str, int]:
        return {}

    def listen(self, told: Callable[[str], None]) -> None:
        self._told.append(told)

    async def clock_offset(self) -> int:
        return 0

    async def close(self) -> None:
        """Everything is in the file already."""

    def _write(self, decided: Decision | Plan) -> None:
        person = decided.person
        found = self.rows("persons", where("id") == person.id)
        stored = (found[0]["version"], found[0]["created_at"]) if found else None
        before = decided.before
        if stored != (None if before is None else (before.version, before.created_at)):
            raise Clash("stale")
        whole = msgspec.json.decode(msgspec.json.encode(decided))  # refuses what is not Unicode
        lookups.checked(person.id)
        self._table("persons").remove(where("id") == person.id)  # what is left out is gone
        self._table("persons").insert(whole["person"])
        if isinstance(decided, Decision):
            self._turn(decided, whole)
            self._money(decided, whole)
            self.boards.write(decided)
            self.teams.write(decided)
            sent = decided.outbox
        else:
            self._tick(decided, whole)
            sent = decided.messages
        for event in whole["events"]:
            self._once("events", event, _is(person.id, event["id"]))
        for message in sent:
            self._message(message, decided)

    def _turn(self, decision: Decision, whole: dict[str, Any]) -> None:
        person_id, inbound = decision.person.id, whole["inbound"]
        lookups.checked(decision.inbound.id, decision.inbound.name)
        row = {
            "id": decision.turn_id, "person_id": person_id, "number": decision.person.version,
            "at": decision.now, "kind": decision.inbound.kind, "inbound": inbound,
            "reply": whole["reply"], "trace": whole["trace"],
            "before": _before(decision.before, decision.person),
        }  # fmt: skip
        self._once("turns", row, _is(person_id, decision.turn_id))
        for outcome_id, fingerprint, reply in rows.kept_for_ever(decision):
            kept = {
                "id": outcome_id, "person_id": person_id, "at": decision.now,
                "fingerprint": fingerprint, "reply": to_builtins(reply),
            }  # fmt: skip
            self._once("outcomes", kept, _is(person_id, outcome_id))

    def _tick(self, plan: Plan, whole: dict[str, Any]) -> None:
        person = plan.person
        row = {
            "id": rows.plan_id(person.id, person.version), "person_id": person.id,
            "number": person.version, "at": plan.now, "kind": "tick", "inbound": None,
            "reply": None, "trace": to_builtins(rows.plan_trace(plan)),
            "before": _before(plan.before, person),
        }  # fmt: skip
        self._once("turns", row, _is(person.id, row["id"]))

    def _money(self, decision: Decision, whole: dict[str, Any]) -> None:
        rows.balanced(decision.entries)
        person_id = decision.person.id
        for entry in whole["entries"]:
            self._once("entries", entry, _is(person_id, entry["id"]))
        if any(lot.left < 0 for lot in decision.person.spending.lots):
            raise Clash("guarded")
        for counter in rows.summed(decision.counters):
            self._count(person_id, counter.window, counter.add, counter.lim)
        owned = self._table("entitlements")
        for sku, transfer_id in decision.revoked:
            mine = _of(person_id) & (where("sku") == sku)
            kept = mine & (where("transfer_id") == transfer_id) & STANDS
            if not owned.update({"revoked_at": decision.now}, kept):
                raise Clash("stale")
        for sku, transfer_id in decision.granted:
            row = {
                "person_id": person_id, "sku": sku, "transfer_id": transfer_id,
                "at": decision.now, "revoked_at": None,
            }  # fmt: skip
            mine = _of(person_id) & (where("sku") == sku) & STANDS
            self._once("entitlements", row, mine, "guarded")

    def _count(self, person_id: str, window: str, add: int, lim: int) -> None:
        """The same guard as the database's: what grows stays within its limit."""
        mine = _of(person_id) & (where("window") == window)
        found = self.rows("counters", mine)
        row = {"person_id": person_id, "window": window}
        spent = max(0, (found[0]["spent"] if found else 0) + add)
        if add > 0 and spent > lim:
            raise Clash("guarded")
        lim = lim if add > 0 else max(lim, spent)
        self._table("counters").upsert({**row, "spent": spent, "lim": lim}, mine)

    def _message(self, message: Message, decided: Decision | Plan) -> None:
        mine = _is(message.person_id, message.id)
        if isinstance(decided, Plan) and message.id in decided.known:
            waiting = mine & where("state").one_of(["wanted", "held"])
            if not self._table("outbox").update(to_builtins(message), waiting):
                raise Clash("stale")
            return
        same = _of(message.person_id) & (where("dedupe") == message.dedupe)
        self._once("outbox", {**to_builtins(message), "alert_id": ""}, mine | same)

    def _once(
        self, table: str, row: dict[str, Any], query: QueryLike, status: Status = "duplicate"
    ) -> None:
        if self._table(table).contains(query):
            raise Clash(status)
        self._table(table).insert(row)

    def _items(self, person_id: str, after: int) -> list[FeedItem]:
        items: list[FeedItem] = []
        for row in self.rows("turns", _of(person_id) & (where("number") > after)):
            if row["reply"] is not None:
                said, reply = row["inbound"], convert(row["reply"], Reply)
                items += lookups.exchange(
                    row["number"], row["at"], said.get("text", ""), said["id"], reply
                )
        for row in self.rows("outbox", _of(person_id) & (where("number") > max(after, 0))):
            if row["state"] == "sent" and row["channel"] == "in_app":
                items.append(lookups.begun(convert(row, Message)))
        return items

    def _own(self, table: str, person_id: str, id: str) -> dict[str, Any] | None:
        lookups.checked(person_id, id)
        found = self.rows(table, _is(person_id, id))
        return found[0] if found else None

    def _put(self, table: str, rows: list[dict[str, Any]]) -> None:
        """A small table, written whole."""
        self._table(table).truncate()
        self._table(table).insert_multiple(rows)

    def _table(self, name: str) -> Table:
        return Table(self._storage, name, cache_size=0)


def _of(person_id: str) -> Any:
    return where("person_id") == person_id


def _is(person_id: str, id: str) -> Any:
    return _of(person_id) & (where("id") == id)


def _whose(table: str, person_id: str) -> Any:
    return where("id") == person_id if table == "persons" else _of(person_id)


def _before(before: Person | None, after: Person) -> Any:
    return None if before is None else to_builtins(changed(before, after))
