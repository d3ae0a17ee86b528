"""Bot.toml as frozen Settings: every key named, typed and defaulted."""

import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from bot.authored import Mistake, did_you_mean
from bot.errors import AuthorError
from bot.people.calendar import from_rfc3339, is_zone

FILE = "bot.toml"
_NUMBERED = re.compile(r"\(at line (\d+), column (\d+)\)")
_HEADER = re.compile(r"\s*\[\s*([\w-]+)\s*\]")
_KEY = re.compile(r"\s*\"?([\w-]+)\"?\s*=")
NEVER_PLAIN = frozenset({"master_key", "secret"})  # settings that are secret whatever they hold
_LONG_RUN = re.compile(r"[A-Za-z0-9+/=_-]{20,}")  # what keys and tokens look like
_PASSWORD = re.compile(r"://[^/@:]*:[^@/]+@")

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Many = Annotated[int, Meta(ge=1, le=1_000_000)]
Port = Annotated[int, Meta(ge=0, le=65535)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Every = Annotated[int, Meta(ge=1, le=1800)]  # seconds between runs; HOUSE: 5 s to 30 min


class Secret(Struct, frozen=True):
    """A value from the environment or a file; shown as *** wherever it is printed."""

    value: str

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


class Bot(Struct, frozen=True):
    """Who speaks: `time_zone` is used for people whose own is not known.

    A session ends `session_minutes` after the last message.
    """

    name: str = "Sam"
    time_zone: str = "UTC"
    languages: tuple[str, ...] = ("en", "fi")
    session_minutes: Annotated[int, Meta(ge=1, le=1440)] = 30


class Server(Struct, frozen=True):
    """Where it listens; `forwarded_by` are proxies whose X-Forwarded-For is believed."""

    host: str = "127.0.0.1"
    port: Port | Literal["auto"] = 8350
    port_range: tuple[Port, Port] = (8300, 8399)
    graceful_s: Seconds = 10.0
    forwarded_by: tuple[str, ...] = ()


class Auth(Struct, frozen=True):
    """`demo`: open, on loopback only. `key`: every call carries a scoped key."""

    mode: Literal["demo", "key"] = "demo"
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    origins: tuple[str, ...] = ()


class StoreSettings(Struct, frozen=True):
    """`url` is sqlite (bot.db in the data folder) or postgresql://...; empty master_key: made.

    `schema` is PostgreSQL's; empty: the server's own default.
    """

    url: Secret = Secret("sqlite")
    schema: str = ""
    data: str = "data"
    master_key: Secret = Secret("")


class Rate(Struct, frozen=True):
    """Token buckets: so many requests a minute, and at once; off in demo mode."""

    ip_per_minute: Annotated[float, Meta(gt=0)] = 300.0
    ip_burst: Many = 100
    person_per_minute: Annotated[float, Meta(gt=0)] = 60.0
    person_burst: Many = 20


class MarketSettings(Struct, frozen=True):
    """Where market figures come from; older than `stale_minutes` they are told as old.

    `seed` is that of the simulated feed: the same seed gives the same market.
    """

    feed: Literal["simulated", "replay", "http"] = "simulated"
    assets: tuple[str, ...] = ("BTC", "ETH", "SOL")
    stale_minutes: Annotated[int, Meta(ge=1, le=100_000)] = 15
    seed: int = 8350


class MarketReplay(Struct, frozen=True):
    """A file of candles played again: from `first` on, `speed` times as fast, since `begins`."""

    path: str = ""
    asset: str = "BTC"
    first: str = ""
    begins: str = ""
    speed: Annotated[float, Meta(gt=0, le=100_000)] = 60.0
    loop: bool = True


class MarketHttp(Struct, frozen=True):
    """A JSON source that is asked at every run of the job `market`; `{asset}` in its address."""

    url: str = ""
    header: str = "Authorization"
    secret: Secret = Secret("")
    timeout_s: Annotated[float, Meta(gt=0, le=60)] = 5.0
    retries: Annotated[int, Meta(ge=0, le=5)] = 2
    backoff_s: Annotated[float, Meta(ge=0, le=60)] = 0.5


class MarketFields(Struct, frozen=True):
    """Where each figure lies in that source's answer, as a dotted path; empty: not there."""

    current_price: str = "current_price"
    change_pct: str = "change_pct"
    volatility: str = "volatility"
    trend: str = "trend"
    liquidation_clusters: str = "liquidation_clusters"
    whale_movements: str = "whale_movements"
    at: str = "at"


class Jobs(Struct, frozen=True):
    """Seconds between two runs of a named job."""

    deliver_s: Every = 5
    market_s: Every = 300
    nudges_s: Every = 900
    sessions_s: Every = 300
    health_s: Every = 1800


class Money(Struct, frozen=True):
    """What one credit costs, in hundredths of `currency`, and how many a new person is granted.

    Granted credits expire after so many days; 0: never.
    """

    credit_price: Count = 100
    currency: str = "EUR"
    starting_credits: Count = 20
    granted_expire_days: Count = 0


class Registry(Struct, frozen=True):
    """A service registry to tell where we are; empty: none."""

    url: str = ""
    beat_s: Annotated[float, Meta(ge=1, le=3600)] = 30.0


class Logs(Struct, frozen=True):
    """Where lines go (empty: standard error) and the least level written."""

    file: str = ""
    level: Literal["debug", "info", "warning", "error"] = "info"
    flush_s: Annotated[float, Meta(ge=0.05, le=60)] = 1.0


class Settings(Struct, frozen=True):
    """All of bot.toml; `root` is the folder it lies in and paths are relative to."""

    root: Path = Path()
    bot: Bot = Bot()
    server: Server = Server()
    auth: Auth = Auth()
    store: StoreSettings = StoreSettings()
    rate: Rate = Rate()
    market: MarketSettings = MarketSettings()
    market_replay: MarketReplay = MarketReplay()
    market_http: MarketHttp = MarketHttp()
    market_fields: MarketFields = MarketFields()
    jobs: Jobs = Jobs()
    money: Money = Money()
    registry: Registry = Registry()
    logs: Logs = Logs()

    @property
    def data(self) -> Path:
        """The folder of everything made at run time."""
        return self.root / self.store.data

    @property
    def assets(self) -> tuple[str, ...]:
        """The markets the feed covers; a file of candles has one."""
        return (self.market_replay.asset,) if self.market.feed == "replay" else self.market.assets


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
        for section, key, problem in _together(settings):
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


def _together(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """What is wrong with settings that are each fine alone: (section, key, problem)."""
    if not settings.assets:
        yield "market", "assets", "'assets' names no market"
    if settings.market.feed == "replay":
        replay = settings.market_replay
        if not replay.path:
            yield "market_replay", "path", 'the feed is "replay": name a file of candles'
        for key in ("first", "begins"):
            value = getattr(replay, key)
            if value and from_rfc3339(value) is None:
                yield "market_replay", key, f"'{value}' is no time like 2018-01-01T00:00:00Z"
    if settings.market.feed == "http":
        url = settings.market_http.url
        if not re.match(r"https?://[^/\s]", url):
            yield "market_http", "url", 'the feed is "http": name an address, https://...'
        elif (
            len(settings.assets) > 1
            and "{asset}" not in url + settings.market_fields.current_price
        ):
            yield "market_http", "url", "several assets, but no {asset} in the address"
        if not settings.market_fields.current_price:
            yield "market_fields", "current_price", "without a price there is no figure"


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
