"""Files that editors leave, other encodings, other names: told in words or left alone."""

from pathlib import Path

import pytest

from bot.authored import Mistake
from bot.catalog import load
from bot.errors import AuthorError
from bot.keeper import CatalogKeeper
from bot.sources import strays
from tests.test_catalog import TERMS, edit


def told(project: Path) -> list[str]:
    with pytest.raises(AuthorError) as caught:
        load(project, TERMS)
    return [str(one) for one in caught.value.mistakes if isinstance(one, Mistake)]


async def test_what_an_editor_hides_beside_a_file_is_no_authored_file(project: Path) -> None:
    (project / "rules" / ".#spending.yaml").symlink_to("anna@desk.4711:1763")  # as Emacs locks
    (project / "content" / ".old").mkdir()
    (project / "content" / ".old" / "intents.yaml").write_text("intents: [broken")
    catalog = load(project, TERMS)
    assert [one for one in catalog.mistakes if one.level != "info"] == []


def test_a_file_that_cannot_be_read_is_named(project: Path) -> None:
    (project / "rules" / "extra.yaml").mkdir()
    (project / "content" / "gone.yaml").symlink_to("nowhere.yaml")
    assert told(project) == [
        "content/gone.yaml:1:1  error A007  this file cannot be read: No such file or directory",
        "rules/extra.yaml:1:1  error A007  this file cannot be read: Is a directory",
    ]


async def test_a_file_that_cannot_be_read_keeps_the_old_catalog(
    project: Path, service: object
) -> None:
    keeper = CatalogKeeper(project, TERMS, service.log)  # type: ignore[attr-defined]  # a Service
    (project / "rules" / "extra.yaml").mkdir()
    await keeper.reload_if_quiet()
    assert not await keeper.reload_if_quiet()
    assert [(one.file, one.code) for one in keeper.mistakes] == [("rules/extra.yaml", "A007")]


def test_another_encoding_is_told_where_it_begins(project: Path) -> None:
    path = project / "rules" / "spending.yaml"
    text = path.read_text().replace("Two wishes", "Déjà two wishes")
    line = 1 + next(n for n, one in enumerate(text.splitlines()) if "Déjà" in one)
    path.write_bytes(text.encode("latin-1"))
    assert told(project) == [
        f"rules/spending.yaml:{line}:15  error Y008  what stands here is not UTF-8;"
        " save the file in that encoding"
    ]


@pytest.mark.parametrize("text", ["hello\n", "- rules\n", "'rules:'\n"])
def test_a_file_without_keys_is_a_mistake_and_not_ignored(project: Path, text: str) -> None:
    (project / "rules" / "extra.yaml").write_text(text)
    assert told(project)[0].startswith("rules/extra.yaml:1:1  error A006  a file holds keys")


def test_a_name_that_is_almost_read_is_a_warning(project: Path) -> None:
    (project / "rules" / "tiers.yml").write_text("tiers: {premium: 6}\n")
    assert [str(one) for one in strays(project)] == [
        "rules/tiers.yml:1:1  warning A008  this file is not read,"
        " for its name does not end in .yaml"
    ]
    assert "A008" in {one.code for one in load(project, TERMS).mistakes}


def test_a_missing_value_and_a_wrong_word_are_told_as_they_stand(project: Path) -> None:
    edit(project, "rules/spending.yaml", "then: {gate: allow}", "then: {gate: true}")
    assert any("'true' is not one of allow, ask, deny" in one for one in told(project))
    (project / "rules" / "extra.yaml").write_text("rules:\n")
    assert any("expected a list, found nothing" in one for one in told(project))
