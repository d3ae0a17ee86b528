"""The risk of leaving, on every store."""

from bot.model.risk import Level, Part, Risk, Run
from bot.store.store import Store
from tests.builders import NOW, a_person
from tests.contract.test_boards import settled

MINUTE = 60_000_000
TOLD = (Part("away", 2.1, 2.6),)


def a_risk(id: str, score: int | None, level: Level = "low", at: int = NOW) -> Risk:
    return Risk(id, at, 739_000, score, 0.5, "rules-v1", 7, TOLD, level, level, 1, 739_000)


async def people(store: Store, *ids: str) -> None:
    for one in ids:
        await settled(store, None, a_person(one))


async def test_what_is_kept_is_found_by_id_and_the_latest_stays(store: Store) -> None:
    await people(store, "ada", "bob", "eve")
    late = a_risk("ada", 70, "high", NOW + MINUTE)
    await store.risks.keep([late, a_risk("bob", None)])
    await store.risks.keep([a_risk("ada", 10), a_risk("nobody", 90, "critical")])
    assert await store.risks.of("ada", "zoe") == {"ada": late, "bob": a_risk("bob", None)}
    assert await store.risks.of("bob", "bob") == {"bob": a_risk("bob", None)}
    counts = await store.risks.distribution()
    assert (counts.people, counts.absent, counts.levels["high"]) == (3, 1, 1)
    assert sum(counts.levels.values()) == 1


async def test_pages_go_down_the_scores_without_a_gap_or_a_repetition(store: Store) -> None:
    ids = [f"p{n}" for n in range(7)]
    await people(store, *ids)
    scores = [90, 85, 85, 85, 70, 70, 30]
    levels: list[Level] = ["critical"] * 4 + ["high", "high", "low"]  # type: ignore[list-item]  # words
    await store.risks.keep(
        [a_risk(id, n, level) for id, n, level in zip(ids, scores, levels, strict=True)]
    )
    seen: list[str] = []
    below: tuple[int, str] | None = None
    while page := await store.risks.listed(("critical", "high"), below, 2):
        seen += [one.person_id for one in page]
        below = (page[-1].score or 0, page[-1].person_id)
    assert seen == ids[:6]


async def test_who_is_erased_has_no_risk_and_it_was_in_their_export(store: Store) -> None:
    await people(store, "ada")
    await store.risks.keep([a_risk("ada", 70, "high")])
    assert (await store.export("ada"))["risks"]
    await store.erase("ada")
    await store.risks.keep([a_risk("ada", 70, "high")])
    assert await store.risks.of("ada", "ada") == {}


async def test_a_run_is_begun_once_and_taken_over_where_nobody_hears_of_it(store: Store) -> None:
    risks = store.risks
    assert await risks.run("night-1") is None
    assert await risks.begin("night-1", NOW)
    assert not await risks.begin("night-1", NOW + MINUTE)
    assert await risks.begin("night-1", NOW + 11 * MINUTE), "its server stopped"
    done = Run("night-1", NOW, NOW + 12 * MINUTE, NOW + 12 * MINUTE, 5, 4, 3)
    await risks.note(done)
    found = await risks.run("night-1")
    assert found is not None and (found.people, found.ended_at) == (5, done.ended_at)
    assert not await risks.begin("night-1", NOW + 60 * MINUTE), "it is over"
