"""What pages edit is kept whole, and API keys only as hashes."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.clock import FrozenClock
from bot.errors import RequestError, StoreError
from bot.store.studio import Studio
from tests.sizes import size


@pytest.fixture
def studio(tmp_path: Path, clock: FrozenClock) -> Studio:
    return Studio(tmp_path / "studio.json", clock)


def test_a_key_opens_with_its_scope_and_only_its_hash_is_kept(
    studio: Studio, tmp_path: Path, clock: FrozenClock
) -> None:
    key = studio.add_key("till", "operator")
    found = studio.key(key)
    assert found is not None
    assert (found.name, found.scope, found.created) == ("till", "operator", clock.now())
    assert key not in (tmp_path / "studio.json").read_text()
    assert studio.key(key + "x") is None and studio.key("") is None


def test_a_key_is_256_random_bits(studio: Studio) -> None:
    one, two = studio.add_key("one", "server"), studio.add_key("two", "server")
    assert one != two and len(bytes.fromhex(one.rpartition("_")[2])) == 32


def test_a_name_is_used_once_and_free_again_when_removed(studio: Studio) -> None:
    key = studio.add_key("till", "server")
    with pytest.raises(RequestError) as refused:
        studio.add_key("till", "operator")
    assert refused.value.code == "conflict"
    assert studio.remove_key("till") is True and studio.remove_key("till") is False
    assert studio.key(key) is None
    studio.add_key("till", "operator")
    kept = studio.keys()
    assert [one.scope for one in kept] == ["operator"]


@pytest.mark.parametrize("name,scope", [("", "server"), ("x", "root"), ("a\nb", "server")])
def test_a_key_needs_a_name_and_a_scope(studio: Studio, name: str, scope: str) -> None:
    with pytest.raises(RequestError):
        studio.add_key(name, scope)
    assert studio.keys() == []


def test_settings_are_saved_by_section(studio: Studio, tmp_path: Path) -> None:
    assert studio.settings("site") == {}
    studio.save("site", {"title": "Näin"})
    studio.save("widget", {"colour": "#123456"})
    studio.save("site", {"title": "Toisin"})
    again = Studio(tmp_path / "studio.json")
    assert again.settings("site") == {"title": "Toisin"}
    assert again.settings("widget") == {"colour": "#123456"}


def test_a_key_added_by_another_process_opens_at_once(studio: Studio, tmp_path: Path) -> None:
    mine = studio.add_key("mine", "server")
    code = (
        "import sys; from pathlib import Path; from bot.store.studio import Studio;"
        "print(Studio(Path(sys.argv[1])).add_key('theirs', 'operator'))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "studio.json")]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    found = studio.key(theirs)
    assert found is not None and found.name == "theirs"
    studio.add_key("third", "server")
    kept = studio.keys()
    assert {key.name for key in kept} == {"mine", "theirs", "third"}
    assert studio.key(mine) is not None


def test_keys_added_by_many_threads_are_all_kept(tmp_path: Path) -> None:
    studios = [Studio(tmp_path / "studio.json") for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        made = list(
            threads.map(lambda n: studios[n % 4].add_key(f"k{n}", "server"), range(size(24, 300)))
        )
    assert all(studios[0].key(key) is not None for key in made)


def test_a_write_that_fails_changes_nothing(studio: Studio, tmp_path: Path) -> None:
    studio.save("site", {"title": "kept"})
    with pytest.raises(TypeError):
        studio.save("site", {"title": object()})
    assert studio.settings("site") == {"title": "kept"}
    assert json.loads((tmp_path / "studio.json").read_text())["settings"]
    studio.save("site", {"title": "new"})
    assert studio.settings("site") == {"title": "new"}


def test_a_file_that_is_not_readable_is_named(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "studio.json").write_text("{half")
    with pytest.raises(StoreError) as refused:
        studio.keys()
    assert "studio.json" in refused.value.message
