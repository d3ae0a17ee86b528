"""The rows of scores: counts by buckets that always agree with them, in both databases."""

import asyncio
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import text

from bot.clock import FrozenClock
from bot.model.person import Person
from bot.progress import leaderboards
from bot.store.places import place_of
from bot.store.scores import WIDTHS, merged
from bot.store.store import Database, open_store
from tests.builders import SECOND, a_decision, a_person
from tests.postgres import postgres_url

Place = tuple[str, str]


async def earned(store: Database, before: Person | None, id: str, xp: int) -> Person:
    """One turn in which somebody earns XP."""
    whole = before or a_person(id)
    now = whole.last_at + SECOND
    total = whole.progress.xp + xp
    boards, scores = leaderboards.scored(whole.boards, total, 0, xp, now, now, "UTC")
    after = replace(whole, progress=replace(whole.progress, xp=total), boards=boards)
    decision = a_decision(before, person=after, now=now, scores=scores)
    assert (await store.commit(decision)).status == "committed"
    return decision.person


def counted(url: str, data: Path, schema: str) -> tuple[dict[Place, int], dict[Place, int]]:
    """People by board and width as counted, and as the scores themselves say."""
    with place_of(url, data, schema).connect_reading() as connection:
        counts = connection.execute(
            text("SELECT board, width, bucket, people FROM score_counts WHERE people <> 0")
        ).all()
        scores = connection.execute(text("SELECT board, score FROM scores")).all()
    said = {(f"{row.board} {row.width}", str(row.bucket)): int(row.people) for row in counts}
    found: dict[Place, int] = {}
    for row in scores:
        for width in WIDTHS:
            key = (f"{row.board} {width}", str(row.score // width))
            found[key] = found.get(key, 0) + 1
    return said, found


async def test_counts_agree_with_scores_when_many_score_at_once_again_and_are_erased(
    place: Place, tmp_path: Path, clock: FrozenClock
) -> None:
    url, schema = place
    store = await open_store(url, tmp_path, clock, schema=schema)
    people = await asyncio.gather(
        *(earned(store, None, f"p{number}", 10 * (number % 7 + 1)) for number in range(40))
    )
    await asyncio.gather(*(earned(store, one, one.id, 300) for one in people))
    for one in people[:5]:
        await store.erase(one.id)
    said, found = counted(url, tmp_path, schema)
    audited = await store.reads.audit()
    await store.close()
    assert said == found and sum(found.values()) == 35 * 3 * len(WIDTHS)
    assert audited == []


async def test_two_replicas_that_score_and_erase_at_once_count_right(
    schema: str, tmp_path: Path, clock: FrozenClock
) -> None:
    """They share the counts of the ranges that most people are in."""
    replicas = [
        await open_store(postgres_url(), tmp_path / str(n), clock, "ab" * 32, schema)
        for n in range(2)
    ]

    async def lives(store: Database, id: str) -> None:
        person = None
        for xp in (10, 10, 300, 70_000):
            person = await earned(store, person, id, xp)
        if id.endswith("7"):
            await store.erase(id)

    await asyncio.gather(*(lives(replicas[n % 2], f"p{n}") for n in range(80)))
    assert await replicas[0].reads.audit() == []
    place = await replicas[1].boards.place("all_time", leaderboards.EVER, 70_320)
    assert (place.people, place.equal) == (72, 72)
    for store in replicas:
        await store.close()


async def test_an_audit_finds_a_count_and_a_score_that_were_changed(
    place: Place, tmp_path: Path, clock: FrozenClock
) -> None:
    url, schema = place
    store = await open_store(url, tmp_path, clock, schema=schema)
    await earned(store, None, "ada", 300)
    await store.close()
    with place_of(url, tmp_path, schema).connect() as connection, connection.begin():
        connection.execute(text("UPDATE score_counts SET people = 7 WHERE width = 256"))
        connection.execute(text("UPDATE scores SET score = 301 WHERE board = 'daily'"))
    store = await open_store(url, tmp_path, clock, schema=schema)
    found = await store.reads.audit()
    await store.close()
    assert any("-6 people" in line and "all_time" in line for line in found)
    assert any(line.startswith("ada: L2: scores are") for line in found)


async def test_a_turn_that_earns_nothing_writes_no_score(
    place: Place, tmp_path: Path, clock: FrozenClock
) -> None:
    url, schema = place
    store = await open_store(url, tmp_path, clock, schema=schema)
    await store.commit(a_decision())
    said, found = counted(url, tmp_path, schema)
    await store.close()
    assert said == found == {}


def test_counts_of_one_bucket_are_one_row_and_none_where_nothing_changed() -> None:
    place = ("daily", "2026-03-01", 256)
    lines = [(*place, 0, 1, 1), (*place, 1, 1, 0), (*place, 0, -1, -1), (*place, 1, 1, 0)]
    assert merged(lines) == [(*place, 1, 2, 0)]
