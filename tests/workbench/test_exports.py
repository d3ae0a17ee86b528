"""Everybody's events and balances, out of the database a page at a time."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import LiveServer, live_server
from tests.web.test_imports import imported
from tests.workbench.test_commands import bot

MANY = 2_100  # more than two pages


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("exports")) as running:
        path = tmp_path_factory.mktemp("files") / "history.ndjson"
        path.write_text("".join(json.dumps(line(n)) + "\n" for n in range(MANY)))
        assert imported(running.data, path)[0] == 0
        yield running


def line(number: int) -> dict[str, Any]:
    made: dict[str, Any] = {"user_id": f"p{number % 300}", "event_id": f"e{number}"}
    made["occurred_at"] = f"2025-{number % 12 + 1:02}-10T10:00:00Z"
    if number % 2:
        return {**made, "action": "lesson_complete"}
    metadata = {"note": "=HYPERLINK(1)"}
    return {**made, "category": "finance", "action": "paid_invoice", "value": 2,
            "metadata": metadata}  # fmt: skip


def rows(server: LiveServer, *given: str) -> list[dict[str, Any]]:
    done = bot("export", *given, "--data", str(server.data))
    assert done.returncode == 0, done.stderr
    return [json.loads(text) for text in done.stdout.splitlines()]


def test_every_event_is_exported_once_beside_a_running_server(server: LiveServer) -> None:
    found = rows(server, "--events")
    own = [one for one in found if one["source"] in ("xp", "habit")]
    assert sorted(one["event_id"] for one in own) == sorted(f"e{n}" for n in range(MANY))
    habit = next(one for one in own if one["event_id"] == "e0")
    assert habit.items() >= {
        "user_id": "p0", "action": "paid_invoice", "category": "finance", "value": 2.0,
        "points": 4.0, "xp": 0, "occurred_at": "2025-01-10T10:00:00Z",
        "metadata": {"note": "=HYPERLINK(1)"}, "flags": ["backfill"],
    }.items()  # fmt: skip


def test_a_span_of_events_begins_with_its_start_and_ends_before_its_end(
    server: LiveServer,
) -> None:
    span = ("--since", "2025-03-10T10:00:00Z", "--until", "2025-05-10T10:00:00Z")
    times = {one["occurred_at"] for one in rows(server, "--events", *span)}
    assert times == {"2025-03-10T10:00:00Z", "2025-04-10T10:00:00Z"}


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_what_was_exported_is_a_file_of_history(
    server: LiveServer, tmp_path: Path, form: str
) -> None:
    """Out of one house and into another; what follows from events is made anew."""
    more = tmp_path / "more.ndjson"
    seen = {"user_id": "zoe", "event_id": "s1", "event": "page_view", "props": {"page": "fees"}}
    more.write_text(f'{json.dumps(seen)}\n{{"user_id":"zoe","event_id":"s2","source":"streak"}}\n')
    assert imported(server.data, more)[0] == 0
    made = bot("export", "--events", "--format", form, "--data", str(server.data)).stdout
    path = tmp_path / f"again.{form}"
    path.write_text(made)
    own = [one for one in rows(server, "--events") if one["source"] != "bot"]
    code, counts, told = imported(tmp_path / "data", path)
    assert (code, counts) == (0, {"accepted": len(own)}), told
    again = bot("export", "--events", "--data", str(tmp_path / "data")).stdout.splitlines()
    found = {(one["user_id"], one["event_id"]): one for one in map(json.loads, again)}
    for one in own:
        same = found[one["user_id"], one["event_id"]]
        names = ("source", "action", "category", "value", "xp", "occurred_at", "metadata")
        assert {name: same[name] for name in names} == {name: one[name] for name in names}


@pytest.mark.parametrize("given", [(), ("--pseudonyms",)])
def test_it_says_which_achievement_and_which_milestone_it_was(
    server: LiveServer, tmp_path: Path, given: tuple[str, ...]
) -> None:
    path = tmp_path / "ivy.ndjson"
    with path.open("w") as file:
        for day in range(1, 9):
            made = {"user_id": "ivy", "event_id": f"d{day}", "action": "article_read"}
            made["occurred_at"] = f"2025-06-{day:02}T10:00:00Z"
            file.write(json.dumps(made) + "\n")
    assert imported(server.data, path)[0] == 0
    span = ("--since", "2025-06-01T00:00:00Z", "--until", "2025-06-09T00:00:00Z")
    ours = [one for one in rows(server, "--events", *span, *given) if one["source"] == "bot"]
    told = {(one["action"], json.dumps(one["metadata"])) for one in ours}
    assert told >= {
        ("achievement_unlocked", '{"achievement": "streak_7"}'),
        ("streak_milestone", '{"milestones": [7]}'),
    }


def test_balances_are_those_that_the_calls_tell(server: LiveServer) -> None:
    found = {one["user_id"]: one for one in rows(server, "--balances")}
    assert set(found) >= {f"p{n}" for n in range(300)}
    assert found["p0"]["lifetime_points"] > 0 and found["p0"]["total_points"] == 0
    assert found["p1"]["xp"] >= 50 and found["p1"]["level"] >= 1


def test_csv_has_a_head_and_no_formula(server: LiveServer) -> None:
    done = bot("export", "--events", "--format", "csv", "--data", str(server.data))
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(found) == len(rows(server, "--events"))
    assert not [one for row in found for one in row.values() if one.startswith(("=", "+", "@"))]
    habit = next(row for row in found if row["source"] == "habit")
    assert json.loads(habit["metadata"]) == {"note": "=HYPERLINK(1)"}
    balances = bot("export", "--balances", "--format", "csv", "--data", str(server.data))
    assert balances.stdout.startswith("user_id,total_points,lifetime_points,")


@pytest.mark.parametrize("what", ["--events", "--balances"])
def test_under_pseudonyms_nobody_is_named(server: LiveServer, what: str) -> None:
    found = rows(server, what, "--pseudonyms")
    names = {one["user_id"] for one in found}
    assert names and all(len(name) == 32 for name in names)
    assert "HYPERLINK" not in json.dumps(found)


def test_a_person_or_everybody_must_be_named(server: LiveServer) -> None:
    for given in ([], ["p0", "--events"]):
        done = bot("export", *given, "--data", str(server.data))
        assert done.returncode == 2 and "name a PERSON" in done.stderr
    done = bot("export", "--events", "--since", "soon", "--data", str(server.data))
    assert done.returncode == 1 and "--since" in done.stderr
