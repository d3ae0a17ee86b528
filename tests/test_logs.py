"""The log: what is written, when, and what never is."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.clock import FrozenClock
from bot.logs import Journal, open_journal

ODD = "line\nbreak \x1b[31m \x9b31m \u202eright \ud800 \x7f"


def _journal(level: str = "info") -> tuple[Journal, io.StringIO]:
    stream = io.StringIO()
    return open_journal(FrozenClock().now, level=level, flush_s=60, stream=stream), stream


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_the_clocks_own_time() -> None:
    journal, stream = _journal()
    journal.log.info("turn_answered", turn="abc", ms=1.5, outcome=None)
    journal.close()
    assert _lines(stream) == [
        {
            "at": "2026-03-01T12:00:00.000000Z",
            "level": "info",
            "event": "turn_answered",
            "turn": "abc",
            "ms": 1.5,
            "outcome": None,
        }
    ]


def test_lines_wait_for_the_flush_and_errors_do_not() -> None:
    journal, stream = _journal()
    journal.log.info("job_run", job="market")
    assert stream.getvalue() == ""
    journal.log.error("job_failed", job="market")
    assert [line["event"] for line in _lines(stream)] == ["job_run", "job_failed"]
    journal.close()


def test_a_key_off_the_list_is_dropped_and_named() -> None:
    journal, stream = _journal()
    journal.log.info("turn_answered", turn="abc", text="my secret", person_id="anna@example.org")
    journal.close()
    assert "secret" not in stream.getvalue() and "anna" not in stream.getvalue()
    assert _lines(stream)[0]["dropped"] == ["person_id", "text"]


def test_a_fault_is_told_by_its_type_and_place_never_by_its_text() -> None:
    journal, stream = _journal()
    try:
        raise ValueError("quotes what somebody wrote")
    except ValueError:
        journal.log.exception("turn_failed", turn="abc")
    journal.close()
    (line,) = _lines(stream)
    assert line["error"] == "ValueError"
    assert line["frames"][-1].endswith("never_by_its_text")
    assert "quotes" not in stream.getvalue()


def test_no_value_breaks_the_line_or_the_terminal() -> None:
    journal, stream = _journal()
    journal.log.info("odd", reason=ODD, hint="x" * 5000, mistakes=[ODD, 3], problem="naïve")
    journal.close()
    written = stream.getvalue()
    assert written.count("\n") == 1 and written.strip().isprintable() and written.isascii()
    (line,) = _lines(stream)
    assert line["reason"] == ODD and len(line["hint"]) == 300


def test_lines_below_the_level_are_not_written() -> None:
    journal, stream = _journal(level="warning")
    journal.log.info("quiet")
    journal.log.warning("loud")
    journal.close()
    assert [line["event"] for line in _lines(stream)] == ["loud"]


def test_a_file_is_appended_to_and_made_with_its_folder(tmp_path: Path) -> None:
    for event in ("first", "second"):
        journal = open_journal(FrozenClock().now, file=tmp_path / "logs" / "bot.log")
        journal.log.info(event)
        journal.close()
        journal.close()
    events = [json.loads(line)["event"] for line in (tmp_path / "logs/bot.log").open()]
    assert events == ["first", "second"]


@pytest.mark.parametrize("value", [b"bytes", object(), {"a": 1}, float("nan"), 10**30])
def test_any_value_at_all_can_be_logged(value: object) -> None:
    journal, stream = _journal()
    journal.log.info("odd", reason=value)
    journal.close()
    assert _lines(stream)[0]["event"] == "odd"
