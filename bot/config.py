"""Bot.toml read into frozen Settings, with every mistake told by its line."""

import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from bot.authored import Mistake, did_you_mean
from bot.clashes import clashes
from bot.errors import AuthorError
from bot.people.calendar import is_zone
from bot.settings import (
    Auth as Auth,
)
from bot.settings import (
    Bot as Bot,
)
from bot.settings import (
    Handoff as Handoff,
)
from bot.settings import (
    Jobs as Jobs,
)
from bot.settings import (
    Logs as Logs,
)
from bot.settings import (
    MarketFields as MarketFields,
)
from bot.settings import (
    MarketHttp as MarketHttp,
)
from bot.settings import (
    MarketReplay as MarketReplay,
)
from bot.settings import (
    MarketSettings as MarketSettings,
)
from bot.settings import (
    Money as Money,
)
from bot.settings import (
    Rate as Rate,
)
from bot.settings import (
    Registry as Registry,
)
from bot.settings import (
    Secret as Secret,
)
from bot.settings import (
    Server as Server,
)
from bot.settings import (
    Settings as Settings,
)
from bot.settings import (
    StoreSettings as StoreSettings,
)

FILE = "bot.toml"
_NUMBERED = re.compile(r"\(at line (\d+), column (\d+)\)")
_HEADER = re.compile(r"\s*\[\s*([\w-]+)\s*\]")
_KEY = re.compile(r"\s*\"?([\w-]+)\"?\s*=")
# Settings that are secret whatever they hold.
NEVER_PLAIN = frozenset({"master_key", "secret", "identity_key", "identity_key_old", "token_key"})
_LONG_RUN = re.compile(r"[A-Za-z0-9+/=_-]{20,}")  # what keys and tokens look like
_PASSWORD = re.compile(r"://[^/@:]*:[^@/]+@")


def find(start: Path) -> Path:
    """The nearest bot.toml, from `start` upward."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / FILE).is_file():
            return folder / FILE
    problem = f"no {FILE} in {start} or any folder above it; name one with --config"
    raise AuthorError([Mistake(FILE, 1, 1, "error", "S000", problem)])


def load(path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of one file; AuthorError lists every mistake in it."""
    reader = _Reader(path, os.environ if environ is None else environ)
    settings = reader.read()
    if reader.mistakes:
        raise AuthorError(reader.mistakes)
    return settings


def override(
    settings: Settings,
    host: str | None = None,
    port: int | Literal["auto"] | None = None,
    data: str | None = None,
    store_url: str | None = None,
    schema: str | None = None,
) -> Settings:
    """The settings with what the command line says instead."""
    server = {"host": host, "port": port}
    store = {"data": data, "url": Secret(store_url) if store_url else None, "schema": schema}
    replace = msgspec.structs.replace
    return replace(
        settings,
        server=replace(settings.server, **_given(server)),
        store=replace(settings.store, **_given(store)),
    )


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


class _Reader:
    """Reads one file; `mistakes` grows, nothing raises."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.path, self.environ = path, environ
        self.mistakes: list[Mistake] = []
        self.places: dict[tuple[str, str], int] = {}

    def read(self) -> Settings:
        root = self.path.resolve().parent
        try:
            text = self.path.read_text(encoding="utf-8")
            parsed = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self._unreadable(error)
            return Settings(root)
        self.places = dict(_places(text))
        sections = {f.name: f.type for f in msgspec.structs.fields(Settings) if f.name != "root"}
        for name in parsed.keys() - sections.keys():
            self._note(name, "", f"'{name}' is not a section", did_you_mean(name, sections))
        made = {
            name: self._section(name, kind, parsed.get(name, {}))
            for name, kind in sections.items()
        }
        settings = Settings(root, **made)
        for section, key, problem in clashes(settings):
            self._note(section, key, problem)
        self.mistakes.sort(key=lambda mistake: mistake.line)
        return settings

    def _section(self, section: str, kind: Any, given: object) -> Any:
        if not isinstance(given, dict):
            self._note(section, "", f"'{section}' is a section; write [{section}]")
            return kind()
        types = {field.name: field.type for field in msgspec.structs.fields(kind)}
        for key in given.keys() - types.keys():
            hint = did_you_mean(key, types) or f"[{section}] holds {', '.join(types)}"
            self._note(section, key, f"'{key}' is not a setting of [{section}]", hint)
        values = {
            key: value
            for key in types.keys() & given.keys()
            if (value := self._value(section, key, types[key], given[key])) is not None
        }
        return kind(**values)

    def _value(self, section: str, key: str, kind: Any, given: object) -> Any:
        if kind is Secret:
            return self._secret(section, key, given)
        try:
            value = msgspec.convert(given, kind)
        except msgspec.ValidationError as error:
            self._note(section, key, f"'{key}': {error}".replace(" - at `$`", ""))
            return None
        if key == "time_zone" and not is_zone(value):
            self._note(section, key, f"'{value}' names no time zone", "write one like Europe/Rome")
        if isinstance(value, str) and _looks_secret(value):
            self._note(section, key, f"'{key}' looks like a secret", "write env:NAME or file:PATH")
        return value

    def _secret(self, section: str, key: str, given: object) -> Secret | None:
        """env:NAME or file:PATH, read now; a plain value only where it holds nothing secret."""
        if not isinstance(given, str):
            self._note(section, key, f"'{key}' is text: env:NAME or file:PATH")
            return None
        form, _, name = given.partition(":")
        if form == "env":
            if name in self.environ:
                return Secret(self.environ[name])
            self._note(section, key, f"'{key}': the environment has no {name}")
            return None
        if form == "file":
            return self._secret_file(section, key, self.path.parent / name)
        if (given and key in NEVER_PLAIN) or _looks_secret(given):
            self._note(section, key, f"'{key}' holds a secret", "write env:NAME or file:PATH")
        return Secret(given)

    def _secret_file(self, section: str, key: str, path: Path) -> Secret | None:
        try:
            if path.stat().st_mode & stat.S_IROTH:
                self._note(section, key, f"everybody may read {path}", f"chmod 600 {path}")
            return Secret(path.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            self._note(section, key, f"'{key}': {path} cannot be read ({type(error).__name__})")
            return None

    def _unreadable(self, error: Exception) -> None:
        found = _NUMBERED.search(str(error))
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        problem = f"not readable as TOML: {error}"
        self.mistakes.append(Mistake(self.path.name, line, column, "error", "S000", problem))

    def _note(self, section: str, key: str, problem: str, hint: str = "") -> None:
        line = self.places.get((section, key)) or self.places.get((section, "")) or 1
        self.mistakes.append(Mistake(self.path.name, line, 1, "error", "S001", problem, hint))


def _places(text: str) -> Iterator[tuple[tuple[str, str], int]]:
    """(section, key) -> line; tomllib keeps no positions, so the lines are looked at again."""
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            section = header[1]
            yield (section, ""), number
        elif key := _KEY.match(line):
            yield (section, key[1]) if section else (key[1], ""), number


def _looks_secret(value: str) -> bool:
    """A password in an address, or a long run that mixes letters and digits."""
    runs = _LONG_RUN.findall(value)
    mixed = any(re.search(r"\d", run) and re.search(r"[A-Za-z]", run) for run in runs)
    return mixed or bool(_PASSWORD.search(value))
