"""What may not stand together in bot.toml, though each value is fine alone."""

import base64
import re
from collections.abc import Iterator

from bot.people.calendar import from_rfc3339
from bot.people.duty import parse_shifts
from bot.settings import Handoff, Secret, Settings

_HOOK = re.compile(r"https://[^/@\s]+(/|\Z)|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|\Z)")
LEAST_DAYS = 90  # events are looked at for so long: patterns, metrics, late events


def clashes(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """What is wrong with settings that are each fine alone: (section, key, problem)."""
    yield from _handoff(settings.handoff)
    habits = settings.habits
    yield from _hook("habits", "forward_url", habits.forward_url, habits.secret)
    if 0 < settings.retention.events_days < LEAST_DAYS:
        problem = f"'events_days' is 0 (for ever) or at least {LEAST_DAYS}"
        yield "retention", "events_days", problem
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


def _handoff(handoff: Handoff) -> Iterator[tuple[str, str, str]]:
    for text in handoff.on_duty:
        if parse_shifts(text) is None:
            yield "handoff", "on_duty", f"'{text}' is not like 'mon-fri 09:00-17:00'"
    yield from _hook("handoff", "url", handoff.url, handoff.secret)


def _hook(section: str, key: str, url: str, secret: Secret) -> Iterator[tuple[str, str, str]]:
    if not url:
        return
    if not _HOOK.match(url):
        yield section, key, "an https address; http only on this machine (127.0.0.1)"
    try:
        size = len(base64.b64decode(secret.value.removeprefix("whsec_"), validate=True))
    except ValueError:
        size = 0
    if not secret.value.startswith("whsec_") or not 24 <= size <= 64:
        yield section, "secret", "needs whsec_ and 24 to 64 bytes in base64"
