"""One immutable catalog: every mistake at once, and a reload that never breaks a running bot."""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from bot.app import Service, build
from bot.authored import Mistake
from bot.catalog import load
from bot.clock import FrozenClock
from bot.config import Settings, override
from bot.errors import AuthorError
from bot.keeper import CatalogKeeper
from bot.model.message import Inbound
from bot.talk.script import Terms
from bot.web.server import make_app

ROOT = Path(__file__).resolve().parents[1]
TERMS = Terms(new_age="adult")


def edit(project: Path, file: str, old: str, new: str) -> None:
    path = project / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_shipped_files_are_clean() -> None:
    catalog = load(ROOT, TERMS)
    assert [m for m in catalog.mistakes if m.level != "info"] == []


def test_the_version_follows_from_the_files_alone(project: Path) -> None:
    first, again = load(project, TERMS), load(project, TERMS)
    assert first.version == again.version == load(ROOT, TERMS).version
    edit(project, "rules/tiers.yaml", "premium: 5", "premium: 6")
    assert load(project, TERMS).version != first.version


def test_mistakes_of_several_files_are_told_at_once_by_place(project: Path) -> None:
    edit(project, "rules/tiers.yaml", "premium:", "premum:")
    edit(project, "rules/spending.yaml", "because:", "becose:")
    edit(project, "rules/limits.yaml", "cooling_off_h: 24", "cooling_off_h: 1")
    with pytest.raises(AuthorError) as caught:
        load(project, TERMS)
    files = {m.file for m in caught.value.mistakes if isinstance(m, Mistake)}
    assert {"rules/tiers.yaml", "rules/spending.yaml", "rules/limits.yaml"} <= files
    assert "did you mean 'premium'?" in str(caught.value)


@pytest.mark.parametrize(
    "file", ["rules/facts.yaml", "rules/limits.yaml", "content/dialogue.yaml"]
)
def test_nothing_loads_without_the_files_it_rests_on(project: Path, file: str) -> None:
    (project / file).unlink()
    with pytest.raises(AuthorError) as caught:
        load(project, TERMS)
    assert file in str(caught.value)


def test_a_feature_whose_rule_file_is_deleted_is_off(project: Path) -> None:
    (project / "rules" / "market.yaml").unlink()
    rules = load(project, TERMS).script.rules
    assert "market-alert" not in {rule.name for rule in rules.rules}


@pytest.mark.parametrize("name", ["progress", "habits", "challenges", "risk", "outreach"])
def test_any_other_rule_file_may_be_deleted_alone(project: Path, name: str) -> None:
    whole = load(project, TERMS).files
    (project / "rules" / f"{name}.yaml").unlink()
    catalog = load(project, TERMS)
    assert [m for m in catalog.mistakes if m.level != "info"] == []
    assert catalog.files == whole - 1


async def keeper_of(project: Path, service: Service) -> CatalogKeeper:
    return CatalogKeeper(project, TERMS, service.log)


async def test_an_edit_counts_after_two_equal_scans(project: Path, service: Service) -> None:
    keeper = await keeper_of(project, service)
    before = keeper.current
    edit(project, "rules/tiers.yaml", "premium: 5", "premium: 6")
    assert not await keeper.reload_if_quiet()
    assert keeper.current is before
    assert await keeper.reload_if_quiet()
    assert keeper.current.script.prices.of("premium") == 6  # type: ignore[arg-type]  # a StrEnum
    assert not await keeper.reload_if_quiet()


async def test_a_bad_edit_keeps_the_old_catalog_and_says_why(
    project: Path, service: Service
) -> None:
    keeper = await keeper_of(project, service)
    before = keeper.current
    edit(project, "rules/tiers.yaml", "premium: 5", "premium: five")
    await keeper.reload_if_quiet()
    assert not await keeper.reload_if_quiet()
    assert keeper.current is before
    assert [m.file for m in keeper.mistakes] == ["rules/tiers.yaml"]
    edit(project, "rules/tiers.yaml", "premium: five", "premium: 7")
    await keeper.reload_if_quiet()
    assert await keeper.reload_if_quiet()
    assert keeper.mistakes == ()


async def test_health_shows_the_mistakes_of_a_bad_edit_while_the_bot_answers(
    project: Path, settings: Settings, clock: FrozenClock, aiohttp_client: object, tmp_path: Path
) -> None:
    import msgspec

    moved = msgspec.structs.replace(override(settings, data=str(tmp_path / "own")), root=project)
    built = await build(moved, clock)
    await built.prepare()
    client: TestClient = await aiohttp_client(make_app(built))  # type: ignore[operator]  # a fixture
    edit(project, "rules/tiers.yaml", "premium: 5", "premium: five")
    await built.catalogs.reload_if_quiet()
    await built.catalogs.reload_if_quiet()
    async with client.get("/health") as answer:
        health = await answer.json()
    assert "rules/tiers.yaml:" in str(health["catalog"]["mistakes"])
    reply = (await built.turn.take(Inbound("m", "p", "message", 0, text="hello"))).reply
    assert reply.text
    await built.stop()
