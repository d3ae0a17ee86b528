"""The command line, as its users run it: beside a running server and alone."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import JOBS
from bot.settings import Jobs
from bot.store.sqlite import Lock
from bot.store.studio import Studio
from bot.workbench import names
from tests.live import LiveServer, live_server

ROOT = Path(__file__).resolve().parents[2]


def bot(*arguments: str, cwd: Path = ROOT, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("commands")) as running:
        yield running


def interact(server: LiveServer, user: str, message: str) -> dict[str, Any]:
    body = json.dumps({"user_id": user, "message": message}).encode()
    request = urllib.request.Request(f"{server.url}/interact", body, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def test_every_command_has_help() -> None:
    listed = bot("--help")
    assert listed.returncode == 0
    for name in (
        "import",
        "serve",
        "check",
        "try",
        "test",
        "explain",
        "tick",
        "key",
        "clock",
        "export",
        "erase",
    ):
        assert name in listed.stdout
        assert bot(name, "--help").returncode == 0


def test_check_is_clean_on_the_shipped_files() -> None:
    done = bot("check")
    assert done.returncode == 0 and done.stdout.startswith("clean:"), done.stdout
    facts = bot("check", "--facts").stdout
    assert "ledger.spent_today" in facts and "user.skill" in facts


def test_check_names_the_place_and_shows_the_line(project: Path) -> None:
    path = project / "rules" / "tiers.yaml"
    path.write_text(path.read_text().replace("premium:", "premum:"))
    (project / "somewhere" / "deep").mkdir(parents=True)
    done = bot("check", cwd=project / "somewhere" / "deep")
    assert done.returncode == 1
    assert "rules/tiers.yaml:" in done.stdout and "did you mean 'premium'?" in done.stdout
    found = json.loads(bot("check", "--format", "json", cwd=project).stdout)
    assert {"file", "line", "column", "level", "code", "problem", "hint"} <= found["findings"][
        0
    ].keys()


def test_one_finding_is_counted_as_one(project: Path) -> None:
    path = project / "rules" / "tiers.yaml"
    path.write_text(path.read_text().replace("premium: 5", "premium: five"))
    assert "\n1 finding (1 error); the catalog does not load." in bot("check", cwd=project).stdout


def test_a_wrong_setting_is_told_by_line_and_never_as_a_traceback(project: Path) -> None:
    (project / "bot.toml").write_text('[server]\nhots = "127.0.0.1"\n')
    done = bot("check", cwd=project)
    assert done.returncode == 1
    assert "bot.toml:2" in done.stderr and "did you mean 'host'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_bot_toml_says_what_to_do(tmp_path: Path) -> None:
    done = bot("check", cwd=tmp_path)
    assert done.returncode == 1 and "--config" in done.stderr


def test_usage_errors_end_with_2() -> None:
    assert bot("serve", "--port", "eighty").returncode == 2
    assert bot("no-such-command").returncode == 2


def test_a_conversation_in_the_terminal_on_a_clock_that_is_moved(tmp_path: Path) -> None:
    lines = [
        "teach me leverage", "go deeper", "yes", ":why", ":facts", ":time +3d", ":tick nudges",
        ":tick deliver", ":feed", ":whynot comeback-nudge", ":nonsense", ":help",
        ":time +9999999d", ":tick boards", ":whynot nope", ":quit",
    ]  # fmt: skip
    notebook = tmp_path / "notebook.json"
    done = bot(
        "try", "--notebook", str(notebook), "--at", "2026-03-01T12:00:00Z", "--user", "anna",
        "--data", str(tmp_path / "data"), typed="\n".join(lines),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "is yours, for 2 credits" in done.stdout
    assert "paid-tiers-open" in done.stdout
    assert "2026-03-04T12:00" in done.stdout
    assert "':nonsense' is not a command" in done.stdout
    assert "user.opted_in" in done.stdout  # why the nudge did not come
    assert "ledger.owned                   false" in done.stdout
    assert "ledger.owned=false" in done.stdout
    assert "within a hundred years" in done.stdout
    assert "'nope' is no rule\n" in done.stdout
    assert done.stderr == ""  # where a terminal would show it between the lines that were said
    assert json.loads(notebook.read_text())


def test_ctrl_c_at_the_prompt_ends_the_conversation_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "try", "--data", str(tmp_path / "data")]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as talking:
        assert talking.stdin is not None and talking.stdout is not None
        talking.stdin.write(b"hello\n")
        talking.stdin.flush()
        while b"I am Sam" not in talking.stdout.readline():
            assert talking.poll() is None
        talking.send_signal(signal.SIGINT)
        assert talking.wait(timeout=20) == 0  # standard input is still open


def test_a_turn_is_explained_beside_a_running_server(server: LiveServer) -> None:
    interact(server, "eva", "teach me leverage")
    interact(server, "eva", "go deeper")
    said = interact(server, "eva", "yes")
    done = bot("explain", said["turn_id"], "--data", str(server.data))
    assert done.returncode == 0, done.stderr
    assert "'yes'" in done.stdout and "paid-tiers-open" in done.stdout
    assert "allowed: leverage.basic at 2" in done.stdout
    missing = bot("explain", "0" * 32, "--data", str(server.data))
    assert missing.returncode == 1 and "no turn" in missing.stderr


def test_commands_are_handed_to_the_running_server(server: LiveServer) -> None:
    data = str(server.data)
    interact(server, "otto", "my secret word is xylophone")
    kept = bot("export", "otto", "--data", data)
    assert kept.returncode == 0 and "xylophone" in kept.stdout
    key = bot("key", "add", "shop", "--scope", "operator", "--data", data)
    assert key.returncode == 0 and "one time" in key.stderr
    assert re.fullmatch(r"bot_operator_[0-9a-f]{64}\n", key.stdout)  # all that a script takes
    again = bot("key", "add", "shop", "--scope", "operator", "--data", data)
    assert again.returncode == 1 and "already" in again.stderr
    assert bot("clock", "confirm", "--data", data).returncode == 0
    assert bot("audit", "--data", data).returncode == 0
    assert bot("tick", "nudges", "--data", data).returncode == 0
    wrong = bot("tick", "nudges", "--at", "yesterday", "--data", data)
    assert wrong.returncode == 1 and "2026-03-01" in wrong.stderr
    no = bot("erase", "otto", "--data", data, typed="n\n")
    assert no.returncode == 1 and "nothing was erased" in no.stderr
    receipt = bot("erase", "otto", "--yes", "--data", data)
    assert receipt.returncode == 0, receipt.stderr
    gone = bot("export", "otto", "--data", data)
    assert gone.returncode == 1 and "nobody called 'otto'" in gone.stderr


def test_commands_work_without_a_server_too(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    assert bot("tick", "market", "--data", data).returncode == 0
    assert bot("audit", "--data", data).returncode == 0
    assert bot("key", "add", "shop", "--scope", "server", "--data", data).returncode == 0


def test_every_job_can_be_run_by_its_name() -> None:
    """The names that `bot tick` takes are those that bot.toml sets a pace for."""
    assert {f"{name}_s" for name in JOBS} == set(Jobs.__struct_fields__)
    assert set(JOBS) == set(names.JOBS)  # and in stories, and in the terminal


def test_a_second_server_on_the_same_folder_is_refused(server: LiveServer) -> None:
    done = bot("serve", "--port", "auto", "--data", str(server.data))
    assert done.returncode == 1 and "another process" in done.stderr


def test_a_taken_port_says_what_to_do(server: LiveServer, tmp_path: Path) -> None:
    done = bot("serve", "--port", str(server.port), "--data", str(tmp_path / "other"))
    assert done.returncode == 1 and "--port" in done.stderr


def test_a_removed_key_opens_nothing_and_is_not_listed(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    assert "no keys yet" in bot("key", "list", *data).stdout
    secret = bot("key", "add", "shop", "--scope", "server", *data).stdout.splitlines()[0]
    listed = bot("key", "list", *data).stdout
    assert "shop" in listed and "server" in listed and secret not in listed
    assert Studio(tmp_path / "studio.json").key(secret) is not None
    assert "opens nothing any more" in bot("key", "remove", "shop", *data).stdout
    assert Studio(tmp_path / "studio.json").key(secret) is None
    again = bot("key", "remove", "shop", *data)
    assert again.returncode == 1 and "no key called 'shop'" in again.stderr


def test_a_command_waits_for_a_server_that_is_starting(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    waiting = threading.Timer(2, lock.release)
    waiting.start()
    listed = bot("key", "list", "--data", str(tmp_path))
    waiting.join()
    assert listed.returncode == 0 and "no keys yet" in listed.stdout
