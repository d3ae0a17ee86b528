"""Everybody's risk of leaving, and what happens without rules/risk.yaml."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.app import build
from bot.catalog import compile_catalog, terms_of
from bot.clock import FrozenClock
from bot.config import Settings
from bot.errors import RequestError
from bot.rules import gather
from bot.sources import read_files
from tests.conftest import ROOT, shipped_catalog
from tests.insight.test_risk import at, somebody


async def test_without_its_file_nothing_is_reckoned_and_the_calls_say_so(
    settings: Settings, clock: FrozenClock
) -> None:
    texts = read_files(ROOT)
    del texts["rules/risk.yaml"]
    service = await build(settings, clock, catalog=compile_catalog(texts, terms_of(settings)))
    try:
        await service.prepare()
        assert await service.ticks.run("risk") == {}
        with pytest.raises(RequestError, match=r"rules/risk\.yaml"):
            await service.ticks.scoring.begin()
    finally:
        await service.stop()


def test_rules_read_the_risk_as_a_fact() -> None:
    script = shipped_catalog().script
    person = somebody([20])
    scene: Any = gather.Scene(
        person=person,
        now=person.created_at + 100 * 86_400_000_000,
        zone="UTC",
        kind="tick",
        limits=script.limits,
        engagement=script.engagement,
        streaks=script.book.streaks,
        risk=script.risk,
    )
    facts = gather.gather(scene, frozenset(["user.risk"]))
    assert facts == {"user.risk": at(person).score}
    new = replace(person, created_at=scene.now)
    unknown = replace(scene, person=replace(new, seen_at=scene.now))
    assert gather.gather(unknown, frozenset(["user.risk"])) == {}
