"""Bot.toml: what is read, and what is refused where."""

import re
from pathlib import Path

import msgspec
import pytest

from bot.config import Settings, find, load, override
from bot.errors import AuthorError

ROOT = Path(__file__).resolve().parents[1]


def _load(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    path = folder / "bot.toml"
    path.write_text(text)
    return load(path, environ or {})


def _mistakes(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(AuthorError) as caught:
        _load(folder, text, environ)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_the_shipped_file_holds_every_setting_with_its_default() -> None:
    shipped = load(ROOT / "bot.toml", {})
    assert shipped == Settings(ROOT)
    text = (ROOT / "bot.toml").read_text()
    for section in msgspec.structs.fields(Settings):
        if section.name == "root":
            continue
        body = text.split(f"[{section.name}]")[1].split("\n[")[0]
        for field in msgspec.structs.fields(section.type):
            assert re.search(rf"^{field.name} = ", body, re.M), f"{section.name}.{field.name}"


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert _load(tmp_path, "") == Settings(tmp_path)


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_word(tmp_path: Path) -> None:
    (mistake,) = _mistakes(tmp_path, '[server]\nhost = "::1"\n\nprot = 80\n')
    assert mistake.startswith("bot.toml:4:1  error")
    assert "did you mean 'port'?" in mistake


def test_an_unknown_section_is_named_with_the_nearest_word(tmp_path: Path) -> None:
    (mistake,) = _mistakes(tmp_path, "\n[sever]\nport = 80\n")
    assert mistake.startswith("bot.toml:2:1") and "did you mean 'server'?" in mistake


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = '[server]\nport = "x"\n[auth]\nmode = "open"\n[bot]\ntime_zone = "Mars/Base"\nnam = 1\n'
    lines = [mistake.split(":")[1] for mistake in _mistakes(tmp_path, text)]
    assert lines == ["2", "4", "6", "7"]


@pytest.mark.parametrize(
    "line",
    [
        "port = 70000",
        "port = -1",
        "port = 1.5",
        "port = true",
        "port_range = [8300]",
        'host = ["::1"]',
        "graceful_s = -1",
        "graceful_s = nan",
    ],
)
def test_a_value_of_the_wrong_type_or_size_is_refused(tmp_path: Path, line: str) -> None:
    (mistake,) = _mistakes(tmp_path, f"[server]\n{line}\n")
    assert mistake.startswith("bot.toml:2:1")


def test_a_file_that_is_no_toml_is_refused_where_it_breaks(tmp_path: Path) -> None:
    (mistake,) = _mistakes(tmp_path, "[server]\nport = = 1\n")
    assert mistake.startswith("bot.toml:2:8")


def test_a_secret_comes_from_the_environment_and_is_never_shown(tmp_path: Path) -> None:
    settings = _load(tmp_path, '[store]\nmaster_key = "env:KEY"\n', {"KEY": "hunter2"})
    assert settings.store.master_key.value == "hunter2"
    assert "hunter2" not in repr(settings) and "hunter2" not in str(settings.store)


def test_a_secret_comes_from_a_file_that_others_cannot_read(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("hunter2\n")
    key.chmod(0o600)
    text = '[store]\nmaster_key = "file:key"\n'
    assert _load(tmp_path, text).store.master_key.value == "hunter2"
    key.chmod(0o644)
    (mistake,) = _mistakes(tmp_path, text)
    assert "everybody may read" in mistake and "chmod 600" in mistake


@pytest.mark.parametrize(
    "text",
    [
        '[store]\nmaster_key = "hunter2"',
        '[store]\nurl = "postgresql://bot:hunter2@db/bot"',
        '[registry]\nurl = "https://registry/9f8e7d6c5b4a39281706f5e4d3c2b1a0"',
        '[store]\nmaster_key = "env:ABSENT"',
        '[store]\nmaster_key = "file:absent"',
        "[store]\nmaster_key = 5",
    ],
)
def test_a_literal_secret_or_one_that_is_not_there_is_refused(tmp_path: Path, text: str) -> None:
    (mistake,) = _mistakes(tmp_path, text)
    assert "bot.toml:2:1" in mistake
    assert "hunter2" not in mistake


def test_the_nearest_file_upward_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "bot.toml").write_text("")
    assert find(inner) == tmp_path.resolve() / "bot.toml"


def test_no_file_anywhere_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="--config"):
        find(tmp_path)


def test_the_command_line_wins_over_the_file(tmp_path: Path) -> None:
    settings = override(_load(tmp_path, '[server]\nhost = "::1"\n'), port=9000, data="/elsewhere")
    assert (settings.server.host, settings.server.port) == ("::1", 9000)
    assert settings.data == Path("/elsewhere")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('[market]\nfeed = "http"\n', 1, "name an address"),
        ('[market]\nfeed = "http"\n[market_http]\nurl = "ftp://x"\n', 4, "name an address"),
        ('[market]\nfeed = "http"\n[market_http]\nurl = "http://x/p"\n', 4, "no {asset}"),
        ('[market]\nfeed = "replay"\n', 1, "name a file of candles"),
        (
            '[market]\nfeed = "replay"\n[market_replay]\npath = "x"\nfirst = "soon"\n',
            5,
            "'soon' is no time",
        ),
        ("[market]\nassets = []\n", 2, "names no market"),
        ('[market]\nfeed = "htp"\n', 2, "'feed'"),
        ('[market_http]\nsecret = "hush"\n', 2, "holds a secret"),
        ('[market_fields]\nprice = "x"\n', 2, "'price' is not a setting"),
    ],
)
def test_a_feed_that_cannot_work_is_refused_where_it_is_set(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    (mistake,) = _mistakes(tmp_path, text)
    assert mistake.startswith(f"bot.toml:{line}:1") and problem in mistake


def test_a_secret_of_the_market_source_comes_from_the_environment(tmp_path: Path) -> None:
    text = '[market_http]\nsecret = "env:PRICES_KEY"\n'
    settings = _load(tmp_path, text, {"PRICES_KEY": "Bearer abc"})
    assert settings.market_http.secret.value == "Bearer abc"
    assert "abc" not in repr(settings)
