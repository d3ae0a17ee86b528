"""The sections of bot.toml as frozen structs."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from bot.people.duty import Shift, parse_shifts

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
    engagement_s: Every = 1800
    health_s: Every = 1800
    streaks_s: Every = 1800
    uptime_s: Every = 60
    boards_s: Every = 600
    risk_s: Every = 1800
    retention_s: Every = 1800


class RetentionSettings(Struct, frozen=True):
    """How many days events are kept before they are folded into one; 0: for ever."""

    events_days: Annotated[int, Meta(ge=0, le=36_500)] = 0


class Money(Struct, frozen=True):
    """What one credit costs, in hundredths of `currency`, and how many a new person is granted.

    Granted credits expire after so many days; 0: never.
    """

    credit_price: Count = 100
    currency: str = "EUR"
    starting_credits: Count = 20
    granted_expire_days: Count = 0


class HabitSettings(Struct, frozen=True):
    """Points can be spent to the end of the local date so many days on; 0: for ever.

    Each habit that is counted goes on to `forward_url`, signed with `secret`.
    """

    points_expire_days: Count = 0
    forward_url: str = ""
    secret: Secret = Secret("")


class Handoff(Struct, frozen=True):
    """Who wants a person: told to `url`, signed with `secret`; who is there when."""

    url: str = ""
    secret: Secret = Secret("")
    on_duty: tuple[str, ...] = ()

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The hours of `on_duty`."""
        return tuple(shift for text in self.on_duty for shift in parse_shifts(text) or ())


class Registry(Struct, frozen=True):
    """A service registry to tell where we are; empty: none."""

    url: str = ""
    beat_s: Annotated[float, Meta(ge=1, le=3600)] = 30.0


class Logs(Struct, frozen=True):
    """Where lines go (empty: standard error) and the least level written."""

    file: str = ""
    level: Literal["debug", "info", "warning", "error"] = "info"
    flush_s: Annotated[float, Meta(ge=0.05, le=60)] = 1.0


class WidgetSettings(Struct, frozen=True):
    """Where the widget may stand, and who signs for people: docs/widget.md.

    `origins` are other hosts' pages, as https://host. `site_key` is public. Identities are signed
    with `identity_key` (the one before may still be `identity_key_old`), for `audience`, by
    `issuer` where one is named. `token_key` signs our own tokens; empty: made at first start.
    """

    origins: tuple[str, ...] = ()
    site_key: str = ""
    identity_key: Secret = Secret("")
    identity_key_old: Secret = Secret("")
    audience: str = "bot"
    issuer: str = ""
    token_key: Secret = Secret("")


Color = Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")]


class Brand(Struct, frozen=True):
    """How the widget looks; an empty name is that of the bot, an empty text the widget's own."""

    name: str = ""
    color: Color = "#0b5a4a"
    text_color: Color = "#ffffff"
    logo: Annotated[str, Meta(pattern="^(https://.*|)$")] = ""
    greeting: Annotated[str, Meta(max_length=200)] = ""
    placeholder: Annotated[str, Meta(max_length=80)] = ""


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
    habits: HabitSettings = HabitSettings()
    handoff: Handoff = Handoff()
    widget: WidgetSettings = WidgetSettings()
    brand: Brand = Brand()
    registry: Registry = Registry()
    logs: Logs = Logs()
    retention: RetentionSettings = RetentionSettings()

    @property
    def data(self) -> Path:
        """The folder of everything made at run time."""
        return self.root / self.store.data

    @property
    def assets(self) -> tuple[str, ...]:
        """The markets the feed covers; a file of candles has one."""
        return (self.market_replay.asset,) if self.market.feed == "replay" else self.market.assets
