"""`bot import events`: files of history, beside a running server and alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import LiveServer, live_server
from tests.workbench.test_commands import bot

CSV = """\
user_id,event_id,action,category,value,metadata,occurred_at,source
ada,c1,lesson_complete,,,,2025-03-01T10:00:00Z,
ada,c2,paid_invoice,finance,2,"{""invoice_amount"": 150}",2025-03-02T10:00:00Z,
ada,c3,,,,,2025-03-03T10:00:00Z,streak
ada,c4,paid_invoice,finance,a lot,,2025-03-02T10:00:00Z,
ada,c5,paid_invoice,finance,NaN,,2025-03-02T10:00:00Z,
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("imports")) as running:
        yield running


def history(path: Path, many: int = 30, user_id: str = "ada") -> Path:
    lines = [
        json.dumps(
            {"user_id": user_id, "event_id": f"h{n}", "action": "lesson_complete",
             "occurred_at": f"2025-01-{n % 28 + 1:02}T09:00:00Z"}
        )
        for n in range(many)
    ]  # fmt: skip
    path.write_text("\n".join(lines) + "\n")
    return path


def imported(data: Path, path: Path, *more: str) -> tuple[int, dict[str, int], str]:
    done = bot("import", "events", str(path), "--data", str(data), *more)
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


def export(data: Path, person: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bot("export", person, "--data", str(data)).stdout)
    return found


def test_a_file_is_brought_in_by_the_running_server_and_again_changes_nothing(
    server: LiveServer, tmp_path: Path
) -> None:
    path = history(tmp_path / "history.ndjson")
    code, counts, told = imported(server.data, path)
    assert (code, counts) == (0, {"accepted": 30})
    assert told == "up to line 30: 30 accepted\n"
    code, counts, _ = imported(server.data, path)
    assert (code, counts) == (0, {"replayed": 30})
    assert imported(server.data, path, "--after", "28")[1] == {"replayed": 2}
    assert len(export(server.data, "ada")["turns"]) == 1
    assert bot("audit", "progress", "--data", str(server.data)).returncode == 0


def test_a_file_is_brought_in_where_no_server_runs(tmp_path: Path) -> None:
    path = history(tmp_path / "history.ndjson")
    code, counts, _ = imported(tmp_path / "data", path, "--points")
    assert (code, counts) == (0, {"accepted": 30})
    assert bot("audit", "--data", str(tmp_path / "data")).returncode == 0


def test_rows_of_csv_are_events_and_a_wrong_one_is_told_by_its_line(
    server: LiveServer, tmp_path: Path
) -> None:
    path = tmp_path / "history.csv"
    path.write_text(CSV)
    code, counts, told = imported(server.data, path)
    assert (code, counts) == (1, {"accepted": 3, "refused": 2})
    assert "line 5: refused: value: Expected `float`" in told
    assert "line 6: refused: value: Expected `float`" in told


@pytest.mark.parametrize(
    ("name", "raw", "problem"),
    [
        ("a.csv", b"user_id,colour\nada,blue\n", "a.csv:1: 'colour' is no column"),
        ("a.ndjson", b'{"user_id": "x\xff"}\n', "line 1: refused: text must be Unicode"),
        ("b.ndjson", b'{"event_id": "e"}\n', "line 1: refused: action: name an action"),
        ("c.ndjson", b"[1\n", "line 1: refused: the body is not JSON"),
    ],
)
def test_a_file_that_is_none_is_told_in_a_sentence(
    server: LiveServer, tmp_path: Path, name: str, raw: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    code, _, told = imported(server.data, path)
    assert code == 1 and problem in told and "Traceback" not in told
