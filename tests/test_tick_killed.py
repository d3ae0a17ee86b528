"""A delivery that is killed at any moment is finished after the restart, once for everybody."""

import subprocess
import sys
from pathlib import Path

from tests.sizes import size

ROOT = Path(__file__).resolve().parents[1]


def test_after_kill_9_while_delivering_everybody_has_each_message_once(tmp_path: Path) -> None:
    rounds = size(5, 100)
    command = [sys.executable, "-m", "tests.killed_tick", str(tmp_path), str(rounds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    killed = int(done.stdout.split()[0])
    assert killed >= rounds // 10, done.stdout  # of few rounds all may have ended in time
