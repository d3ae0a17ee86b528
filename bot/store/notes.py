"""The reading side of the notebook."""

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Any

from msgspec import convert

from bot.ledger.audit import audit as audit_ledger
from bot.model.decision import Trace
from bot.model.message import Event, Inbound, Reply
from bot.model.money import Entry
from bot.model.person import Person
from bot.people.calendar import DAY_US
from bot.store.analyses import ACTIVE_DAYS, GONE_DAYS, MONTH_DAYS, band, told
from bot.store.changes import KINDS, restored
from bot.store.everybody import UNTOLD, WEEK_US, is_earned, is_ours
from bot.store.protocol import EventsFrom, TurnRecord
from bot.store.tables import Tables


class NotebookReads:
    """Pages and analyses of a few people, straight from the rows."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.rows

    async def turn(self, turn_id: str) -> TurnRecord | None:
        whose = next((row for row in self._rows("turns") if row["id"] == turn_id), None)
        if whose is None:
            return None
        return self._records(whose["person_id"], whose["number"] - 1)[-1]

    async def turns(self, person_id: str, after: int = 0, limit: int = 50) -> list[TurnRecord]:
        return self._records(person_id, after)[::-1][:limit]

    async def totals(self, now: int) -> dict[str, Any]:
        people = [convert(row, Person) for row in self._rows("persons")]
        scores = [person.activity.score for person in people]
        seen = [now - person.seen_at for person in people]
        return {
            "people": len(people),
            "engagement": {
                "mean": sum(scores) / len(scores) if scores else None,
                "bands": _cells("band", "people", Counter(map(band, scores))),
            },
            "skill": _cells("skill", "people", Counter(person.skill.level for person in people)),
            "credits": self._credits(),
            "content": {
                "unlocks": self._grouped("entitlements", "sku", "unlocks"),
                "intents": self._grouped("turns", "intent", "turns"),
            },
            "churn": {
                "active": sum(away <= ACTIVE_DAYS * DAY_US for away in seen),
                "gone": sum(away > GONE_DAYS * DAY_US for away in seen),
            },
            "success": self._success(now, people),
        }

    def _success(self, now: int, people: list[Person]) -> dict[str, Any]:
        month, span = now - MONTH_DAYS * DAY_US, MONTH_DAYS * DAY_US
        old = [person for person in people if person.created_at <= month]
        events = self._rows("events")
        spent = [
            row["amount"] for row in self._rows("entries")
            if row["account"].startswith("wallet:") and row["at"] > month
            and row["kind"] in ("unlock", "refund", "void") and row["unit"] == "credit"
        ]  # fmt: skip
        happened = [
            (row["name"], row["person_id"], row["props"]) for row in events
            if is_ours(row["source"], row["name"], ("session_ended", "rated"))
            and row["at"] > month
        ]  # fmt: skip
        return {
            "people": len(people),
            "active_day": sum(person.seen_at > now - DAY_US for person in people),
            "active_month": sum(person.seen_at > month for person in people),
            "old_enough": len(old),
            "retained": sum(person.seen_at - person.created_at >= span for person in old),
            "advanced": sum(person.skill.level != "novice" for person in people),
            "credits_spent": -sum(spent),
            "began": len({e["person_id"] for e in events if e["name"] == "lesson_start"}),
            "finished": len({e["person_id"] for e in events if e["name"] == "quiz_complete"}),
            **told(happened),
        }

    async def handoffs(self) -> list[Event]:
        closed: dict[str, int] = {}
        for row in self._rows("events"):
            if is_ours(row["source"], row["name"], ("handoff_closed",)):
                closed[row["person_id"]] = max(row["at"], closed.get(row["person_id"], 0))
        wanted = [one for one in self._wanted() if closed.get(one.person_id, -1) < one.at]
        return sorted(wanted, key=lambda one: (one.at, one.id))

    async def handoff(self, id: str) -> Event | None:
        return next((one for one in self._wanted() if one.id == id), None)

    async def habits(self, person_id: str, limit: int) -> list[Event]:
        habits = (e for e in self._newest(person_id) if e.props.get("award", {}).get("value"))
        return list(islice(habits, limit))

    async def redeemers(self, since: int) -> list[str]:
        rows = (row for row in self._rows("events") if row["at"] >= since)
        ours = (row for row in rows if is_ours(row["source"], row["name"], ("reward_redeemed",)))
        return sorted({row["person_id"] for row in ours})

    async def earned(self, person_id: str) -> list[Event]:
        found = self._newest(person_id)
        return [one for one in found if is_earned(one)]

    def _newest(self, person_id: str) -> list[Event]:
        rows = (row for row in self._rows("events") if row["person_id"] == person_id)
        events = [convert(row, Event) for row in rows]
        return sorted(events, key=lambda one: (one.at, one.received_at, one.id), reverse=True)

    def _wanted(self) -> list[Event]:
        found = [convert(row, Event) for row in self._rows("events")]
        return [one for one in found if is_ours(one.source, one.name, ("handoff_wanted",))]

    async def all_events(self, asked: EventsFrom) -> list[tuple[str, Event]]:
        found = [convert(row, Event) for row in self._rows("events")]
        wanted = sorted(
            (one.person_id, one.source, one.id, n)
            for n, one in enumerate(found)
            if asked.since <= one.at < asked.until and one.name not in UNTOLD
        )
        page = [found[n] for *key, n in wanted if tuple(key) > asked.after][: asked.limit]
        return [(one.person_id, one) for one in page]

    async def all_people(self, after: str, limit: int) -> list[tuple[str, Person]]:
        found = sorted((row for row in self._rows("persons")), key=lambda row: str(row["id"]))
        page = [convert(row, Person) for row in found if row["id"] > after][:limit]
        return [(one.id, one) for one in page]

    async def habit_totals(self, now: int) -> dict[str, Any]:
        rows = [convert(row, Event) for row in self._rows("events") if row["source"] == "habit"]
        people = [convert(row, Person) for row in self._rows("persons")]
        points = [one.progress.points for one in people if one.progress.points]
        groups: dict[str, list[str]] = {}
        for one in rows:
            groups.setdefault(one.props["award"]["category"], []).append(one.person_id)
        return {
            "categories": [
                {"category": name, "events": len(who), "people": len(set(who))}
                for name, who in sorted(groups.items())
            ],
            "active": len({one.person_id for one in rows if one.at > now - WEEK_US}),
            "people": len(points),
            "points": sum(points),
        }

    async def counts(self) -> dict[str, int]:
        waiting = [row for row in self._rows("outbox") if row["state"] in ("wanted", "held")]
        return {
            "people": len(self._rows("persons")),
            "waiting": len(waiting),
            "alerts": len(self._rows("alerts")),
        }

    async def standing(self, since: int) -> dict[str, int]:
        rows = (row for row in self._rows("persons") if row["seen_at"] >= since)
        return dict(Counter(row["state"]["name"] for row in rows))

    async def audit(self) -> list[str]:
        entries = [convert(row, Entry) for row in self._rows("entries")]
        found = []
        for row in self._rows("persons"):
            person = convert(row, Person)
            own = [entry for entry in entries if entry.person_id == person.id]
            for finding in audit_ledger(own, person.spending):
                found.append(f"{person.id}: {finding.invariant}: {finding.problem}")
        return found

    async def close(self) -> None:
        """There is nothing to let go of."""

    def _records(self, person_id: str, after: int) -> list[TurnRecord]:
        """Newest first, each with the person before it, walked back from today's."""
        found = [row for row in self._rows("persons") if row["id"] == person_id]
        mine = [row for row in self._rows("turns") if row["person_id"] == person_id]
        person = convert(found[0], Person) if found else None
        records = []
        for row in sorted(mine, key=lambda row: -row["number"]):
            if row["number"] <= after or person is None:
                break
            person = _before(row["before"], person)
            records.append(_record(row, person))
        return records

    def _credits(self) -> list[dict[str, Any]]:
        sums: Counter[str] = Counter()
        people: dict[str, set[str]] = {}
        for row in self._rows("entries"):
            if row["unit"] == "credit" and row["account"].startswith("wallet:"):
                sums[row["kind"]] += row["amount"]
                people.setdefault(row["kind"], set()).add(row["person_id"])
        return [
            {"kind": kind, "credits": sums[kind], "people": len(people[kind])}
            for kind in sorted(sums)
        ]

    def _grouped(self, table: str, name: str, count: str) -> list[dict[str, Any]]:
        groups: dict[str, list[str]] = {}
        for row in self._rows(table):
            if row.get("kind", "message") == "message":
                value = row["trace"]["intent"] if name == "intent" else row[name]
                groups.setdefault(value, []).append(row["person_id"])
        return [
            {name: value, count: len(people), "people": len(set(people))}
            for value, people in sorted(groups.items())
        ]


def _before(changes: Mapping[str, Any] | None, after: Person) -> Person | None:
    if changes is None:
        return None
    values = {name: convert(value, KINDS[name]) for name, value in changes.items()}
    return restored(after, values)


def _record(row: dict[str, Any], before: Person | None) -> TurnRecord:
    turn_id, person_id, at = row["id"], row["person_id"], row["at"]
    inbound = Inbound(turn_id, person_id, "tick", at)
    reply = Reply(turn_id, "")
    if row["reply"] is not None:
        inbound, reply = convert(row["inbound"], Inbound), convert(row["reply"], Reply)
    trace = convert(row["trace"], Trace)
    return TurnRecord(
        turn_id, person_id, row["number"], at, row["kind"], before, inbound, reply, trace
    )


def _cells(name: str, count: str, found: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{name: value, count: number} for value, number in sorted(found.items())]
