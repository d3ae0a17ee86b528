"""Structlog: one line per turn, tick and delivery, buffered, without private fields."""

import json
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger

Log = FilteringBoundLogger

_encode = msgspec.json.Encoder(enc_hook=str).encode

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
TEXT_CHARS = 300  # longer values are cut
LIST_ITEMS = 20
FRAMES = 12  # of a fault, the innermost

# The only keys that are written. None may hold a message, a name, an address, an id that a host
# gave to a person, or a key: turns are told apart by their turn id, which is a hash.
# fmt: off
KEYS = frozenset({
    "at", "level", "event", "ms", "count", "size", "seconds", "dropped",
    "turn", "kind", "call", "intent", "outcome", "reason",
    "persona", "tier", "price", "state", "faults", "is_replay",
    "method", "route", "status", "code", "field", "scope", "key_name",
    "error", "fault", "frames", "retries", "attempts", "stale", "duplicates",
    "mode", "host", "port", "version", "pid",
    "replica", "signal", "schema", "database", "revision",
    "catalog", "files", "file", "line", "column", "problem", "hint", "mistakes",
    "job", "due", "late_s", "next_run", "sent", "held",
    "skipped", "failed", "expired", "people", "batch", "rows", "closed", "enrolled",
    "turns", "errors", "error_rate", "p50_ms", "p99_ms",
    "unreadable", "repeated", "out_of_order", "gaps",
    "message_id", "channel", "delivery", "provider_id", "alert", "asset", "followers", "urgency",
    "backlog", "wall", "offset_s",
})
# fmt: on


class Journal:
    """An open log: `log` to write with, `close` to write out what waits."""

    def __init__(self, lines: "_Lines", log: Log) -> None:
        self.log = log
        self._lines = lines

    def flush(self) -> None:
        self._lines.flush()

    def close(self) -> None:
        self._lines.close()


def open_journal(
    now: Callable[[], int],
    file: Path | None = None,
    level: str = "info",
    flush_s: float = 1.0,
    stream: TextIO | None = None,
) -> Journal:
    """A journal on a file, a stream or standard error; `now` gives microseconds UTC."""
    lines = _Lines(_opened(file, stream), flush_s, is_owner=file is not None)
    log: Log = structlog.wrap_logger(
        lines,
        processors=[_written(now)],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
    ).bind()
    return Journal(lines, log)


def _opened(file: Path | None, stream: TextIO | None) -> TextIO:
    if file is None:
        return stream or sys.stderr
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.open("a", encoding="utf-8")


class _Lines:
    """What structlog writes to: lines wait in memory until the timed flush, errors do not."""

    def __init__(self, stream: TextIO, flush_s: float, is_owner: bool) -> None:
        self._stream, self._flush_s, self._is_owner = stream, flush_s, is_owner
        self._waiting: deque[bytes] = deque()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self.info = self.warning = self.debug = self._waiting.append
        self._flusher = threading.Thread(target=self._keep_flushing, name="log", daemon=True)
        self._flusher.start()

    def error(self, line: bytes) -> None:
        self._waiting.append(line)
        self.flush()

    critical = exception = error

    def flush(self) -> None:
        with self._lock:
            lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if lines:
                self._stream.write(b"\n".join([*lines, b""]).decode("ascii"))
                self._stream.flush()

    def close(self) -> None:
        if self._closed.is_set():
            return
        self._closed.set()
        self._flusher.join()
        self.flush()
        if self._is_owner:
            self._stream.close()

    def _keep_flushing(self) -> None:
        while not self._closed.wait(self._flush_s):
            self.flush()


def _written(now: Callable[[], int]) -> Callable[[Any, str, EventDict], bytes]:
    """The one processor: fields to a line of JSON in ASCII.

    A line that is short, plain and without a list has no value to cut; the rest is looked
    through value by value.
    """
    stamp = _stamped(now)

    def write(_logger: Any, level: str, fields: EventDict) -> bytes:
        event = fields.pop("event")
        if "exc_info" in fields:
            _fault(fields)
        fields = {"at": stamp(), "level": level, "event": event, **fields}
        if not KEYS.issuperset(fields):
            fields = _allowed(fields)
        try:
            line = _encode(fields)
        except (ValueError, TypeError, RecursionError):
            return _cut(fields)
        is_short = len(line) <= TEXT_CHARS and b"[" not in line
        return line if is_short and _is_plain(line) else _cut(fields)

    return write


def _stamped(now: Callable[[], int]) -> Callable[[], str]:
    """Tells the time; the words of a second are made once."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    kept = (0, "1970-01-01T00:00:00")  # read and set whole: several threads log

    def stamp() -> str:
        nonlocal kept
        second, rest = divmod(now(), 1_000_000)
        known, words = kept
        if second != known:
            words = (epoch + timedelta(seconds=second)).isoformat()[:19]
            kept = (second, words)
        return f"{words}.{rest:06d}Z"

    return stamp


def _fault(fields: EventDict) -> None:
    """An exception as its type and where it rose: its text may quote what a person wrote."""
    found = fields.pop("exc_info")
    if not found:
        return
    error = found if isinstance(found, BaseException) else sys.exc_info()[1]
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        fields["error"] = type(error).__name__
        fields["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _allowed(fields: EventDict) -> EventDict:
    """Keys off the list are dropped, and named, so that the slip is noticed."""
    kept = {key: value for key, value in fields.items() if key in KEYS}
    return {**kept, "dropped": sorted(fields.keys() - KEYS)}


def _is_plain(line: bytes) -> bool:
    """No line break, terminal code or direction mark survives."""
    return line.isascii() and b"\x7f" not in line


def _cut(fields: EventDict) -> bytes:
    """The line with its long values cut, in ASCII whatever they hold."""
    for key, value in fields.items():
        if isinstance(value, str):
            fields[key] = value[:TEXT_CHARS]
        elif isinstance(value, list | tuple):
            fields[key] = [str(item)[:TEXT_CHARS] for item in value[:LIST_ITEMS]]
    try:
        line = _encode(fields)
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(dict(fields), default=str).encode()
    return line if _is_plain(line) else json.dumps(json.loads(line)).encode()
