"""A whole store in one readable file, for `bot try`: the same promises."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import convert, to_builtins

from bot.clock import Clock
from bot.errors import no_unicode
from bot.model.decision import Chain, Decision, Plan
from bot.model.message import Alert, Delivery, Event, FeedItem, Message, Reply
from bot.model.person import Person
from bot.progress.rebuilt import OPENING
from bot.store import lookups, messages, turnnotes, uptime
from bot.store.boardnotes import NotebookBoards
from bot.store.clash import Clash
from bot.store.everybody import HANDOFFS, is_ours
from bot.store.notes import NotebookReads
from bot.store.protocol import Crowd, Receipt
from bot.store.risknotes import NotebookRisks
from bot.store.rows import is_begun
from bot.store.tables import Row, Tables, among, like, whose
from bot.store.teamnotes import NotebookTeams
from bot.store.turnnotes import WAITING

TABLES = ("persons", "turns", "entries", "entitlements", "counters", "outcomes", "events",
          "outbox", "scores", "leagues", "board_names", "closed_lines", "risks")  # fmt: skip
OPEN = (*WAITING, "leased", "handing_over")


class Notebook:
    """The Store protocol over TinyDB; nothing is encrypted, so that it can be read."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._tables, self._clock = Tables(path), clock
        self._told: list[Callable[[str], None]] = []
        self.reads = NotebookReads(self._tables)
        self.boards = NotebookBoards(self._tables)
        self.teams = NotebookTeams(self._tables)
        self.risks = NotebookRisks(self._tables)

    async def person(self, person_id: str, fresh: bool = False) -> Person | None:
        lookups.checked(person_id)
        found = self._tables.rows("persons", like(id=person_id))
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
            with self._tables.together():
                for part in parts:
                    turnnotes.write(self._tables, self.boards, self.teams, part)
        except Clash as clash:
            return Receipt(clash.status)
        except UnicodeError:
            raise no_unicode() from None
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
        found = sorted(self._tables.rows("persons"), key=lambda row: row["id"])
        crowd = (convert(row, Person) for row in found if row["id"] > after)
        return [one for one in crowd if lookups.belongs(one, kind, since, end)][:limit]

    async def outbox(self, now: int, limit: int = 200) -> list[Message]:
        due = [
            message
            for row in self._tables.rows("outbox", among("state", WAITING))
            if (message := convert(row, Message)).send_at <= now
        ]
        return sorted(due, key=lambda one: (one.send_at, one.person_id))[:limit]

    async def settle(self, delivery: Delivery) -> bool:
        query = like(person_id=delivery.person_id, id=delivery.message_id) & among("state", OPEN)
        ended = {
            "state": delivery.state, "settled_at": delivery.at, "error": delivery.error,
            "provider_id": delivery.provider_id,
        }  # fmt: skip
        with self._tables.together():
            return bool(self._tables.table("outbox").update(ended, query))

    async def alert(self, alert: Alert) -> int:
        lookups.checked(alert.id, alert.asset, alert.alert_type, alert.message)
        with self._tables.together():
            if kept := self._tables.rows("alerts", like(id=alert.id)):
                return messages.told_before(kept[0], alert)
            followers = [
                convert(row, Person) for row in self._tables.rows("persons")
                if alert.asset in row["watch"]
            ]  # fmt: skip
            kept_alert = {**to_builtins(alert), "followers": len(followers)}
            self._tables.table("alerts").insert(kept_alert)
            for person in followers:
                message = messages.alert_message(alert, person.id)
                self._tables.table("outbox").insert({**to_builtins(message), "alert_id": alert.id})
        return len(followers)

    async def alert_status(self, alert_id: str) -> dict[str, Any] | None:
        kept = self._tables.rows("alerts", like(id=alert_id))
        if not kept:
            return None
        sent = self._tables.rows("outbox", like(alert_id=alert_id))
        grouped = [(row["state"], row["reason"], 1) for row in sent]
        return messages.alert_report(kept[0], sorted(grouped))

    async def events(
        self, person_id: str, since: int = 0, names: tuple[str, ...] = (), limit: int = 1000
    ) -> list[Event]:
        lookups.checked(person_id)
        mine = self._tables.rows("events", like(person_id=person_id))
        found = (convert(row, Event) for row in mine)
        wanted = [e for e in found if e.at >= since and (not names or e.name in names)]
        return sorted(wanted, key=lambda event: (event.at, event.id))[:limit]

    async def overdue(self, until: int, after: str, limit: int) -> list[str]:
        found = {
            row["person_id"]
            for row in self._tables.rows("events")
            if row["received_at"] < until
            and not is_ours(row["source"], row["name"], (*HANDOFFS, OPENING))
        }
        return sorted(one for one in found if one > after)[:limit]

    async def fold(self, person_id: str, until: int, opening: Event | None) -> int:
        gone = [
            row
            for row in self._tables.rows("events", like(person_id=person_id))
            if row["received_at"] < until and not is_ours(row["source"], row["name"], HANDOFFS)
        ]
        with self._tables.together():
            for row in gone:
                mine = like(person_id=person_id, id=row["id"], source=row["source"])
                self._tables.table("events").remove(mine)
            if gone and opening is not None:
                self._tables.table("events").insert(to_builtins(opening))
        return len(gone)

    async def feed(self, person_id: str, after: int, limit: int) -> list[FeedItem]:
        lookups.checked(person_id)
        return lookups.cut(self._items(person_id, after), limit)

    async def export(self, person_id: str) -> dict[str, Any]:
        lookups.checked(person_id)
        found = {name: self._tables.rows(name, whose(name, person_id)) for name in TABLES}
        return found | {"teams": self._tables.rows("teams", like(member=person_id))}

    async def erase(self, person_id: str) -> dict[str, Any]:
        lookups.checked(person_id)
        with self._tables.together():
            self.boards.left(person_id)
            self.teams.left(person_id)
            return {
                name: len(self._tables.table(name).remove(whose(name, person_id)))
                for name in TABLES
            }

    async def beat(self, now: int) -> uptime.Outages:
        table = self._tables.table("uptime")
        with self._tables.together():
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

    def _items(self, person_id: str, after: int) -> list[FeedItem]:
        items: list[FeedItem] = []
        for row in self._tables.rows("turns", like(person_id=person_id)):
            if row["number"] > after and row["reply"] is not None:
                said, reply = row["inbound"], convert(row["reply"], Reply)
                items += lookups.exchange(
                    row["number"], row["at"], said.get("text", ""), said["id"], reply
                )
        sent = like(person_id=person_id, state="sent", channel="in_app")
        for row in self._tables.rows("outbox", sent):
            if row["number"] > max(after, 0):
                items.append(lookups.begun(convert(row, Message)))
        return items

    def _own(self, table: str, person_id: str, id: str) -> Row | None:
        lookups.checked(person_id, id)
        found = self._tables.rows(table, like(person_id=person_id, id=id))
        return found[0] if found else None
